"""The quality desk: queries, entries that wait, deviations, and figures by site."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from evenhand.conduct.quality import sign_within
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.quality_desk.asked import Asked, asked
from evenhand.web.pages.quality_desk.departures import departures, site_lines
from evenhand.web.pages.quality_desk.people import Somebody, people
from evenhand.web.pages.quality_desk.waiting import FOR, counts, waiting

_PER_PAGE: Final = 50
VIEWS: Final = {"queries": "Queries", "waiting": "Waiting", "deviations": "Deviations", "sites": "Sites"}
_TURNS: Final = {"all": "Anybody", "mine": "My turn", "site": "The site", "desk": "The data desk"}
_AGES: Final = (7, 14, 30)  # days; for looking only, nothing follows from them


@require_safe
@at_desk(Action.SEE_QUALITY)
def quality(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One of the four views, for the sites that this user may see."""
    told = {name: request.GET.get(name, "").strip() for name in ("view", "site", "who", "age", "for", "text")}
    view = told["view"] if told["view"] in VIEWS else "queries"
    everybody = list(people(desk, Action.SEE_QUALITY))
    seen = [who for who in everybody if _here(who, told)]
    page = {
        "desk": desk,
        "view": view,
        "views": VIEWS,
        "told": told,
        "sites": [site for site in desk.sites if desk.may(Action.SEE_QUALITY, site.code)],
        **_SHOWN[view](request, desk, seen, told),
    }
    return render(request, "quality/quality.html", page)


def _here(who: Somebody, told: Mapping[str, str]) -> bool:
    text = told["text"].casefold()
    said = (who.participant.casefold(), who.subject.casefold())
    return (not told["site"] or who.site == told["site"]) and (not text or any(text in one for one in said))


def _queries(request: HttpRequest, desk: Desk, seen: list[Somebody], told: Mapping[str, str]) -> dict[str, Any]:
    every = asked(desk, seen)
    least = int(told["age"]) if told["age"] in map(str, _AGES) else 0
    rows = [one for one in every if one.days >= least and _on_turn(one, told["who"])]
    return {
        "sheet": _sheet(request, rows),
        "turns": _TURNS,
        "ages": _AGES,
        "tally": {
            "open": sum(one.turn == "site" for one in every),
            "answered": sum(one.turn == "desk" for one in every),
            "mine": sum(one.mine for one in every),
            "oldest": every[0].days if every else None,
        },
    }


def _on_turn(one: Asked, who: str) -> bool:
    return {"mine": one.mine, "site": one.turn == "site", "desk": one.turn == "desk"}.get(who, True)


def _waiting(request: HttpRequest, desk: Desk, seen: list[Somebody], told: Mapping[str, str]) -> dict[str, Any]:
    what = told["for"] if told["for"] in FOR else "signature"
    rows = [one for one in waiting(desk, seen, what) if told["who"] != "mine" or one.mine]
    turns = {name: _TURNS[name] for name in ("all", "mine")}
    return {"sheet": _sheet(request, rows), "what": what, "whats": FOR, "counts": counts(seen), "turns": turns}


def _deviations(request: HttpRequest, desk: Desk, seen: list[Somebody], told: Mapping[str, str]) -> dict[str, Any]:
    return {"sheet": _sheet(request, departures(desk, seen))}


def _sites(request: HttpRequest, desk: Desk, seen: list[Somebody], told: Mapping[str, str]) -> dict[str, Any]:
    return {"lines": site_lines(seen), "sign_within": sign_within(desk.protocol)}


def _sheet(request: HttpRequest, rows: Sequence[Any]) -> object:
    return Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))


_Shown = Callable[[HttpRequest, Desk, list[Somebody], Mapping[str, str]], dict[str, Any]]
_SHOWN: Final[Mapping[str, _Shown]] = {
    "queries": _queries,
    "waiting": _waiting,
    "deviations": _deviations,
    "sites": _sites,
}

urls: list[URLPattern | URLResolver] = [path("quality", quality, name="quality")]
