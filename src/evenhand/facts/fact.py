"""A fact about a person: a dated value with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from evenhand.codes import Unmapped
from evenhand.dates import DateSpan
from evenhand.logic import Unknown
from evenhand.units import Measured

Scalar = Measured | str | bool | DateSpan | Unmapped
Record = Mapping[str, Scalar]


class _Complete:
    """The value of a statement that a list is complete: what is not in it does not exist."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "COMPLETE"


COMPLETE: Final = _Complete()
Value = Scalar | Record | _Complete


class Source(NamedTuple):
    """Where a fact comes from: ``origin`` (a file, a form), ``path`` (resource and element), ``by`` (a person)."""

    origin: str
    path: str = ""
    by: str = ""

    def __str__(self) -> str:
        return _source_text(self)


@lru_cache(4096)  # a form or a file is the source of many facts
def _source_text(source: Source) -> str:
    return " ".join(filter(None, (source.origin, source.path, f"by {source.by}" if source.by else "")))


class Fact(NamedTuple):
    """One statement about one person. ``date`` is when it was so; None when the source does not say."""

    name: str
    value: Value
    date: DateSpan | None
    source: Source


@dataclass(frozen=True, slots=True)
class Attestation:
    """A judgement signed by somebody: the answer to a study's judgement question, dated.

    ``item`` is the key of the list entry that it is about (a lesion's label). ``reason`` is what the signatory says
    where the answer goes against the evidence; without it such an answer is a conflict. ``details`` holds what the
    judgement asks for besides (size and location of the lesion).
    """

    judgement: str
    answer: bool
    by: str
    role: str
    date: DateSpan
    source: Source
    item: str | None = None
    reason: str = ""
    details: Mapping[str, Scalar] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the input that could not be used: which part, what is wrong, how to mend it."""

    where: str
    what: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(frozen=True, slots=True)
class Person:
    """Everything that was received about one person: ``facts`` by name, ``attestations``, and what went wrong."""

    id: str
    facts: Mapping[str, tuple[Fact, ...]]
    attestations: tuple[Attestation, ...] = ()
    problems: tuple[Problem, ...] = ()
    source: str = ""


# What a rule sees for one name on one day.
Seen = Scalar | Record | Unknown


class Items(NamedTuple):
    """A list as seen on one day: its entries, and whether it is known to be complete."""

    entries: tuple[Mapping[str, Scalar | Unknown], ...]
    complete: bool
