"""The rule language: what a rule is, and the readers that need no study: parse, write, phrase, find the impossible."""

from evenhand.rules.impossible.satisfiable import faults, never_false, never_true
from evenhand.rules.nodes import Expression, Rule
from evenhand.rules.reading.language import RuleError, Scope, parse_rule
from evenhand.rules.writing.phrases import outline, phrase
from evenhand.rules.writing.write import write

__all__ = [
    "Expression",
    "Rule",
    "RuleError",
    "Scope",
    "faults",
    "never_false",
    "never_true",
    "outline",
    "parse_rule",
    "phrase",
    "write",
]
