"""A rule in plain English, for those who read the protocol and not the rule language.

Two rules that mean different things are worded differently: what belongs together stands between brackets. A
negation is carried inwards as far as it goes ("not ecog <= 2" becomes "more than 2"), which in Kleene's logic
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evenhand.facts import Vocabulary
from evenhand.rules.nodes import (
    And,
    Comparison,
    Count,
    Expression,
    FactName,
    FieldName,
    JudgementName,
    Known,
    Membership,
    Not,
    Or,
    Quantified,
    YesNoLiteral,
)
from evenhand.rules.writing.comparison_phrases import comparison_phrase, membership_phrase
from evenhand.rules.writing.wording import Wording

_HOW_MANY: Final = {"any": "at least one", "all": "every one", "none": "none"}
# The quantifier that says the opposite, and the answer to its condition.
_DENIED: Final = {"any": ("none", True), "none": ("any", True), "all": ("any", False)}


def phrase(expression: Expression, vocabulary: Vocabulary, judgements: Mapping[str, str]) -> str:
    """The expression as one line of English. ``judgements`` gives the statement of each judgement."""
    return _said(expression, True, Wording(vocabulary, judgements))


def outline(expression: Expression, vocabulary: Vocabulary, judgements: Mapping[str, str]) -> str:
    """The same as nested bullets (Markdown) where ``and`` and ``or`` hold one another, else as one line."""
    words = Wording(vocabulary, judgements)
    if not isinstance(expression, And | Or) or not any(isinstance(part, And | Or) for part in expression.parts):
        return _said(expression, True, words)
    return "\n".join(_bullets(expression, words, ""))


def _bullets(expression: And | Or, words: Wording, indent: str) -> list[str]:
    lines = ["all of these:" if isinstance(expression, And) else "at least one of these:"]
    for part in expression.parts:
        inner = _bullets(part, words, indent + "  ") if isinstance(part, And | Or) else [_said(part, True, words)]
        lines += [f"{indent}- {inner[0]}", *inner[1:]]
    return lines


def _said(expression: Expression, wanted: bool, words: Wording) -> str:  # noqa: PLR0911  one answer a kind of node
    """That an expression is true, or (``wanted`` False) that it is false."""
    match expression:
        case Not():
            return _said(expression.part, not wanted, words)
        case And() | Or():
            return _group(expression, wanted, words)
        case Quantified():
            return _quantified(expression, wanted, words)
        case Comparison():
            return comparison_phrase(expression, wanted, words, _counted)
        case Membership():
            return membership_phrase(expression, wanted, words)
        case Known():
            return f"{words.name(expression.value)} is {'' if wanted else 'not '}recorded"
        case JudgementName():
            return words.attested(expression, wanted)
        case YesNoLiteral():
            return "always" if expression.value is wanted else "never"
        case _:
            return _yes_no(expression, wanted, words)


def _group(expression: And | Or, wanted: bool, words: Wording) -> str:
    joint = ", and " if isinstance(expression, And) else ", or "
    said = joint.join(_part(part, words) for part in expression.parts)
    return said if wanted else f"it is not true that ({said})"


def _part(expression: Expression, words: Wording) -> str:
    said = _said(expression, True, words)
    return f"({said})" if isinstance(expression, And | Or) else said


def _quantified(expression: Quantified, wanted: bool, words: Wording) -> str:
    """``for none of the metastases where (...), ...``; that not all are so is that one is not."""
    quantifier, answer = (expression.quantifier, True) if wanted else _DENIED[expression.quantifier]
    inner = words.inside(expression)
    listed = f"the {_entries(expression, inner)}"
    said = _said(expression.condition, answer, inner)
    if not _is_simple(expression.condition):
        return f"for {_HOW_MANY[quantifier]} of {listed} ({said})"
    return f"for {_HOW_MANY[quantifier]} of {listed}, {said}"


def _counted(expression: Count, words: Wording) -> str:
    return f"the number of {_entries(expression, words.inside(expression))}"


def _entries(expression: Quantified | Count, inner: Wording) -> str:
    """The list, the name of an entry that needs one, and the filter, of which ``inner`` is the wording."""
    label = inner.fact(expression.fact)
    if expression.variable is not None and inner.variables[expression.variable]:
        label = f"{label} ({expression.variable})"
    return label if expression.where is None else f"{label} where ({_said(expression.where, True, inner)})"


def _is_simple(expression: Expression) -> bool:
    while isinstance(expression, Not):
        expression = expression.part
    return not isinstance(expression, And | Or | Quantified)


def _yes_no(expression: Expression, wanted: bool, words: Wording) -> str:
    assert isinstance(expression, FactName | FieldName)
    return f"{words.name(expression)}: {'yes' if wanted else 'no'}"
