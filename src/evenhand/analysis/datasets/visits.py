"""ADSV: one row a visit, planned or not, as it stands at the cut."""

from __future__ import annotations

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.datasets.responses import study_day
from evenhand.analysis.datasets.subjects import keys
from evenhand.analysis.datasets.table import Dataset, Field, entries_text, field, tabled
from evenhand.conduct.ending import ends_of
from evenhand.conduct.schedule import Occurrence, occurrences

_Row = tuple[Analysed, Occurrence]


def visits(analysis: Analysis) -> Dataset:
    """ADSV: person by person in the order of randomization, the visits by day. Visits still to come are left out."""
    on = analysis.cut.effective
    rows = [
        (one, visit)
        for one in analysis.people
        for visit in occurrences(
            one.person.protocol, one.person.known, on, ends_of(one.person.protocol, one.person.known)
        )
        if visit.state != "coming"
    ]
    about = [_of_person(one) for one in keys(analysis)]
    return tabled("ADSV", "Visit dataset", [*about, *_FIELDS], rows)


def _of_person(one: Field[Analysed]) -> Field[_Row]:
    return Field(one.column, lambda row: one.value(row[0]))


_FIELDS: list[Field[_Row]] = [
    field("VISITID", "Visit, as entries name it", "text", "schedule.yaml", lambda row: row[1].id),
    field("AVISIT", "Visit", "text", "schedule.yaml", lambda row: row[1].label),
    field("PLANDT", "Planned day", "date", "schedule.yaml", lambda row: row[1].planned),
    field("WINFRST", "First day of its window", "date", "schedule.yaml", lambda row: row[1].first),
    field("WINLAST", "Last day of its window", "date", "schedule.yaml", lambda row: row[1].last),
    field("STATE", "done, missed, due, overdue or cancelled", "text", "conduct.schedule", lambda row: row[1].state),
    field("ADT", "Day on which it took place", "date", "form of role visit", lambda row: row[1].on),
    field(
        "ADY",
        "Day since randomization, which is day 1",
        "whole",
        "ADT, RANDDT",
        lambda row: study_day(row[1].on, row[0].seen.start),
    ),
    field("REASON", "Why it was missed or cancelled", "text", "form of role visit", lambda row: row[1].reason or None),
    field("MISSING", "Forms not filled in", "text", "conduct.schedule", lambda row: " ".join(row[1].missing) or None),
    field(
        "ENTRIES",
        "Entries of the visit",
        "text",
        "record",
        lambda row: entries_text(entry.seq for entry in row[1].entries) or None,
    ),
]
