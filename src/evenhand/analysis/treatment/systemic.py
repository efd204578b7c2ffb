"""Systemic therapy: what people were on over time, what changed, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.safety.observed import observed_until
from evenhand.analysis.tables import Row, Table, row
from evenhand.analysis.treatment.cells import (
    Measured,
    Said,
    all_of,
    by_code,
    codes_of,
    each_of,
    middle,
)
from evenhand.conduct.treatment import changes, days_held, holds, regimen_on, regimens, usual_at_randomization
from evenhand.conduct.treatment.systemic import CHANGE, REGIMEN
from evenhand.dates import add_months
from evenhand.logic import NO, YES
from evenhand.protocol.endpoints import Population

LANDMARKS: Final = (0, 6, 12, 24, 36)  # months; assumed: as follow-up is commonly told, randomization first
HELD: Final = "held"
WITHIN: Final = {"within": "a usual regimen of that time", "outside": "another regimen"}
OVER_TIME = (
    "The latest regimen that had begun and not stopped on that day, by its class; of whoever was observed until then "
    "(until the data cut, the end of follow-up or death). Calendar months from randomization."
)
CHANGES = (
    "Since randomization. People are counted once in a row. A hold lasts from its day to the day before treatment went "
    "on, or to the end of observation. Usual: as the study names it for the day of randomization."
)


def over_time(analysis: Analysis, population: Population, columns: tuple[Group, ...]) -> Table:
    """Which class of regimen people were on, on some days."""
    codes = codes_of(analysis.protocol, REGIMEN, "regimen")
    rows: list[Row] = []
    for months in LANDMARKS:
        there = [Group(one.id, one.label, tuple(_observed(one, months))) for one in columns]
        if not any(one.size for one in there):
            continue
        given = each_of(there, partial(_on, months=months))
        wholes = [one.size for one in there]
        label = f"At {months} months" if months else "At randomization"
        rows.append(all_of(f"month_{months}", f"{label}: observed", _themselves(there), [None] * len(there)))
        rows += by_code(f"month_{months}", {**codes, _NONE: "no regimen recorded"}, given, wholes)
    return Table(
        id="systemic_over_time",
        title="Systemic therapy over time",
        population=of_whom(population, columns[-1]),
        method=OVER_TIME,
        head=("Regimen", *(one.head for one in columns)),
        rows=tuple(rows),
        by_arm=len(columns) > 1,
    )


_NONE: Final = "-"  # no code of a form: nothing was given


def _observed(group: Group, months: int) -> Iterator[Analysed]:
    return (one for one in group.people if observed_until(one) >= _day(one, months))


def _day(one: Analysed, months: int) -> date:
    return add_months(one.seen.start, months)


def _themselves(groups: list[Group]) -> list[list[Said]]:
    return [[Said(one.person.subject, None, (one.seen.seq,)) for one in group.people] for group in groups]


def _on(one: Analysed, months: int) -> Iterator[Said]:
    found = regimen_on(one.person.protocol, one.person.known, _day(one, months))
    if found is None:
        yield Said(one.person.subject, _NONE)
    else:
        yield Said(one.person.subject, found.regimen, (found.entry.seq,))


def changed(analysis: Analysis, population: Population, columns: tuple[Group, ...]) -> Table:
    """What was usual, new regimens, stops and changes since randomization, with their reasons."""
    sizes = [group.size for group in columns]
    protocol = analysis.protocol
    usual = each_of(columns, _usual)
    begun, stopped = each_of(columns, _begun), each_of(columns, _stopped)
    lines = each_of(columns, _line)
    rows = [
        row("usual", "On the day of randomization"),
        *by_code("usual", WITHIN, usual, sizes),
        all_of("begun", "Began another regimen", begun, sizes),
        *by_code("begun", codes_of(protocol, REGIMEN, "because"), begun, sizes),
        all_of("line", "Of a further line of therapy", lines, sizes, indent=1),
        all_of("stopped", "Stopped a regimen", stopped, sizes),
        *by_code("stopped", codes_of(protocol, REGIMEN, "stopped_because"), stopped, sizes),
        *_changes(analysis, columns, sizes),
    ]
    return Table(
        id="systemic_changes",
        title="Changes and holds of systemic therapy",
        population=of_whom(population, columns[-1]),
        method=CHANGES,
        head=("", *(one.head for one in columns)),
        rows=tuple(rows),
        by_arm=len(columns) > 1,
    )


def _usual(one: Analysed) -> Iterator[Said]:
    found = usual_at_randomization(one.person.protocol, one.person.known)
    regimen = found.regimen if found else None
    within = {YES: "within", NO: "outside"}.get(found.within) if found else None
    yield Said(one.person.subject, within, (regimen.entry.seq,) if regimen else ())


def _begun(one: Analysed) -> Iterator[Said]:
    for found in regimens(one.person.protocol, one.person.known):
        if found.started is not None and found.started > one.seen.start:
            yield Said(one.person.subject, found.because, (found.entry.seq,))


def _line(one: Analysed) -> Iterator[Said]:
    """Regimens of a higher line than any that had begun by randomization."""
    found = regimens(one.person.protocol, one.person.known)
    before = max((each.line for each in found if each.started and each.started <= one.seen.start), default=1)
    for each in found:
        if each.started is not None and each.started > one.seen.start and each.line > before:
            yield Said(one.person.subject, str(each.line), (each.entry.seq,))


def _stopped(one: Analysed) -> Iterator[Said]:
    for found in regimens(one.person.protocol, one.person.known):
        if found.stopped is not None and found.stopped >= one.seen.start:
            yield Said(one.person.subject, found.stopped_because, (found.entry.seq,))


def _changes(analysis: Analysis, columns: tuple[Group, ...], sizes: list[int]) -> Iterator[Row]:
    """Each sort of change with its reasons, and how long holds were."""
    reasons = codes_of(analysis.protocol, CHANGE, "because")
    sorts = codes_of(analysis.protocol, CHANGE, "what")
    for code, label in sorts.items():
        given = each_of(columns, partial(_change, what=code))
        yield all_of(f"change/{code}", label[:1].upper() + label[1:], given, sizes)
        yield from by_code(f"change/{code}", reasons, given, sizes)
        if code == HELD:
            held = [[days for one in group.people for days in _days(one)] for group in columns]
            yield row("days_held", "Days of each hold, median (range)", *(middle(those) for those in held), indent=1)
    unsaid = each_of(columns, partial(_change, what=None))
    if any(unsaid):
        yield all_of("change/", "What changed is not recorded", unsaid, sizes)


def _change(one: Analysed, what: str | None) -> Iterator[Said]:
    for found in changes(one.person.protocol, one.person.known):
        since = found.changed or found.entry.day
        if found.what == what and since >= one.seen.start:
            yield Said(one.person.subject, found.because, (found.entry.seq,))


def _days(one: Analysed) -> Iterator[Measured]:
    until = observed_until(one)
    for hold in holds(one.person.protocol, one.person.known):
        days = days_held(hold, until)
        if days is not None and hold.changed is not None and hold.changed >= one.seen.start:
            yield Measured(one.person.subject, days, (hold.entry.seq,))
