"""The parts of a rule that decided its answer, so that people read why and not the whole rule."""

from __future__ import annotations

from collections.abc import Callable

from evenhand.logic import NO, Truth, Unknown
from evenhand.rules.nodes import And, Expression, Not, Or

Answered = tuple[Expression, Truth]
Answer = Callable[[Expression], Truth]


def decisive_parts(node: Expression, answer: Answer) -> list[Answered]:
    """The smallest conditions that explain ``answer(node)``, each with its own answer.

    A conjunction fails by the parts that fail and is open by the parts that are open; it holds by all. A disjunction
    the other way round. Judging the parts is the caller's, by the same judge.
    """
    if isinstance(node, Not):
        return decisive_parts(node.part, answer)
    if not isinstance(node, (And, Or)):
        return [(node, answer(node))]
    whole = answer(node)
    kept = [part for part in node.parts if _same(answer(part), whole)]
    return [found for part in kept for found in decisive_parts(part, answer)]


def _same(part: Truth, whole: Truth) -> bool:
    return isinstance(part, Unknown) if isinstance(whole, Unknown) else part is whole


def as_stated(part: Expression, found: Truth) -> Expression:
    """A condition worded so that it is true: itself, or its negation."""
    if found is not NO:
        return part
    return part.part if isinstance(part, Not) else Not(part, part.at)
