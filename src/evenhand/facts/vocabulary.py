"""The vocabulary of a study: every fact a criterion may use, with its type.

Built by ``protocol.load`` from ``facts.yaml``; read by intake (what to accept), by the rule language (what a name
means) and by forms (what to ask).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evenhand.codes import CodeSet
from evenhand.units import Number

Kind = Literal["date", "number", "code", "yes_no", "text", "record"]


@dataclass(frozen=True, slots=True)
class FactType:
    """What one fact is.

    ``many`` facts are lists of records; ``key`` names the field by which two entries are the same thing (a lesion's
    label). ``derived`` names a derivation of ``evenhand.oncology`` that computes the fact from ``inputs``.
    """

    name: str
    kind: Kind
    label: str = ""
    unit: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)  # code -> what it means
    low: Number | None = None
    high: Number | None = None
    step: Number | None = None
    many: bool = False
    key: str | None = None
    fields: Mapping[str, FactType] = field(default_factory=dict)
    required: bool = False  # of a field: an entry without it is refused
    determined_by: str | None = None
    reporting_only: bool = False  # no rule may read it (sex, race, ethnicity)
    identifying: bool = False  # never written into the record as it is
    source_name: str | None = None  # the name under which intake from mCODE delivers it
    derived: str | None = None
    inputs: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All facts of a study and the code sets that rules may name."""

    facts: Mapping[str, FactType]
    sets: Mapping[str, CodeSet] = field(default_factory=dict)

    def raw_inputs(self, name: str) -> tuple[str, ...]:
        """The recorded facts behind a fact: itself, or, for a derived fact, all that it is computed from."""
        fact = self.facts[name]
        if fact.derived is None:
            return (name,)
        return tuple(dict.fromkeys(raw for given in fact.inputs for raw in self.raw_inputs(given)))
