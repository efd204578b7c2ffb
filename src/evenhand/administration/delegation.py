"""Who may act in which role: the delegation log.

Who holds which role is folded from the record, so that an inspector sees it there with everything else.
Source: ICH E6(R3), delegation of activities by the investigator.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from evenhand.administration.closure import require_not_closed
from evenhand.protocol import Protocol
from evenhand.record import JSON, Actor, Entry, Event, History
from evenhand.refusal import Refusal

SITE_ROLES: Final = ("coordinator", "treating_clinician", "pathologist", "radiation_oncologist", "surgeon")
"""Held at one site each."""
STUDY_ROLES: Final = ("data_manager", "monitor", "statistician", "safety_board", "administrator", "inspector")
"""Held for the whole study, or for one site."""
ROLES: Final = (*SITE_ROLES, *STUDY_ROLES)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a user holds, at one site or (None) for the whole study."""

    user: str
    role: str
    site: str | None


@dataclass(frozen=True, slots=True)
class Delegation:
    """A line of the delegation log: a role, from when to when, and who granted and ended it, by which entries."""

    given: Grant
    granted: Entry
    ended: Entry | None = None


def grants(history: History) -> tuple[Grant, ...]:
    """Who holds which role, in the order in which the roles were granted."""
    held: dict[Grant, None] = {}
    for entry in history.about_study.entries:
        if entry.kind in ("role_granted", "role_revoked"):
            given = _given(entry)
            if entry.kind == "role_granted":
                held[given] = None
            else:
                held.pop(given, None)
    return tuple(held)


def delegations(history: History) -> tuple[Delegation, ...]:
    """The delegation log: who held which role from when to when, in the order of granting."""
    log: dict[Grant, list[Delegation]] = {}
    for entry in history.about_study.entries:
        if entry.kind in ("role_granted", "role_revoked"):
            given = _given(entry)
            lines = log.setdefault(given, [])
            if entry.kind == "role_granted":
                lines.append(Delegation(given, entry))
            elif lines:
                lines[-1] = replace(lines[-1], ended=entry)
    return tuple(sorted((one for lines in log.values() for one in lines), key=lambda one: one.granted.seq))


def grant_role(protocol: Protocol, history: History, *, given: Grant, on: date, by: Actor, at: datetime) -> list[Event]:
    """Let a user act in a role, at a site or (None) for the whole study."""
    require_not_closed(history)
    if given.role not in ROLES:
        raise Refusal(f"{given.role!r} is no role", "delegation", f"Choose one of {', '.join(ROLES)}.")
    if given.site is None and given.role in SITE_ROLES:
        raise Refusal(f"a {_words(given.role)} acts at a site", "delegation", "Name the site.")
    if given.site is not None and given.site not in history.state.sites:
        raise Refusal(f"there is no site {given.site!r}", "delegation", "Open the site first.")
    if given in grants(history):
        raise Refusal(f"{given.user} holds the role {_words(given.role)} there already", "delegation")
    return [Event("role_granted", None, on, _body(given))]


def revoke_role(
    protocol: Protocol, history: History, *, given: Grant, reason: str, on: date, by: Actor, at: datetime
) -> list[Event]:
    """End a role; the last administrator of the whole study keeps it, since nobody could grant it again."""
    require_not_closed(history)
    held = grants(history)
    if given not in held:
        raise Refusal(f"{given.user} does not hold the role {_words(given.role)} there", "delegation")
    heads = [grant for grant in held if grant.role == "administrator" and grant.site is None]
    if heads == [given]:
        raise Refusal(f"{given.user} is the only administrator", "delegation", "Name another one first.")
    if not reason.strip():
        raise Refusal("a role is not ended without a reason", "delegation", "Say why.")
    return [Event("role_revoked", None, on, _body(given), reason=reason)]


def _given(entry: Entry) -> Grant:
    site = entry.body.get("site")
    return Grant(str(entry.body["user"]), str(entry.body["role"]), None if site is None else str(site))


def _body(given: Grant) -> dict[str, JSON]:
    return {"user": given.user, "role": given.role, "site": given.site}


def _words(role: str) -> str:
    return role.replace("_", " ")
