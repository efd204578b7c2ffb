"""A whole form, answered as a site would: what is known, then what the scenario draws, then by the kind of each field.

Questions that are not asked are left out, in the order in which the form asks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evenhand.conduct import forms
from evenhand.conduct.forms import Answer
from evenhand.logic import YES
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Field, Form
from evenhand.record import JSON, SubjectHistory
from evenhand.simulation.courses.chances import happens
from evenhand.simulation.courses.drawing import Drawn, Scene, draw, of_its_kind
from evenhand.simulation.courses.ways import Ways

_NOTHING: Final[tuple[object, ...]] = ("", [])


def answered(
    form: Form,
    protocol: Protocol,
    known: SubjectHistory,
    scene: Scene,
    *,
    ways: Ways,
    given: Mapping[str, Drawn],
) -> dict[str, JSON]:
    """The values of a form as the record keeps them. ``given``: what the simulator knows, by field; None: left empty.

    Raises ValueError where something given or drawn is no answer to the question.
    """
    values: dict[str, JSON] = {}
    answers: dict[str, Answer] = {}
    for name, asked in form.fields.items():
        if asked.asked_when is not None and _not_asked(asked, form, answers, protocol, known, scene):
            continue
        found = _answer(name, asked, form, scene, ways, given)
        if found is None or found in _NOTHING:
            continue
        values.update(_read(form, name, found))
        answers.update(forms.answers_of(form, {name: values[name]}))
    return values


def _answer(name: str, asked: Field, form: Form, scene: Scene, ways: Ways, given: Mapping[str, Drawn]) -> Drawn:
    if name in given:
        return given[name]
    if name in ways:
        return draw(ways[name], asked, f"{form.id}.{name}", scene)
    if name == form.day:
        return str(scene.day)
    if asked.required or (not asked.is_table and happens(scene.optional, scene.random) and asked.type.kind != "text"):
        return of_its_kind(asked, scene)
    return None


def _not_asked(
    asked: Field,
    form: Form,
    answers: Mapping[str, Answer],
    protocol: Protocol,
    known: SubjectHistory,
    scene: Scene,
) -> bool:
    """Whether the rule does not say yes by what was answered so far."""
    assert asked.asked_when is not None
    about, others = forms.context(known), forms.entries(protocol, known)
    return forms.answer(asked.asked_when, forms.scene(form, answers, about, others, scene.day)) is not YES


def _read(form: Form, name: str, found: Drawn) -> dict[str, JSON]:
    reading = forms.read_typed(form, {name: found})
    if reading.faults:
        where, said = next(iter(reading.faults.items()))
        raise ValueError(f"{form.id}: {where}: {said}")
    return reading.values
