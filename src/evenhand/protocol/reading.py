"""What in a study's files has a grammar of its own: rules, periods, days. Faults are collected with their places."""

from __future__ import annotations

import re
from collections.abc import Mapping

from evenhand.dates import DateSpan, Period, parse_date
from evenhand.facts import Vocabulary
from evenhand.protocol.places import Keys, Sheet
from evenhand.rules import RuleError, Scope, parse_rule
from evenhand.rules import faults as rule_faults
from evenhand.rules.nodes import Rule

_PERIOD = re.compile(r"(days|months|years)\(([0-9]{1,4})\)")
_NEVER_READ = Rule("no", parse_rule("no", Scope(Vocabulary({}), {})).expression, (), ())


class Rules:
    """Parses rules that may name the facts of ``words`` and the ``judgements`` (each with the list that it is about, or
    None), collecting faults with their places, and warnings."""

    def __init__(self, words: Vocabulary, judgements: Mapping[str, str | None], faults: list[str]) -> None:
        self.words = words
        self.scope = Scope(words, judgements)
        self.faults = faults
        self.warnings: list[str] = []

    def rule(self, text: str, file: Sheet, keys: Keys, scope: Scope | None = None) -> Rule:
        """The parsed rule; after a fault, a rule that nobody will read because loading fails."""
        try:
            rule = parse_rule(text, scope or self.scope)
        except RuleError as error:
            offset = _offset(text, error.line, error.column)
            self.faults.append(file.fault(keys, f"rule: {error.message}", offset))
            return _NEVER_READ
        errors, warnings = rule_faults(rule, self.words)
        self.faults += [file.fault(keys, f"rule: {said}") for said in errors]
        self.warnings += [file.fault(keys, f"rule: {said}") for said in warnings]
        return rule

    def evidence(self, text: str, file: Sheet, keys: Keys) -> Rule:
        """A rule that may not name judgements: what the facts alone say."""
        return self.rule(text, file, keys, Scope(self.words, {}))


def _offset(text: str, line: int, column: int) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: line - 1])) + column - 1


def period(text: str, file: Sheet, keys: Keys, faults: list[str]) -> Period | None:
    """``months(3)`` and the like."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        faults.append(file.fault(keys, f"{text!r} is no period: write days(28), months(3) or years(1)"))
        return None
    return Period(int(match[2]), match[1])  # type: ignore[arg-type]  # the pattern allows these units alone


def day(text: str, file: Sheet, keys: Keys, faults: list[str]) -> DateSpan | None:
    """A date as text."""
    try:
        return parse_date(text)
    except ValueError as error:
        faults.append(file.fault(keys, str(error)))
        return None
