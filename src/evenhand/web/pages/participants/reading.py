"""One entry of a form: what it says, who entered it, what was done about it, and what it said before."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.conduct.forms import FormEntry, marks_of
from evenhand.conduct.quality import queries
from evenhand.conduct.quality.queries import Query
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.about import About, participant_at
from evenhand.web.pages.participants.versions import about_words, lines, versions
from evenhand.web.pages.participants.visits import visit_label


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it is shown: what it is about, and what this user may do."""

    query: Query
    about: str


@require_safe
@at_desk(Action.SEE_ARM)
def form_entry(request: HttpRequest, desk: Desk, subject: str, seq: int) -> HttpResponse:
    """The page of an entry."""
    about = participant_at(desk, subject, Action.SEE_ARM)
    entry = about.entry(seq)
    page = {
        "desk": desk,
        "top": about.top(),
        "entry": entry,
        "visit": visit_label(about, entry.visit),
        "lines": list(lines(entry)),
        "versions": versions(entry, desk.history),
        "marks": marks_of(about.known, entry.seq),
        "queries": [
            Asked(one, about_words(entry.form, one.path)) for one in queries(about.known) if one.place == entry.place
        ],
        "correct_address": links.correct_address(desk.study, subject, entry.form, entry.seq),
        **_rights(about, entry),
    }
    return render(request, "participant/entry.html", page)


def _rights(about: About, entry: FormEntry) -> dict[str, bool]:
    """What this user may do about an entry as it stands."""
    marks = marks_of(about.known, entry.seq)
    free = not entry.struck and marks.locked is None
    return {
        "may_correct": free and about.may_enter(entry.form),
        "may_sign": free and bool(entry.form.signed_by) and about.may_as(Action.SIGN_FORMS, entry.form.signed_by),
        "may_lock": about.may(Action.LOCK) and not entry.struck,
        "may_verify": about.may(Action.VERIFY_SOURCE) and not entry.struck,
        "may_ask": about.may(Action.ASK_QUERY) and not entry.struck,
        "may_answer": about.may(Action.ANSWER_QUERY),
        "wants_signature": bool(entry.form.signed_by) and not entry.struck and not marks.signatures,
    }
