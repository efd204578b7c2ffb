"""Systemic therapy: regimens, lines, holds, and what was usual.

The usual approach is recorded, not mandated, and it drifts while a study accrues; so which version was usual on the day
of randomization is derived, and a participant's regimen is only compared with it.

A new line begins with a regimen that was begun for one of the study's reasons (progression), or that the site says is
one. A switch for toxicity, availability or planned maintenance stays within its line ([P], reference section 2.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct.forms import FormEntry, context, entries_reading, remembered
from evenhand.conduct.treatment.answers import day, whole, word
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.logic import Reason, Truth, Unknown, truth
from evenhand.protocol import Protocol
from evenhand.protocol.plan.therapy import UsualApproach
from evenhand.record import SubjectHistory

REGIMEN: Final = "systemic_therapy"
CHANGE: Final = "therapy_change"
_HELD: Final = "held"


@dataclass(frozen=True, slots=True)
class Change:
    """One change within a regimen: ``what`` (held, reduced, agent_stopped, agent_added, or a code of the study), of
    which agent (None: of all), why; ``resumed``: the end of a hold."""

    entry: FormEntry
    changed: date | None
    what: str | None
    agent: str | None
    because: str | None
    resumed: date | None


@dataclass(frozen=True, slots=True)
class Regimen:
    """One regimen from start to stop. ``line`` is derived; ``said_line`` is what the site says, where it does."""

    entry: FormEntry
    regimen: str | None
    started: date | None
    stopped: date | None
    because: str | None
    stopped_because: str | None
    agents: tuple[str, ...]
    line: int
    said_line: int | None
    changes: tuple[Change, ...]

    @property
    def disagrees(self) -> bool:
        """Whether the site says another line than its own reasons make it."""
        return self.said_line is not None and self.said_line != self.line

    def given_on(self, on: date) -> bool:
        """Whether it had begun and not stopped; the day of stopping is its last."""
        return self.started is not None and self.started <= on and (self.stopped is None or on <= self.stopped)


@dataclass(frozen=True, slots=True)
class Usual:
    """What was usual on the day of randomization, the regimen of that day, and whether it is one of the usual ones."""

    version: UsualApproach | None
    regimen: Regimen | None
    within: Truth


@remembered
def regimens(protocol: Protocol, known: SubjectHistory) -> tuple[Regimen, ...]:
    """All regimens by the day on which they began, with their lines and changes.

    Raises LookupError where the study plans no treatment.
    """
    begun = sorted(
        entries_reading(protocol, known, REGIMEN),
        key=lambda entry: (day(entry.values, "started") or date.max, entry.seq),
    )
    new_line_for = treatment_of(protocol).new_line_for
    all_changes = changes(protocol, known)
    found: list[Regimen] = []
    for place, entry in enumerate(begun):
        following = day(begun[place + 1].values, "started") if place + 1 < len(begun) else None
        line = _line(entry, found[-1].line if found else None, new_line_for)
        found.append(_regimen(entry, line, all_changes, following))
    return tuple(found)


def _line(entry: FormEntry, before: int | None, new_line_for: frozenset[str]) -> int:
    """The line of a regimen that follows one of the line ``before``; a lower line than before is never believed."""
    said = whole(entry.values, "line")
    if before is None:
        return said or 1
    derived = before + 1 if word(entry.values, "because") in new_line_for else before
    return max(derived, said or 0)


def _regimen(entry: FormEntry, line: int, found: tuple[Change, ...], following: date | None) -> Regimen:
    values = entry.values
    started = day(values, "started")
    return Regimen(
        entry,
        word(values, "regimen"),
        started,
        day(values, "stopped"),
        word(values, "because"),
        word(values, "stopped_because"),
        tuple(agent for row in entry.rows("agents") if (agent := word(row, "agent"))),
        line,
        whole(values, "line"),
        tuple(one for one in found if _falls(one.changed, started, following)),
    )


def _falls(changed: date | None, started: date | None, following: date | None) -> bool:
    """Whether a change belongs to the regimen that began on ``started``, before the one of ``following``."""
    return (
        changed is not None
        and started is not None
        and started <= changed
        and (following is None or changed < following)
    )


def changes(protocol: Protocol, known: SubjectHistory) -> tuple[Change, ...]:
    """All holds and changes, in order of recording."""
    return tuple(
        Change(
            entry,
            day(entry.values, "changed"),
            word(entry.values, "what"),
            word(entry.values, "agent"),
            word(entry.values, "because"),
            day(entry.values, "resumed"),
        )
        for entry in entries_reading(protocol, known, CHANGE)
    )


def holds(protocol: Protocol, known: SubjectHistory) -> tuple[Change, ...]:
    """The holds alone."""
    return tuple(change for change in changes(protocol, known) if change.what == _HELD)


def days_held(hold: Change, on: date) -> int | None:
    """The days without treatment up to ``on``: from the day of the hold to the day before it was resumed."""
    if hold.changed is None:
        return None
    return max(0, (min(on, hold.resumed or on) - hold.changed).days)


def regimen_on(protocol: Protocol, known: SubjectHistory, on: date) -> Regimen | None:
    """The regimen that was given on a day: the latest begun one that had not stopped."""
    return next((one for one in reversed(regimens(protocol, known)) if one.given_on(on)), None)


def new_line_on(protocol: Protocol, known: SubjectHistory) -> date | None:
    """The first day after randomization of a regimen of a further line: new anticancer therapy.

    Local therapy that the protocol plans is study treatment and never counts here (reference section 2.6).
    """
    randomized = context(known).randomized
    if randomized is None:
        return None
    found = regimens(protocol, known)
    before = max((one.line for one in found if one.started is not None and one.started <= randomized), default=1)
    days = [one.started for one in found if one.started and one.started > randomized and one.line > before]
    return min(days, default=None)


def usual_at_randomization(protocol: Protocol, known: SubjectHistory) -> Usual | None:
    """What was usual when the participant was randomized; None before randomization."""
    on = context(known).randomized
    if on is None:
        return None
    version, regimen = treatment_of(protocol).usual_on(on), regimen_on(protocol, known, on)
    if version is None or regimen is None or regimen.regimen is None:
        about = "usual approach" if version is None else REGIMEN
        lacking = "no version is in force" if version is None else "no regimen is recorded for the day of randomization"
        return Usual(version, regimen, Unknown(Reason("missing", about, lacking)))
    return Usual(version, regimen, truth(regimen.regimen in version.regimens))
