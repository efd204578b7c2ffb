"""ECOG and Karnofsky performance status."""

from __future__ import annotations

from typing import Final

from evenhand.intake.chart import Chart
from evenhand.intake.elements import Object, Unreadable
from evenhand.intake.tables import answers
from evenhand.intake.values import Codes, Content, interpretations_of, missing_reason, observed_on, values_of
from evenhand.units import Measured, parse_measured

_LONGEST_TEXT: Final = 60
_OTHER_SCALE: Final = {"ecog": "kps", "kps": "ecog"}


def read_performance(chart: Chart, observation: Object, name: str, scale: str) -> None:
    """Deliver ``ecog`` or ``kps``: the value, or else the answer code of the interpretation.

    Several values that differ are all delivered, so that they conflict. A value goes before the
    interpretation, which only explains it; where they differ, that is a problem.
    """
    day = observed_on(observation)
    scores: list[Measured] = []
    for path, content, _ in values_of(chart, observation, name):
        score = content if type(content) is int else _score(chart, name, scale, path, content)
        if score is not None and score not in scores:
            scores.append(score)
    meant = _interpreted(chart, observation, name, scale) if "interpretation" in observation else None
    if meant is not None:
        if not scores:
            scores = [meant]
        elif meant not in scores:
            said = " and ".join(map(str, scores))
            chart.problem(name, "interpretation", f"it means {meant}, but the value is {said}; the value is used")
    elif not scores:
        chart.warn(name, "value[x]", missing_reason(observation))
    for score in scores:
        chart.add(scale, score, day, name, "value[x]")


def _score(chart: Chart, name: str, scale: str, path: str, content: Content) -> Measured | None:
    if isinstance(content, bool):
        chart.problem(name, path, "a performance status is a number or one of its answer codes")
        return None
    if isinstance(content, str):
        return _number(chart, name, path, content)
    if isinstance(content, Codes):
        word = answers(scale).first(content.codings)
        if word is None:
            chart.problem(name, path, f"no answer code of the {scale.upper()} scale")
        return None if word is None else int(word)
    return content


def _number(chart: Chart, name: str, path: str, text: str) -> Measured | None:
    try:
        return number_from(text, path)
    except Unreadable as error:
        chart.problem(name, error.path, error.what)
        return None


def number_from(text: str, path: str) -> Measured:
    """A number, or bounds such as "greater than 1.8", from text; a percent sign may follow."""
    if len(text) > _LONGEST_TEXT:
        raise Unreadable(path, "too long for a number")
    try:
        return parse_measured(text.rstrip().removesuffix("%"))
    except ValueError as error:
        raise Unreadable(path, str(error)) from None


def _interpreted(chart: Chart, observation: Object, name: str, scale: str) -> Measured | None:
    codings = interpretations_of(observation)
    word = answers(scale).first(codings) if codings else None
    if codings and word is None and answers(_OTHER_SCALE[scale]).first(codings):
        chart.warn(name, "interpretation", f"not used: an answer code of the {_OTHER_SCALE[scale].upper()} scale")
    return None if word is None else int(word)
