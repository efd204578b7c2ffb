"""Made-up vocabularies and well-typed rules of every kind, for tests that hold the readers of rules to one another.

``scopes()`` draws what a rule may name, ``conditions(scope)`` a rule's expression in the form that parsing its text
gives (every ``at`` is 0). Numbers, codes and lists are few and small, so that rules often contradict themselves.
"""

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from evenhand.codes import CodeSet
from evenhand.dates import Period
from evenhand.facts import FactType, Vocabulary
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
from evenhand.rules.reading.scope import Scope
from evenhand.units import exact

CODES = ("red", "green", "blue")
MILLIMETRES = {"mm": Decimal(1), "cm": Decimal(10)}
VARIABLES = ("m", "n")
RISING, FALLING = ("<", "<=", "=="), (">", ">=", "==")
ORDERS = ("<", "<=", "==", "!=", ">=", ">")


@dataclass(frozen=True)
class Readable:
    """A fact or field that can be read at one place of a rule."""

    node: FactName | FieldName
    type: FactType


# ---- vocabularies ------------------------------------------------------------------------------


@st.composite
def numbers(draw, name):
    unit = draw(st.sampled_from([None, "mm", "cm"]))
    low = draw(st.sampled_from([None, 0, 1]))
    high = draw(st.sampled_from([None, 3, 5]))
    step = draw(st.sampled_from([None, 1, 1, 2]))
    return FactType(name, "number", f"amount {name}", unit=unit, low=low, high=high, step=step)


@st.composite
def coded(draw, name):
    codes = CODES[: draw(st.integers(1, 3))]
    return FactType(name, "code", f"colour {name}", codes={code: f"{code} shade" for code in codes})


def plain(kind, name):
    return FactType(name, kind, f"{kind} {name}".replace("yes_no", "answer"))


@st.composite
def fields(draw, prefix):
    """The fields of a record or list, one or two of each kind."""
    kinds = [draw(numbers(f"{prefix}_size")), draw(coded(f"{prefix}_colour"))]
    kinds += [plain("date", f"{prefix}_day"), plain("yes_no", f"{prefix}_sure"), plain("text", f"{prefix}_note")]
    return {kind.name: kind for kind in kinds}


@st.composite
def scopes(draw, small=False):
    """A vocabulary with single facts of every kind, a record, two lists and a few sets; three judgements.

    A small one has one fact of each kind and one list, so that two questions often are about the same.
    """
    facts = [draw(numbers("score")), draw(numbers("weight")), draw(coded("colour")), draw(coded("tint"))]
    facts += [plain("date", "born"), plain("date", "seen"), plain("yes_no", "well"), plain("yes_no", "able")]
    facts += [plain("text", "remark"), FactType("therapy", "record", "therapy", fields=draw(fields("t")))]
    for name in ("lesions", "scans"):
        facts.append(FactType(name, "record", name, many=True, key=None, fields=draw(fields(name[0]))))
    if small:
        facts = [fact for fact in facts if fact.name in ("score", "colour", "born", "well", "lesions")]
    shared = frozenset(CODES[:1])  # a code of every coded fact, so that every set fits every fact
    sets = [
        CodeSet("some", shared),
        CodeSet("empty", frozenset()),
        CodeSet("vague", frozenset(), shared),
    ]
    vocabulary = Vocabulary({fact.name: fact for fact in facts}, {one.name: one for one in sets})
    return Scope(vocabulary, {"agreed": None, "fit": None, "treatable": "lesions"})


# ---- what can be read at a place ---------------------------------------------------------------


def readable(scope, variables, *kinds):
    """Every fact and field of these kinds that can be read, inside the entries that ``variables`` name."""
    found = []
    for name, fact in scope.vocabulary.facts.items():
        if fact.kind == "record":
            if not fact.many:
                found += [Readable(FieldName(name, None, key, 0), inner) for key, inner in fact.fields.items()]
        else:
            found.append(Readable(FactName(name, 0), fact))
    for variable, name in variables.items():
        for key, inner in scope.vocabulary.facts[name].fields.items():
            found += [Readable(FieldName(name, variable, key, 0), inner)] * 3
    return [one for one in found if one.type.kind in kinds]


# ---- conditions --------------------------------------------------------------------------------


@st.composite
def conditions(draw, scope, variables=None, depth=3):
    """A yes/no question over a scope."""
    variables = variables or {}
    makers = [numbers_compared, codes_compared, times, dates_compared, member, yes_no, known, judged]
    makers += [numbers_compared, codes_compared]
    if depth > 0:
        makers += [joined, joined, joined, negated, quantified, quantified]
    return draw(draw(st.sampled_from(makers))(scope, variables, depth))


@st.composite
def joined(draw, scope, variables, depth):
    parts = draw(st.lists(conditions(scope, variables, depth - 1), min_size=2, max_size=3))
    return draw(st.sampled_from([And, Or]))(tuple(parts), 0)


@st.composite
def negated(draw, scope, variables, depth):
    return Not(draw(conditions(scope, variables, depth - 1)), 0)


@st.composite
def quantified(draw, scope, variables, depth):
    fact, variable, inner = draw(entries(scope, variables))
    condition = draw(conditions(scope, inner, depth - 1))
    where = draw(st.none() | conditions(scope, inner, depth - 1))
    return Quantified(draw(st.sampled_from(["any", "all", "none"])), fact, variable, condition, where, 0)


@st.composite
def entries(draw, scope, variables):
    fact = draw(st.sampled_from([name for name, fact in scope.vocabulary.facts.items() if fact.many]))
    variable = VARIABLES[len(variables)] if len(variables) < len(VARIABLES) else f"x{len(variables)}"
    return fact, variable, {**variables, variable: fact}


