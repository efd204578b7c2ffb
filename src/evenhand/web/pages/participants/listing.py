"""The list of participants: who they are, how long in the study, what is due next, what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.administration import site_of
from evenhand.conduct import forms
from evenhand.conduct.quality import open_queries, wants_signature
from evenhand.conduct.schedule import Due
from evenhand.record import SubjectHistory
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.participants.course import Course, course_of

_PER_PAGE: Final = 50
_SHOWN: Final = ("open", "over", "all")
Haste = Literal["late", "due", "coming", ""]


@dataclass(frozen=True, slots=True)
class Line:
    """One participant. ``arm`` only where this user may see it; ``next`` is the most urgent thing."""

    subject: str
    participant: str
    site: str
    site_name: str
    arm: str
    weeks: int
    state: str
    over: bool
    next: Due | None
    late: int
    queries: int
    to_sign: int

    @property
    def haste(self) -> Haste:
        """How urgent it is."""
        return self.next.when if self.next else ""


@require_safe
@at_desk(Action.SEE_CANDIDATE)
def participants(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The participants of the sites that this user may see, the most urgent first."""
    asked = {name: request.GET.get(name, "").strip() for name in ("site", "show")}
    asked["show"] = asked["show"] if asked["show"] in _SHOWN else "open"
    every = list(_lines(desk))
    shown = sorted((line for line in every if _fits(line, asked)), key=_order)
    page = Paginator(shown, _PER_PAGE).get_page(request.GET.get("page"))
    named = _with_names(desk, page)
    return render(
        request,
        "participant/participants.html",
        {
            "desk": desk,
            "sheet": page,
            "lines": named,
            "asked": asked,
            "sites": [site for site in desk.sites if desk.may(Action.SEE_CANDIDATE, site.code)],
            "count": {"all": len(every), "open": sum(not one.over for one in every)},
            "by_name": desk.may_somewhere(Action.SEE_NAME),
            "see_arm": desk.may_somewhere(Action.SEE_ARM),
        },
    )


def _lines(desk: Desk) -> Iterator[Line]:
    """One line for each randomized participant of the user's sites."""
    names = {site.code: site.name for site in desk.sites}
    for allocation in desk.history.allocations:
        site = site_of(desk.history, allocation.subject) or ""
        if desk.may(Action.SEE_CANDIDATE, site):
            yield _line(desk, desk.history.subject(allocation.subject), site, names.get(site, site))


def _line(desk: Desk, known: SubjectHistory, site: str, site_name: str) -> Line:
    protocol = desk.protocol_for(known.subject)
    course = course_of(protocol, known, desk.today(site), desk.zone(site))
    allocation, registration = known.allocation, known.registration
    arm = ""
    if allocation is not None and desk.may(Action.SEE_ARM, site):
        arm = protocol.arm(allocation.arm).label
    return Line(
        subject=known.subject or "",
        participant=str(registration.body["participant"]) if registration else known.subject or "",
        site=site,
        site_name=site_name,
        arm=arm,
        weeks=(course.on - allocation.effective).days // 7 if allocation else 0,
        state=state_words(course),
        over=course.ends.over(course.on),
        next=next(iter(course.due), None),
        late=sum(one.when == "late" for one in course.due),
        queries=len(open_queries(known)),
        to_sign=_to_sign(desk, known, site),
    )


def state_words(course: Course) -> str:
    """How it stands: followed, or the ending that was reached."""
    ended = course.standing
    return "in follow-up" if ended is None else ended.ending.label


def _to_sign(desk: Desk, known: SubjectHistory, site: str) -> int:
    """How many entries wait for a signature of this user's roles."""
    roles = {grant.role for grant in desk.held if grant.site in (None, site)}
    if not desk.may(Action.SIGN_FORMS, site):
        return 0
    return sum(
        not roles.isdisjoint(entry.form.signed_by) and wants_signature(entry, forms.marks_of(known, entry.seq))
        for entry in forms.entries(desk.protocol_for(known.subject), known)
    )


def _fits(line: Line, asked: Mapping[str, str]) -> bool:
    return _in_view(line, asked["show"]) and (not asked["site"] or line.site == asked["site"])


def _in_view(line: Line, show: str) -> bool:
    """Whatever is late is shown with those in follow-up, for somebody has to do it."""
    return show == "all" or line.over == (show == "over") or (show == "open" and line.late > 0)


def _order(line: Line) -> tuple[int, int, str]:
    urgent = {"late": 0, "due": 1, "coming": 2, "": 3}[line.haste]
    return urgent, line.next.days_left if line.next else 0, line.participant


def _with_names(desk: Desk, page: Page[Line]) -> list[tuple[Line, str]]:
    """The lines of a page, with the names that this user may see."""
    seen = [line.subject for line in page if desk.may(Action.SEE_NAME, line.site)]
    found = store.identity_of(desk.study, seen) if seen else {}
    return [(line, found[line.subject].who.name if line.subject in found else "") for line in page]
