"""The model of a rule: frozen dataclasses without behaviour.

``rules.reading`` makes them from text, already resolved against the study's vocabulary and type-checked. Their
readers are the judge, the explainer, the static checker and the renderer; each reads these nodes and nothing else.
Every node carries ``at``: the column (from 0) in the rule's text where it begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evenhand.dates import Period
from evenhand.units import Number

ComparisonOperator = Literal["<", "<=", "==", "!=", ">=", ">"]
ArithmeticOperator = Literal["+", "-", "*"]


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """A number in the unit of what it is compared with; ``written`` keeps the unit as typed, e.g. ``cm(5)``."""

    value: Number
    at: int
    written: str


@dataclass(frozen=True, slots=True)
class CodeLiteral:
    """A word of the vocabulary of the fact beside it."""

    code: str
    at: int


@dataclass(frozen=True, slots=True)
class YesNoLiteral:
    """``yes`` or ``no``."""

    value: bool
    at: int


@dataclass(frozen=True, slots=True)
class PeriodLiteral:
    """``days(n)``, ``months(n)`` or ``years(n)``."""

    period: Period
    at: int


@dataclass(frozen=True, slots=True)
class FactName:
    """A single-valued fact."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field of a record fact (``fact`` set, ``variable`` None) or of a list's entry (``variable`` set)."""

    fact: str
    variable: str | None
    field: str
    at: int


@dataclass(frozen=True, slots=True)
class JudgementName:
    """A signed judgement; about one entry of a list when ``variable`` is set."""

    name: str
    variable: str | None
    at: int


@dataclass(frozen=True, slots=True)
class Since:
    """The time from a date to the day of judgement; comparable with periods only."""

    date: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Age:
    """Age in whole years by birthday on the day of judgement; comparable with ``years(n)`` only."""

    birth: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries of a list there are (that satisfy ``where``)."""

    fact: str
    variable: str | None
    where: Expression | None
    at: int


@dataclass(frozen=True, slots=True)
class Quantified:
    """``any``, ``all`` or ``none`` of a list's entries (that satisfy ``where``) satisfy ``condition``."""

    quantifier: Literal["any", "all", "none"]
    fact: str
    variable: str
    condition: Expression
    where: Expression | None
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """``operands[0] operators[0] operands[1] operators[1] ...``: chained as in mathematics."""

    operands: tuple[Expression, ...]
    operators: tuple[ComparisonOperator, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Membership:
    """``value in set`` or ``value not in set``; the set is named in the study or written out as codes."""

    value: Expression
    set_name: str | None
    codes: tuple[str, ...]
    negated: bool
    at: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum, difference or product of numbers in one unit."""

    operator: ArithmeticOperator
    left: Expression
    right: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Known:
    """Whether anything was recorded for a fact or field; always yes or no."""

    value: FactName | FieldName
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    part: Expression
    at: int


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Expression, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Expression, ...]
    at: int


Expression = (
    NumberLiteral
    | CodeLiteral
    | YesNoLiteral
    | PeriodLiteral
    | FactName
    | FieldName
    | JudgementName
    | Since
    | Age
    | Count
    | Quantified
    | Comparison
    | Membership
    | Arithmetic
    | Known
    | Not
    | And
    | Or
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's text, its parsed form (a yes/no question), and the names of facts and judgements it reads."""

    text: str
    expression: Expression
    facts: tuple[str, ...]
    judgements: tuple[str, ...]
