"""The terms of CTCAE: names, system organ classes, and which grades exist.

CTCAE 5.0 was published on 27 Nov 2017, CTCAE 6.0 on 22 Jul 2025. Grades of two versions are not the same thing (a
neutrophil count of 1.2 x 10^9/L is grade 2 in one and grade 1 in the other), so a study names one version and nothing
here ever mixes two. The official definitions and grade sentences are not shipped: see ``descriptors``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Final

from evenhand.oncology.ctcae.tables import rows

_TABLES: Final = {"5.0": "v5"}
VERSIONS: Final = tuple(_TABLES)
GRADES: Final = (1, 2, 3, 4, 5)


class VersionsMixed(ValueError):
    """Grades of different CTCAE versions were to be put together."""


@dataclass(frozen=True, slots=True)
class Term:
    """One CTCAE term. ``wording`` says grades in our own short words, for the terms that have them."""

    name: str
    soc: str
    grades: tuple[int, ...]
    version: str
    wording: Mapping[int, str] = field(default_factory=dict, compare=False)

    @property
    def specify(self) -> bool:
        """True of the "Other, specify" terms, which need a text of their own."""
        return self.name.endswith("Other, specify")

    def offers(self, grade: int) -> bool:
        """True when the grade exists for this term."""
        return grade in self.grades


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All terms of one version, by name in the order of the publication."""

    version: str
    terms: Mapping[str, Term]

    def find(self, name: str) -> Term | None:
        """The term of a name, whatever its capitals and spaces; None when there is none."""
        return self.terms.get(name) or _by_plain_name(self.version).get(_plain(name))

    @property
    def socs(self) -> tuple[str, ...]:
        """The system organ classes, in the order of the publication."""
        return tuple(dict.fromkeys(term.soc for term in self.terms.values()))


def table_of(kind: str, version: str) -> str:
    """The file name of a version's table. Raises ValueError for a version that has none."""
    if version not in _TABLES:
        raise ValueError(f"CTCAE {version!r} is not known here: a study can pin {', '.join(VERSIONS)}")
    return f"{kind}_{_TABLES[version]}.txt"


@cache
def dictionary(version: str) -> Dictionary:
    """The terms of a CTCAE version. Raises ValueError for one that is not shipped."""
    wording = _wording(version)
    terms = {
        name: Term(name, soc, tuple(map(int, grades)), version, MappingProxyType(wording.get(name, {})))
        for soc, (name, grades) in rows(table_of("terms", version))
    }
    return Dictionary(version, MappingProxyType(terms))


def one_version(versions: Iterable[str]) -> str | None:
    """The version that all share; None when there are none. Raises VersionsMixed where they differ."""
    found = sorted(set(versions))
    if len(found) > 1:
        raise VersionsMixed(
            f"grades of CTCAE {' and '.join(found)} cannot be pooled: a grade means another thing in each"
        )
    return found[0] if found else None


def _wording(version: str) -> dict[str, dict[int, str]]:
    worded: dict[str, dict[int, str]] = {}
    for name, (grade, text) in rows(table_of("wording", version)):
        worded.setdefault(name, {})[int(grade)] = text
    return worded


@cache
def _by_plain_name(version: str) -> Mapping[str, Term]:
    return {_plain(name): term for name, term in dictionary(version).terms.items()}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
