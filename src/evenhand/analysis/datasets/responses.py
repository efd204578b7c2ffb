"""ADRS: what each scan was proposed as, what the clinician determined, and the best response."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.datasets.subjects import keys
from evenhand.analysis.datasets.table import Dataset, Field, field, flag, tabled
from evenhand.conduct.response import determinations, evaluation


class _Row(NamedTuple):
    one: Analysed
    parameter: str
    label: str
    day: date | None
    visit: str | None
    value: str | None
    why: str
    signed: bool | None
    seq: int | None
    domain: str


def responses(analysis: Analysis) -> Dataset:
    """ADRS: person by person, then by parameter and day."""
    rows = [row for one in analysis.people for row in _rows(one, analysis)]
    about = [_of_person(one) for one in keys(analysis)]
    return tabled("ADRS", "Response dataset", [*about, *_FIELDS], rows)


def _of_person(one: Field[Analysed]) -> Field[_Row]:
    return Field(one.column, lambda row: one.value(row.one))


def _rows(one: Analysed, analysis: Analysis) -> Iterator[_Row]:
    protocol, known = one.person.protocol, one.person.known
    evaluated = evaluation(protocol, known)
    for point in evaluated.points:
        scan = point.scan
        yield _Row(one, "OVRLPROP", "Overall response as the scans propose it", scan.day, scan.entry.visit,
                   str(point.overall), " ".join(point.reasons), None, scan.seq, "TR")  # fmt: skip
    for said in determinations(protocol, known):
        value = str(said.overall) if said.overall is not None else None
        yield _Row(one, "OVRLRESP", "Overall response as the clinician determined it", said.day, said.entry.visit,
                   value, "", said.signed, said.seq, "RS")  # fmt: skip
    for endpoint in analysis.endpoints.of_kind("best_response"):
        best = evaluated.best
        yield _Row(one, endpoint.parameter, endpoint.label, best.day, None, str(best.response), best.why, None, None,
                   "TR")  # fmt: skip


_FIELDS: list[Field[_Row]] = [
    field("PARAMCD", "Parameter, short", "text", "the program", lambda row: row.parameter),
    field("PARAM", "Parameter", "text", "the program", lambda row: row.label),
    field("AVISIT", "Visit", "text", "form", lambda row: row.visit),
    field("ADT", "Day", "date", "form", lambda row: row.day),
    field(
        "ADY",
        "Day since randomization, which is day 1; none is day 0",
        "whole",
        "ADT, RANDDT",
        lambda row: study_day(row.day, row.one.seen.start),
    ),
    field("AVALC", "Response", "text", "conduct.response", lambda row: row.value),
    field("SIGNEDFL", "Signed by the clinician", "flag", "entry forms_signed", lambda row: flag(row.signed)),
    field("EXPLAIN", "Why", "text", "conduct.response", lambda row: row.why or None),
    field("SRCDOM", "Domain of the entry", "text", "form", lambda row: row.domain),
    field("SRCSEQ", "Entry", "whole", "record", lambda row: row.seq),
]


def study_day(day: date | None, start: date) -> int | None:
    """Randomization is day 1, the day before it day -1 (CDISC)."""
    if day is None:
        return None
    days = (day - start).days
    return days + 1 if days >= 0 else days
