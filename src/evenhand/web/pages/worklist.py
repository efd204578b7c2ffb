"""The worklist: whom to call first, how much time there is, what is missing, and who must act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from evenhand.administration import SITE_ROLES, Site
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.board_due import due_lines
from evenhand.web.pages.planned_number import planned_number_reached
from evenhand.web.pages.waiting import Filters, Turns, axis_of, chosen, line_of
from evenhand.web.pages.waiting.line import Shown
from evenhand.web.store import Identified
from evenhand.worklist import Row, worklist

ON_A_PAGE: Final = 25
"""What is not among the first is not urgent; and drawing a line costs more than finding it among thousands."""
_STAGES: Final = ("screened", "consented", "registered")


@require_safe
@at_desk(Action.SEE_CANDIDATE)
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A page of the worklist, narrowed down by the query."""
    places = desk.sites
    sites = {site.code: site for site in places if desk.may(Action.SEE_CANDIDATE, site.code)}
    everybody = (None,) if desk.may(Action.SEE_CANDIDATE) else ()  # those of no site: for the whole study alone
    waiting = worklist(desk.versions, desk.history, _days(desk, places), (*sites, *everybody))
    rows = waiting.rows
    turns = Turns(desk.held)
    filters = Filters.read(request.GET, turns.usual)
    found = chosen(rows, filters, turns)
    sheet = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    axis = axis_of((row for row in rows if row.place != "over"), desk.today(next(iter(sites), None)))
    names = _names(desk, sites, (row.subject for row in sheet))
    shown = Shown(desk.protocol, axis, turns, {code: site.name for code, site in sites.items()}, names)
    return render(
        request,
        "worklist/worklist.html",
        {
            "desk": desk,
            "axis": axis,
            "lines": [line_of(row, replace(shown, protocol=desk.protocol_for(row.subject))) for row in sheet],
            "sheet": sheet,
            "filters": filters,
            "acts": turns.acts,
            "counts": _counts(rows, waiting.randomized, sites, turns),
            "sites": list(sites.values()),
            "stages": _STAGES,
            "roles": SITE_ROLES,
            "by_name": desk.may_somewhere(Action.SEE_NAME),
            "may_add": desk.may_somewhere(Action.ENTER_FACTS),
            "may_read": desk.may_somewhere(Action.SEE_RECORD),
            "may_ask": desk.may_somewhere(Action.SEE_QUALITY),
            "state": desk.history.state,
            "due": due_lines(desk),
            "full": planned_number_reached(desk),
        },
    )


def _days(desk: Desk, sites: Iterable[Site]) -> dict[str | None, date]:
    return {None: desk.today(), **{site.code: desk.today(site.code) for site in sites}}


def _names(desk: Desk, sites: Mapping[str, Site], subjects: Iterable[str]) -> Mapping[str, Identified]:
    """The names that this user may see."""
    allowed = {code for code in sites if desk.may(Action.SEE_NAME, code)}
    known = store.identity_of(desk.study, subjects) if allowed else {}
    return {subject: who for subject, who in known.items() if who.site in allowed}


def _counts(
    rows: Iterable[Row], randomized: Mapping[str | None, int], sites: Mapping[str, Site], turns: Turns
) -> dict[str, int]:
    """How many there are of each, at the user's sites."""
    counts = Counter(row.place for row in rows)
    mine = sum(turns.is_on(row) for row in rows if row.place != "over")
    done = sum(count for site, count in randomized.items() if site in sites)
    return {"open": counts["open"], "opens": counts["opens"], "over": counts["over"], "mine": mine, "randomized": done}


urls: list[URLPattern | URLResolver] = [path("worklist", show, name="worklist")]
