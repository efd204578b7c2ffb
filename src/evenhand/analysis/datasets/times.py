"""ADTTE: one row for each person (or lesion), endpoint and estimand."""

from __future__ import annotations

from collections.abc import Callable

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.datasets.subjects import flags, keys
from evenhand.analysis.datasets.table import Dataset, Field, Kind, Value, entries_text, field, tabled
from evenhand.analysis.outcome import CENSORED, Outcome
from evenhand.protocol.endpoints import Endpoint

_Row = tuple[Analysed, Outcome, Endpoint]


def times(analysis: Analysis) -> Dataset:
    """ADTTE: person by person in the order of randomization, the endpoints in that of ``endpoints.yaml``."""
    rows = [
        (one, outcome, analysis.endpoints.by_id[outcome.endpoint])
        for one in analysis.people
        for outcome in one.outcomes
    ]
    about = [_of_person(one) for one in (*keys(analysis), *flags(analysis))]
    return tabled("ADTTE", "Time-to-event dataset", [*about, *_FIELDS], rows)


def _of_person(one: Field[Analysed]) -> Field[_Row]:
    return Field(one.column, lambda row: one.value(row[0]))


def _of(name: str, label: str, kind: Kind, source: str, value: Callable[[Outcome], Value]) -> Field[_Row]:
    return field(name, label, kind, source, lambda row: value(row[1]))


_FIELDS: list[Field[_Row]] = [
    field("PARAMCD", "Endpoint, short", "text", "endpoints.yaml", lambda row: row[2].parameter),
    field("PARAM", "Endpoint", "text", "endpoints.yaml", lambda row: row[2].label),
    _of("ESTIMAND", "Estimand: primary, or a sensitivity analysis", "text", "endpoints.yaml", lambda one: one.estimand),
    _of(
        "LESION", "Lesion, where the endpoint is of a lesion", "text", "list at baseline", lambda one: one.item or None
    ),
    _of("STARTDT", "Day from which time counts", "date", "randomization or treatment", lambda one: one.start),
    _of("ADT", "Day of the event or censoring", "date", "forms", lambda one: one.day),
    _of("ADTF", "What of the day was chosen (D, M)", "text", "analysis.deaths", lambda one: one.imputed or None),
    _of("AVAL", "Days from STARTDT to ADT, both included", "whole", "ADT - STARTDT + 1", lambda one: one.days),
    _of("CNSR", "0: event; else the reason for censoring", "whole", "analysis.outcome", lambda one: one.censored),
    _of(
        "EVENTCD",
        "0: censored, 1: event, 2: competing event",
        "whole",
        "analysis.outcome",
        lambda one: 1 if one.event else 2 if one.competing else 0,
    ),
    _of("EVNTDESC", "Event", "text", "analysis.outcome", lambda one: one.reason if one.event else None),
    _of(
        "CNSDTDSC",
        "Why censored",
        "text",
        "analysis.outcome",
        lambda one: None if one.event else CENSORED[one.reason][1],
    ),
    _of("EXPLAIN", "The outcome in a sentence", "text", "analysis", lambda one: one.say),
    _of("SRCDOM", "Domain of the entry that gives the day", "text", "forms", lambda one: one.domain or None),
    _of("SRCSEQ", "The first entry behind it", "whole", "record", lambda one: one.seqs[0] if one.seqs else None),
    _of("ENTRIES", "All entries behind it", "text", "record", lambda one: entries_text(one.seqs)),
]
