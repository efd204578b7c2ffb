"""How people differed at randomization, as far as subgroups and adjusted models ask.

The age of ``AGE_SPLIT`` and the groups of metastases are assumed: the protocol names no subgroups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.datasets.subjects import subjects
from evenhand.analysis.efficacy.cases import NO_LEVEL, Cases
from evenhand.analysis.efficacy.comparing import Adjustment
from evenhand.facts import FactType, View, Vocabulary
from evenhand.oncology import DERIVATIONS
from evenhand.record.facts import recorded_person

AGE_SPLIT: Final = 50  # assumed: about the age of menopause, the split that breast cancer trials mostly report
_COUNT: Final = "lesion_count"  # the derivation that counts metastases
_SEVERAL: Final = ((1, 1, "1"), (2, 3, "2 or 3"), (4, None, "4 or more"))  # assumed
_FACTS: Final = (("sex", "Sex", "SEX"), ("race", "Race", "RACE"), ("ethnicity", "Ethnicity", "ETHNIC"))


@dataclass(frozen=True, slots=True)
class Grouping:
    """A way to divide people: ``level`` gives the level of each subject, ``labels`` what levels are called, in order.

    ``NO_LEVEL``, where anybody has it, comes last."""

    id: str
    label: str
    level: Mapping[str, str]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Profile:
    """Everybody randomized as they were at randomization: the groupings, and the age (None: not known)."""

    groupings: tuple[Grouping, ...]
    age: Mapping[str, int | None]


def profile(analysis: Analysis) -> Profile:
    """The groupings in the order of a report: sex, age, race, ethnicity, strata, number of metastases."""
    known = subjects(analysis)
    names = [str(one) for one in known.column("USUBJID")]
    age = {name: one if isinstance(one, int) else None for name, one in zip(names, known.column("AGE"), strict=True)}
    facts = {
        id: _grouping(id, label, _coded(analysis, id, zip(names, known.column(column), strict=True)))
        for id, label, column in _FACTS
    }
    groupings = (
        facts["sex"], _ages(age), facts["race"], facts["ethnicity"], *_strata(analysis), *_metastases(analysis)
    )  # fmt: skip
    return Profile(groupings, age)


def adjustment(found: Cases, analysis: Analysis, known: Profile) -> Adjustment:
    """The factors of the randomization and age as covariates: assumed, for the protocol names none.

    Whoever's age is not known is left out of this model alone. A factor in which all are alike says nothing and is
    left out.
    """
    kept = found.where(lambda one: known.age.get(one.subject) is not None)
    columns = {"age": {"age": [float(known.age[one.subject] or 0) for one in kept.all]}}
    factors = analysis.protocol.randomization.strata
    planned = {one.label.lower(): _dummies(kept, place, one.id) for place, one in enumerate(factors)} | columns
    differ = {label: part for label, part in planned.items() if any(len(set(one)) > 1 for one in part.values())}
    covariates = {name: values for part in differ.values() for name, values in part.items()}
    alike = tuple(label for label in planned if label not in differ)
    return Adjustment(covariates, kept, ", ".join(planned), len(found.all) - len(kept.all), alike)


def _dummies(kept: Cases, place: int, name: str) -> dict[str, list[float]]:
    """A factor of the randomization as columns of 0 and 1, one for each level but the first."""
    levels = sorted({one.stratum[place] for one in kept.all})
    return {f"{name} {level}": [float(one.stratum[place] == level) for one in kept.all] for level in levels[1:]}


def _coded(analysis: Analysis, name: str, values: Iterable[tuple[str, object]]) -> dict[str, str]:
    """The words for each person's code of a fact; "unknown" is not recorded."""
    vocabulary = analysis.protocol.vocabulary.facts
    codes = vocabulary[name].codes if name in vocabulary else {}
    return {
        subject: str(codes.get(str(value), value)) if value not in (None, "", "unknown") else NO_LEVEL
        for subject, value in values
    }


def _grouping(id: str, label: str, level: Mapping[str, str], order: Iterable[str] = ()) -> Grouping:
    """Levels in the given order, then by the alphabet; that which is not recorded last."""
    first = tuple(order)
    there = sorted(set(level.values()), key=lambda one: (one == NO_LEVEL, one not in first, one))
    ordered = [one for one in first if one in there] + [one for one in there if one not in first]
    return Grouping(id, label, level, {one: one for one in ordered})


def _ages(age: Mapping[str, int | None]) -> Grouping:
    below, above = f"below {AGE_SPLIT} years", f"{AGE_SPLIT} years or more"
    level = {name: NO_LEVEL if one is None else below if one < AGE_SPLIT else above for name, one in age.items()}
    return _grouping("age", "Age", level, (below, above))


def _strata(analysis: Analysis) -> tuple[Grouping, ...]:
    found = []
    for factor in analysis.protocol.randomization.strata:
        labels = {level.id: level.label for level in factor.levels}
        level = {one.person.subject: labels.get(_level(one, factor.id), NO_LEVEL) for one in analysis.people}
        label = f"{factor.label} (stratum)"
        found.append(_grouping(f"stratum_{factor.id}", label, level, labels.values()))
    return tuple(found)


def _level(one: Analysed, factor: str) -> str:
    allocation = one.person.known.allocation
    return str(allocation.levels.get(factor) or "") if allocation is not None else ""


def _metastases(analysis: Analysis) -> tuple[Grouping, ...]:
    if _counted(analysis.protocol.vocabulary) is None:
        return ()
    level = {one.person.subject: _several(one) for one in analysis.people}
    return (_grouping("metastases", "Number of metastases", level, [label for _, _, label in _SEVERAL]),)


def _counted(vocabulary: Vocabulary) -> FactType | None:
    """The fact that is the number of metastases, if the study has one."""
    return next((one for one in vocabulary.facts.values() if one.derived == _COUNT), None)


def _several(one: Analysed) -> str:
    """How many metastases were counted by randomization; a count that is open between groups is not recorded."""
    vocabulary = one.person.protocol.vocabulary
    counted = _counted(vocabulary)
    if counted is None:
        return NO_LEVEL
    view = View(recorded_person(one.person.known, vocabulary), vocabulary, one.seen.start, {})
    many = DERIVATIONS[_COUNT].compute(view, counted)
    if not isinstance(many, int):
        return NO_LEVEL
    fitting = (label for low, high, label in _SEVERAL if low <= many and (high is None or many <= high))
    return next(fitting, NO_LEVEL)
