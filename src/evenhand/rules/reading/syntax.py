"""From a rule's text to Python's syntax tree, which is read and never run."""

from __future__ import annotations

import ast
import re
from typing import Final

from evenhand.rules.reading.tokens import Mistake, check_tokens

DEEPEST_TREE: Final = 60


class RuleError(ValueError):
    """A rule that cannot be used: ``message`` says what was found, what was expected and how to mend it.

    ``line`` and ``column`` count from 1 within the rule's text.
    """

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message, line, column)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"


def rule_error(mistake: Mistake, text: str) -> RuleError:
    """The mistake with its place as line and column."""
    before = text[: mistake.at]
    return RuleError(mistake.message, before.count("\n") + 1, mistake.at - (before.rfind("\n") + 1) + 1)


def syntax_tree(text: str) -> ast.expr:
    """The syntax tree of a rule. Raises :class:`Mistake`.

    The text may have several lines. It is put on one line between brackets, so ``offset`` of a node is a
    place in it.
    """
    check_tokens(text)
    try:
        tree = ast.parse(_one_line(text), mode="eval").body
    except SyntaxError as error:
        raise Mistake(
            "this cannot be read: put brackets around the parts that belong together", _place(error, text)
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:  # pragma: no cover  # as deep as a Python goes
        raise Mistake("this is nested too deeply: split the rule", 0) from error
    _check_depth(tree)
    return tree


def offset(node: ast.expr) -> int:
    """Where a node begins in the rule's text, from 0."""
    return max(node.col_offset - 1, 0)


def _one_line(text: str) -> str:
    return "(" + re.sub(r"[ \t\r\n\f\v]", " ", text) + ")"


def _place(error: SyntaxError, text: str) -> int:
    return min(max((error.offset or 2) - 2, 0), len(text) - 1)


def _check_depth(tree: ast.expr) -> None:
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST_TREE):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise Mistake("this is nested too deeply: split the rule", 0)
