"""A rule's expression back as canonical text: one line, single spaces, brackets only where needed."""

from __future__ import annotations

from typing import Final, assert_never

from evenhand.rules.nodes import (
    Age,
    And,
    Arithmetic,
    CodeLiteral,
    Comparison,
    Count,
    Expression,
    FactName,
    FieldName,
    JudgementName,
    Known,
    Membership,
    Not,
    NumberLiteral,
    Or,
    PeriodLiteral,
    Quantified,
    Since,
    YesNoLiteral,
)

# How tightly each construct binds, as in Python.
_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _VALUE = range(7)
_BINDING: Final[dict[type[Expression], int]] = {
    Or: _OR, And: _AND, Not: _NOT, Comparison: _COMPARISON, Membership: _COMPARISON,
}  # fmt: skip


def write(expression: Expression) -> str:  # noqa: PLR0911, PLR0912  one answer a kind of node
    """The text of an expression; parsing it gives the same expression again, but for the places ``at``."""
    match expression:
        case Or() | And():
            word, own = (" or ", _OR) if isinstance(expression, Or) else (" and ", _AND)
            return word.join(_inside(part, own + 1) for part in expression.parts)
        case Not():
            return f"not {_inside(expression.part, _NOT)}"
        case Comparison():
            first, *others = (_inside(operand, _SUM) for operand in expression.operands)
            steps = (f" {sign} {text}" for sign, text in zip(expression.operators, others, strict=True))
            return first + "".join(steps)
        case Membership():
            among = expression.set_name or f"{{{', '.join(expression.codes)}}}"
            return f"{write(expression.value)} {'not in' if expression.negated else 'in'} {among}"
        case Arithmetic():
            own = _binding(expression)
            return f"{_inside(expression.left, own)} {expression.operator} {_inside(expression.right, own + 1)}"
        case Quantified():
            return f"{expression.quantifier}({write(expression.condition)}{_loop(expression)})"
        case Count():
            inner = f"{expression.variable}{_loop(expression)}" if expression.variable else expression.fact
            return f"count({inner})"
        case NumberLiteral():
            return expression.written
        case CodeLiteral():
            return expression.code
        case YesNoLiteral():
            return "yes" if expression.value else "no"
        case PeriodLiteral():
            return f"{expression.period.unit}({expression.period.count})"
        case FactName():
            return expression.name
        case FieldName():
            return f"{expression.variable or expression.fact}.{expression.field}"
        case JudgementName():
            return f"{expression.name}({expression.variable})" if expression.variable else expression.name
        case Since():
            return f"since({write(expression.date)})"
        case Age():
            return f"age({write(expression.birth)})"
        case Known():
            return f"known({write(expression.value)})"
        case _:
            assert_never(expression)


def _loop(expression: Quantified | Count) -> str:
    where = "" if expression.where is None else f" if {write(expression.where)}"
    return f" for {expression.variable} in {expression.fact}{where}"


def _inside(expression: Expression, binding: int) -> str:
    """The text of a part, in brackets when it binds less tightly than its place asks for."""
    text = write(expression)
    return f"({text})" if _binding(expression) < binding else text


def _binding(expression: Expression) -> int:
    if isinstance(expression, Arithmetic):
        return _PRODUCT if expression.operator == "*" else _SUM
    return _BINDING.get(type(expression), _VALUE)
