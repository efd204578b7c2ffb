"""Consent, registration, randomization: from a candidate to a participant with an arm."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, URLResolver, path

from evenhand.web.pages.confirmation import confirmation
from evenhand.web.pages.enrolment.consenting import consent, withdraw
from evenhand.web.pages.enrolment.declining import decline
from evenhand.web.pages.enrolment.randomizing import allocation, randomize
from evenhand.web.pages.enrolment.registering import register

_CANDIDATE: Final = "candidates/<slug:subject>"

urls: list[URLPattern | URLResolver] = [
    path(f"{_CANDIDATE}/consent", consent, name="consent"),
    path(f"{_CANDIDATE}/decline", decline, name="decline"),
    path(f"{_CANDIDATE}/withdraw", withdraw, name="withdraw"),
    path(f"{_CANDIDATE}/register", register, name="register"),
    path(f"{_CANDIDATE}/randomize", randomize, name="randomize"),
    path(f"{_CANDIDATE}/allocation", allocation, name="allocation"),
    path(f"{_CANDIDATE}/confirmation.pdf", confirmation, name="confirmation"),
]
