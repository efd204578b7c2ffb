"""ADAE: one row an adverse event."""

from __future__ import annotations

from functools import partial

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.datasets.responses import study_day
from evenhand.analysis.datasets.subjects import flags, keys
from evenhand.analysis.datasets.table import Dataset, Field, Value, exact, field, tabled
from evenhand.conduct.safety import AdverseEvent, adverse_events, after_radiation, emergent, safety_of, serious
from evenhand.dates import DateSpan
from evenhand.logic import NO, YES, Truth

_Row = tuple[Analysed, AdverseEvent]


def events(analysis: Analysis) -> Dataset:
    """ADAE: person by person in the order of randomization, the events in that of their entries."""
    rows = [
        (one, event) for one in analysis.people for event in adverse_events(one.person.protocol, one.person.known)
    ]  # fmt: skip
    about = [_of_person(one) for one in (*keys(analysis), *flags(analysis))]
    return tabled("ADAE", "Adverse event dataset", [*about, *_FIELDS, *_relations(analysis)], rows)


def _of_person(one: Field[Analysed]) -> Field[_Row]:
    return Field(one.column, lambda row: one.value(row[0]))


def _relations(analysis: Analysis) -> list[Field[_Row]]:
    """How each event relates to each intervention of the study."""
    safety = safety_of(analysis.protocol)
    interventions = tuple(safety.interventions) if safety else ()
    return [
        field(
            f"REL{number}",
            f"Relation to {name.replace('_', ' ')}",
            "text",
            "form, attribution",
            partial(_relation, name),
        )
        for number, name in enumerate(interventions, start=1)
    ]


def _relation(intervention: str, row: _Row) -> Value:
    return row[1].relations.get(intervention)


def _truth(answer: Truth) -> str | None:
    return "Y" if answer is YES else "N" if answer is NO else None


def _said(span: DateSpan | None) -> str | None:
    return None if span is None else str(span)


def _emergent(row: _Row) -> str | None:
    return _truth(emergent(row[0].person.protocol, row[0].person.known, row[1]))


def _timing(row: _Row) -> str | None:
    found = after_radiation(row[0].person.protocol, row[0].person.known, row[1])
    return found.when if found else None


def _onset_day(row: _Row) -> Value:
    return study_day(exact(row[1].onset), row[0].seen.start)


_FIELDS: list[Field[_Row]] = [
    field("AESEQ", "Number of the event of the participant", "text", "form", lambda row: row[1].item),
    field("AEDECOD", "Term (CTCAE)", "text", "form", lambda row: row[1].name),
    field("AETERM", "As specified", "text", "form", lambda row: row[1].specified or None),
    field("AEDICT", "Version of CTCAE", "text", "safety.yaml", lambda row: row[1].version),
    field("ATOXGR", "Worst grade", "whole", "form, course", lambda row: row[1].grade),
    field("AESER", "Serious", "flag", "conduct.safety", lambda row: _truth(serious(row[1]))),
    field("TRTEMFL", "New or worse since randomization", "flag", "conduct.safety", _emergent),
    field("RTTIMING", "Acute or late after radiation", "text", "conduct.safety", _timing),
    field("AESTDTC", "First day, as exact as recorded", "text", "form", lambda row: _said(row[1].onset)),
    field("ASTDT", "First day, where it is exact", "date", "form", lambda row: exact(row[1].onset)),
    field("ASTDY", "Day since randomization, which is day 1", "whole", "ASTDT, RANDDT", _onset_day),
    field("AEENDTC", "Last day, as exact as recorded", "text", "form", lambda row: _said(row[1].ended)),
    field("AENDT", "Last day, where it is exact", "date", "form", lambda row: exact(row[1].ended)),
    field("SRCSEQ", "Entry", "whole", "record", lambda row: row[1].entry.seq),
]
