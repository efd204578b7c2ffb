"""Coded values and sets of codes, with room for codes that cannot decide.

A coded fact holds a word of the study's vocabulary ("liver"). A code of a source that no table maps is kept as
:class:`Unmapped`: it is neither in nor out of any set, so every question about it is unknown, never no.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.logic import NO, YES, Reason, Truth, Unknown


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A source's code that the vocabulary does not know."""

    system: str
    code: str
    display: str = ""

    def __str__(self) -> str:
        return f"{self.display or 'code'} ({self.system} {self.code})"


Coded = str | Unmapped


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A named set over one vocabulary: the members, and the codes too vague to say whether they belong."""

    name: str
    members: frozenset[str]
    undecidable: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        both = self.members & self.undecidable
        if both:
            raise ValueError(f"set {self.name!r}: {', '.join(sorted(both))} cannot be both a member and undecidable")

    def contains(self, value: Coded) -> Truth:
        """Whether a code belongs to the set; unknown for an unmapped or undecidable code."""
        if isinstance(value, str):
            if value in self.members:
                return YES
            if value not in self.undecidable:
                return NO
        return Unknown(Reason("undecidable code", self.name, f"{value} does not say whether it belongs to {self.name}"))


def same_code(left: Coded, right: Coded) -> Truth:
    """Whether two codes are the same; unknown when either is unmapped."""
    if isinstance(left, str) and isinstance(right, str):
        return YES if left == right else NO
    vague = left if isinstance(left, Unmapped) else right
    return Unknown(Reason("undecidable code", str(vague), f"{vague} is no code of this vocabulary"))
