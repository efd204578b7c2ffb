"""The words and signs of a rule's text, and whether they can follow one another.

Everything foreign to the rule language is refused here, with a hint, before Python's parser sees the text:
that parser then meets names, numbers, brackets and a few signs, and its own messages (which differ between
versions of Python) are hardly ever needed.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from typing import Final, Literal

LONGEST_TEXT: Final = 4000
LONGEST_NUMBER: Final = 15
DEEPEST_BRACKETS: Final = 30

_TOKEN: Final = re.compile(
    r"[ \t\r\n\f\v]+|(?P<name>[A-Za-z_]\w*)|(?P<number>\d+(?:\.\d+)?)|(?P<sign><=|>=|==|!=|[<>+\-*(){},.])",
    re.ASCII,
)
_JOINING: Final = frozenset({"<", "<=", "==", "!=", ">=", ">", "+", "-", "*", "and", "or", "in", "for", "if", ",", "."})
_CLOSING: Final = {"(": ")", "{": "}"}

_FOREIGN_SIGNS: Final = {
    "=": "write == to compare",
    "!": "write not, or != for `is not`",
    "&": "write and",
    "|": "write or",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "–": "write -",
    "−": "write -",  # noqa: RUF001  the sign that a word processor makes of a hyphen
    "×": "write *",
    "'": "codes are written without quotes",
    '"': "codes are written without quotes",
    "[": "entries of a list are asked about with any, all, none or count",
    "]": "entries of a list are asked about with any, all, none or count",
    "/": "a rule cannot divide: multiply the other side instead",
    "#": "a rule holds no comment: put it beside the rule",
    ":": "a rule only asks, it sets nothing",
    "\0": "delete the null byte",
    "\u00a0": "write an ordinary space",
}
_FOREIGN_WORDS: Final = {
    "is": "write ==",
    "True": "write yes",
    "False": "write no",
    "None": "ask known(...) whether something is recorded",
    "else": "say it with and, or and not",
    "AND": "write and",
    "OR": "write or",
    "NOT": "write not",
}
_OWN_WORDS: Final = frozenset({"and", "or", "not", "in", "for", "if"})
FOREIGN: Final = frozenset(keyword.kwlist) - _OWN_WORDS | _FOREIGN_WORDS.keys()


class Mistake(Exception):
    """Something wrong in a rule at the offset ``at`` (from 0); ``parse_rule`` makes it a RuleError."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign, and the offset where it begins."""

    kind: Literal["name", "number", "sign"]
    text: str
    at: int


def check_tokens(text: str) -> None:
    """Raise Mistake for text too long, foreign, unbalanced, or with a value or an operator missing."""
    if len(text) > LONGEST_TEXT:
        raise Mistake(f"the rule is {len(text)} characters long, at most {LONGEST_TEXT} are read: split it", 0)
    tokens = _tokens(text)
    if not tokens:
        raise Mistake("the rule is empty: write a yes/no question, such as ecog <= 2", 0)
    open_brackets: list[Token] = []
    value_due = True
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        step = _where_value_is_due if value_due else _where_operator_is_due
        value_due = step(before, token, after, open_brackets)
    if open_brackets:
        raise Mistake(f"this {open_brackets[-1].text!r} is never closed", open_brackets[-1].at)
    if value_due:
        raise Mistake(f"the rule ends after {tokens[-1].text!r}, where more is expected", tokens[-1].at)


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _foreign(text[at], at)
        for kind in ("name", "number", "sign"):
            if match[kind]:
                tokens.append(_usual(Token(kind, match[kind], at), text[match.end() : match.end() + 1]))
        at = match.end()
    return tokens


def _foreign(sign: str, at: int) -> Mistake:
    shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
    return Mistake(f"{shown!r} has no meaning in a rule{_hint(_FOREIGN_SIGNS.get(sign))}", at)


def _hint(hint: str | None) -> str:
    return f": {hint}" if hint else ""


def _usual(token: Token, following: str) -> Token:
    """The token itself, unless it is a number not written plainly or a word with another use in Python."""
    if token.kind == "number":
        if len(token.text) > LONGEST_NUMBER:
            raise Mistake(f"a number has at most {LONGEST_NUMBER} digits", token.at)
        if re.match(r"[\w.]", following):
            wrong = token.text + following
            raise Mistake(f"{wrong!r} is no number: write numbers as 5 or 1.8, with a space after", token.at)
    if token.kind == "name" and token.text in FOREIGN:
        raise Mistake(f"{token.text!r} has no meaning in a rule{_hint(_FOREIGN_WORDS.get(token.text))}", token.at)
    return token


def _where_value_is_due(before: Token | None, token: Token, after: Token | None, brackets: list[Token]) -> bool:
    """Take the next token where a value must begin; return whether a value is still due."""
    if token.text in _CLOSING:
        _open(token, brackets)
        return True
    if token.text in ("not", "-"):
        return True
    if token.kind == "sign" or token.text in _OWN_WORDS:
        place = f"between {before.text!r} and {token.text!r}" if before else f"before {token.text!r}"
        raise Mistake(f"something is missing {place}", token.at)
    if before and before.text == "." and token.kind != "name":
        raise Mistake(f"after a dot comes the name of a field, not {token.text!r}", token.at)
    return False


def _where_operator_is_due(before: Token | None, token: Token, after: Token | None, brackets: list[Token]) -> bool:
    """Take the next token after a value; return whether a value is due after it."""
    if token.text in _JOINING:
        return True
    if token.text == "not" and after is not None and after.text == "in":
        return False
    if token.text == "(" and before is not None and before.kind == "name":
        _open(token, brackets)
        return True
    if token.text in _CLOSING.values():
        _close(token, brackets)
        return False
    place = f"between {before.text if before else ''!r} and {token.text!r}"
    raise Mistake(f"{place} a word such as `and` or a sign such as == is missing", token.at)


def _open(token: Token, brackets: list[Token]) -> None:
    if len(brackets) >= DEEPEST_BRACKETS:
        raise Mistake(f"more than {DEEPEST_BRACKETS} brackets within one another: split the rule", token.at)
    brackets.append(token)


def _close(token: Token, brackets: list[Token]) -> None:
    if not brackets or _CLOSING[brackets[-1].text] != token.text:
        expected = f", {_CLOSING[brackets[-1].text]!r} is expected" if brackets else ""
        raise Mistake(f"this {token.text!r} closes nothing{expected}", token.at)
    brackets.pop()
