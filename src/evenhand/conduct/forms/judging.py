"""The rules of forms, judged on what was answered: which questions are asked, which checks fire."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct.forms.entry import Answer, FormEntry
from evenhand.conduct.forms.reading import Context
from evenhand.dates import on_day
from evenhand.facts import COMPLETE, Fact, Person, Record, Source, View
from evenhand.logic import Truth
from evenhand.protocol.plan import ENTRIES, Form
from evenhand.protocol.plan.forms import ARM, RANDOMIZED, REGISTERED
from evenhand.rules import Rule
from evenhand.rules.judging.judge import compile_condition

_HERE: Final = Source("form")
_Compiled = Callable[["FormScene"], Truth]
_COMPILED: dict[int, tuple[Rule, _Compiled]] = {}  # by identity: to hash a rule costs more than to answer it
_READS: dict[int, tuple[Form, Reads]] = {}
_LISTED: dict[str, tuple[tuple[FormEntry, ...], dict[str, tuple[Fact, ...]]]] = {}
_MOST_ENTRIES: Final = 100_000  # assumed: what one process looks at again soon
_PLAIN: dict[tuple[str, str], Fact] = {}
_TODAY: Final = re.compile(r"\b(since|age)\s*\(")  # the functions of the rule language that ask for the day


@dataclass(frozen=True, slots=True)
class Reads:
    """What the rules of a form read besides its own answers: which lists of other forms' entries, and the day."""

    lists: tuple[str, ...]
    today: bool


@dataclass(frozen=True, slots=True)
class FormScene:
    """What a rule of a form is judged against."""

    view: View

    def judgement(self, name: str, entry: object) -> Truth:
        """Forms have no judgements; a rule that named one was refused when the protocol was loaded."""
        raise LookupError(name)  # pragma: no cover  # the loader refuses such rules


def scene(
    form: Form, answers: Mapping[str, Answer], about: Context, others: tuple[FormEntry, ...], on: date
) -> FormScene:
    """The scene of one entry: its own answers, the participant's context, and the entries of other forms."""
    facts = {
        name: _rows(name, answer) if isinstance(answer, tuple) else (Fact(name, answer, None, _HERE),)
        for name, answer in answers.items()
    }
    for name, day in ((RANDOMIZED, about.randomized), (REGISTERED, about.registered)):
        if day is not None:
            facts[name] = (Fact(name, on_day(day), None, _HERE),)
    if about.arm is not None:
        facts[ARM] = (Fact(ARM, about.arm, None, _HERE),)
    for name in reads_of(form).lists:
        facts[name] = _listed(name, others)
    return FormScene(View(Person("", facts), form.vocabulary, on, {}))


def answer(rule: Rule, given: FormScene) -> Truth:
    """What a rule answers in a scene: yes, no, or why it is unknown."""
    held = _COMPILED.get(id(rule))
    if held is None or held[0] is not rule:
        held = _COMPILED[id(rule)] = rule, compile_condition(rule.expression, {})
    return held[1](given)


def reads_of(form: Form) -> Reads:
    """What the rules of a form read besides its own answers."""
    held = _READS.get(id(form))
    if held is None or held[0] is not form:
        asked = (field.asked_when for field in form.fields.values())
        rules = (*(check.rule for check in form.checks), *(rule for rule in asked if rule is not None))
        named = dict.fromkeys(name for rule in rules for name in rule.facts if name.endswith(ENTRIES))
        held = _READS[id(form)] = form, Reads(tuple(named), any(_TODAY.search(rule.text) for rule in rules))
    return held[1]


def _rows(name: str, rows: tuple[Record, ...]) -> tuple[Fact, ...]:
    """A table is complete as it stands: what is not in it was not entered."""
    return (*(Fact(name, row, None, _HERE) for row in rows), Fact(name, COMPLETE, None, _HERE))


def _listed(name: str, others: tuple[FormEntry, ...]) -> tuple[Fact, ...]:
    """The entries of a form as a list, made once for all the entries of a participant that ask for it."""
    held = _LISTED.get("last")
    if held is None or held[0] is not others:
        held = _LISTED["last"] = others, {}
    if name not in held[1]:
        form = name.removesuffix(ENTRIES)
        rows = (_plain(name, one) for one in others if one.form.id == form and one.counts)
        held[1][name] = (*rows, Fact(name, COMPLETE, None, _HERE))
    return held[1][name]


def _plain(name: str, entry: FormEntry) -> Fact:
    """An entry as a row of such a list, without its tables; remembered under the hash of its latest version."""
    key = name, entry.standing.latest.hash
    found = _PLAIN.get(key)
    if found is None:
        if len(_PLAIN) >= _MOST_ENTRIES:
            _PLAIN.clear()
        row = {field: value for field, value in entry.values.items() if not isinstance(value, tuple)}
        found = _PLAIN[key] = Fact(name, row, None, _HERE)
    return found
