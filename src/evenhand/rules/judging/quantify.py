"""Counting and quantifying over lists that may be incomplete.

What is not in an incomplete list may still exist: ``any`` over it is never a plain no, ``all`` never a plain yes, and a
count has no upper end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar

from evenhand.facts import Items, Scalar
from evenhand.logic import NO, YES, Reason, Truth, Unknown, conjunction, disjunction, merged, negation
from evenhand.units import Measured, Range

Entry = Mapping[str, "Scalar | Unknown"]
Scene = TypeVar("Scene")
Bound = Mapping[str, Entry]
Test = Callable[[Scene, Bound, Entry], Truth]


def judged_any(items: Items, where: Test[Scene] | None, test: Test[Scene], scene: Scene, bound: Bound) -> Truth:
    """Whether some entry (that satisfies ``where``) satisfies ``test``, going by the entries alone."""
    unknowns = []
    for entry in items.entries:
        chosen = YES if where is None else where(scene, bound, entry)
        if chosen is NO:
            continue
        found = test(scene, bound, entry)
        if found is YES and chosen is YES:
            return YES
        if found is not NO:
            unknowns.append(conjunction((chosen, found)))
    return disjunction(unknowns)


def judged_all(items: Items, where: Test[Scene] | None, test: Test[Scene], scene: Scene, bound: Bound) -> Truth:
    """Whether every entry (that satisfies ``where``) satisfies ``test``, going by the entries alone."""
    unknowns = []
    for entry in items.entries:
        chosen = YES if where is None else where(scene, bound, entry)
        if chosen is NO:
            continue
        found = test(scene, bound, entry)
        if found is NO and chosen is YES:
            return NO
        if found is not YES:
            unknowns.append(disjunction((negation(chosen), found)))
    return conjunction(unknowns)


def listed(answer: Truth, items: Items, fact: str, decisive: Truth) -> Truth:
    """The answer for the whole list: a decision stands; else an incomplete list leaves it open."""
    if items.complete or answer is decisive:
        return answer
    gap = _gap(fact, incompleteness(items))
    return merged(answer, gap) if isinstance(answer, Unknown) else gap


@lru_cache(maxsize=1024)
def _gap(fact: str, detail: str) -> Unknown:
    return Unknown(Reason("missing", fact, detail))


def incompleteness(items: Items) -> str:
    """What to do about a list that is not complete."""
    if not items.entries:
        return "nothing recorded; state the entries, or that there are none"
    return "more entries may exist; state that the list is complete"


def counted(items: Items, test: Test[Scene] | None, scene: Scene, bound: Bound) -> Measured:
    """How many entries there are (that satisfy ``test``), as a range when that is not certain."""
    answers = [YES if test is None else test(scene, bound, entry) for entry in items.entries]
    low = sum(answer is YES for answer in answers)
    high = None if not items.complete else sum(answer is not NO for answer in answers)
    return low if low == high else Range(low, high)
