"""Who belongs to a study, and whose account its administrator may touch."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.administration import delegations
from evenhand.web import access, store
from evenhand.web.access import Account, Action
from evenhand.web.desk import Desk


@dataclass(frozen=True, slots=True)
class Person:
    """An account as a study's administrator sees it: the roles held in this study, in words."""

    account: Account
    roles: tuple[str, ...]


def people(desk: Desk) -> list[Person]:
    """Everybody who holds or held a role in this study, and accounts that have no role in any study yet."""
    ours = {one.given.user for one in delegations(desk.history)}
    elsewhere = {one.given.user for study in store.studies() for one in delegations(store.current(study))}
    known = [one for one in access.accounts() if one.username in ours or one.username not in elsewhere]
    return [person(desk, one) for one in known]


def person(desk: Desk, account: Account) -> Person:
    """One account with its roles in this study."""
    held = access.held_by(desk.history, account.username)
    return Person(account, tuple(place_in_words(desk, grant.role, grant.site) for grant in held))


def place_in_words(desk: Desk, role: str, site: str | None) -> str:
    """``treating clinician, North Hospital``."""
    names = {one.code: one.name for one in desk.sites}
    return f"{role.replace('_', ' ')}, {'whole study' if site is None else names.get(site, site)}"


def in_hand(desk: Desk, username: str) -> bool:
    """Whether this administrator may touch an account: who can sign in as somebody acts in all that person's studies.

    So it needs an administrator of every study in which the person holds a role.
    """
    for study in store.studies():
        history = store.current(study)
        mine = access.held_by(history, desk.user)
        if access.held_by(history, username) and not access.may(mine, Action.ADMINISTER, None):
            return False
    return True
