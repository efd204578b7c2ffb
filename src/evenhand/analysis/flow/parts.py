"""A group of people on their way through a trial, and of which parts it consists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evenhand.analysis.tables import Behind


@dataclass(frozen=True, slots=True)
class Part:
    """``people`` with the entries that put them here. ``parts`` make the whole, each person in exactly one of them;
    unless ``apart`` is False: then a person may be in several (who fails two criteria), or in none."""

    id: str
    label: str
    people: tuple[Behind, ...] = ()
    parts: tuple[Part, ...] = ()
    apart: bool = True

    @property
    def number(self) -> int:
        """How many people."""
        return len(self.subjects)

    @property
    def subjects(self) -> frozenset[str]:
        """Who they are."""
        return frozenset(one.subject for one in self.people)

    def within(self) -> Iterator[Part]:
        """This part and all below it."""
        yield self
        for part in self.parts:
            yield from part.within()

    def find(self, id: str) -> Part:
        """The part of an id, this one or below. Raises LookupError where there is none."""
        found = next((part for part in self.within() if part.id == id), None)
        if found is None:
            raise LookupError(f"no part {id!r} in {self.id!r}; there are: {', '.join(one.id for one in self.within())}")
        return found


def whole(id: str, label: str, parts: Iterable[Part]) -> Part:
    """The people of some parts together."""
    made = tuple(parts)
    return Part(id, label, tuple(one for part in made for one in part.people), made)
