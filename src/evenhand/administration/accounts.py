"""What is done about accounts, as far as an inspector asks: who could sign in as whom, since when, and through whom.

Accounts live beside the record; these steps leave the trace of what is done about them. They may be taken after the
study is closed, since its record is read for many years after.
Sources: 21 CFR 11.100(a) and 11.300, accounts of one person each, looked after, and voided when lost;
11.10(d), access limited to authorized people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from evenhand.administration.closure import require_not_closed
from evenhand.protocol import Protocol
from evenhand.record import Actor, Entry, Event, History
from evenhand.refusal import Refusal

PASSWORD_LINK: Final = "password link"
SECOND_FACTOR_RESET: Final = "second factor reset"
WAYS_IN: Final = (PASSWORD_LINK, SECOND_FACTOR_RESET)
"""How somebody is let in who cannot sign in: whoever has the link chooses the password."""
INSTALLER: Final = Actor("installer", "installer")
"""Whoever runs the machine. Holds no role and cannot be granted this one; may let the administrator in, on record."""
_KINDS: Final = ("account_made", "account_stopped", "account_restored", "way_in_given")
_CLAUSE: Final = "accounts"


def make_account(
    protocol: Protocol, history: History, *, user: str, name: str, on: date, by: Actor, at: datetime
) -> list[Event]:
    """Record that an account was made, and that the link to its first password was given. ``name`` is the printed
    name, which stands under signatures anyway.
    """
    require_not_closed(history)
    if not user.strip() or not name.strip():
        raise Refusal("an account needs a user name and a printed name", _CLAUSE, "Give both.")
    return [Event("account_made", None, on, {"user": user, "name": name}), _way_in(user, PASSWORD_LINK, on)]


def give_way_in(
    protocol: Protocol, history: History, *, user: str, ways: Sequence[str], on: date, by: Actor, at: datetime
) -> list[Event]:
    """Record that somebody was let in anew, one entry for each way."""
    unknown = [way for way in ways if way not in WAYS_IN]
    if unknown or not ways:
        raise Refusal(f"{', '.join(unknown) or 'nothing'} is no way in", _CLAUSE, f"Choose of {', '.join(WAYS_IN)}.")
    return [_way_in(user, way, on) for way in ways]


def stop_account(
    protocol: Protocol, history: History, *, user: str, reason: str, on: date, by: Actor, at: datetime
) -> list[Event]:
    """Record that an account was stopped, and why."""
    if not reason.strip():
        raise Refusal("an account is not stopped without a reason", _CLAUSE, "Say why.")
    return [Event("account_stopped", None, on, {"user": user}, reason=reason)]


def restore_account(
    protocol: Protocol, history: History, *, user: str, on: date, by: Actor, at: datetime
) -> list[Event]:
    """Record that an account may sign in again."""
    return [Event("account_restored", None, on, {"user": user})]


def account_trail(history: History, user: str) -> tuple[Entry, ...]:
    """What this study's record says was done about an account, in order."""
    return tuple(one for one in history.about_study.entries if one.kind in _KINDS and one.body.get("user") == user)


def _way_in(user: str, way: str, on: date) -> Event:
    return Event("way_in_given", None, on, {"user": user, "what": way})
