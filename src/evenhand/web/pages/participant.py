"""The participants' room: the list, one page about each, forms and their entries, signatures and queries."""

from __future__ import annotations

from django.urls import URLPattern, path

from evenhand.web.pages.participants.entering import correct_entry, new_entry
from evenhand.web.pages.participants.home import participant
from evenhand.web.pages.participants.listing import participants
from evenhand.web.pages.participants.marking import marking
from evenhand.web.pages.participants.marking_many import marking_many
from evenhand.web.pages.participants.querying import answer_query, ask_query, close_query
from evenhand.web.pages.participants.reading import form_entry
from evenhand.web.pages.participants.signing import sign_forms

_ONE = "participants/<str:subject>"
_ENTRY = f"{_ONE}/entries/<int:seq>"

urls: list[URLPattern] = [
    path("participants", participants, name="participants"),
    path(_ONE, participant, name="participant"),
    path(f"{_ONE}/forms/<str:form>", new_entry, name="form"),
    path(f"{_ONE}/sign", sign_forms, name="sign-forms"),
    path(f"{_ONE}/lock", marking_many("lock"), name="lock-forms"),
    path(f"{_ONE}/verify", marking_many("verify"), name="verify-forms"),
    path(_ENTRY, form_entry, name="form-entry"),
    path(f"{_ENTRY}/correct", correct_entry, name="correct-form"),
    path(f"{_ENTRY}/query", ask_query, name="ask-query"),
    path(f"{_ENTRY}/strike", marking("strike"), name="strike-entry"),
    path(f"{_ENTRY}/lock", marking("lock"), name="lock-entry"),
    path(f"{_ENTRY}/unlock", marking("unlock"), name="unlock-entry"),
    path(f"{_ENTRY}/verify", marking("verify"), name="verify-entry"),
    path(f"{_ONE}/queries/<int:query>/answer", answer_query, name="answer-query"),
    path(f"{_ONE}/queries/<int:query>/close", close_query, name="close-query"),
]
