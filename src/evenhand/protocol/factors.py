"""What ``endpoints.yaml`` fixes of the analysis before anybody sees a result (ICH E9, 5.1 and 5.7).

Landmarks, restricted means, covariates and subgroups have no default: what a study does not name is not estimated.

A factor is a stratum of the randomization, or something that the part ``baseline:`` describes, so that what divides
people is also told of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from evenhand.dates import DAYS_PER_MONTH, Period
from evenhand.facts import FactType
from evenhand.protocol.baseline import Baseline, Characteristic
from evenhand.protocol.factors_sheets import FactorSheet, GroupSheet, PlannedSheet, SubgroupsSheet
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.reading import Rules
from evenhand.protocol.sheets import Number, RandomizationSheet, Sourced

Answers = Literal["named", "text", "number", "asked", "several"]
"""What a factor answers with: names that are known, any text, a number, the categories in which race and ethnicity are
asked, or more than one value for a person."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a factor: its ``values`` as people read them, or the numbers from ``at_least`` to ``at_most``."""

    label: str
    values: tuple[str, ...] = ()
    at_least: Number | None = None
    at_most: Number | None = None

    def holds(self, number: float) -> bool:
        """Whether a number belongs to it."""
        above = self.at_least is None or number >= self.at_least
        return above and (self.at_most is None or number <= self.at_most)


@dataclass(frozen=True, slots=True)
class Factor:
    """What divides people, or adjusts a comparison: ``key`` names the stratum, or what the baseline describes.

    ``number``: it is one, and has either ``groups`` or, as a covariate, one coefficient. Without groups each answer is
    a group of its own.
    """

    id: str
    label: str
    of: Literal["stratum", "baseline"]
    key: str
    number: bool = False
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """What is estimated of an endpoint: at which months, the mean up to which month, adjusted for what."""

    landmarks: tuple[Number, ...] = ()
    restricted_mean: Number | None = None
    adjusted_for: tuple[Factor, ...] = ()


@dataclass(frozen=True, slots=True)
class Subgroups:
    """The subgroups in the order of a report; with fewer than ``fewest_events`` one has counts alone."""

    fewest_events: int
    by: tuple[Factor, ...]


