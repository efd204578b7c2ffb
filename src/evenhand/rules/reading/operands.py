"""The values in a rule: what may stand at either side of a comparison, each with its type."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from evenhand.dates import Period, Unit
from evenhand.facts import FactType
from evenhand.rules.nodes import (
    Age,
    Arithmetic,
    ArithmeticOperator,
    Expression,
    FactName,
    FieldName,
    NumberLiteral,
    PeriodLiteral,
    Since,
    YesNoLiteral,
)
from evenhand.rules.reading.comprehensions import counted
from evenhand.rules.reading.scope import PERIOD_WORDS, QUANTIFIERS, UNIT_WORDS, Names, a_kind, suggestion
from evenhand.rules.reading.syntax import offset
from evenhand.rules.reading.tokens import Mistake
from evenhand.rules.unit_literals import holds_unit, in_unit, plain_text
from evenhand.units import Number, exact

Sort = Literal["number", "date", "code", "yes_no", "text", "time since", "age", "period", "word"]

LONGEST_PERIOD: Final = {"days": 100_000, "months": 2400, "years": 200}
_OPERATORS: Final[Mapping[type[ast.operator], ArithmeticOperator]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
}
_CONDITION_WORDS: Final = QUANTIFIERS | {"known"}


@dataclass(frozen=True, slots=True)
class Operand:
    """A value and its type.

    ``name`` is how messages call it. ``fixed`` values are written in the rule and the same for everybody. A
    ``word`` is a bare name whose meaning depends on what stands beside it; its expression is a placeholder.
    """

    node: ast.expr
    expression: Expression
    sort: Sort
    name: str
    unit: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    fixed: bool = False

    @property
    def at(self) -> int:
        return offset(self.node)


def operand(node: ast.expr, names: Names) -> Operand:
    """Read a value. Raises Mistake where there is none."""
    match node:
        case ast.Constant() | ast.UnaryOp(op=ast.USub()):
            return _number(node)
        case ast.Name():
            return _named(node, names)
        case ast.Attribute():
            return _field(node, names)
        case ast.BinOp():
            return _arithmetic(node, names)
        case ast.Call(func=ast.Name() as function):
            return _called(node, function.id, names)
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp():
            raise Mistake("a yes/no question cannot be compared: join questions with and, or, not", offset(node))
        case _:
            raise Mistake(f"{ast.unparse(node)!r} is no value that a rule can use", offset(node))


def date_operand(node: ast.expr, names: Names, asker: str) -> FactName | FieldName:
    """The date that ``since`` or ``age`` asks about."""
    found = operand(node, names)
    if found.sort == "word":
        assert isinstance(node, ast.Name)
        raise names.unknown(node)
    if found.sort != "date" or not isinstance(found.expression, FactName | FieldName):
        raise Mistake(f"{asker}(...) asks about a date, and {found.name} is {a_sort(found)}", found.at)
    return found.expression


def a_sort(operand: Operand) -> str:
    """What sort of value it is, in words."""
    match operand.sort:
        case "yes_no":
            return "a yes/no answer"
        case "text":
            return "text"
        case "age":
            return "an age"
        case "period":
            return "a length of time"
        case "time since":
            return "the time since a date"
        case other:
            return f"a {other}"


def _named(node: ast.Name, names: Names) -> Operand:
    at = offset(node)
    if node.id in ("yes", "no"):
        return Operand(node, YesNoLiteral(node.id == "yes", at), "yes_no", node.id, fixed=True)
    if node.id in names.variables:
        entries = names.variables[node.id]
        example = next(iter(entries.fields), "field")
        raise Mistake(
            f"{node.id} is an entry of {entries.name}: read one of its fields, such as {node.id}.{example}",
            at,
        )
    fact = names.fact(node)
    if fact is None:
        if node.id in names.scope.judgements:
            raise Mistake(f"{node.id} is a judgement: write it by itself, or with not", at)
        return Operand(node, FactName(node.id, at), "word", node.id)
    if fact.many:
        raise Mistake(f"{node.id} is a list: ask count({node.id}), or any, all, none of its entries", at)
    return _of_type(node, FactName(node.id, at), fact, node.id)


def _field(node: ast.Attribute, names: Names) -> Operand:
    owner, variable, found = names.field(node)
    expression = FieldName(owner.name, variable, node.attr, offset(node))
    return _of_type(node, expression, found, f"{variable or owner.name}.{node.attr}")


def _of_type(node: ast.expr, expression: FactName | FieldName, fact: FactType, name: str) -> Operand:
    if fact.kind == "record":
        example = next(iter(fact.fields), "field")
        raise Mistake(f"{name} is {a_kind(fact)}: read one of its fields, such as {name}.{example}", offset(node))
    return Operand(node, expression, fact.kind, name, fact.unit, fact.codes)


def _number(node: ast.expr) -> Operand:
    value = _plain_number(node)
    if value is None:
        raise Mistake(f"{ast.unparse(node)!r}: only a number can follow a minus here; write 0 - x", offset(node))
    written = plain_text(value)
    return Operand(node, NumberLiteral(value, offset(node), written), "number", written, fixed=True)


def _plain_number(node: ast.expr) -> Number | None:
    """The value of ``5``, ``1.8`` or ``-5``; the token check has refused other ways to write a number."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _plain_number(node.operand) if isinstance(node.operand, ast.Constant) else None
        return None if value is None else -value
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return exact(node.value)
    return None


