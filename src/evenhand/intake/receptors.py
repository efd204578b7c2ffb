"""Oestrogen and progesterone receptor."""

from __future__ import annotations

from typing import Final

from evenhand.codes import Coded
from evenhand.intake.chart import Chart
from evenhand.intake.elements import Object, Unreadable
from evenhand.intake.performance import number_from
from evenhand.intake.tables import answers, unmapped
from evenhand.intake.values import Codes, Content, interpretations_of, missing_reason, observed_on, values_of
from evenhand.logic import NO, YES
from evenhand.units import Measured, compare_numbers

_POSITIVE_FROM: Final = 1  # per cent of stained cells: ASCO/CAP 2020 (Allison, J Clin Oncol 38:1346)
NOT_DONE: Final = "not_done"
WORDS: Final = {
    "positive": "positive",
    "negative": "negative",
    "equivocal": "equivocal",
    "indeterminate": "indeterminate",
}


def read_receptor(chart: Chart, observation: Object, name: str, reads: str) -> None:
    """Deliver ``estrogen_receptor`` or ``progesterone_receptor``: a result, or the share of stained cells read as one.

    Results that differ are all delivered, so that they conflict.
    """
    receptor, _, kind = reads.partition(" ")
    day = observed_on(observation)
    found: dict[Coded, None] = {}
    for path, content, unit in values_of(chart, observation, name):
        try:
            result = _result(path, content, percent=bool(kind) or unit == "%")
        except Unreadable as error:
            chart.problem(name, error.path, error.what)
        else:
            if result is not None:
                found[result] = None
    if "interpretation" in observation:
        meant = answers("result").first(interpretations_of(observation))
        found |= {} if meant is None or meant == NOT_DONE else {meant: None}
    if not found:
        chart.warn(name, "value[x]", missing_reason(observation))
    for result in found:
        chart.add(receptor, result, day, name, "value[x]")


def _result(path: str, content: Content, percent: bool) -> Coded | None:
    if isinstance(content, Codes):
        return coded_result(content)
    if isinstance(content, bool):
        return "positive" if content else "negative"
    if isinstance(content, str):
        word = WORDS.get(content.lower())
        if word is not None:
            return word
        percent = percent or content.endswith("%")
        content = number_from(content, path)
    if not percent:
        raise Unreadable(path, "a number without per cent does not say whether the receptor is positive")
    return _from_share(content, path)


def coded_result(content: Codes) -> Coded | None:
    """Our word for a coded result; a code that no table reads stays one; None when the test was not done."""
    word: Coded | None = answers("result").first(content.codings) or WORDS.get(content.text.lower())
    if word is None:
        word = unmapped(content.codings, content.text)
    return None if word == NOT_DONE else word


def _from_share(share: Measured, path: str) -> str:
    answer = compare_numbers(share, ">=", _POSITIVE_FROM)
    if answer is YES or answer is NO:
        return "positive" if answer is YES else "negative"
    raise Unreadable(path, f"{share} per cent does not say whether it is at least {_POSITIVE_FROM}")
