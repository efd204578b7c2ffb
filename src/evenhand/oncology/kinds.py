"""What a derivation is, and how a study's use of it is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from evenhand.facts import Derivation, FactType, Kind, View, Vocabulary


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A field of a list's entries: its kind, and the only codes that are understood (none: any)."""

    kind: Kind
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DerivationKind:
    """A derivation as a study may use it: ``derived: name``, ``from: inputs``, ``policy: parameters``.

    Every input is a list of records. ``inputs`` are the fields that each must have; ``fields`` are the shapes
    of all fields that are read. ``codes`` are the codes that a result of kind "code" may be; ``named_codes``
    tells of which input's field a parameter lists codes. ``check_parameters`` returns problems in plain
    words, none when fine; ``explain`` gives sentences for people on how a value came about.
    """

    name: str
    compute: Derivation
    explain: Callable[[View, FactType], list[str]]
    kind: Literal["number", "code"]
    inputs: tuple[frozenset[str], ...]
    fields: tuple[Mapping[str, FieldShape], ...]
    check_parameters: Callable[[Mapping[str, object]], list[str]]
    codes: frozenset[str] = frozenset()
    named_codes: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def check(self, fact_type: FactType, vocabulary: Vocabulary) -> list[str]:
        """What is wrong with a fact of a study that is derived in this way; empty when nothing is."""
        problems = self._check_result(fact_type) + self.check_parameters(fact_type.parameters)
        if len(fact_type.inputs) != len(self.inputs):
            given = ", ".join(fact_type.inputs) or "none"
            return [
                *problems,
                f"{self.name} is computed from {len(self.inputs)} lists; `from:` names {given}",
            ]
        for name, required, shapes in zip(fact_type.inputs, self.inputs, self.fields, strict=True):
            problems += _check_input(name, required, shapes, vocabulary)
        return problems or self._check_named_codes(fact_type, vocabulary)

    def _check_result(self, fact_type: FactType) -> list[str]:
        if fact_type.kind != self.kind or fact_type.many:
            return [f"{self.name} gives one {self.kind}, but the fact is declared as {_described(fact_type)}"]
        missing = self.codes - set(fact_type.codes)
        return [f"{self.name} may give {', '.join(sorted(missing))}: add to `codes:`"] if missing else []

    def _check_named_codes(self, fact_type: FactType, vocabulary: Vocabulary) -> list[str]:
        """A code that a policy names but no entry can have is a slip of the pen that would change results."""
        problems = []
        for parameter, (position, name) in self.named_codes.items():
            source = fact_type.inputs[position]
            known = vocabulary.facts[source].fields[name].codes
            named = fact_type.parameters[parameter]
            assert isinstance(named, list | tuple)  # check_parameters found nothing
            unknown = ", ".join(str(code) for code in named if code not in known)
            if unknown:
                problems.append(f"{parameter} names {unknown}, which {source}.{name} does not know")
        return problems


def _check_input(
    name: str, required: frozenset[str], shapes: Mapping[str, FieldShape], vocabulary: Vocabulary
) -> list[str]:
    fact_type = vocabulary.facts.get(name)
    if fact_type is None:
        return [f"`from:` names {name!r}, which is no fact of this study"]
    if fact_type.kind != "record" or not fact_type.many:
        return [f"{name} has to be a list of records, but is declared as {_described(fact_type)}"]
    absent = sorted(required - set(fact_type.fields))
    problems = [f"{name} needs a field {field!r} of kind {shapes[field].kind}" for field in absent]
    for field_name, wanted in shapes.items():
        given = fact_type.fields.get(field_name)
        problems += [] if given is None else _check_field(f"{name}.{field_name}", given, wanted)
    return problems


def _check_field(name: str, given: FactType, wanted: FieldShape) -> list[str]:
    if given.kind != wanted.kind:
        return [f"{name} has to be of kind {wanted.kind}, not {given.kind}"]
    strange = ", ".join(sorted(set(given.codes) - wanted.codes)) if wanted.codes else ""
    known = ", ".join(sorted(wanted.codes))
    return [f"{name} has the code {strange}, but only {known} are understood"] if strange else []


def _described(fact_type: FactType) -> str:
    return f"{'a list of kind' if fact_type.many else 'kind'} {fact_type.kind}"
