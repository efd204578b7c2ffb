"""Three-valued logic: yes, no, and unknown-with-reasons.

Kleene's strong logic (S. C. Kleene, Introduction to Metamathematics, 1952, section 64): an answer is known as soon as
what is known decides it, whatever the rest turns out to be. An unknown always says why, because a coordinator has to
act on it. No answer may be used as a Python condition: ``if answer`` would treat an unknown as false, so it raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, NoReturn

Why = Literal["missing", "conflicting", "imprecise", "undecidable code", "needs attestation"]


class Reason(NamedTuple):
    """Why something is unknown: the kind of gap, the fact or judgement concerned, and a phrase for people."""

    why: Why
    about: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.about}: {self.detail or self.why}"


class Truth:
    """One of three answers. Compare with ``is YES`` or ``is NO``; anything else is an :class:`Unknown`."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError("a three-valued answer is not a Python condition: write `answer is YES` or `answer is NO`")


class _Known(Truth):
    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name

    def __reduce__(self) -> str:
        return self._name  # a pickled YES comes back as the same YES, so that `is` stays right


YES: Final[Truth] = _Known("YES")
NO: Final[Truth] = _Known("NO")


class Unknown(Truth):
    """Not known, and why. Two unknowns are equal when their reasons are."""

    __slots__ = ("reasons",)

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons

    def __repr__(self) -> str:
        return f"Unknown({'; '.join(map(str, self.reasons))})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and self.reasons == other.reasons

    def __hash__(self) -> int:
        return hash(self.reasons)


def truth(condition: bool) -> Truth:
    """The answer to a question whose facts are all known."""
    return YES if condition else NO


def negation(answer: Truth) -> Truth:
    """Not: an unknown stays the same unknown."""
    return NO if answer is YES else YES if answer is NO else answer


def conjunction(answers: Iterable[Truth]) -> Truth:
    """And: one NO decides; else any unknown leaves it unknown, with the reasons of all unknowns."""
    return _combine(answers, decisive=NO, otherwise=YES)


def disjunction(answers: Iterable[Truth]) -> Truth:
    """Or: one YES decides; else any unknown leaves it unknown, with the reasons of all unknowns."""
    return _combine(answers, decisive=YES, otherwise=NO)


def _combine(answers: Iterable[Truth], decisive: Truth, otherwise: Truth) -> Truth:
    unknown: Unknown | None = None
    for answer in answers:
        if answer is decisive:
            return decisive
        if isinstance(answer, Unknown):
            unknown = answer if unknown is None else merged(unknown, answer)
    return otherwise if unknown is None else unknown


def merged(*unknowns: Unknown) -> Unknown:
    """One unknown with the reasons of all, each reason once, in order of appearance."""
    return Unknown(*dict.fromkeys(reason for unknown in unknowns for reason in unknown.reasons))
