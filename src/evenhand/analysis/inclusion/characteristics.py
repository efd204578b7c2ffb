"""What describes a person before treatment: one value, several, a number, or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from evenhand.analysis.inclusion.people import Described
from evenhand.codes import Unmapped
from evenhand.dates import DAYS_PER_MONTH, DateSpan
from evenhand.facts import FactType
from evenhand.logic import YES, Unknown
from evenhand.protocol.baseline import Characteristic
from evenhand.units import Range

NONE: Final = "None"
"""What a list that is empty, and known to be complete, says."""
OTHER: Final = "None of these"


@dataclass(frozen=True, slots=True)
class Found:
    """``values`` as people read them, or the ``number`` of one that has a median; neither where it is unknown."""

    values: tuple[str, ...] = ()
    number: float | None = None

    @property
    def known(self) -> bool:
        """Whether anything is."""
        return bool(self.values) or self.number is not None


def found(one: Described, asked: Characteristic) -> Found:
    """The characteristic of one person. What is not exactly known (a partial date, bounds) is unknown."""
    if asked.fact and asked.fact not in one.protocol.vocabulary.facts:
        return Found()
    if asked.kind == "levels":
        return _level(one, asked)
    if asked.kind == "since":
        return _since(one, asked)
    values = list(_values(one, asked))
    if asked.show == "median":
        numbers = [float(value) for value in values if isinstance(value, (int, Decimal))]
        return Found(number=numbers[0]) if len(numbers) == 1 else Found()
    return Found(tuple(dict.fromkeys(_said(value, _type(one, asked)) for value in values)))


def levels_of(asked: Characteristic, people: Iterable[Described], answers: Iterable[Found]) -> tuple[str, ...]:
    """The values to be shown, in order: that of the levels, of the codes of the study, of numbers, else by the
    alphabet. Of a field of a record, and of text, those alone that somebody has."""
    seen = {value for one in answers for value in one.values}
    if asked.kind == "levels":
        named = [level.label for level in asked.levels]
        return (*named, *([OTHER] if OTHER in seen else []))
    types = [_type(one, asked) for one in people if asked.fact in one.protocol.vocabulary.facts]
    coded = dict.fromkeys(label for kind in types for label in kind.codes.values())
    inside = [label for label in coded if not asked.field or label in seen]
    return (*inside, *sorted(seen - set(inside), key=_order))


def _order(value: str) -> tuple[int, float, str]:
    try:
        return 0, float(value), value
    except ValueError:
        return 2 if value == NONE else 1, 0.0, value.casefold()


def _type(one: Described, asked: Characteristic) -> FactType:
    kind = one.protocol.vocabulary.facts[asked.fact]
    return kind.fields[asked.field] if asked.field and asked.field in kind.fields else kind


def _values(one: Described, asked: Characteristic) -> Iterable[object]:
    """What is known of a fact, or of a field in each of its entries."""
    if one.protocol.vocabulary.facts[asked.fact].many:
        listed = one.situation.view.items(asked.fact)
        values = [entry.get(asked.field) for entry in listed.entries]
        return [NONE] if listed.complete and not values else [value for value in values if _exact(value)]
    value = _one(one, asked)
    return [value] if _exact(value) else []


def _one(one: Described, asked: Characteristic) -> object:
    value = one.situation.view.one(asked.fact)
    return value.get(asked.field) if asked.field and isinstance(value, Mapping) else value


def _exact(value: object) -> bool:
    return value is not None and not isinstance(value, (Unknown, Unmapped, Range, Mapping))


def _said(value: object, kind: FactType) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    label = kind.codes.get(value, value) if isinstance(value, str) else value
    return str(label)


def _level(one: Described, asked: Characteristic) -> Found:
    """The first level that is answered yes; unknown where none is and one cannot be told."""
    assessor, situation = one.situation.assessor, one.situation
    answers = [(level.label, assessor.compiled(level.rule)(situation)) for level in asked.levels]
    met = next((label for label, answer in answers if answer is YES), None)
    if met is None and any(isinstance(answer, Unknown) for _, answer in answers):
        return Found()
    return Found((met or OTHER,))


def _since(one: Described, asked: Characteristic) -> Found:
    value = _one(one, asked)
    if not isinstance(value, DateSpan) or not value.exact:
        return Found()
    return Found(number=(one.on - value.first).days / DAYS_PER_MONTH)
