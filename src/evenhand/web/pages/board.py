"""The safety board's view: the record as it is, arm by arm, with nothing tested between the planned looks.

Counting takes longer than a page may, so the view is made beside it and kept until the record has grown; the page shows
the last one and says how old it is. Once a day, who reads opens it by a button, which leaves a trace in the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.record import TRACES
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.board_desk.finishing import finish, strike_finish
from evenhand.web.pages.board_desk.holding import hold, strike
from evenhand.web.pages.board_desk.looks import Due, looks_shown, meetings_shown
from evenhand.web.pages.board_desk.meeting import meet, strike_met
from evenhand.web.pages.board_due import due_lines
from evenhand.web.pages.reporting.asking import wanted_at
from evenhand.web.pages.reporting.makers import LOOK, board_maker
from evenhand.web.pages.reporting.making import begin
from evenhand.web.pages.reporting.offered import BOARD
from evenhand.web.pages.reporting.tracing import asker, is_open, open_report
from evenhand.web.store import Made, Wanted

_BY_ITSELF: Final = timedelta(minutes=10)  # assumed: how old a view may be before its page asks for a newer by itself
_SHOWN, _PEOPLE = "board.json", "people.json"


@dataclass(frozen=True, slots=True)
class Standing:
    """The views that there are: ``shown``, the newest that is made, and ``now``, the one of the record as it is, if
    somebody asked for it. ``since``: how many entries came after the one that is shown."""

    shown: Made | None
    now: Made | None
    since: int
    by_itself: bool

    @property
    def current(self) -> bool:
        """What is shown is of the record and the day as they are."""
        return self.shown is not None and self.now is not None and self.shown.id == self.now.id


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody behind a number, with the entries that say so; ``opens``: this user may open the person's page."""

    subject: str
    site: str | None
    seqs: tuple[int, ...]
    opens: bool


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.SEE_BY_ARM)
def board(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The view as it was last made; POST asks for one of now, or opens the one there is for today."""
    desk.require(Action.SEE_BY_ARM)
    wanted = _wanted(desk)
    standing = _standing(desk, wanted)
    if request.method == "POST" and "open" in request.POST:
        return _opened(request, desk, standing)
    if request.method == "POST":
        if standing.shown is not None:
            store.drop_earlier(desk.study, BOARD, standing.shown.id)
        begin(wanted, board_maker(wanted, desk.versions, desk.history), by=asker(desk, BOARD))
        if not getattr(request, "htmx", None):
            return redirect("board", desk.study)
        return _waiting(request, _standing(desk, wanted), request.POST.get("shown", ""))
    if getattr(request, "htmx", None):
        return _waiting(request, standing, request.GET.get("shown", ""))
    if standing.shown is not None and not is_open(desk, standing.shown):
        return render(request, "board/open.html", _held(desk, standing))
    view = None if standing.shown is None else _kept(standing.shown, _SHOWN)
    return render(request, "board/board.html", {"standing": standing, "view": view, **_held(desk, standing)})


@require_safe
@at_desk(Action.SEE_BY_ARM)
def number(request: HttpRequest, desk: Desk, report: str, number: str) -> HttpResponse:
    """Who is behind a number of the view. Raises Http404 for a view or a number that there is not."""
    desk.require(Action.SEE_BY_ARM)
    made = store.report_of(desk.study, report)
    if made is None or made.kind != BOARD or made.state != "made":
        raise Http404("There is no such view any more. Open the safety board's page for the present one.")
    if not is_open(desk, made):
        return redirect("board", desk.study)
    found = _kept(made, _PEOPLE).get(number)
    if found is None:
        raise Http404("There is no such number in this view.")
    people = [_person(desk, subject, seqs) for subject, seqs in found["people"]]
    entries = desk.may_somewhere(Action.SEE_RECORD)
    return render(
        request, "board/number.html", {"found": found, "people": people, "made": made, "sees_entries": entries}
    )  # fmt: skip


def _opened(request: HttpRequest, desk: Desk, standing: Standing) -> HttpResponse:
    """Open the view that there is for today, if the record can say so."""
    try:
        if standing.shown is not None:
            open_report(desk, standing.shown)
    except Refusal as refusal:
        return render(request, "board/open.html", {"refusal": refusal, **_held(desk, standing)})
    return redirect("board", desk.study)


def _wanted(desk: Desk) -> Wanted:
    return wanted_at(desk, BOARD, desk.last_day, desk.now, named=True)


def _standing(desk: Desk, wanted: Wanted) -> Standing:
    views = [one for one in store.reports_of(desk.study) if one.kind == BOARD]
    shown = max((one for one in views if one.state == "made"), key=_age, default=None)
    now = next((one for one in views if one.id == wanted.id), None)
    by_itself = now is None and (shown is None or desk.now - shown.begun > _BY_ITSELF)
    later = () if shown is None else desk.history.entries[shown.seq : wanted.seq]
    return Standing(shown, now, sum(one.kind not in TRACES for one in later), by_itself)


def _held(desk: Desk, standing: Standing) -> dict[str, Any]:
    """The looks, with what the view that is shown says of them, the meetings, and what else is due."""
    kept = None if standing.shown is None else store.content_kept(standing.shown.id, LOOK)
    looks = looks_shown(desk, None if kept is None else Due(**orjson.loads(kept)))
    meets = desk.may(Action.HOLD_LOOK) and desk.history.state.activated and desk.history.state.closure is None
    return {"looks": looks, "due": due_lines(desk, looks=False), "meetings": meetings_shown(desk), "meets": meets}


def _age(made: Made) -> tuple[Any, ...]:
    return made.seq, made.effective, made.begun


def _waiting(request: HttpRequest, standing: Standing, seen: str) -> HttpResponse:
    """What stands at the top of a page that shows the view ``seen`` (empty: none yet, so that it is asked for anew)."""
    if not seen and standing.shown is not None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    ready = standing.shown is not None and standing.shown.id != seen
    return render(request, "board/_standing.html", {"standing": standing, "ready": ready})


def _kept(made: Made, path: str) -> Any:
    content = store.content_kept(made.id, path)
    if content is None:
        raise Http404("There is no such view any more. Open the safety board's page for the present one.")
    return orjson.loads(content)


def _person(desk: Desk, subject: str, seqs: list[int]) -> Person:
    site = desk.site_of(subject)
    opens = desk.may(Action.SEE_CANDIDATE, site) and desk.may(Action.SEE_ARM, site)
    name = next((one.name for one in desk.sites if one.code == site), site)
    return Person(subject, name, tuple(seqs), opens)


urls: list[URLPattern | URLResolver] = [
    path("board", board, name="board"),
    path("board/looks/new", hold, name="hold-look"),
    path("board/looks/<int:look>/strike", strike, name="strike-look"),
    path("board/meetings/new", meet, name="hold-meeting"),
    path("board/meetings/<int:seq>/strike", strike_met, name="strike-meeting"),
    path("board/final/new", finish, name="make-final"),
    path("board/final/strike", strike_finish, name="strike-final"),
    path("board/<slug:report>/<path:number>", number, name="board-number"),
]
