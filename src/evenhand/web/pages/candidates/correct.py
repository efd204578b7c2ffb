"""Correcting recorded facts: the statements of an entry, before and after, with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from evenhand import steps
from evenhand.record import Standing, SubjectHistory, digest
from evenhand.record.facts import recorded_facts
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.candidates.asked import INCOMPLETE, is_whole
from evenhand.web.pages.candidates.correction_form import CorrectionForm
from evenhand.web.pages.candidates.facts import number_of
from evenhand.web.pages.candidates.heading import heading
from evenhand.web.pages.candidates.known import as_seen
from evenhand.web.typed import typed_before

_CONFLICT = 409


@at_desk(Action.CORRECT)
def correct(request: HttpRequest, desk: Desk, subject: str, seq: int) -> HttpResponse:
    """Change what the entry ``seq`` says: first the changes are shown, before and after, then they are recorded."""
    known = desk.candidate(subject, Action.CORRECT)
    typed = request.POST if request.method == "POST" else typed_before(request)
    seen = known if typed is None else as_seen(known, number_of(typed.get("seen")))
    standing = _standing(seen, seq)
    form = _form(typed, desk, known, seen, standing)
    if request.method == "POST" and not is_whole(form):
        fresh = _form(None, desk, known, seen, standing)
        return _shown(request, desk, known, standing, fresh, refusal=INCOMPLETE)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, desk, known, standing, form)
    body = form.body()
    agreed = digest(body)
    if "confirm" not in request.POST or request.POST.get("agreed") != agreed:
        return _shown(request, desk, known, standing, form, changes=form.changes(), agreed=agreed)
    site = desk.site_of(subject)
    also = store.know_birth_date(desk.study, subject, form.birth_date) if form.birth_date else None
    try:
        store.perform(
            desk.study,
            steps.correct,
            by=desk.acting(Action.CORRECT, site),
            **form.guards,
            also=also,
            seq=standing.seq,
            body=body,
            reason=form.cleaned_data["reason"],
            on=standing.effective,
        )
    except Refusal as refusal:
        again = _standing(known, seq)
        return _shown(request, desk, known, again, _form(None, desk, known, known, again), refusal=refusal)
    messages.success(request, "The correction is recorded; the earlier entry stays in the record.")
    return redirect("candidate", study=desk.study, subject=subject)


def _standing(known: SubjectHistory, seq: int) -> Standing:
    """The facts of an entry as they stand. Raises Http404 for an entry that holds no facts of this candidate."""
    found = next((one for one in known.facts if seq in (one.seq, *one.corrections)), None)
    if found is None:
        raise Http404(f"Entry {seq} holds no facts of {known.subject} that could be corrected here.")
    return found


def _form(
    typed: QueryDict | None, desk: Desk, known: SubjectHistory, seen: SubjectHistory, standing: Standing
) -> CorrectionForm:
    given = tuple(fact for one, fact in recorded_facts(seen, desk.protocol.vocabulary) if one.seq == standing.seq)
    return CorrectionForm(
        typed,
        given=given,
        vocabulary=desk.protocol.vocabulary,
        on=standing.original.effective,
        today=desk.today(desk.site_of(known.subject or "")),
        about=known,
    )


def _shown(
    request: HttpRequest, desk: Desk, known: SubjectHistory, standing: Standing, form: CorrectionForm, **more: object
) -> HttpResponse:
    page = {
        "desk": desk,
        "top": heading(desk, known),
        "standing": standing,
        "form": form,
        "statements": list(form.statements(request.GET.get("fact", ""))),
        "may_enter": desk.may(Action.ENTER_FACTS, desk.site_of(known.subject or "")),
        **more,
    }
    return render(request, "candidate/correct.html", page, status=_CONFLICT if "refusal" in more else 200)
