"""The part ``datasets:`` of ``endpoints.yaml``: the columns of the subject-level dataset that describe people.

They are of what the part ``baseline:`` describes, so that a table of the report tells of each, and facts that there are
not are refused there. What every study has (pseudonym, site, arm, populations, the end) stands in code.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from evenhand.facts import Vocabulary
from evenhand.protocol.baseline import Baseline
from evenhand.protocol.columns_sheets import DatasetsSheet
from evenhand.protocol.factors import described_names
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.reading import Rules
from evenhand.protocol.sheets import Sourced

ColumnKind = Literal["text", "whole", "number"]
OF_EVERY_STUDY: Final = frozenset({
    "STUDYID", "USUBJID", "SITEID", "TRT01P", "SUBJID", "PROTVER", "RANDDT", "RANDSEQ", "TRT01A", "EOSSTT", "EOSDT",
    "LSTALVDT", "DTHFL", "DTHDT", "MISTAKES", "MISTSEQ",
})  # fmt: skip
"""The columns of the subject-level dataset that every study has."""
_MADE: Final = re.compile(r"STRAT\d+")  # one for each stratum
_AT = "datasets"


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """A column of what the baseline describes under ``key``; ``facts`` are those that it is read from."""

    name: str
    label: str
    key: str
    kind: ColumnKind
    facts: tuple[str, ...]


def resolve_columns(
    sheet: DatasetsSheet | None, baseline: Baseline | None, parameters: Collection[str], file: Sheet, rules: Rules
) -> tuple[DescribedColumn, ...]:
    """The columns in the order of the file. A name that the baseline does not describe, and one that a column has
    already (``parameters`` are those of the populations), become faults of ``rules``."""
    if sheet is None:
        return ()
    reasons = {f"{one.removesuffix('FL')}RS"[:8] for one in parameters}
    taken = {*OF_EVERY_STUDY, *parameters, *reasons}
    known, found = described_names(baseline), []
    for name, key in sheet.subject_level.items():
        keys: Keys = (_AT, "subject_level", name)
        if name in taken or _MADE.fullmatch(name):
            rules.faults.append(file.fault(keys, f"{name} is a column that every study has: take another name"))
        if key not in known or baseline is None:
            told = ", ".join(known) or "none"
            rules.faults.append(file.fault(keys, f"{key!r} is nothing that `baseline:` describes: {told}"))
            continue
        found.append(_column(name, key, baseline, rules.words))
    return tuple(found)


def _column(name: str, key: str, baseline: Baseline, words: Vocabulary) -> DescribedColumn:
    if key == "age" and baseline.age is not None:
        return DescribedColumn(name, "Age in years when it was recorded", key, "whole", (baseline.age.fact,))
    fact = {"sex": baseline.sex, "race": baseline.race, "ethnicity": baseline.ethnicity}.get(key)
    if fact is not None:
        return DescribedColumn(name, key.capitalize(), key, "text", (fact,))
    one = next(one for one in baseline.characteristics if one.id == key)
    if one.kind != "fact":
        kind: ColumnKind = "number" if one.kind == "since" else "text"
        return DescribedColumn(name, one.label, key, kind, (one.fact,) if one.fact else ())
    type_ = words.facts.get(one.fact)
    inner = type_.fields.get(one.field) if type_ and one.field else type_
    single = type_ is not None and not type_.many
    number = single and inner is not None and inner.kind == "number"
    return DescribedColumn(name, one.label, key, "number" if number else "text", (one.fact,))


def sourced_columns(sheet: DatasetsSheet | None) -> Iterator[tuple[str, Sourced]]:
    """The part, with a name for people."""
    if sheet is not None:
        yield "datasets", sheet
