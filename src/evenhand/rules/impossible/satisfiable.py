"""Rules that can never be true, or never false: mistakes that a type check cannot see.

The method is a semantic tableau: to make ``a and b`` true make both true, to make it false make one false,
and so on down to demands on single facts; when the demands of every way contradict one another, there is no
way. An ``any`` that is to be true brings an entry into being, about which every ``all`` and ``none`` over the
same list then has its say. The check is sound: what it calls impossible is impossible. It is not complete,
and gives up on very large rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from evenhand.facts import Vocabulary
from evenhand.rules.impossible.constraints import Demand, NumberDemand, contradiction
from evenhand.rules.impossible.demands import Entries, demands_of, pair, slot
from evenhand.rules.nodes import (
    And,
    Comparison,
    Count,
    Expression,
    Not,
    Or,
    Quantified,
    Rule,
)
from evenhand.rules.walk import children, kind_of, walk
from evenhand.rules.writing.write import write

MOST_STEPS: Final = 3000
MOST_REASONS: Final = 3


def never_true(expression: Expression, vocabulary: Vocabulary) -> str | None:
    """Why no person at all can make the expression true; None if nobody can tell so."""
    return _why_never(expression, True, vocabulary)


def never_false(expression: Expression, vocabulary: Vocabulary) -> str | None:
    """Why no person at all can make the expression false; None if nobody can tell so."""
    return _why_never(expression, False, vocabulary)


def faults(rule: Rule, vocabulary: Vocabulary) -> tuple[list[str], list[str]]:
    """Errors (the rule can never be true) and warnings (it can never be false; a part of it is dead)."""
    expression = rule.expression
    why = never_true(expression, vocabulary)
    if why:
        return [f"this can never be true: {why}"], []
    why = never_false(expression, vocabulary)
    always = [f"this can never be false, so it decides nothing: {why}"] if why else []
    return [], always or dead_parts(expression, vocabulary)


def dead_parts(expression: Expression, vocabulary: Vocabulary) -> list[str]:
    """The parts of an expression that never make a difference, each with the reason.

    These are parts of an ``or`` and conditions and filters of a list that can never be true, and parts of an
    ``and`` and filters that can never be false.
    """
    found: dict[str, None] = {}
    for part, answer in _parts(expression):
        why = _why_never(part, answer, vocabulary)
        if why:
            found[f"`{write(part)}` can never be {'true' if answer else 'false'}: {why}"] = None
    return list(found)


def _parts(expression: Expression) -> Iterator[tuple[Expression, bool]]:
    """The parts of an expression, each with an answer that it should be able to give."""
    for whole in walk(expression):
        match whole:
            case Or() | And():
                yield from ((part, isinstance(whole, Or)) for part in whole.parts)
            case Quantified() | Count():
                asked = children(whole)
                yield from ((part, answer) for part in asked for answer in (True, False))
            case _:
                pass


@dataclass(frozen=True, slots=True)
class _Claim:
    """An expression that is to be true (or false); ``entries`` says what its variables stand for."""

    expression: Expression
    wanted: bool
    entries: Entries


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to meet all claims: what is still to do, and what is demanded so far."""

    to_do: tuple[_Claim, ...]
    demands: tuple[Demand, ...] = ()
    entries: tuple[tuple[str, int], ...] = ()  # the list and number of each entry brought into being
    for_every: tuple[tuple[Quantified, Entries], ...] = ()  # what holds for every entry

    def plus(self, *claims: _Claim) -> _Way:
        return replace(self, to_do=(*claims, *self.to_do))


def _why_never(expression: Expression, wanted: bool, words: Vocabulary) -> str | None:
    reasons: dict[str, None] = {}
    ways = [_Way((_Claim(expression, wanted, {}),))]
    for _ in range(MOST_STEPS):
        if not ways:
            return "; ".join(list(reasons)[:MOST_REASONS])
        way = ways.pop()
        if not way.to_do:
            why = contradiction(way.demands)
            if why is None:
                return None
            reasons[why] = None
            continue
        claim = way.to_do[0]
        ways.extend(reversed(_next_ways(replace(way, to_do=way.to_do[1:]), claim, words)))
    return None


