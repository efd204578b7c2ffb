"""A second reading of rules, as plain as can be: exact values, or None for what is unknown. For tests alone.

A world is one made-up person: single values by name (None is unknown; a record is a dict), lists as their entries and
whether they are complete, answers of judgements, and the day of judgement.
"""

import operator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from math import inf

from evenhand.dates import add_months, age_on
from evenhand.rules.nodes import (
    Age,
    And,
    Arithmetic,
    CodeLiteral,
    Comparison,
    Count,
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

OPERATORS = {
    "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip


@dataclass(frozen=True)
class World:
    on: date
    values: dict
    lists: dict  # name -> (entries, complete)
    judgements: dict  # (name, index of the entry or None) -> bool
    sets: dict  # the code sets of the vocabulary


# ---- made-up people ----------------------------------------------------------------------------


def a_world(scope, random):
    """A person whose facts lie within the bounds of the vocabulary; a quarter of everything is unknown."""
    on = date(2025, random.randint(1, 12), random.randint(1, 28))
    values, lists = {}, {}
    for name, fact in scope.vocabulary.facts.items():
        if fact.many:
            entries = [_record(fact, on, random) for _ in range(random.choice([0, 1, 1, 2, 3]))]
            lists[name] = (entries, random.random() < 0.7)
        elif fact.kind == "record":
            values[name] = _record(fact, on, random) if random.random() < 0.9 else None
        else:
            values[name] = _value(fact, on, random)
    judgements = {}
    for name, about in scope.judgements.items():
        for index in [None] if about is None else range(len(lists[about][0])):
            if random.random() < 0.8:
                judgements[name, index] = random.random() < 0.5
    return World(on, values, lists, judgements, scope.vocabulary.sets)


def _record(fact, on, random):
    return {name: _value(inner, on, random) for name, inner in fact.fields.items()}


def _value(fact, on, random):
    if random.random() < 0.25:
        return None
    if fact.kind == "number":
        return _number(fact, random)
    if fact.kind == "code":
        return random.choice(list(fact.codes))
    if fact.kind == "yes_no":
        return random.random() < 0.5
    if fact.kind == "date":
        if random.random() < 0.3:
            return add_months(on, -random.choice([0, 1, 2, 3, 12, 13, 24, 36])) - timedelta(random.randint(0, 1))
        return on - timedelta(random.choice([0, 1, 9, 10, 11, 30, 31, 90, 365, 366, 730, random.randint(0, 5000)]))
    return "something"


def _number(fact, random):
    low = fact.low if fact.low is not None else -3 if fact.step != 2 else -4
    high = fact.high if fact.high is not None else 8
    step = Fraction(fact.step or Fraction(1, 2))
    return Fraction(low) + step * random.randint(0, int((high - low) / step))


# ---- judging -----------------------------------------------------------------------------------


def judge(expression, world, entries=None):  # noqa: PLR0911  one answer a kind of node
    """True, False, or None for unknown. ``entries`` maps each variable to (list, index)."""
    entries = entries or {}
    match expression:
        case YesNoLiteral() | FactName() | FieldName():
            return value(expression, world, entries)
        case JudgementName(name=name, variable=variable):
            return world.judgements.get((name, entries[variable][1] if variable else None))
        case Known(value=asked):
            return value(asked, world, entries) is not None
        case Not(part=part):
            answer = judge(part, world, entries)
            return None if answer is None else not answer
        case And(parts=parts):
            return every([judge(part, world, entries) for part in parts])
        case Or(parts=parts):
            return some([judge(part, world, entries) for part in parts])
        case Quantified():
            return quantified(expression, world, entries)
        case Membership():
            return member(expression, world, entries)
        case Comparison(operands=operands, operators=operators):
            steps = zip(operands, operators, operands[1:], strict=False)
            return every([compared(one, sign, other, world, entries) for one, sign, other in steps])


def every(answers):
    return False if False in answers else None if None in answers else True


def some(answers):
    return True if True in answers else None if None in answers else False


def quantified(expression, world, entries):
    found, complete = world.lists[expression.fact]
    answers = []
    for index in range(len(found)):
        inner = {**entries, expression.variable: (expression.fact, index)}
        condition = judge(expression.condition, world, inner)
        passed = True if expression.where is None else judge(expression.where, world, inner)
        if expression.quantifier == "all":
            answers.append(some([None if passed is None else not passed, condition]))
        else:
            answers.append(every([passed, condition]))
    rest = [] if complete else [None]
    if expression.quantifier == "all":
        return every(answers + rest)
    answer = some(answers + rest)
    return answer if expression.quantifier == "any" or answer is None else not answer


def member(expression, world, entries):
    code = value(expression.value, world, entries)
    if code is None:
        return None
    if expression.set_name is None:
        inside = code in expression.codes
    else:
        named = world.sets[expression.set_name]
        if code in named.undecidable:
            return None
        inside = code in named.members
    return inside is not expression.negated


def compared(one, sign, other, world, entries):
    if isinstance(one, PeriodLiteral) and isinstance(other, Since):
        mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
        return compared(other, mirrored, one, world, entries)
    if isinstance(one, Since):
        start = value(one.date, world, entries)
        return None if start is None else OPERATORS[sign](world.on, other.period.after(start))
    left, right = value(one, world, entries), value(other, world, entries)
    if left is None or right is None:
        return None
    if isinstance(left, tuple):
        return compared_ranges(left, sign, right)
    return OPERATORS[sign](left, right)


def compared_ranges(left, sign, right):
    """True or False when every choice of numbers within the ranges agrees. A range is (low, high), both within it."""
    (low, high), (other_low, other_high) = left, right
    if sign in (">", ">="):
        return compared_ranges(right, {">": "<", ">=": "<="}[sign], left)
    if sign in ("==", "!="):
        apart = high < other_low or other_high < low
        same = low == high == other_low == other_high
        return None if not (apart or same) else same is (sign == "==")
    if sign == "<":
        return True if high < other_low else False if low >= other_high else None
    return True if high <= other_low else False if low > other_high else None


def value(expression, world, entries):  # noqa: PLR0911  one answer a kind of node
    """A code, date, yes/no answer or range of numbers; None if unknown."""
    match expression:
        case YesNoLiteral(value=answer):
            return answer
        case NumberLiteral(value=number):
            return (Fraction(number),) * 2
        case CodeLiteral(code=code):
            return code
        case PeriodLiteral(period=period):
            return (Fraction(period.count),) * 2
        case FactName(name=name):
            return exactly(world.values[name])
        case FieldName(fact=fact, variable=None, field=field):
            return None if world.values[fact] is None else exactly(world.values[fact][field])
        case FieldName(variable=variable, field=field):
            name, index = entries[variable]
            return exactly(world.lists[name][0][index][field])
        case Age(birth=birth):
            born = value(birth, world, entries)
            return None if born is None else (Fraction(age_on(born, world.on)),) * 2
        case Arithmetic(operator=sign, left=left, right=right):
            return calculated(value(left, world, entries), sign, value(right, world, entries))
        case Count():
            return counted(expression, world, entries)


def exactly(one):
    return (one, one) if isinstance(one, Fraction) else one


def calculated(left, sign, right):
    if left is None or right is None:
        return None
    ends = [0 if 0 in (a, b) and sign == "*" else OPERATORS[sign](a, b) for a, b in product(left, right)]
    return min(ends), max(ends)


def counted(expression, world, entries):
    found, complete = world.lists[expression.fact]
    answers = [True] * len(found)
    if expression.where is not None:
        inner = [{**entries, expression.variable: (expression.fact, index)} for index in range(len(found))]
        answers = [judge(expression.where, world, one) for one in inner]
    most = len(found) - answers.count(False)
    return Fraction(answers.count(True)), Fraction(most) if complete else inf
