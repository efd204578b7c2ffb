"""What is said of looks: which is next, which were held and how that fits the plan, and what the record leaves open."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.analysis.efficacy.looks import Standing
from evenhand.analysis.outcome import said
from evenhand.design import Assumptions, Look
from evenhand.record import FinalAnalysis, HeldLook


def planned_when(look: Look) -> str:
    """When a look is planned."""
    if look.events is not None:
        return f"at {look.events} events"
    return f"at month {look.month:g}" if look.month is not None else "when all is complete"


def between_said(at: Standing, now: Assumptions) -> str:
    """That no look is due, first of all: what decisions are not taken on, and when the next look comes."""
    number = at.number + 1
    which = f"look {number} of {at.looks}" + (", the final one," if number == at.looks else "")
    look = now.looks[at.number]
    whole = f", or all {at.planned:.4g} planned events are there" if look.events is None else ""
    return (
        f"Between looks: no decision is taken on these numbers. Next is {which} {planned_when(look)}{whole}; "
        f"{at.events} are reached."
    )


def after_said(made: FinalAnalysis) -> str:
    """That the final analysis was made, first of all."""
    return (
        f"The final analysis was made on {said(made.made)} at the data cut of {said(made.effective)}, with "
        f"{_events(made.events)} (entry {made.entry.seq}; the SHA-256 of its report's manifest begins with "
        f"{made.manifest[:16]}). The error of the design is spent: nothing is tested at a later cut, and no decision "
        "is taken on these numbers."
    )


def final_said(made: FinalAnalysis) -> str:
    """That this cut is that of the final analysis."""
    return (
        f"This is the data cut of the final analysis, made on {said(made.made)} with {_events(made.events)} (entry "
        f"{made.entry.seq})."
    )


def looks_said(at: Standing, now: Assumptions) -> tuple[str, ...]:
    """What the record says of this look and of those before it, against the plan."""
    final = (final_said(at.final),) if at.final is not None and at.stage == "last" else ()
    return (*final, *_of_this(at, now), *(held_said(one, now) for one in at.held), *_of_missed(at))


def held_said(one: HeldLook, now: Assumptions) -> str:
    """A look that was held: when, at which cut, with how many events against the plan, and what came of it."""
    return (
        f"Look {one.number} was held on {said(one.held)} at the data cut of {said(one.effective)}, with "
        f"{_events(one.events)}{_against(one.events, _planned(now, one.number))} (entry {one.entry.seq}). The board's "
        f"recommendation: {one.advice}."
    )


def _of_this(at: Standing, now: Assumptions) -> Iterator[str]:
    if at.stage == "last" and at.events > at.planned:
        more = _more(at.events - at.planned)
        yield f"Over-running: {more} than planned; the last look spends what is left of the error."
    if at.stage != "interim":
        return
    if at.this is not None:
        yield held_said(at.this, now)
    elif at.held or at.assumed:
        yield f"Look {at.number} is due, and the record does not say that it was held."
    planned = _planned(now, at.number)
    if planned is not None and at.events > planned:
        more = _more(at.events - planned)
        yield f"Over-running: {more} than the {planned} planned for this look; error is spent by those observed."


def _of_missed(at: Standing) -> Iterator[str]:
    if at.missed:
        which = " and ".join(map(str, at.missed))
        yield f"The record does not say that look {which} was held: it counts as not held, and has spent nothing."


def _planned(now: Assumptions, number: int) -> int | None:
    """The events planned for an interim look, where it goes by events; None also for one that an amended design no
    longer has."""
    return now.looks[number - 1].events if number < len(now.looks) else None


def _against(events: int, planned: int | None) -> str:
    if planned is None or events == planned:
        return "" if planned is None else ", as planned"
    return f", {abs(events - planned)} {'more' if events > planned else 'fewer'} than planned"


def _more(many: float) -> str:
    return "1 more event" if many == 1 else f"{many:.4g} more events"


def _events(many: int) -> str:
    return "1 event" if many == 1 else f"{many} events"
