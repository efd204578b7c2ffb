"""What is done about accounts, each act in one transaction with its trace in the record.

An account belongs to no study, a record does. So the trace stands in the study from whose pages it was done, and in
every other one in which the person holds a role: its inspector reads that record alone, and asks who could sign in as
whom. Every study's record has its own lock and commit; the act, which may be repeated, is done again with each of them,
so that none says what was not done. Making an account concerns only the study that makes it.
"""

from __future__ import annotations

from typing import Any

from evenhand import administration, steps
from evenhand.administration import INSTALLER, PASSWORD_LINK, SECOND_FACTOR_RESET
from evenhand.record import Actor
from evenhand.refusal import Refusal
from evenhand.web import access, store
from evenhand.web.access import Action


def make(study: str, username: str, *, printed_name: str, by: Actor, key: str | None = None) -> str:
    """Make an account; gives the path by which its owner chooses a password, once. Raises Refusal."""

    def also(_: object) -> None:
        access.make_account(username, printed_name=printed_name)

    step = administration.make_account
    store.require_just_done(store.perform(study, step, by=by, key=key, also=also, user=username, name=printed_name))
    return access.make_password_link(username)


def give_link(study: str, username: str, *, by: Actor, key: str | None = None) -> str:
    """The path by which a user chooses a new password, once. Raises Refusal."""
    _recorded(study, username, administration.give_way_in, by=by, key=key, also=None, ways=(PASSWORD_LINK,))
    return access.make_password_link(username)


def reset_second_factor(study: str, username: str, *, by: Actor, key: str | None = None) -> str:
    """Take a lost second factor away, and give the path to a new password with it. Raises Refusal."""

    def also(_: object) -> None:
        access.reset_second_factor(username)

    ways = (SECOND_FACTOR_RESET, PASSWORD_LINK)
    _recorded(study, username, administration.give_way_in, by=by, key=key, also=also, ways=ways)
    return access.make_password_link(username)


def stop(study: str, username: str, *, reason: str, by: Actor, key: str | None = None) -> None:
    """Let an account sign in no more. Raises Refusal."""
    if username == by.user:
        raise Refusal("you cannot stop your own account", "accounts", "Ask another administrator.")

    def also(_: object) -> None:
        access.set_active(username, False)

    _recorded(study, username, administration.stop_account, by=by, key=key, also=also, reason=reason)


def restore(study: str, username: str, *, by: Actor, key: str | None = None) -> None:
    """Let an account sign in again. Raises Refusal."""

    def also(_: object) -> None:
        access.set_active(username, True)

    _recorded(study, username, administration.restore_account, by=by, key=key, also=also)


def in_hand(user: str, username: str) -> bool:
    """Whether an administrator may touch an account: who can sign in as somebody acts in all that person's studies.

    So it takes an administrator of every study in which the person holds a role. No, where a record cannot be read.
    """
    try:
        return all(_administrator(one, user) is not None for one in studies_of(username))
    except store.RecordDamaged:
        return False


def studies_of(username: str) -> list[str]:
    """The studies in which somebody holds a role. Raises RecordDamaged where one's record cannot be read."""
    return [one for one in store.studies() if access.held_by(store.current(one), username)]


def _administrator(study: str, user: str) -> Actor | None:
    return access.acting(access.held_by(store.current(study), user), Action.ADMINISTER, None)


def _recorded(
    study: str, username: str, step: steps.Step, *, by: Actor, key: str | None, also: store.Also | None, **given: Any
) -> None:
    """Record and do it, here first, then in the person's other studies; asked again under its key, it goes on."""
    if access.account(username) is None:
        raise Refusal(f"there is no account {username!r}", "accounts", "Make the account first.")
    actors = {study: by} | {other: _acting(other, by) for other in studies_of(username) if other != study}
    for one, actor in actors.items():
        done = store.perform(one, step, by=actor, key=key, also=also, user=username, **given)
        store.require_just_done(done)


def _acting(study: str, by: Actor) -> Actor:
    """The same person in another study. Raises Refusal for one who does not administer it."""
    actor = by if by == INSTALLER else _administrator(study, by.user)
    if actor is None:
        said = "the person has roles in studies that you do not administer"
        raise Refusal(said, "accounts", "Ask an administrator of those studies too.")
    return actor
