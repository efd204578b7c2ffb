"""What a comparison, membership or a name demands of a person's facts so as to be true, or to be false."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from evenhand.codes import CodeSet
from evenhand.facts import FactType, Vocabulary
from evenhand.rules.impossible.constraints import (
    AnswerDemand,
    CodeDemand,
    Demand,
    Impossible,
    NumberDemand,
    SameCodeDemand,
    Slot,
    TimeDemand,
    together,
)
from evenhand.rules.impossible.intervals import Interval
from evenhand.rules.nodes import (
    Age,
    Arithmetic,
    CodeLiteral,
    Comparison,
    ComparisonOperator,
    Count,
    Expression,
    FactName,
    FieldName,
    JudgementName,
    Known,
    Membership,
    Not,
    NumberLiteral,
    PeriodLiteral,
    Since,
    YesNoLiteral,
)
from evenhand.rules.operators import MIRRORED, OPPOSITE
from evenhand.rules.walk import children, kind_of, walk, without_places
from evenhand.rules.writing.write import write

Entries = Mapping[str, object]  # which entry each variable stands for

_ALWAYS: Final = Slot(("always",), "always")
_WHOLE: Final = FactType("", "number", low=0, step=1)

Sum = tuple[dict[Slot, Fraction], Fraction]


def pair(comparison: Comparison, place: int, wanted: bool) -> Comparison:
    """One step of a chain as a comparison of its own; its opposite when it is to be false."""
    operator = comparison.operators[place]
    operands = comparison.operands[place : place + 2]
    return Comparison(operands, (operator if wanted else OPPOSITE[operator],), comparison.at)


def slot(expression: Expression, words: Vocabulary, entries: Entries) -> Slot:
    """What a name, a count or ``known`` stands for."""
    text = write(expression)
    match expression:
        case FactName():
            return Slot(("fact", expression.name), text, words.facts[expression.name])
        case FieldName():
            field = words.facts[expression.fact].fields[expression.field]
            return Slot((*_owner(expression, entries), expression.field), text, field)
        case JudgementName():
            return Slot(("judgement", expression.name, _entry(expression.variable, entries)), text)
        case Known():
            return Slot(("known", *slot(expression.value, words, entries).path), text)
        case Count():
            around = tuple(_entry(name, entries) for name in _variables(expression) if name != expression.variable)
            plain = without_places(expression)
            return Slot(("count", plain, around), text, _WHOLE)
        case _:  # pragma: no cover  # the type check lets nothing else here
            raise TypeError(f"{text} stands for nothing by itself")


def demands_of(expression: Expression, wanted: bool, words: Vocabulary, entries: Entries) -> tuple[Demand, ...]:
    """The demands of a comparison of two operands, a membership or a yes/no name.

    A value that decides a question was recorded, so that ``known`` is demanded too.
    """
    text = write(expression if wanted else _denied(expression))
    match expression:
        case YesNoLiteral():
            return () if expression.value is wanted else (Impossible(f"{text} never holds"),)
        case Membership():
            demand: Demand = _membership(expression, wanted, words, entries, text)
        case Comparison():
            demand = _comparison(pair(expression, 0, wanted), words, entries, text)
        case _:
            demand = AnswerDemand(slot(expression, words, entries), wanted, text)
    asked = () if isinstance(expression, Known) else tuple(_asked(expression, words, entries))
    return (demand, *(AnswerDemand(known, True, text) for known in asked))


def _denied(expression: Expression) -> Expression:
    match expression:
        case Comparison():
            return pair(expression, 0, False)
        case Membership():
            return replace(expression, negated=not expression.negated)
        case _:
            return Not(expression, expression.at)


def _asked(expression: Expression, words: Vocabulary, entries: Entries) -> list[Slot]:
    """``known`` of every recorded fact and field whose value is needed. A derived fact may be otherwise."""
    match expression:
        case Count():
            return []
        case FactName(name=fact, at=at) | FieldName(fact=fact, at=at):
            names: list[FactName | FieldName] = [expression]
            if isinstance(expression, FieldName) and expression.variable is None:
                names.append(FactName(fact, at))  # a record with a known field is known
            derived = words.facts[fact].derived is not None
            return [] if derived else [slot(Known(name, at), words, entries) for name in names]
        case _:
            return [known for part in children(expression) for known in _asked(part, words, entries)]


def _membership(expression: Membership, wanted: bool, words: Vocabulary, entries: Entries, text: str) -> Demand:
    value = slot(expression.value, words, entries)
    codes = frozenset(value.type.codes if value.type else ())
    named = words.sets[expression.set_name] if expression.set_name else CodeSet("", frozenset(expression.codes))
    inside = wanted is not expression.negated
    allowed = named.members & codes if inside else codes - named.members - named.undecidable
    if not allowed:
        where = f"{expression.set_name} has no members" if inside else "every code is in it or undecidable"
        return Impossible(together((text,), where))
    return CodeDemand(value, allowed, text)


def _comparison(expression: Comparison, words: Vocabulary, entries: Entries, text: str) -> Demand:
    """The demand of one comparison that is to be true."""
    (left, right), (operator,) = expression.operands, expression.operators
    if isinstance(left, CodeLiteral | YesNoLiteral | PeriodLiteral):
        left, right, operator = right, left, MIRRORED[operator]
    match left, right:
        case (Since(), PeriodLiteral()):
            return TimeDemand(slot(left.date, words, entries), operator, right.period, text)
        case (_, YesNoLiteral()):
            return AnswerDemand(slot(left, words, entries), right.value is (operator == "=="), text)
        case (_, CodeLiteral()):
            value = slot(left, words, entries)
            codes = frozenset(value.type.codes if value.type else ())
            wanted = codes & {right.code} if operator == "==" else codes - {right.code}
            return CodeDemand(value, wanted, text)
    if kind_of(left, words) == "code":
        return SameCodeDemand((slot(left, words, entries), slot(right, words, entries)), operator == "==", text)
    return _number_demand(left, operator, right, words, entries, text)


def _number_demand(
    left: Expression,
    operator: ComparisonOperator,
    right: Expression,
    words: Vocabulary,
    entries: Entries,
    text: str,
) -> Demand:
    """``left - right operator 0`` with the first factor made 1, so that equal sums are recognized."""
    factors, constant = _difference(_sum(left, words, entries), _sum(right, words, entries), Fraction(-1))
    factors = {one: factor for one, factor in factors.items() if factor}
    if not factors:
        never = Interval(Fraction(0), Fraction(0)).cut(operator, -constant).empty
        return Impossible(f"{text} never holds") if never else AnswerDemand(_ALWAYS, True, text)
    ordered = sorted(factors.items(), key=lambda item: repr(item[0].path))
    lead = ordered[0][1]
    form = tuple((one, factor / lead) for one, factor in ordered)
    return NumberDemand(form, operator if lead > 0 else MIRRORED[operator], -constant / lead, text)


def _sum(expression: Expression, words: Vocabulary, entries: Entries) -> Sum:
    match expression:
        case NumberLiteral():
            return {}, Fraction(expression.value)
        case PeriodLiteral():  # beside an age, hence in years
            return {}, Fraction(expression.period.count)
        case Age():
            birth = slot(expression.birth, words, entries)
            return {Slot(("age", *birth.path), write(expression), _WHOLE): Fraction(1)}, Fraction(0)
        case Arithmetic():
            return _arithmetic(expression, words, entries)
        case _:
            return {slot(expression, words, entries): Fraction(1)}, Fraction(0)


def _arithmetic(expression: Arithmetic, words: Vocabulary, entries: Entries) -> Sum:
    left, right = _sum(expression.left, words, entries), _sum(expression.right, words, entries)
    if expression.operator != "*":
        return _difference(left, right, Fraction(1 if expression.operator == "+" else -1))
    (factors, constant), (_, scale) = (left, right) if not right[0] else (right, left)
    return {one: factor * scale for one, factor in factors.items()}, constant * scale


def _difference(left: Sum, right: Sum, sign: Fraction) -> Sum:
    """``left + sign * right``."""
    factors = dict(left[0])
    for one, factor in right[0].items():
        factors[one] = factors.get(one, Fraction(0)) + sign * factor
    return factors, left[1] + sign * right[1]


def _owner(expression: FieldName, entries: Entries) -> tuple[object, ...]:
    if expression.variable is None:
        return ("fact", expression.fact)
    return ("entry", _entry(expression.variable, entries))


def _entry(variable: str | None, entries: Entries) -> object:
    """The entry that a variable stands for; a variable not bound here stands for itself."""
    return None if variable is None else entries.get(variable, variable)


def _variables(expression: Expression) -> list[str]:
    found = [part.variable for part in walk(expression) if isinstance(part, FieldName | JudgementName)]
    return sorted({name for name in found if name is not None})
