"""Addresses of the forms with pages of their own; ``participants.links.SPECIAL`` leads to them."""

from __future__ import annotations

from django.urls import URLPattern, path

from evenhand.web.pages.participants.entering import correcting_entry, entering_anew
from evenhand.web.pages.special.events import EnteringEvent
from evenhand.web.pages.special.proposal import scan_proposal
from evenhand.web.pages.special.scans import EnteringScan

_ONE = "participants/<str:subject>"
_ENTRY = f"{_ONE}/entries/<int:seq>"

urls: list[URLPattern] = [
    path(f"{_ONE}/events/<str:form>", entering_anew(EnteringEvent), name="adverse-event"),
    path(f"{_ENTRY}/correct-event", correcting_entry(EnteringEvent), name="correct-adverse-event"),
    path(f"{_ONE}/scans/<str:form>", entering_anew(EnteringScan), name="scan"),
    path(f"{_ENTRY}/correct-scan", correcting_entry(EnteringScan), name="correct-scan"),
    path(f"{_ENTRY}/response", scan_proposal, name="scan-response"),
]