def _called(node: ast.Call, function: str, names: Names) -> Operand:
    at = offset(node)
    if function in _CONDITION_WORDS or function in names.scope.judgements:
        raise Mistake(
            f"{function}(...) is a yes/no question, it cannot be compared: write it by itself, or with not",
            at,
        )
    if len(node.args) != 1:
        raise Mistake(f"{function}(...) takes one thing between its brackets, not {len(node.args)}", at)
    argument = node.args[0]
    if function == "count":
        return Operand(node, counted(argument, names, at), "number", "count(...)")
    if function == "since":
        return Operand(node, Since(date_operand(argument, names, function), at), "time since", ast.unparse(node))
    if function == "age":
        return Operand(node, Age(date_operand(argument, names, function), at), "age", ast.unparse(node))
    if function in PERIOD_WORDS:
        return Operand(node, PeriodLiteral(_period(argument, function), at), "period", ast.unparse(node), fixed=True)
    if function in UNIT_WORDS:
        return _measure(node, argument, function)
    known = {"count", "since", "age", *_CONDITION_WORDS, *PERIOD_WORDS, *UNIT_WORDS, *names.scope.judgements}
    raise Mistake(f"{function!r} is nothing that a rule can ask{suggestion(function, known)}", at)


def _period(node: ast.expr, word: str) -> Period:
    value = _plain_number(node)
    if not isinstance(value, int) or not 0 <= value <= LONGEST_PERIOD[word]:
        raise Mistake(
            f"{word}(...) takes a whole number from 0 to {LONGEST_PERIOD[word]}, not {ast.unparse(node)}",
            offset(node),
        )
    unit: Unit = "days" if word == "days" else "months" if word == "months" else "years"
    return Period(value, unit)


def _measure(node: ast.Call, argument: ast.expr, unit: str) -> Operand:
    value = _plain_number(argument)
    if value is None:
        raise Mistake(f"{unit}(...) takes a number, not {ast.unparse(argument)}", offset(argument))
    written = f"{unit}({plain_text(value)})"
    return Operand(node, NumberLiteral(value, offset(node), written), "number", written, fixed=True)


def _arithmetic(node: ast.BinOp, names: Names) -> Operand:
    operator = _OPERATORS[type(node.op)]
    left, right = _summand(node.left, operator, names), _summand(node.right, operator, names)
    unit = _unit_of_product(left, right) if operator == "*" else common_unit([left, right])
    expression = Arithmetic(operator, left.expression, right.expression, offset(node))
    return Operand(node, expression, "number", ast.unparse(node), unit, fixed=left.fixed and right.fixed)


def _summand(node: ast.expr, operator: str, names: Names) -> Operand:
    found = operand(node, names)
    if found.sort == "word":
        assert isinstance(node, ast.Name)
        raise names.unknown(node)
    if found.sort != "number":
        hint = ": compare since(date) with a length of time instead" if found.sort in ("date", "period") else ""
        raise Mistake(f"{operator} works on numbers, and {found.name} is {a_sort(found)}{hint}", found.at)
    return found


def _unit_of_product(left: Operand, right: Operand) -> str | None:
    factor, measure = (left, right) if left.fixed and not holds_unit(left.expression) else (right, left)
    if not factor.fixed or holds_unit(factor.expression):
        raise Mistake(f"one side of * must be a plain number: {left.name} and {right.name} are not", left.at)
    return measure.unit


def common_unit(operands: list[Operand]) -> str | None:
    """The one unit of all facts among some numbers. Raises Mistake when there are two."""
    facts = [operand for operand in operands if not operand.fixed]
    for other in facts[1:]:
        if other.unit != facts[0].unit:
            raise Mistake(
                f"{facts[0].name} {_counted_in(facts[0].unit)} and {other.name} {_counted_in(other.unit)}: "
                "only numbers in one unit go together",
                other.at,
            )
    return facts[0].unit if facts else None


def measured_in(operand: Operand, unit: str | None) -> Expression:
    """A number with every literal in it converted to the unit. Raises Mistake where that cannot be."""
    try:
        return in_unit(operand.expression, unit)
    except ValueError:
        raise Mistake(f"{operand.name} is compared with what {_counted_in(unit)}", operand.at) from None


def _counted_in(unit: str | None) -> str:
    return f"is in {unit}" if unit else "has no unit"
