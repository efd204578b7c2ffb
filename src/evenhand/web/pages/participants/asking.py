"""Which questions of a form are asked: those without a condition, and those whose condition the answers meet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from evenhand.conduct.forms import FormScene, answer
from evenhand.logic import NO, YES
from evenhand.protocol.plan import Form
from evenhand.rules import Rule

_AGAIN: Final = '{"again": "1"}'


def asked(form: Form, given: FormScene, answered: Collection[str]) -> frozenset[str]:
    """The questions that are asked. One whose condition rests on a question not answered yet waits for it."""
    return frozenset(
        name
        for name, question in form.fields.items()
        if question.asked_when is None or _holds(form, question.asked_when, given, answered)
    )


def _holds(form: Form, rule: Rule, given: FormScene, answered: Collection[str]) -> bool:
    said = answer(rule, given)
    if said is YES or said is NO:
        return said is YES
    return all(name in answered for name in rule.facts if name in form.fields)


def watched(form: Form) -> Mapping[str, tuple[str, ...]]:
    """For each question, those that may be asked or not because of it."""
    found: dict[str, list[str]] = {}
    for name, question in form.fields.items():
        for fact in question.asked_when.facts if question.asked_when else ():
            found.setdefault(fact, []).append(name)
    return {name: tuple(follow) for name, follow in found.items()}


def attributes(follow: Iterable[str]) -> dict[str, str]:
    """What makes a browser with script show the questions that follow as soon as an answer changes.

    Only they are exchanged: what is being typed elsewhere stays as it is.
    """
    questions = ",".join(f"#q-{name}" for name in follow)
    if not questions:
        return {}
    return {"hx-post": "", "hx-trigger": "change", "hx-swap": "none", "hx-select-oob": questions, "hx-vals": _AGAIN}
