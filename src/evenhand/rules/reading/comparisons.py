"""Comparisons and set memberships, type-checked."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

from evenhand.rules.nodes import (
    CodeLiteral,
    Comparison,
    ComparisonOperator,
    Membership,
    NumberLiteral,
    PeriodLiteral,
)
from evenhand.rules.reading.operands import Operand, a_sort, common_unit, measured_in, operand
from evenhand.rules.reading.scope import Names, listed, suggestion
from evenhand.rules.reading.syntax import offset
from evenhand.rules.reading.tokens import Mistake

_OPERATORS: Final[Mapping[type[ast.cmpop], ComparisonOperator]] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.GtE: ">=", ast.Gt: ">",
}  # fmt: skip
_SAME_SORT: Final = frozenset({"number", "date", "code", "yes_no"})
_DIRECTIONS: Final = ({"<", "<=", "=="}, {">", ">=", "=="})


def compared(node: ast.Compare, names: Names) -> Comparison | Membership:
    """Read ``a < b``, ``a <= b <= c``, ``a == b`` or ``a in set``. Raises Mistake."""
    if any(isinstance(operator, ast.In | ast.NotIn) for operator in node.ops):
        return _membership(node, names)
    operators = tuple(_OPERATORS[type(operator)] for operator in node.ops)
    operands = [operand(part, names) for part in (node.left, *node.comparators)]
    if len(operators) > 1:
        _check_chain(operands, operators)
    operands = [_with_meaning(one, _beside(operands, place), names) for place, one in enumerate(operands)]
    for left, operator, right in zip(operands, operators, operands[1:], strict=False):
        _check_pair(left, operator, right)
    expressions = [one.expression for one in operands]
    if operands[0].sort == "number":
        unit = common_unit(operands)
        expressions = [measured_in(one, unit) for one in operands]
    return Comparison(tuple(expressions), operators, offset(node))


def _beside(operands: list[Operand], place: int) -> list[Operand]:
    """The neighbours of an operand that are coded facts: they say which codes there are."""
    neighbours = operands[max(place - 1, 0) : place] + operands[place + 1 : place + 2]
    return [one for one in neighbours if one.sort == "code"]


def _with_meaning(found: Operand, coded: list[Operand], names: Names) -> Operand:
    """A bare name beside a coded fact is a code of that fact, unless it is a fact itself."""
    if not isinstance(found.node, ast.Name):
        return found
    if not coded:
        if found.sort == "word":
            raise names.unknown(found.node)
        return found
    fact = coded[0]
    if found.name in fact.codes:
        if found.sort == "code":
            raise Mistake(
                f"{found.name!r} is a fact and a code of {fact.name}: one of them needs another name",
                found.at,
            )
        return Operand(found.node, CodeLiteral(found.name, found.at), "code", found.name, codes=fact.codes, fixed=True)
    if found.sort == "word":
        raise _no_code(found.node, fact, names)
    return found


def _no_code(node: ast.Name, fact: Operand, names: Names) -> Mistake:
    if node.id in names.scope.vocabulary.sets:
        return Mistake(f"{node.id!r} is a set of codes: write {fact.name} in {node.id}", offset(node))
    hint = suggestion(node.id, fact.codes)
    return Mistake(f"{node.id!r} is no code of {fact.name} ({listed(fact.codes)}){hint}", offset(node))


def _check_pair(left: Operand, operator: str, right: Operand) -> None:
    sorts = {left.sort, right.sort}
    if left.fixed and right.fixed:
        raise Mistake(f"{left.name} and {right.name} are both fixed: a rule asks about a fact", left.at)
    if "text" in sorts:
        raise Mistake("text cannot be compared: only known(...) can be asked about it", left.at)
    if sorts == {"time since", "period"}:
        return
    if sorts == {"age", "period"}:
        period = left if left.sort == "period" else right
        if isinstance(period.expression, PeriodLiteral) and period.expression.period.unit != "years":
            raise Mistake(f"age is counted in whole years: write years(...) instead of {period.name}", period.at)
        return
    if len(sorts) > 1 or not sorts <= _SAME_SORT:
        raise Mistake(_mismatch(left, right), right.at)
    if sorts <= {"code", "yes_no"} and operator not in ("==", "!="):
        raise Mistake(f"{left.name} is {a_sort(left)}: it can only be compared by == and !=", left.at)
    if sorts == {"code"} and not left.codes.keys() & right.codes.keys():
        raise Mistake(f"{left.name} and {right.name} have no code in common", right.at)


def _mismatch(left: Operand, right: Operand) -> str:
    sorts = {left.sort, right.sort}
    what = f"{left.name} is {a_sort(left)} and {right.name} is {a_sort(right)}: they cannot be compared"
    for pair, advice in _ADVICE.items():
        if sorts == set(pair):
            date = next((one.name for one in (left, right) if one.sort == "date"), "a date")
            number = next((one.name for one in (left, right) if isinstance(one.expression, NumberLiteral)), "n")
            return f"{what}; {advice.format(date=date, n=number)}"
    return what


_ADVICE: Final = {
    ("date", "number"): "write age({date}) or since({date}), and a length of time such as years({n})",
    ("date", "period"): "write since({date})",
    ("number", "period"): "days, months and years go with since(...) and age(...) alone",
    ("time since", "number"): "write days({n}), months({n}) or years({n})",
    ("age", "number"): "write years({n})",
    ("time since",): "compare the two dates themselves",
    ("age",): "compare the two dates themselves",
    ("time since", "date"): "compare it with days(n), months(n) or years(n)",
    ("age", "date"): "compare it with years(n)",
    ("yes_no", "number"): "compare a yes/no answer with yes or no",
    ("code", "number"): "compare a code with one of its codes",
    ("code", "yes_no"): "compare a code with one of its codes",
}


def _check_chain(operands: list[Operand], operators: tuple[ComparisonOperator, ...]) -> None:
    if any(one.sort in ("code", "yes_no") for one in operands):
        raise Mistake("codes and yes/no answers are compared in pairs: join two comparisons with and", operands[2].at)
    if not any(set(operators) <= direction for direction in _DIRECTIONS):
        raise Mistake("a chain goes one way, as in 1 <= x < 5: join two comparisons with and", operands[2].at)


def _membership(node: ast.Compare, names: Names) -> Membership:
    if len(node.ops) > 1:
        raise Mistake("`in` stands alone: join it to the other comparison with and", offset(node.comparators[1]))
    value, among = operand(node.left, names), node.comparators[0]
    if value.sort == "word":
        assert isinstance(node.left, ast.Name)
        raise names.unknown(node.left)
    if value.sort != "code" or value.fixed:
        advice = "; compare it with <, <=, ==, >= or >" if value.sort == "number" else ""
        raise Mistake(f"`in` asks about a code, and {value.name} is {a_sort(value)}{advice}", value.at)
    set_name, codes = _among(among, value, names)
    return Membership(value.expression, set_name, codes, isinstance(node.ops[0], ast.NotIn), offset(node))


def _among(node: ast.expr, value: Operand, names: Names) -> tuple[str | None, tuple[str, ...]]:
    """The named set, or the codes written out."""
    if isinstance(node, ast.Set):
        return None, _written_out(node, value, names)
    if not isinstance(node, ast.Name):
        raise Mistake("after `in` comes the name of a set, or codes in curly brackets: {a, b}", offset(node))
    sets = names.scope.vocabulary.sets
    if node.id not in sets:
        if node.id in value.codes:
            raise Mistake(f"{node.id!r} is a code, not a set: write {value.name} == {node.id}", offset(node))
        raise Mistake(f"no set of codes is called {node.id!r}{suggestion(node.id, sets)}", offset(node))
    foreign = sorted(sets[node.id].members - value.codes.keys())
    if foreign:
        raise Mistake(f"the set {node.id} holds {listed(foreign)}, which {value.name} cannot be", offset(node))
    return node.id, ()


def _written_out(node: ast.Set, value: Operand, names: Names) -> tuple[str, ...]:
    codes: list[str] = []
    for element in node.elts:
        if not isinstance(element, ast.Name):
            raise Mistake("between curly brackets stand codes alone", offset(element))
        if element.id not in value.codes:
            raise _no_code(element, value, names)
        if element.id in codes:
            raise Mistake(f"{element.id} stands twice in this set", offset(element))
        codes.append(element.id)
    return tuple(codes)
