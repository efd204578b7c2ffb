"""Numbers written with a unit, such as ``cm(5)``, in the unit of the fact that they are compared with."""

from __future__ import annotations

from dataclasses import replace

from evenhand.rules.nodes import Arithmetic, Expression, NumberLiteral
from evenhand.units import Number, Range, convert, exact


def plain_text(number: Number) -> str:
    """A number as a rule writes it, without an exponent."""
    return str(number) if isinstance(number, int) else f"{number:f}"


def written_unit(literal: NumberLiteral) -> str | None:
    """The unit as typed: ``cm`` of ``cm(5)``; None for a plain number."""
    unit, bracket, _ = literal.written.partition("(")
    return unit if bracket else None


def written_value(literal: NumberLiteral) -> Number:
    """The number as typed: 5 of ``cm(5)``, whatever the unit of the fact beside it."""
    return exact(literal.written.rstrip(")").rpartition("(")[2])


def holds_unit(expression: Expression) -> bool:
    """Whether a literal with a unit stands in a number."""
    if isinstance(expression, Arithmetic):
        return holds_unit(expression.left) or holds_unit(expression.right)
    return isinstance(expression, NumberLiteral) and written_unit(expression) is not None


def in_unit(expression: Expression, unit: str | None) -> Expression:
    """A number with every literal in it that has a unit converted to ``unit``.

    Raises ValueError when a literal's unit is of another family, or when ``unit`` is None and a literal has
    one.
    """
    if isinstance(expression, Arithmetic):
        left, right = in_unit(expression.left, unit), in_unit(expression.right, unit)
        return replace(expression, left=left, right=right)
    if isinstance(expression, NumberLiteral) and (typed := written_unit(expression)) is not None:
        if unit is None:
            raise ValueError(f"{expression.written} beside a number without a unit")
        value = convert(written_value(expression), typed, unit)
        assert not isinstance(value, Range)
        return replace(expression, value=value)
    return expression
