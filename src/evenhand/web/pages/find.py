"""Finding somebody of the own sites: by name, the site's number, the candidate's or the participant's number.

What is looked for may be a name, so it is sent in the body of a request and stands in no address: neither the browser's
history nor any log keeps it. Nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from evenhand.administration import Site
from evenhand.enrollment.courses import Course, Stage, courses
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.store import Identified, plain_words

MOST: Final = 25
"""So many are shown: whoever looks for one person types another letter."""
_STAGES: Final[tuple[Stage, ...]] = ("randomized", "registered", "consented", "screened")


@dataclass(frozen=True, slots=True)
class Found:
    """One person. ``who`` only where the user may see names and one is kept; ``page`` is the page to open first."""

    subject: str
    participant: str
    who: Identified | None
    site: str
    course: Course
    page: str


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.SEE_CANDIDATE)
def find(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everybody whom the words fit, at every stage; GET shows the empty field alone."""
    text = request.POST.get("text", "").strip()
    found = sorted(_found(desk, text), key=_order) if text else []
    shown = {
        "desk": desk,
        "text": text,
        "found": found[:MOST],
        "count": len(found),
        "by_name": desk.may_somewhere(Action.SEE_NAME),
        "several_sites": len(_sites(desk, Action.SEE_CANDIDATE)) > 1,
    }
    return render(request, "find/find.html", shown)


def _found(desk: Desk, text: str) -> Iterator[Found]:
    """Those of the sites that the user may see; by name and site number only where names may be seen."""
    sites, wanted = _sites(desk, Action.SEE_CANDIDATE), plain_words(text)
    everywhere = desk.may(Action.SEE_CANDIDATE)
    kept = store.identities_at(desk.study, _sites(desk, Action.SEE_NAME)) if wanted else []
    known = {one.subject: one for one in kept}
    for course in courses(desk.history) if wanted else ():
        if course.site not in sites and not (course.site is None and everywhere):
            continue
        participant, who = _participant(desk, course), known.get(course.subject)
        told = (course.subject, participant, *((who.who.name, who.who.number) if who else ()))
        if any(_fits(wanted, plain_words(part)) for part in told):
            place = sites[course.site].name if course.site else "no site"
            yield Found(course.subject, participant, who, place, course, _page(desk, course))


def _fits(wanted: list[str], said: list[str]) -> bool:
    """Whether a name or number holds the words as they stand, or has one that begins with each, in any order."""
    whole = " ".join(wanted) in " ".join(said)
    return whole or all(any(word.startswith(begun) for word in said) for begun in wanted)


def _participant(desk: Desk, course: Course) -> str:
    """The number given at registration; empty before."""
    registration = desk.history.subject(course.subject).registration if course.registered else None
    return str(registration.body["participant"]) if registration is not None else ""


def _page(desk: Desk, course: Course) -> str:
    """After randomization the participant's page, where the user may open it."""
    return "participant" if course.randomized and desk.may(Action.SEE_ARM, course.site) else "candidate"


def _order(one: Found) -> tuple[str, int, str]:
    """By name, those without one behind; the furthest on first; then by pseudonym."""
    name = one.who.who.name.casefold() if one.who else ""
    return name or "\U0010ffff", _STAGES.index(one.course.stage), one.subject


def _sites(desk: Desk, action: Action) -> dict[str, Site]:
    return {site.code: site for site in desk.sites if desk.may(action, site.code)}


urls: list[URLPattern] = [path("find", find, name="find")]
