"""The candidate's room: a new one, one page about each, who
it is, facts and files, corrections, signed judgements."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from evenhand.web.pages.candidates.attest import attest
from evenhand.web.pages.candidates.correct import correct
from evenhand.web.pages.candidates.facts import facts, upload
from evenhand.web.pages.candidates.identity import erase_name, identity
from evenhand.web.pages.candidates.new import new_candidate
from evenhand.web.pages.candidates.seen import candidate

urls: list[URLPattern | URLResolver] = [
    path("candidates/new", new_candidate, name="new-candidate"),
    path("candidates/<str:subject>", candidate, name="candidate"),
    path("candidates/<str:subject>/facts", facts, name="facts"),
    path("candidates/<str:subject>/upload", upload, name="upload"),
    path("candidates/<str:subject>/identity", identity, name="identity"),
    path("candidates/<str:subject>/identity/erase", erase_name, name="erase-name"),
    path("candidates/<str:subject>/correct/<int:seq>", correct, name="correct"),
    path("candidates/<str:subject>/attest/<str:judgement>", attest, name="attest"),
]
