"""Who must be asked for consent anew, since the site follows a newer protocol version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from evenhand.conduct.disposition import ends
from evenhand.eligibility import Calendar, assessor_of
from evenhand.enrollment import Reconsent, reconsent_list
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.record.facts import recorded_person
from evenhand.record.remembered import Remembered
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.store import Identified

_MOST: Final = 100_000  # assumed: more subjects than all trials of one place have
_CHANCES: Remembered[bool] = Remembered(_MOST)
_LONG: Final = 28
"""assumed: days after which it is shown as overdue; no public source gives a limit"""


@dataclass(frozen=True, slots=True)
class Line:
    """One person to be asked. ``name`` only where this user may see it; ``may_consent``: this user may record it."""

    asked: Reconsent
    site: str
    name: str
    days: int
    may_consent: bool

    @property
    def overdue(self) -> bool:
        """Whether it has waited for long."""
        return self.days > _LONG


@require_safe
@at_desk(Action.SEE_QUALITY)
def reconsent(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The people of the user's sites who must be asked, whoever waits longest first."""

    def seen(known: SubjectHistory) -> bool:
        return desk.may(Action.SEE_CANDIDATE, known.site)

    every = reconsent_list(desk.versions, desk.history, desk.today(), asked=seen)
    found = tuple(one for one in every if _still_here(desk, desk.history.subject(one.subject), one.adopted))
    sites = {site.code: site.name for site in desk.sites}
    names = _names(desk, found)
    shown = {
        "desk": desk,
        "lines": [_line(desk, one, sites, names) for one in found],
        "left_out": len(every) - len(found),
        "long": _LONG,
        "amended": desk.history.state.amended,
    }
    return render(request, "enrol/reconsent.html", shown)


def _still_here(desk: Desk, known: SubjectHistory, adopted: Protocol) -> bool:
    """Whether asking makes sense: of a participant until follow-up ends, of a candidate while some day from today on
    may still let her in by the criteria of the site's version."""
    today = desk.today(known.site)
    if known.allocation is not None:
        return not ends(desk.protocol_for(known.subject), known).over(today)
    key = adopted.study, known.subject
    return _CHANCES.answer(key, (adopted, known, today), lambda: _has_a_chance(adopted, known, today))


def _has_a_chance(adopted: Protocol, known: SubjectHistory, today: date) -> bool:
    calendar = Calendar(assessor_of(adopted)).of(recorded_person(known, adopted.vocabulary))
    return any(one.standing != "ineligible" for one in calendar if one.last is None or one.last >= today)


def _line(desk: Desk, one: Reconsent, sites: Mapping[str, str], names: Mapping[str, Identified]) -> Line:
    who = names.get(one.subject)
    may = desk.may(Action.RECORD_CONSENT, one.site)
    days = one.waiting(desk.today(one.site))
    return Line(one, sites.get(one.site or "", one.site or "no site"), who.who.name if who else "", days, may)


def _names(desk: Desk, found: tuple[Reconsent, ...]) -> Mapping[str, Identified]:
    """The names that this user may see."""
    seen = [one.subject for one in found if desk.may(Action.SEE_NAME, one.site)]
    return store.identity_of(desk.study, seen) if seen else {}


urls: list[URLPattern | URLResolver] = [path("reconsent", reconsent, name="reconsent")]