@dataclass(frozen=True)
class Factors:
    """Reads factors against the ``baseline`` and the strata of a protocol; times against its ``follow_up``. Faults are
    added to those of ``rules``."""

    baseline: Baseline | None
    randomization: RandomizationSheet
    follow_up: Period | None
    file: Sheet
    rules: Rules

    def planned(self, sheet: PlannedSheet, keys: Keys) -> Planned:
        """What is estimated of an endpoint. A time after the end of follow-up is a fault: nobody is seen then."""
        for place, month in enumerate(sheet.landmarks):
            self._within(month, (*keys, "landmarks", place), "landmark")
        if sheet.restricted_mean is not None:
            self._within(sheet.restricted_mean, (*keys, "restricted_mean"), "horizon")
        found: list[Factor] = []
        for place, one in enumerate(sheet.adjusted_for):
            at: Keys = (*keys, "adjusted_for", place)
            factor = self.factor("", one, at)
            if any((factor.of, factor.key) == (other.of, other.key) for other in found):
                self._fault(at, f"{factor.key!r} is adjusted for already")
            found.append(replace(factor, id=f"{factor.of}_{factor.key}"))
        return Planned(tuple(sheet.landmarks), sheet.restricted_mean, tuple(found))

    def _within(self, month: Number, keys: Keys, what: str) -> None:
        if self.follow_up is not None and month > _months(self.follow_up):
            self._fault(keys, f"the {what} of {month} months lies after follow-up, which lasts {self.follow_up}")

    def subgroups(self, sheet: SubgroupsSheet | None) -> Subgroups | None:
        """The subgroups; a number is to be divided into groups, for it has no answers to go by."""
        if sheet is None:
            return None
        found = []
        for name, one in sheet.by.items():
            keys: Keys = ("subgroups", "by", name)
            factor = self.factor(name, one, keys)
            if factor.number and not one.groups:
                self._fault(keys, f"{factor.key!r} is a number: divide it into `groups`, by `at_least` and `at_most`")
            found.append(factor)
        return Subgroups(sheet.fewest_events, tuple(found))

    def factor(self, id: str, sheet: FactorSheet, keys: Keys) -> Factor:
        """A factor, with the label of what it names where it has none of its own."""
        if sheet.stratum is not None:
            label, kind, answers = self._stratum(sheet.stratum, (*keys, "stratum"))
            made = Factor(id, sheet.label or label, "stratum", sheet.stratum)
        else:
            name = sheet.baseline or ""
            label, kind, answers = self._described(name, (*keys, "baseline"))
            made = Factor(id, sheet.label or label, "baseline", name, kind == "number")
        if kind is None or not sheet.groups:
            return made
        return replace(made, groups=tuple(self._groups(made.key, kind, answers, sheet.groups, (*keys, "groups"))))

    def _stratum(self, name: str, keys: Keys) -> tuple[str, Answers | None, Mapping[str, str]]:
        strata = {one.id: one for one in self.randomization.strata}
        if name not in strata:
            self._fault(keys, f"{name!r} is no stratum of randomization.yaml: {', '.join(strata) or 'none'}")
            return name, None, {}
        return strata[name].label, "named", {one.id: one.label for one in strata[name].levels}

    def _described(self, name: str, keys: Keys) -> tuple[str, Answers | None, Mapping[str, str]]:
        """Label and answers of what the baseline describes under a name."""
        words = self.rules.words.facts
        if self.baseline is not None:
            fact = {"sex": self.baseline.sex, "race": self.baseline.race, "ethnicity": self.baseline.ethnicity}.get(
                name
            )
            if name == "age" and self.baseline.age is not None:
                return "Age", "number", {}
            if fact is not None:
                kind, answers = _answers(words.get(fact)) if name == "sex" else ("asked", {})
                return name.capitalize(), kind, answers
            one = next((one for one in self.baseline.characteristics if one.id == name), None)
            if one is not None:
                return one.label, *self._characteristic(one, keys)
        known = ", ".join(described_names(self.baseline)) or "none"
        self._fault(keys, f"{name!r} is nothing that `baseline:` describes: {known}")
        return name, None, {}

    def _characteristic(self, one: Characteristic, keys: Keys) -> tuple[Answers | None, Mapping[str, str]]:
        if one.kind == "since":
            return "number", {}
        if one.kind == "levels":
            return "named", {level.label: level.label for level in one.levels}
        fact = self.rules.words.facts.get(one.fact)
        kind, answers = _answers(fact.fields.get(one.field) if fact and one.field else fact)
        if fact is not None and fact.many:
            self._fault(keys, f"{one.id!r} may give a person several values, and nobody is in two groups: use `levels`")
        return kind, answers

    def _groups(
        self, name: str, kind: Answers, answers: Mapping[str, str], groups: list[GroupSheet], keys: Keys
    ) -> Iterator[Group]:
        if kind == "asked":
            self._fault(keys, f"{name!r} goes by the categories in which it is asked: it has no `groups` of its own")
            return
        self._apart(groups, keys)
        for place, one in enumerate(groups):
            at: Keys = (*keys, place)
            if one.ranged != (kind == "number"):
                how = "a number: its groups go by `at_least` and `at_most`" if kind == "number" else "no number"
                self._fault(at, f"{name!r} is {how}" + ("" if kind == "number" else ": its groups list `values`"))
            for number, value in enumerate(one.values):
                if kind == "named" and value not in answers:
                    self._fault((*at, "values", number), f"{value!r} is no answer of {name!r}: {', '.join(answers)}")
            shown = tuple(answers.get(value, value) for value in one.values)
            yield Group(one.label, shown, one.at_least, one.at_most)

    def _apart(self, groups: list[GroupSheet], keys: Keys) -> None:
        """Nobody belongs to two groups, and no two groups look alike."""
        for place, one in enumerate(groups):
            before, at = groups[:place], (*keys, place)
            if one.label in (other.label for other in before):
                self._fault(at, f"another group is called {one.label!r} already")
            for value in one.values:
                if one.values.count(value) > 1 or any(value in other.values for other in before):
                    self._fault(at, f"{value!r} belongs to a group already: groups may not overlap")
            if before and one.ranged and before[-1].ranged and not _above(one, before[-1]):
                said = "this group does not begin above the end of the one before: groups rise, and may not overlap"
                self._fault(at, said)

    def _fault(self, keys: Keys, message: str) -> None:
        self.rules.faults.append(self.file.fault(keys, message))


def _above(one: GroupSheet, before: GroupSheet) -> bool:
    return one.at_least is not None and before.at_most is not None and one.at_least > before.at_most


def _answers(kind: FactType | None) -> tuple[Answers | None, Mapping[str, str]]:
    """How a fact answers, and its answers as people read them."""
    if kind is None or kind.kind in ("date", "record"):
        return None, {}  # a fault of the baseline, which is told there
    if kind.kind == "number":
        return "number", {}
    if kind.kind == "yes_no":
        return "named", {"yes": "Yes", "no": "No"}
    return ("named", kind.codes) if kind.codes else ("text", {})


def _months(period: Period) -> Decimal:
    """The length of a period in months."""
    if period.unit == "days":
        return period.count / Decimal(str(DAYS_PER_MONTH))
    return Decimal(period.count * (12 if period.unit == "years" else 1))


def described_names(baseline: Baseline | None) -> tuple[str, ...]:
    """The names under which a baseline describes people."""
    if baseline is None:
        return ()
    about = {"age": baseline.age, "sex": baseline.sex, "race": baseline.race, "ethnicity": baseline.ethnicity}
    return (
        *(name for name, known in about.items() if known is not None),
        *(one.id for one in baseline.characteristics),
    )


def sourced_factors(
    planned: Mapping[str, PlannedSheet | None], sheet: SubgroupsSheet | None
) -> Iterator[tuple[str, Sourced]]:
    """Every part that says where it comes from, with a name for people."""
    yield from ((f"endpoint {name} analysis", one) for name, one in planned.items() if one is not None)
    if sheet is not None:
        yield "subgroups", sheet
        yield from ((f"subgroup {name}", one) for name, one in sheet.by.items())
