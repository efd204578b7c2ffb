"""The response that one scan proposes: which rule, which numbers, and what the clinician made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.conduct.lesions import Life, lives
from evenhand.conduct.response import Compared, Proposed, compared, evaluation
from evenhand.oncology.recist import Response, millimetres
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.about import About, participant_at
from evenhand.web.pages.participants.visits import visit_label
from evenhand.web.templatetags.evenhand import words

_WORDS = {
    Response.CR: "complete response",
    Response.PR: "partial response",
    Response.SD: "stable disease",
    Response.PD: "progression",
    Response.NE: "not evaluable",
    Response.NON_CR_NON_PD: "neither complete response nor progression",
    Response.NED: "no evidence of disease",
}


@dataclass(frozen=True, slots=True)
class LesionThen:
    """One lesion at the scan, and before."""

    label: str
    counts_as: str
    baseline: str
    before: str
    now: str


@require_safe
@at_desk(Action.SEE_ARM)
def scan_proposal(request: HttpRequest, desk: Desk, subject: str, seq: int) -> HttpResponse:
    """The page of a proposal. Raises Http404 for an entry that is no scan."""
    about = participant_at(desk, subject, Action.SEE_ARM)
    entry = about.entry(seq)
    if entry.form.reads != "scan":
        raise Http404(f"Entry {seq} is no scan.")
    evaluated = evaluation(about.protocol, about.known)
    found = next((one for one in compared(about.protocol, about.known) if one.proposed.scan.seq == entry.seq), None)
    page = {
        "desk": desk,
        "top": about.top(),
        "entry": entry,
        "visit": visit_label(about, entry.visit),
        "found": found,
        "words": _WORDS.get(found.proposed.overall, "") if found else "",
        "rows": list(_rows(about, found.proposed)) if found else [],
        "total": _total(found) if found else "",
        "best": evaluated.best,
        "progression": evaluated.progression,
        "listed": evaluated.listed is not None,
        "determine": _determine(about, found, entry.visit),
    }
    return render(request, "special/proposal.html", page)


def _total(found: Compared) -> str:
    target = found.proposed.point.target if found.proposed.point else None
    return "" if target is None or target.total is None else f"{millimetres(target.total)} mm"


def _rows(about: About, proposed: Proposed) -> Iterator[LesionThen]:
    """Every lesion at this scan, with what it counts as: target, non-target, or treated."""
    targets = {one.label for one in proposed.baseline.targets}
    others = set(proposed.baseline.non_targets)
    for life in lives(about.protocol, about.known).lesions:
        sights = [sight for sight in life.sights if sight.day <= proposed.scan.day]
        if not sights:
            continue
        there = next((one for one in reversed(sights) if one.seq == proposed.scan.seq), None)
        before = [one for one in sights if one.seq != proposed.scan.seq]
        yield LesionThen(
            life.label,
            _counts_as(life, proposed, life.label in targets, life.label in others),
            _size(next((one for one in before if one.day <= proposed.baseline.day), None)),
            _size(before[-1]) if before else "",
            _size(there) or "no row",
        )


def _counts_as(life: Life, proposed: Proposed, target: bool, other: bool) -> str:
    if life.kind == "new":
        return "new lesion"
    state = life.state(proposed.scan.day)
    treated = f", {state}" if str(state) in ("irradiated", "resected") else ""
    return f"{'target' if target else 'non-target' if other else 'no longer counted'}{treated}"


def _size(one: object) -> str:
    size, seen = getattr(one, "size", None), str(getattr(one, "seen", ""))
    said = "" if seen == "measured" or (seen == "present" and size is not None) else words(seen)
    number = f"{size} mm" if size is not None and seen != "absent" else ""
    return ", ".join(part for part in (number, said) if part)


def _determine(about: About, found: Compared | None, visit: str | None) -> str:
    """Where the determination is entered, or was; empty where this user may not, or the study has no such form."""
    if found is not None and found.determined is not None:
        return links.entry_address(about.desk.study, about.subject, found.determined.entry.seq)
    forms = about.plan.reading("response")
    if not forms or not about.may_enter(forms[0]):
        return ""
    return links.new_address(about.desk.study, about.subject, forms[0], visit if forms[0].visits else None)