@st.composite
def counted(draw, scope, variables, depth):
    fact, variable, inner = draw(entries(scope, variables))
    if depth < 1 or draw(st.booleans()):
        return Count(fact, None, None, 0)
    return Count(fact, variable, draw(conditions(scope, inner, depth - 1)), 0)


@st.composite
def known(draw, scope, variables, depth):
    kinds = ("number", "code", "date", "yes_no", "text")
    records = [name for name, fact in scope.vocabulary.facts.items() if fact.kind == "record" and not fact.many]
    found = [one.node for one in readable(scope, variables, *kinds)] + [FactName(name, 0) for name in records]
    return Known(draw(st.sampled_from(found)), 0)


@st.composite
def judged(draw, scope, variables, depth):
    names = [JudgementName(name, None, 0) for name, about in scope.judgements.items() if about is None]
    for variable, fact in variables.items():
        names += [JudgementName(name, variable, 0) for name, about in scope.judgements.items() if about == fact]
    return draw(st.sampled_from(names))


@st.composite
def yes_no(draw, scope, variables, depth):
    answers = [one.node for one in readable(scope, variables, "yes_no")]
    answer = draw(st.sampled_from(answers))
    shape = draw(st.integers(0, 3))
    if shape < 2:
        return answer if shape else YesNoLiteral(draw(st.booleans()), 0)
    other = YesNoLiteral(draw(st.booleans()), 0) if shape == 2 else draw(st.sampled_from(answers))
    pair = draw(st.permutations([answer, other]))
    return Comparison(tuple(pair), (draw(st.sampled_from(["==", "!="])),), 0)


@st.composite
def codes_compared(draw, scope, variables, depth):
    facts = readable(scope, variables, "code")
    one = draw(st.sampled_from(facts))
    other = draw(st.sampled_from(facts)).node
    if draw(st.integers(0, 3)):
        other = CodeLiteral(draw(st.sampled_from(list(one.type.codes))), 0)
    pair = draw(st.permutations([one.node, other]))
    return Comparison(tuple(pair), (draw(st.sampled_from(["==", "!="])),), 0)


@st.composite
def member(draw, scope, variables, depth):
    one = draw(st.sampled_from(readable(scope, variables, "code")))
    written = draw(st.lists(st.sampled_from(list(one.type.codes)), min_size=1, unique=True))
    named = draw(st.none() | st.sampled_from(list(scope.vocabulary.sets)))
    return Membership(one.node, named, () if named else tuple(written), draw(st.booleans()), 0)


@st.composite
def dates_compared(draw, scope, variables, depth):
    facts = [one.node for one in readable(scope, variables, "date")]
    return draw(chain(st.sampled_from(facts), None))


@st.composite
def times(draw, scope, variables, depth):
    """The time since a date, or an age, compared with one or two lengths of time."""
    dates = [one.node for one in readable(scope, variables, "date")]
    if draw(st.booleans()):
        lengths = st.builds(lambda n: PeriodLiteral(Period(n, "years"), 0), st.integers(0, 4))
        return draw(chain(st.just(Age(FactName("born", 0), 0)), lengths))
    one = Since(draw(st.sampled_from(dates)), 0)
    lengths = st.builds(
        lambda n, unit: PeriodLiteral(Period(n * 10 if unit == "days" else n, unit), 0),
        st.integers(0, 13),
        st.sampled_from(["days", "months", "years"]),
    )
    return draw(chain(st.just(one), lengths))


@st.composite
def numbers_compared(draw, scope, variables, depth):
    unit = draw(st.sampled_from([None, None, "mm", "cm"]))
    facts = [one.node for one in readable(scope, variables, "number") if one.type.unit == unit]
    values = st.sampled_from(facts) if facts else None
    if unit is None:
        counts = counted(scope, variables, depth)
        values = counts if values is None else values | values | counts
    if values is None:
        return draw(yes_no(scope, variables, depth))
    if draw(st.integers(0, 3)) == 0:
        values = arithmetic(values, unit)
    return draw(chain(values, literals(unit)))


@st.composite
def chain(draw, values, literals):
    """One comparison, or two that go the same way; two literals never stand side by side."""
    if literals is None:
        operands = draw(st.lists(values, min_size=2, max_size=3))
    else:
        shape = draw(st.sampled_from(["vl", "lv", "vl", "lvl", "vlv"]))
        operands = [draw(values if letter == "v" else literals) for letter in shape]
    orders = ORDERS if len(operands) == 2 else draw(st.sampled_from([RISING, FALLING]))
    operators = [draw(st.sampled_from(orders)) for _ in operands[1:]]
    return Comparison(tuple(operands), tuple(operators), 0)


@st.composite
def literals(draw, unit):
    """A number as written, perhaps with a unit, and what it is in the unit of the fact beside it."""
    number = exact(Decimal(draw(st.integers(-2, 12))) / 2)
    written = draw(st.none() | st.sampled_from(list(MILLIMETRES))) if unit else None
    if written is None:
        return NumberLiteral(number, 0, f"{number}")
    value = exact(number * MILLIMETRES[written] / MILLIMETRES[unit])
    return NumberLiteral(value, 0, f"{written}({number})")


@st.composite
def arithmetic(draw, values, unit, depth=1):
    """A sum, difference or product; a product has one plain factor."""
    deeper = depth > 0 and draw(st.integers(0, 3)) == 0
    value = draw(arithmetic(values, unit, depth - 1) if deeper else values)
    operator = draw(st.sampled_from(["+", "-", "*"]))
    other = draw(literals(None) if operator == "*" else values | literals(unit))
    left, right = draw(st.permutations([value, other]))
    return Arithmetic(operator, left, right, 0)