def _next_ways(way: _Way, claim: _Claim, words: Vocabulary) -> list[_Way]:
    expression, wanted = claim.expression, claim.wanted
    match expression:
        case Not():
            return [way.plus(replace(claim, expression=expression.part, wanted=not wanted))]
        case And() | Or():
            claims = [replace(claim, expression=part) for part in expression.parts]
            return _all_or_one(way, claims, all_of_them=isinstance(expression, And) is wanted)
        case Comparison() if len(expression.operators) > 1:
            steps = [pair(expression, place, True) for place in range(len(expression.operators))]
            return _all_or_one(way, [replace(claim, expression=step) for step in steps], all_of_them=wanted)
        case Comparison() if _two_answers(expression, words):
            return _equal_answers(way, claim, expression)
        case Quantified():
            if wanted is (expression.quantifier == "any"):
                return [_with_entry(way, expression, claim.entries, words)]
            return [_with_rule_for_every(way, expression, claim.entries)]
        case _:
            demands = demands_of(expression, wanted, words, claim.entries)
            counts = tuple(_limits_of_counts(expression, words, claim.entries))
            return [replace(way, demands=way.demands + demands + counts)]


def _all_or_one(way: _Way, claims: list[_Claim], all_of_them: bool) -> list[_Way]:
    return [way.plus(*claims)] if all_of_them else [way.plus(claim) for claim in claims]


def _two_answers(expression: Comparison, words: Vocabulary) -> bool:
    """Whether two yes/no facts are compared with one another."""
    return all(kind_of(operand, words) == "yes_no" for operand in expression.operands)


def _equal_answers(way: _Way, claim: _Claim, expression: Comparison) -> list[_Way]:
    same = (expression.operators[0] == "==") is claim.wanted
    left, right = expression.operands
    return [
        way.plus(
            replace(claim, expression=left, wanted=answer),
            replace(claim, expression=right, wanted=answer is same),
        )
        for answer in (True, False)
    ]


def _with_entry(way: _Way, expression: Quantified, entries: Entries, words: Vocabulary) -> _Way:
    """One entry is as the quantifier says: the list has it, and what is so for every entry is so for it."""
    number = len(way.entries)
    bound = {**entries, expression.variable: number}
    claims = [_Claim(expression.condition, expression.quantifier != "all", bound)]
    if expression.where is not None:
        claims.insert(0, _Claim(expression.where, True, bound))
    others = [_applied(other, around, number) for other, around in way.for_every if other.fact == expression.fact]
    count = slot(Count(expression.fact, None, None, expression.at), words, {})
    exists = NumberDemand(((count, Fraction(1)),), ">=", Fraction(1), write(expression))
    grown = replace(way, entries=(*way.entries, (expression.fact, number)), demands=(*way.demands, exists))
    return grown.plus(*claims, *others)


def _with_rule_for_every(way: _Way, expression: Quantified, entries: Entries) -> _Way:
    claims = [_applied(expression, entries, number) for name, number in way.entries if name == expression.fact]
    return replace(way, for_every=(*way.for_every, (expression, entries))).plus(*claims)


def _applied(rule: Quantified, entries: Entries, number: int) -> _Claim:
    """What an ``all`` that is true (or an ``any`` that is false) says about one entry."""
    condition = rule.condition if rule.quantifier == "all" else Not(rule.condition, rule.at)
    said = condition if rule.where is None else Or((Not(rule.where, rule.at), condition), rule.at)
    return _Claim(said, True, {**entries, rule.variable: number})


def _limits_of_counts(expression: Expression, words: Vocabulary, entries: Entries) -> Iterator[Demand]:
    """A count whose filter no entry can pass is 0."""
    for part in walk(expression):
        if isinstance(part, Count) and part.where is not None and (why := never_true(part.where, words)):
            text = f"{write(part)} == 0 (since {why})"
            yield NumberDemand(((slot(part, words, entries), Fraction(1)),), "<=", Fraction(0), text)
