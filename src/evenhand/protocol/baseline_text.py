"""What describes the people of a study, for people: a part of the rendered protocol."""

from __future__ import annotations

from typing import Final

from evenhand.facts import Vocabulary
from evenhand.protocol.baseline import Baseline, Characteristic
from evenhand.protocol.columns import DescribedColumn
from evenhand.protocol.markdown import Lines, flat, listed, row, words

_ASKED: Final = {
    "omb_1997": "race and ethnicity by the two questions of OMB Directive 15 (1997)",
    "spd_15_2024": "race and ethnicity by the one question of SPD 15 (2024)",
}


def baseline_lines(baseline: Baseline, vocabulary: Vocabulary) -> Lines:
    """A table of what describes people at randomization."""
    yield from ("### Baseline", "", "| Characteristic | Shown as |", "|---|---|")
    if baseline.age is not None:
        ages = [str(one) for one in baseline.age.groups]
        groups = f", and groups that begin at {listed(ages)} years" if ages else ""
        yield row("Age", f"median, quartiles and range{groups}")
    for name in (baseline.sex, baseline.race, baseline.ethnicity):
        if name is not None:
            yield row(flat(vocabulary.facts[name].label), "people with each answer")
    for one in baseline.characteristics:
        yield row(one.label, _shown(one))
    yield from ("", f"Asked: {_ASKED[baseline.asked_as]}.", "")


def column_lines(columns: tuple[DescribedColumn, ...]) -> Lines:
    """A table of the columns of the subject-level dataset that describe people."""
    if columns:
        yield from ("### Subject-level dataset", "", "| Column | What it holds |", "|---|---|")
        for one in columns:
            yield row(f"`{one.name}`", flat(one.label))
        yield ""


def _shown(one: Characteristic) -> str:
    if one.kind == "levels":
        return "; ".join(level.label for level in one.levels)
    named = f"`{one.fact}`" + (f", {words(one.field)}" if one.field else "")
    if one.kind == "since":
        return f"months since {named}: median, quartiles and range"
    return f"{named}: {'median, quartiles and range' if one.show == 'median' else 'people with each value'}"
