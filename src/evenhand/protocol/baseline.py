"""The part ``baseline:`` of ``endpoints.yaml``: what describes the people of a study before treatment.

Nothing of it is computed with beyond description, so facts that no rule may read (sex, race, ethnicity) may stand here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from evenhand.facts import FactType
from evenhand.protocol.baseline_sheets import AgeSheet, BaselineSheet, CharacteristicSheet, Question
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.reading import Rules
from evenhand.rules.nodes import Rule

_AT = "baseline"
_TAKEN = frozenset({"age", "age_group", "sex", "race", "ethnicity"})


@dataclass(frozen=True, slots=True)
class BaselineLevel:
    """A level of a characteristic: who answers its rule with yes."""

    id: str
    label: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Characteristic:
    """What describes a person: a fact, or the ``field`` of one that is a record; the months ``since`` a date; or the
    first of some ``levels`` whose rule is answered yes.

    ``show``: the ``median`` of a number, or how many people have each of its ``values``. A list of records gives
    everybody every value that an entry has, so that a person may count several times.
    """

    id: str
    label: str
    kind: Literal["fact", "since", "levels"]
    fact: str = ""
    field: str = ""
    show: Literal["median", "values"] = "values"
    levels: tuple[BaselineLevel, ...] = ()


@dataclass(frozen=True, slots=True)
class AgeGroups:
    """The fact of the date of birth, and the ages in years at which a new group begins."""

    fact: str
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The facts of age, sex, race and ethnicity (None: the study has none), and what else describes people.

    ``asked_as``: by the two questions of 1997 (OMB Directive 15), or the combined one of 2024 (SPD 15).
    """

    age: AgeGroups | None
    sex: str | None
    race: str | None
    ethnicity: str | None
    asked_as: Question
    characteristics: tuple[Characteristic, ...]


def resolve_baseline(sheet: BaselineSheet | None, file: Sheet, rules: Rules) -> Baseline | None:
    """The model of the part; names that are no facts, and rules that cannot be read, become faults of ``rules``."""
    if sheet is None:
        return None
    for name in ("sex", "race", "ethnicity"):
        _known(getattr(sheet, name), file, (_AT, name), rules)
    return Baseline(
        _age(sheet.age, file, rules) if sheet.age else None,
        sheet.sex,
        sheet.race,
        sheet.ethnicity,
        sheet.asked_as,
        tuple(_characteristic(name, one, file, rules) for name, one in sheet.characteristics.items()),
    )


def _age(sheet: AgeSheet, file: Sheet, rules: Rules) -> AgeGroups:
    kind = _known(sheet.fact, file, (_AT, "age", "fact"), rules)
    if kind is not None and kind.kind != "date":
        rules.faults.append(file.fault((_AT, "age", "fact"), f"{sheet.fact!r} is no date of birth"))
    return AgeGroups(sheet.fact, tuple(sheet.groups))


def _known(name: str | None, file: Sheet, keys: Keys, rules: Rules) -> FactType | None:
    kind = rules.words.facts.get(name) if name else None
    if name and kind is None:
        rules.faults.append(file.fault(keys, f"{name!r} is no fact of facts.yaml"))
    return kind


def _characteristic(name: str, sheet: CharacteristicSheet, file: Sheet, rules: Rules) -> Characteristic:
    keys: Keys = (_AT, "characteristics", name)
    if name in _TAKEN:
        rules.faults.append(file.fault(keys, f"{name!r} stands for what `baseline` has of its own: take another name"))
    if sheet.levels:
        levels = tuple(
            BaselineLevel(f"{name}_{n}", one.label, rules.evidence(one.rule, file, (*keys, "levels", n - 1, "rule")))
            for n, one in enumerate(sheet.levels, start=1)
        )
        return Characteristic(name, sheet.label or name, "levels", levels=levels)
    if sheet.since:
        fact, _, field = sheet.since.partition(".")
        kind = _asked(fact, field, file, (*keys, "since"), rules)
        if kind is not None and kind.kind != "date":
            rules.faults.append(file.fault((*keys, "since"), f"{sheet.since!r} is no date"))
        return Characteristic(name, sheet.label or name, "since", fact, field, "median")
    fact, field = sheet.fact or "", sheet.field or ""
    kind = _asked(fact, field, file, (*keys, "fact"), rules)
    if kind is not None and kind.kind in ("date", "record"):
        rules.faults.append(
            file.fault((*keys, "fact"), f"{fact!r} is a {kind.kind}: name one of its fields, or `since`")
        )
    if kind is not None and sheet.show == "median" and kind.kind != "number":
        rules.faults.append(file.fault((*keys, "show"), f"{fact!r} is no number, so it has no median"))
    label = sheet.label or (kind.label if kind else name)
    show = sheet.show or ("median" if kind is not None and kind.kind == "number" else "values")
    return Characteristic(name, label, "fact", fact, field, show)


def _asked(fact: str, field: str, file: Sheet, keys: Keys, rules: Rules) -> FactType | None:
    """The type of a fact, or of the field of a record. A fact is a single value where no field is named."""
    kind = _known(fact, file, keys, rules)
    if kind is None or not field:
        return kind
    if field not in kind.fields:
        rules.faults.append(file.fault(keys, f"{fact!r} has no field {field!r}: {', '.join(kind.fields) or 'none'}"))
    return kind.fields.get(field)


def sourced_baseline(
    sheet: BaselineSheet | None,
) -> Iterator[tuple[str, BaselineSheet | CharacteristicSheet | AgeSheet]]:
    """The part and what in it says where it comes from, with a name for people."""
    if sheet is None:
        return
    yield "baseline", sheet
    inside = [("baseline age", sheet.age), *((f"baseline {n}", one) for n, one in sheet.characteristics.items())]
    yield from ((about, one) for about, one in inside if one is not None and (one.source or one.assumed))
