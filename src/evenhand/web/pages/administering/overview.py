"""What stands: the study, its sites, its people, the tokens of other systems; and the delegation log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.administration import delegations, issued_tokens
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.administering.people import people, place_in_words
from evenhand.web.pages.board_due import due_lines
from evenhand.web.pages.planned_number import planned_number_reached


@require_safe
@at_desk(Action.SEE_ADMINISTRATION)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everything that is administered, and what this user may do about it."""
    desk.require(Action.SEE_ADMINISTRATION)
    recorded = {one.digest: one for one in issued_tokens(desk.history)}
    shown = {
        "state": desk.history.state,
        "due": due_lines(desk),
        "full": planned_number_reached(desk),
        "sites": desk.sites,
        "people": people(desk),
        "tokens": [(one, sorted(one.scopes), recorded.get(one.digest)) for one in store.tokens_of(desk.study)],
        "ended": [one for one in recorded.values() if one.ended],
        "may_administer": desk.may(Action.ADMINISTER) and desk.history.state.closure is None,
        "may_end": desk.may(Action.ADMINISTER),
        "may_read": desk.may(Action.SEE_RECORD),
        "may_steer": desk.may(Action.STEER),
        "secret": desk.history.state.secret,
    }
    return render(request, "administration/overview.html", shown)


@require_safe
@at_desk(Action.SEE_ADMINISTRATION)
def delegation(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who held which role from when to when, granted and ended by whom and why (ICH E6(R3), delegation log)."""
    desk.require(Action.SEE_ADMINISTRATION)
    lines = [(one, place_in_words(desk, one.given.role, one.given.site)) for one in delegations(desk.history)]
    return render(request, "administration/delegation.html", {"lines": lines, "may_read": desk.may(Action.SEE_RECORD)})
