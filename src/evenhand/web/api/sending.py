"""The steps as another system takes them: the entry says which system sent it, and carries no signature.

Nobody can sign in a system's stead (21 CFR 11.100, 11.200), so no signature is made up here. Judgements, which need
one, are signed by people in the application; the core refuses whatever still waits for them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache, wraps
from typing import Any

from evenhand import steps
from evenhand.facts import Person
from evenhand.protocol import Protocol
from evenhand.record import Actor, Event, History


def submit(
    protocol: Protocol,
    history: History,
    *,
    person: Person,
    digest: str,
    subject: str | None = None,
    on: date,
    by: Actor,
    at: datetime,
) -> list[Event]:
    """Screening; ``digest`` makes whatever was sent beside the facts a part of the request that its key names."""
    return steps.screen(protocol, history, person=person, subject=subject, on=on, by=by, at=at)


@cache
def sent_by(label: str, step: steps.Step) -> steps.Step:
    """A step whose entries name the system, by its token's label, as the reason why they are there."""

    @wraps(step)
    def sent(*args: Any, **given: Any) -> list[Event]:
        return [replace(event, reason=f'sent by the system "{label}"') for event in step(*args, **given)]

    return sent
