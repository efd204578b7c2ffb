"""The registry of kinds: what may be recorded, what a body must hold, and how old bodies are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from evenhand.record.canonical import JSON, own_copy
from evenhand.record.errors import RecordError

Body: TypeAlias = "dict[str, JSON]"
Upgrade: TypeAlias = Callable[[Body], Body]
Shape: TypeAlias = Literal["text", "number", "list", "object", "anything"]

_SHAPES: Mapping[Shape, type | tuple[type, ...]] = {
    "text": str,
    "number": int,
    "list": list,
    "object": dict,
    "anything": object,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry.

    ``says``: what somebody did, as English for people ("halted accrual"). ``about``: whether an entry
    concerns one subject or the whole study. ``body``: the keys that the body of the current ``version`` must
    hold and their shape; further keys are free. ``upgrades``: for every older version the function from its
    body to the next version's. ``once``: at most one for each subject (or for the study). ``needs_reason``:
    also when it is not a correction. ``correctable``: the keys a correction may change or add; None means
    all, and the day as well. Where it is given, everything else stays as it was first recorded, the effective
    day included. ``fixed``: the keys that a correction keeps, while it may change all others and the day.
    """

    name: str
    says: str
    about: Literal["subject", "study"] = "subject"
    body: Mapping[str, Shape] = field(default_factory=dict)
    version: int = 1
    upgrades: Mapping[int, Upgrade] = field(default_factory=dict)
    once: bool = False
    needs_reason: bool = False
    correctable: frozenset[str] | None = None
    fixed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.name:
            raise RecordError("A kind needs a name.")
        if set(self.upgrades) != set(range(1, self.version)):
            raise RecordError(
                f"The upgrades start at versions {sorted(self.upgrades)}.",
                where=f"kind {self.name}, version {self.version}",
                mend=f"Give one for each of the versions 1 to {self.version - 1}, and no other.",
            )

    def body_fault(self, body: Body) -> str | None:
        """What is wrong with a body of the current version, or None."""
        for key, shape in self.body.items():
            if key not in body:
                return f'its body lacks "{key}"'
            value = body[key]
            if not isinstance(value, _SHAPES[shape]) or (shape == "number" and isinstance(value, bool)):
                return f'"{key}" of its body must be {shape}, not {value!r}'
        return None


class Kinds:
    """Kinds by name. Immutable: ``extended`` gives a new registry."""

    __slots__ = ("_kinds",)

    def __init__(self, *kinds: Kind) -> None:
        """Raises RecordError when two kinds have one name."""
        self._kinds = {kind.name: kind for kind in kinds}
        if len(self._kinds) != len(kinds):
            names = [kind.name for kind in kinds]
            twice = sorted({name for name in names if names.count(name) > 1})
            raise RecordError(f"Two kinds are named {', '.join(twice)}.", mend="Give each kind a name of its own.")

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())

    def __getitem__(self, name: str) -> Kind:
        """The kind of this name. Raises RecordError for an unknown one."""
        if kind := self._kinds.get(name):
            return kind
        known = ", ".join(sorted(self._kinds))
        raise RecordError(
            f'The kind "{name}" is not known.', mend=f"Known kinds: {known}. A newer program may know more."
        )

    def extended(self, *kinds: Kind) -> Kinds:
        """These kinds and more. Raises RecordError when two kinds have one name."""
        return Kinds(*self, *kinds)

    def current(self, name: str, version: int, body: Body) -> Body:
        """A body written under ``version``, as the current version has it.

        It is the body itself when it is current already; otherwise a copy goes through the upgrades, so that
        what is stored never changes. Raises RecordError for an unknown kind, or a version newer than this
        program knows.
        """
        kind = self[name]
        if version == kind.version:
            return body
        if version > kind.version:
            raise RecordError(
                f'Version {version} of the kind "{name}" is not known; the newest known is {kind.version}.',
                mend="Read this record with the newer program that wrote it.",
            )
        body = own_copy(body)
        for older in range(version, kind.version):
            body = kind.upgrades[older](body)
        return body
