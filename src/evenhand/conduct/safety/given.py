"""Which interventions a participant had been given by a day, as far as forms say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from evenhand.conduct.forms import FormEntry, entries_reading
from evenhand.protocol import Protocol
from evenhand.protocol.plan.safety_rules import Given, Safety
from evenhand.record import SubjectHistory


def given_by(protocol: Protocol, known: SubjectHistory, safety: Safety, on: date) -> frozenset[str]:
    """The interventions of which an entry says that they were begun by a day."""
    return begun_by(first_given(protocol, known, safety), on)


def first_given(protocol: Protocol, known: SubjectHistory, safety: Safety) -> dict[str, date]:
    """The first day on which an entry says that an intervention was given."""
    return {name: found[0][0] for name, found in given_on(protocol, known, safety).items()}


def given_on(protocol: Protocol, known: SubjectHistory, safety: Safety) -> dict[str, tuple[tuple[date, int], ...]]:
    """Every day on which an entry says that an intervention was given or begun, in order, with the entry's number."""
    reading = {
        role: entries_reading(protocol, known, role)
        for role in {given.reads for one in safety.interventions.values() for given in one.given}
    }
    days = {
        one.id: {(entry.day, entry.seq) for given in one.given for entry in reading[given.reads] if _says(entry, given)}
        for one in safety.interventions.values()
    }
    return {name: tuple(sorted(found)) for name, found in days.items() if found}


def begun_by(first: Mapping[str, date], on: date) -> frozenset[str]:
    """Those that were first given on or before a day."""
    return frozenset(name for name, day in first.items() if day <= on)


def _says(entry: FormEntry, given: Given) -> bool:
    return not given.codes or not given.codes.isdisjoint(_codes(entry))


def _codes(entry: FormEntry) -> set[str]:
    """Every code and text that an entry and its tables hold."""
    single = [value for value in entry.values.values() if isinstance(value, str)]
    rows = (row for value in entry.values.values() if isinstance(value, tuple) for row in value)
    return {*single, *(value for row in rows for value in row.values() if isinstance(value, str))}
