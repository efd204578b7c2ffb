"""The safety desk: reports that are owed, adverse events, and counts by grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.safety_desk.rows import GRADES, OPEN, EventRow, ReportRow, Seen, counted, seen_by

_PER_PAGE: Final = 50
_SHOW: Final = {"owed": "Owed now", "sent": "Sent", "all": "All"}
_EVENTS: Final = {"all": "All events", "serious": "Serious", "graded": "Grade 3 and above", "lasting": "Going on"}


@require_safe
@at_desk(Action.SEE_SAFETY)
def safety(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who must hear of what by when, at the sites that this user may see."""
    asked = {name: request.GET.get(name, "").strip() for name in ("show", "events", "site", "text")}
    asked["show"] = asked["show"] if asked["show"] in _SHOW else "owed"
    asked["events"] = asked["events"] if asked["events"] in _EVENTS else "all"
    seen = seen_by(desk)
    by_arm = desk.may(Action.SEE_BY_ARM)
    in_sight = [row for row in seen.events if _here(row, asked)]
    reports = [row for row in seen.reports if _here(row.event, asked) and _wanted(row, asked["show"])]
    events = [row for row in in_sight if _chosen(row, asked["events"])]
    page = {
        "desk": desk,
        "asked": asked,
        "shows": _SHOW,
        "kinds": _EVENTS,
        "reports": reports,
        "sheet": Paginator(events, _PER_PAGE).get_page(request.GET.get("page")),
        "counts": counted(in_sight, tuple(arm.id for arm in desk.protocol.arms) if by_arm else ()),
        "arms": desk.protocol.arms if by_arm else (),
        "people": [(arm, seen.participants.get(arm.id, 0)) for arm in desk.protocol.arms] if by_arm else (),
        "grades": GRADES,
        "tally": _tally(seen),
        "sites": [site for site in desk.sites if desk.may(Action.SEE_SAFETY, site.code)],
    }
    return render(request, "safety/safety.html", page)


def _tally(seen: Seen) -> Mapping[str, int]:
    states = Counter(row.state for row in seen.reports)
    return {
        "participants": sum(seen.participants.values()),
        "events": len(seen.events),
        "serious": sum(row.serious for row in seen.events),
        "overdue": states["overdue"],
        "open": states["open"],
        "late": states["late"],
    }


def _here(row: EventRow, asked: Mapping[str, str]) -> bool:
    text = asked["text"].casefold()
    said = (row.participant, row.subject, row.event.name, row.event.specified)
    return (not asked["site"] or row.site == asked["site"]) and (
        not text or any(text in one.casefold() for one in said)
    )


def _wanted(row: ReportRow, show: str) -> bool:
    return show == "all" or (row.state in OPEN) == (show == "owed")


def _chosen(row: EventRow, kind: str) -> bool:
    if kind == "serious":
        return row.serious
    if kind == "graded":
        return row.grade is not None and row.grade >= 3
    return kind == "all" or row.event.ended is None


urls: list[URLPattern | URLResolver] = [path("safety", safety, name="safety")]
