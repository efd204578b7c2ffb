"""The calendar of visits: what is overdue, due and coming at a site, by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.calendars.span import WEEKS, span_of
from evenhand.web.pages.calendars.visits import Visit, ahead, days, pressing, visits
from evenhand.web.pages.quality_desk.people import people

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@require_safe
@at_desk(Action.SEE_CANDIDATE)
def calendar(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The visits of a month, or of some weeks, at the sites that this user may see."""
    told = {name: request.GET.get(name, "").strip() for name in ("site", "month", "weeks", "from")}
    sites = [site for site in desk.sites if desk.may(Action.SEE_CANDIDATE, site.code)]
    today = desk.today(told["site"] or (sites[0].code if sites else None))
    span = span_of(told, today)
    every = visits(desk, [who for who in people(desk, Action.SEE_CANDIDATE) if told["site"] in ("", who.site)])
    pressed, shown = pressing(every), [one for one in every if span.first <= one.day <= span.last]
    names = _names(desk, [*pressed, *shown])
    page = {
        "desk": desk,
        "told": told,
        "span": span,
        "today": today,
        "weekdays": _DAYS,
        "weeks": WEEKS,
        "months": _months(span.month or today.replace(day=1)),
        "pressing": _named(pressed, names),
        "days": days(span, _named(shown, names)),
        "shown": len(shown),
        "ahead": ahead(every, 4),
        "sites": sites,
        "earlier": _address(span.earlier, told),
        "later": _address(span.later, told),
    }
    return render(request, "calendar/calendar.html", page)


def _months(around: date) -> list[date]:
    """The months to choose from: half a year back and a year ahead."""
    first = around.year * 12 + around.month - 1 - 6
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first + 19)]


def _address(asked: Mapping[str, str], told: Mapping[str, str]) -> str:
    site = {"site": told["site"]} if told["site"] else {}
    return f"?{urlencode({**asked, **site})}"


def _names(desk: Desk, found: list[Visit]) -> dict[str, str]:
    """The names that this user may see."""
    seen = {one.who.subject for one in found if desk.may(Action.SEE_NAME, one.who.site)}
    known = store.identity_of(desk.study, seen) if seen else {}
    return {subject: who.who.name for subject, who in known.items()}


def _named(found: list[Visit], names: Mapping[str, str]) -> list[Visit]:
    return [replace(one, name=names.get(one.who.subject, "")) for one in found]


urls: list[URLPattern | URLResolver] = [path("calendar", calendar, name="calendar")]
