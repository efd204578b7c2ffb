"""Who must be asked for consent anew, since the site follows a newer protocol version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from evenhand.conduct.disposition import ends
from evenhand.enrollment import Reconsent, reconsent_list
from evenhand.record import SubjectHistory
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.store import Identified

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

    def still_here(known: SubjectHistory) -> bool:
        site = known.site
        if not desk.may(Action.SEE_CANDIDATE, site):
            return False
        protocol = desk.protocol_for(known.subject)
        return known.allocation is None or not ends(protocol, known).over(desk.today(site))

    found = reconsent_list(desk.versions, desk.history, desk.today(), asked=still_here)
    sites = {site.code: site.name for site in desk.sites}
    names = _names(desk, found)
    shown = {
        "desk": desk,
        "lines": [_line(desk, one, sites, names) for one in found],
        "long": _LONG,
        "amended": desk.history.state.amended,
    }
    return render(request, "enrol/reconsent.html", shown)


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
