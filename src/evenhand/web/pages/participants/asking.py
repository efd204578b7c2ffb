"""Which questions of a form are asked: those without a condition, and those whose condition the answers meet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from evenhand.conduct.forms import FormScene, answer
from evenhand.logic import NO, YES
from evenhand.protocol.plan import Form
from evenhand.rules import Rule


@dataclass(frozen=True, slots=True)
class Watch:
    """What makes a browser with script show questions anew as soon as an answer changes: both as CSS selectors.

    It stands beside the questions, not at the answer: one that is exchanged while the server thinks would hear nothing.
    """

    answers: str
    shown: str


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


def watches(follow: Mapping[str, tuple[str, ...]]) -> tuple[Watch, ...]:
    """By question, those that are shown anew. Only they are exchanged: what is typed elsewhere stays as it is."""
    return tuple(
        Watch(f"#q-{name} [name^='f.']", ",".join(f"#q-{one}" for one in questions))
        for name, questions in follow.items()
    )
