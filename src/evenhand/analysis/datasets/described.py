"""The columns of ADSL that describe people, as the protocol names them: the answers of the table of characteristics."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.datasets.table import Field, Value, field
from evenhand.analysis.inclusion.characteristics import found
from evenhand.analysis.inclusion.people import Described, age_of, described_as
from evenhand.protocol.baseline import Baseline
from evenhand.protocol.columns import DescribedColumn


def described_fields(analysis: Analysis) -> list[Field[Analysed]]:
    """A column for each that the protocol names, in its order; none where it names none."""
    baseline = analysis.endpoints.baseline
    if baseline is None:
        return []
    return [
        field(one.name, one.label, one.kind, _source(one), partial(_value, one, baseline))
        for one in analysis.endpoints.columns
    ]


def _source(one: DescribedColumn) -> str:
    facts = f": fact {', '.join(one.facts)}" if one.facts else ""
    return f"endpoints.yaml, baseline {one.key}{facts}"


def _value(column: DescribedColumn, baseline: Baseline, one: Analysed) -> Value:
    """What is known of a person on the day of randomization; several values in one cell, apart by a semicolon."""
    person = described_as(one.person.protocol, one.person.known, one.seen.start)
    if column.key == "age":
        return age_of(person, baseline)
    if column.key in ("sex", "race", "ethnicity"):
        return person.text(column.facts[0]) or None
    return _answer(column, baseline, person)


def _answer(column: DescribedColumn, baseline: Baseline, person: Described) -> Value:
    asked = next(one for one in baseline.characteristics if one.id == column.key)
    if column.kind == "number":
        return found(person, replace(asked, show="median")).number
    return "; ".join(found(person, replace(asked, show="values")).values) or None
