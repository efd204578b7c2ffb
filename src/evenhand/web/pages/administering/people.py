"""Who belongs to a study."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.administration import delegations
from evenhand.web import access, store
from evenhand.web.access import Account
from evenhand.web.desk import Desk


@dataclass(frozen=True, slots=True)
class Person:
    """An account as a study's administrator sees it: the roles held in this study, in words."""

    account: Account
    roles: tuple[str, ...]


def people(desk: Desk) -> list[Person]:
    """Everybody who holds or held a role in this study, and accounts that have no role in any study yet.

    Where another study's record cannot be read, nobody knows who has no role there: then those of this study alone.
    """
    ours = {one.given.user for one in delegations(desk.history)}
    try:
        elsewhere = {one.given.user for study in store.studies() for one in delegations(store.current(study))}
    except store.RecordDamaged:
        elsewhere = {one.username for one in access.accounts()}
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
