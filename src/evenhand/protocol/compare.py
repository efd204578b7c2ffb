"""What an amendment changes, part by part: rules in English, and every other value as it is written.

Two protocols that differ in anything a program reads differ here too: the parts after randomization are walked through
value by value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from evenhand.dates import DateSpan, Period
from evenhand.facts import Vocabulary
from evenhand.protocol.markdown import flat
from evenhand.protocol.model import Protocol
from evenhand.protocol.plan.forms import Form
from evenhand.rules import phrase
from evenhand.rules.nodes import Rule

Parts = Iterator[tuple[str, str]]
_SKIPPED: Final = ("vocabulary", "conditions", "id", "name")  # made from other parts, or said by the path


@dataclass(frozen=True, slots=True)
class Change:
    """One part: what it said before (None: it is new) and what it says now (None: it is gone)."""

    section: str
    name: str
    before: str | None
    after: str | None

    @property
    def kind(self) -> str:
        """``new``, ``gone`` or ``changed``."""
        return "new" if self.before is None else "gone" if self.after is None else "changed"


def compare(old: Protocol, new: Protocol) -> tuple[Change, ...]:
    """Everything that differs, in the order of the protocol; empty where two versions say the same."""
    before, after = _sections(old), _sections(new)
    return tuple(change for name in before for change in _changes(name, before[name], after[name]))


def _changes(section: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield Change(section, name, before.get(name), after.get(name))


def _sections(protocol: Protocol) -> dict[str, dict[str, str]]:
    words, plan = protocol.vocabulary, protocol.plan
    statements = {name: item.statement for name, item in protocol.judgements.items()}
    said = _Said(words, statements)
    forms = plan.forms if plan else {}
    origins = [one for one in protocol.origins if one.about != f"version {protocol.version.id}"]
    told: dict[str, Iterable[tuple[str, str]]] = {
        "Design": _design(protocol, said),
        "Criteria": _criteria(protocol, said),
        "Judgements": said.of(protocol.judgements),
        "Notes": said.of({flag.id: flag for flag in protocol.flags}),
        "Consent and follow-up": said.of(protocol.enrollment),
        "Statistical design": said.of(protocol.design),
        "Endpoints": said.of(protocol.endpoints),
        "Monitoring": said.of(protocol.monitoring),
        "Facts": said.of(words.facts),
        "Sets": said.of(words.sets),
        "Schedule": said.of(plan.schedule if plan else None),
        "Treatment": said.of(plan.treatment if plan else None),
        "Assessments": said.of(plan.assessments if plan else None),
        "Safety": said.of(plan.safety if plan else None),
        "Forms": (part for form in forms.values() for part in _form(form)),
        "Assumptions": ((one.about, flat(one.assumed)) for one in origins),
        "Sources": ((one.about, flat(one.source)) for one in origins),
    }
    return {section: {name: text for name, text in parts if text} for section, parts in told.items()}


def _design(protocol: Protocol, said: _Said) -> Parts:
    yield from (("title", protocol.title), ("short title", protocol.short_title))
    yield "objectives", " ".join(map(flat, protocol.objectives))
    yield from said.of({arm.id: arm for arm in protocol.arms}, "arm")
    yield from said.of(protocol.randomization, "randomization")
    yield from said.of(dict(protocol.clauses), "clause")


def _criteria(protocol: Protocol, said: _Said) -> Parts:
    for item in protocol.criteria:
        verb = "Passes when" if item.kind == "inclusion" else "Excludes when"
        yield item.id, f"{flat(item.title)}. {flat(item.text)} {verb} {said.rule(item.rule)}"
        yield f"{item.id} clause", item.clause


def _form(form: Form) -> Parts:
    said = _Said(form.vocabulary, {})
    yield from said.of(form, form.id)


class _Said:
    """Walks through values of a protocol, and says each leaf in words."""

    def __init__(self, words: Vocabulary, statements: Mapping[str, str]) -> None:
        self.words = words
        self.statements = statements

    def rule(self, rule: Rule) -> str:
        """A rule in English, with its text; the text alone where it names what only a form knows."""
        if not all(name in self.words.facts for name in rule.facts):
            return flat(rule.text)
        return f"{phrase(rule.expression, self.words, self.statements)} ({flat(rule.text)})"

    def of(self, value: object, name: str = "") -> Parts:
        """The leaves of a value with their paths: ``surgery margin label``."""
        if isinstance(value, Rule):
            yield name, self.rule(value)
        elif isinstance(value, (Period, DateSpan)):
            yield name, str(value)
        elif isinstance(value, Mapping):
            for key, item in value.items():
                yield from self.of(item, f"{name} {key}".strip())
        elif is_dataclass(value) and not isinstance(value, type):
            yield from self._of_record(value, name)
        elif isinstance(value, (tuple, list)):
            yield from self._of_list(value, name)
        else:
            yield name, _leaf(value)

    def _of_record(self, value: Any, name: str) -> Parts:
        for field in fields(value):
            part = getattr(value, field.name)
            if field.name not in _SKIPPED and part is not None and part is not False:
                yield from self.of(part, f"{name} {field.name}".strip())

    def _of_list(self, value: tuple[Any, ...] | list[Any], name: str) -> Parts:
        if all(isinstance(item, (str, int)) for item in value):
            yield name, ", ".join(map(str, value))
            return
        for number, item in enumerate(value, start=1):
            yield from self.of(item, f"{name} {getattr(item, 'id', number)}")


def _leaf(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(" ".join(item) if isinstance(item, tuple) else str(item) for item in value))
    return flat(str(value))
