"""The diagram of CONSORT 2025 from the parts of people on their way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from evenhand.analysis.flow.after import Stages
from evenhand.analysis.flow.parts import Part
from evenhand.analysis.tables import Number
from evenhand.figures import Drawing, Flow, FlowArm, FlowBox, FlowLine, FlowStep, flow

STAGES: Final = ("Enrolment", "Allocation", "Follow-up", "Analysis")
Data = tuple[tuple[Number, ...], ...]
_HEAD: Final = ("stage", "arm", "box", "part", "people")


def drawn(first: Part, columns: Sequence[tuple[str, Stages]], *, by_arm: bool) -> tuple[Drawing, Data]:
    """The diagram with its data: a line for every number in it. ``columns`` are the arms, or everybody together."""
    trunk = [
        FlowStep(_box(first, ()), [_box(first.find("excluded")), *_waiting(first.find("screening"))]),
        FlowStep(_box(first.find("registered"), ()), _aside(first)),
        FlowStep(_box(first.find("randomized"))),
    ]
    arms = [FlowArm(label, list(_boxes(stages, by_arm=by_arm))) for label, stages in columns]
    boxes = [("Enrolment", "", one) for step in trunk for one in (step.box, *step.aside)]
    boxes += [(stage, arm.name, one) for arm in arms for stage, one in zip(STAGES[1:], arm.boxes, strict=True) if one]
    data = (_HEAD, *(line for stage, arm, one in boxes for line in _data(stage, arm, one)))
    return flow(Flow(trunk, arms, STAGES), prefix="flow", label="Flow of participants"), data


def _aside(first: Part) -> list[FlowBox]:
    return [*_waiting(first.find("not_randomized")), *_waiting(first.find("awaiting"))]


def _waiting(part: Part) -> list[FlowBox]:
    """A box that is left out where nobody is in it."""
    return [_box(part)] if part.number else []


def _box(part: Part, parts: Sequence[Part] | None = None) -> FlowBox:
    return FlowBox(part.label, part.number, list(_lines(part.parts if parts is None else parts)))


def _lines(parts: Sequence[Part], indent: int = 0) -> Iterator[FlowLine]:
    """Parts in which there is anybody, and one level of what is below them."""
    for part in parts:
        if part.number:
            yield FlowLine(part.label, part.number, indent)
            if indent == 0:
                yield from _lines(part.parts, 1)


def _boxes(stages: Stages, *, by_arm: bool) -> Iterator[FlowBox]:
    treated = _box(stages.allocation)
    yield treated if by_arm else FlowBox("Treatment", None, treated.lines)
    follow = stages.follow_up
    lines = list(_lines([*follow.parts, *([stages.stopped] if stages.stopped.number else [])]))
    yield FlowBox(follow.label, None, lines)
    yield FlowBox("Analysed", None, [line for one in stages.analysed for line in _analysed(one)])


def _analysed(population: Part) -> Iterator[FlowLine]:
    analysed, out = population.parts
    yield FlowLine(population.label, analysed.number)
    if sum(bool(part.number) for part in analysed.parts) > 1:
        yield from _lines(analysed.parts, 1)
    if out.number:
        yield FlowLine("excluded", out.number, 1)


def _data(stage: str, arm: str, box: FlowBox) -> Iterator[tuple[Number, ...]]:
    if box.number is not None:
        yield stage, arm, box.title, "", box.number
    yield from ((stage, arm, box.title, line.text, line.number) for line in box.lines)
