"""What a study takes from mCODE: its facts by the source that they name, with the checks of their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from evenhand.codes import Unmapped
from evenhand.dates import DateSpan
from evenhand.facts import FactType, Scalar, Vocabulary
from evenhand.intake.accept import Check, Quantity, check_for

# What passes as it is, and the check of all else: the type of which every value passes, the words that pass.
Accepted = tuple[type | None, frozenset[str], Check]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A study's fact that intake may deliver: its name, and the check of its value, or of each field of a record."""

    name: str
    single: Accepted
    fields: Mapping[str, Accepted]
    required: tuple[str, ...]

    def words(self, field: str) -> frozenset[str]:
        """The codes that the study declares for a field; none when it has no such field."""
        return self.fields[field][1] if field in self.fields else frozenset()


_PLAIN: Final[Mapping[str, type]] = {"date": DateSpan, "text": str, "yes_no": bool}
Plan = Mapping[str, Wanted]


def plan_of(vocabulary: Vocabulary) -> Plan:
    """The facts of a study that name a source, by that source."""
    facts = vocabulary.facts.values()
    return {fact.source_name: _wanted(fact) for fact in facts if fact.source_name and fact.derived is None}


def _wanted(fact: FactType) -> Wanted:
    return Wanted(
        fact.name,
        _accepted(fact),
        {name: _accepted(kind) for name, kind in fact.fields.items()},
        tuple(name for name, kind in fact.fields.items() if kind.required),
    )


def _accepted(kind: FactType) -> Accepted:
    return _PLAIN.get(kind.kind), frozenset(kind.codes), _lenient(kind)


def _lenient(kind: FactType) -> Check:
    """A word of intake that the study does not declare stays a code that nobody can decide on."""
    return partial(_word, kind.codes) if kind.kind == "code" else check_for(kind)


def _word(codes: Mapping[str, str], value: Scalar | Quantity) -> Scalar:
    if isinstance(value, str):
        return value if value in codes else Unmapped("mCODE intake", value, value)
    if isinstance(value, Unmapped):
        return value
    raise ValueError(f"{value} is no code")
