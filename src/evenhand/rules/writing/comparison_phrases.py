"""Comparisons and set memberships in plain English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from evenhand.dates import Period
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
    Membership,
    NumberLiteral,
    PeriodLiteral,
    Since,
    YesNoLiteral,
)
from evenhand.rules.operators import MIRRORED, OPPOSITE
from evenhand.rules.unit_literals import holds_unit, plain_text, written_unit, written_value
from evenhand.rules.walk import children, kind_of
from evenhand.rules.writing.wording import Wording, in_words

Counted = Callable[[Count, Wording], str]

_NUMBERS: Final = {
    "<": "less than", "<=": "at most", "==": "", "!=": "not", ">=": "at least", ">": "more than",
}  # fmt: skip
_LENGTHS: Final = _NUMBERS | {"==": "exactly", "!=": "less or more than"}
_CODES: Final = {"==": "the same as", "!=": "not the same as"}
_DATES: Final = {
    "<": "before", "<=": "on or before", "==": "the same day as", "!=": "not the same day as",
    ">=": "on or after", ">": "after",
}  # fmt: skip
_ARITHMETIC: Final = {"+": "plus", "-": "minus", "*": "times"}


def membership_phrase(expression: Membership, wanted: bool, words: Wording) -> str:
    """``its site is in cns (brain, leptomeninges)``, ``its site is none of liver or lung``."""
    assert isinstance(expression.value, FactName | FieldName)
    inside = expression.negated is not wanted
    subject = words.name(expression.value)
    if expression.set_name is None:
        codes = [words.code(expression.value, code) for code in expression.codes]
        return f"{subject} is {'one' if inside else 'none'} of {in_words(codes, 'or')}"
    members = ", ".join(words.codes(expression.value, words.vocabulary.sets[expression.set_name].members))
    return f"{subject} is {'' if inside else 'not '}in {expression.set_name.replace('_', ' ')} ({members})"


def comparison_phrase(expression: Comparison, wanted: bool, words: Wording, counted: Counted) -> str:
    """``X is at least 5 mm``, ``at most 12 months have passed since X``, ``X is between 1 and 5 (...)``."""
    speaker = _Speaker(words, counted, _unit(expression, words))
    if len(expression.operators) == 1:
        operator = expression.operators[0] if wanted else OPPOSITE[expression.operators[0]]
        return speaker.pair(expression.operands[0], operator, expression.operands[1])
    if _is_window(expression):
        return speaker.window(expression, wanted)
    steps = [speaker.value(expression.operands[0])]
    for operator, operand in zip(expression.operators, expression.operands[1:], strict=True):
        steps.append(speaker.is_so(operator, operand))
    chain = f"{steps[0]} {', which '.join(steps[1:])}"
    return chain if wanted else f"it is not true that ({chain})"


def _unit(expression: Expression, words: Wording) -> str | None:
    """The unit of the facts in a comparison, if any; a count has none, whatever its filter reads."""
    if isinstance(expression, FactName | FieldName):
        return words.unit(expression)
    parts = () if isinstance(expression, Count) else children(expression)
    return next(filter(None, (_unit(part, words) for part in parts)), None)


def _is_window(expression: Comparison) -> bool:
    """Whether one value stands between two fixed ones, as in ``1 <= x < 5``."""
    fixed = [_is_fixed(operand) for operand in expression.operands]
    return fixed == [True, False, True] and "==" not in expression.operators


def _is_fixed(expression: Expression) -> bool:
    literals = NumberLiteral | PeriodLiteral | CodeLiteral | YesNoLiteral
    return isinstance(expression, literals) or (
        isinstance(expression, Arithmetic) and _is_fixed(expression.left) and _is_fixed(expression.right)
    )


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Words one comparison. ``unit`` is that of its facts and so of its plain numbers."""

    words: Wording
    counted: Counted
    unit: str | None

    def pair(self, left: Expression, operator: ComparisonOperator, right: Expression) -> str:
        """One value compared with another, what is asked about first."""
        if _is_fixed(left):
            left, right, operator = right, left, MIRRORED[operator]
        if isinstance(left, Since) and isinstance(right, PeriodLiteral):
            return self._passed(f"{_LENGTHS[operator]} {right.period}", right.period, left)
        if isinstance(right, YesNoLiteral):
            return f"{self.value(left)}: {'yes' if right.value is (operator == '==') else 'no'}"
        if kind_of(left, self.words.vocabulary) == "yes_no":
            same = "the same answer" if operator == "==" else "different answers"
            return f"{self.value(left)} and {self.value(right)} have {same}"
        if isinstance(right, CodeLiteral):
            code = self.words.code(left, right.code)
            return f"{self.value(left)} is {'' if operator == '==' else 'not '}{code}"
        return f"{self.value(left)} {self.is_so(operator, right)}"

    def is_so(self, operator: ComparisonOperator, right: Expression) -> str:
        """``is at least 5 mm``."""
        kind = kind_of(right, self.words.vocabulary)
        relation = _DATES[operator] if kind == "date" else _CODES[operator] if kind == "code" else _NUMBERS[operator]
        return " ".join(filter(None, ("is", relation, self.value(right))))

    def window(self, expression: Comparison, wanted: bool) -> str:
        """``X is between 1 and 5 (both included)``; for the time since a date, that so much has passed."""
        low, about, high = expression.operands
        below, above = expression.operators
        if below in (">", ">="):
            low, high, below, above = high, low, MIRRORED[above], MIRRORED[below]
        between = self._between(low, high, below, above)
        if isinstance(about, Since) and isinstance(high, PeriodLiteral):
            said = self._passed(between, high.period, about)
            return said if wanted else f"it is not true that {said}"
        return f"{self.value(about)} is {'' if wanted else 'not '}{between}"

    def value(self, expression: Expression) -> str:
        """The words for a value."""
        match expression:
            case NumberLiteral():
                return self._number(expression, self.unit)
            case PeriodLiteral():
                return str(expression.period)
            case FactName() | FieldName():
                return self.words.name(expression)
            case Since(date=FactName() | FieldName() as date):
                return f"the time since {self.words.name(date)}"
            case Age(birth=FactName() | FieldName() as birth):
                return "age" if self.words.only_birth_date(birth) else f"age by {self.words.name(birth)}"
            case Count():
                return self.counted(expression, self.words)
            case Arithmetic():
                return self._arithmetic(expression)
            case _:  # pragma: no cover  # the type check lets no other value here
                raise TypeError(f"{type(expression).__name__} is no value")

    def _passed(self, how_long: str, last: Period, since: Since) -> str:
        assert isinstance(since.date, FactName | FieldName)
        verb = "has" if last.count == 1 else "have"
        return f"{how_long} {verb} passed since {self.words.name(since.date)}"

    def _between(self, low: Expression, high: Expression, below: ComparisonOperator, above: ComparisonOperator) -> str:
        first, last = self.value(low), self.value(high)
        unit = first.rpartition(" ")[2]
        if first != unit and unit == last.rpartition(" ")[2]:
            first = first.removesuffix(f" {unit}")
        ends = {"<=<=": "both", "<<": "neither", "<=<": "the first", "<<=": "the last"}[below + above]
        return f"between {first} and {last} ({ends} included)"

    def _number(self, literal: NumberLiteral, unit: str | None) -> str:
        unit = written_unit(literal) or unit
        return " ".join(filter(None, (plain_text(written_value(literal)), unit)))

    def _arithmetic(self, expression: Arithmetic) -> str:
        left, right = (self._part(part) for part in (expression.left, expression.right))
        if expression.operator == "*":
            plain = replace(self, unit=None)
            if _is_fixed(expression.left) and not holds_unit(expression.left):
                left = plain._part(expression.left)
            else:
                right = plain._part(expression.right)
        return f"{left} {_ARITHMETIC[expression.operator]} {right}"

    def _part(self, expression: Expression) -> str:
        said = self.value(expression)
        return f"({said})" if isinstance(expression, Arithmetic) else said
