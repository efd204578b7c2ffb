"""Laboratory values of a participant, graded, and those that ought to be an adverse event and are none.

The baseline of a test is its last value up to the day of randomization, that day included (our proposal: both arms are
compared from randomization on). Total calcium is corrected by the albumin of the same sample before it is graded.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct.forms import FormEntry, Row, context, entries_reading
from evenhand.conduct.safety.events import AdverseEvent, adverse_events, safety_of, span
from evenhand.conduct.safety.kept import Kept
from evenhand.oncology.ctcae import Circumstances, Grading, Sample, analytes, corrected_calcium, gradings
from evenhand.protocol import Protocol
from evenhand.protocol.plan.safety_rules import Safety
from evenhand.record import SubjectHistory
from evenhand.units import Number, Range

LABORATORY: Final = "laboratory"
_DAYS: Final = {LABORATORY: "sampled", "ejection_fraction": "performed"}
_TOTAL, _ALBUMIN = "calcium_total", "albumin"


@dataclass(frozen=True, slots=True)
class Value:
    """One measured value: where it was entered, when it was sampled, and what it says."""

    entry: FormEntry
    path: str
    sampled: date
    sample: Sample
    circumstances: Circumstances


@dataclass(frozen=True, slots=True)
class GradedValue:
    """A value with its grades, one for each term that it can lead to; ``why_not``: why it could not be graded."""

    value: Value
    gradings: tuple[Grading, ...]
    why_not: str = ""

    @property
    def worst(self) -> Grading | None:
        """The grading that is surely highest; None where there is none."""
        return max(self.gradings, key=lambda grading: grading.at_least, default=None)


@dataclass(frozen=True, slots=True)
class Suggested:
    """A graded value that no adverse event stands for; ``lower`` is one of that term whose grades are below it."""

    graded: GradedValue
    grading: Grading
    lower: AdverseEvent | None


def graded(protocol: Protocol, known: SubjectHistory) -> tuple[GradedValue, ...]:
    """Every laboratory value and ejection fraction of a participant with its grades, by day of sampling; none where the
    study has no safety plan."""
    safety = safety_of(protocol)
    if safety is None:
        return ()
    entries = _entries(protocol, known)
    base = _baseline(protocol, known, safety, entries)
    return tuple(value for _, entry in entries for value in _graded_of(safety, entry, base))


def suggested(protocol: Protocol, known: SubjectHistory) -> Iterator[Suggested]:
    """Values after randomization whose grade reaches the study's, is above that at baseline, and that no adverse event
    of that term and at least that grade stands for on that day."""
    safety, randomized = safety_of(protocol), context(known).randomized
    if safety is None or randomized is None:
        return
    entries = _entries(protocol, known)
    base = _baseline(protocol, known, safety, entries)
    for day, entry in entries:
        for one, grading in _reaching(safety, entry, base) if day > randomized else ():
            named = (event for event in adverse_events(protocol, known) if event.name == grading.term)
            same = [event for event in named if event.lasted_on(day)]
            if not any((event.grade or 0) >= grading.at_least for event in same):
                yield Suggested(one, grading, same[0] if same else None)


@dataclass(frozen=True, slots=True)
class _Baseline:
    """The last value of each test up to randomization, the last grade of each term (the highest where it is open), and
    what tells it from the baseline of others."""

    samples: Mapping[str, Sample]
    grades: Mapping[str, int]
    key: Hashable


_BASELINES: Final[Kept[_Baseline]] = Kept()
_GRADED: Final[Kept[tuple[GradedValue, ...]]] = Kept()
_REACHING: Final[Kept[tuple[tuple[GradedValue, Grading], ...]]] = Kept()


def _baseline(
    protocol: Protocol, known: SubjectHistory, safety: Safety, entries: list[tuple[date, FormEntry]]
) -> _Baseline:
    randomized = context(known).randomized
    before = [entry for day, entry in entries if randomized is not None and day <= randomized]
    key = (protocol.digest, *(entry.standing.latest.hash for entry in before))
    return _BASELINES.of(key, lambda: _baseline_of(safety, before, key))


def _baseline_of(safety: Safety, before: list[FormEntry], key: Hashable) -> _Baseline:
    samples = {value.sample.analyte: value.sample for entry in before for value in _values(entry)}
    base = _Baseline(samples, {}, key)
    gradings = (grading for entry in before for one in _graded_of(safety, entry, base) for grading in one.gradings)
    return _Baseline(samples, {grading.term: grading.possible[-1] for grading in gradings}, key)


def _reaching(safety: Safety, entry: FormEntry, base: _Baseline) -> tuple[tuple[GradedValue, Grading], ...]:
    """The values of an entry whose lowest grade reaches the study's and is above the one at baseline."""
    return _REACHING.of(
        (entry.standing.latest.hash, base.key),
        lambda: tuple(
            (one, grading)
            for one in _graded_of(safety, entry, base)
            for grading in one.gradings
            if grading.at_least >= safety.suggest_from and grading.at_least > base.grades.get(grading.term, 0)
        ),
    )


def _graded_of(safety: Safety, entry: FormEntry, base: _Baseline) -> tuple[GradedValue, ...]:
    """The values of one entry with their grades."""

    def find() -> tuple[GradedValue, ...]:
        every = tuple(_values(entry))
        return tuple(_graded(safety.ctcae, one, base.samples.get(one.sample.analyte), every) for one in every)

    return _GRADED.of((entry.standing.latest.hash, base.key), find)


def _entries(protocol: Protocol, known: SubjectHistory) -> list[tuple[date, FormEntry]]:
    """The entries that hold values, each with its day of sampling, by day."""
    found = [(_sampled(entry), entry) for role in _DAYS for entry in entries_reading(protocol, known, role)]
    return sorted(found, key=lambda one: (one[0], one[1].seq))


def _sampled(entry: FormEntry) -> date:
    day = span(entry, _DAYS[entry.form.reads])
    return day.first if day else entry.day


def _values(entry: FormEntry) -> Iterator[Value]:
    return _values_of(entry) if entry.form.reads == LABORATORY else _fraction_of(entry)


def _graded(version: str, value: Value, baseline: Sample | None, every: tuple[Value, ...]) -> GradedValue:
    try:
        sample = _gradable(value, every)
        return GradedValue(value, gradings(version, sample, baseline, value.circumstances))
    except ValueError as error:
        return GradedValue(value, (), str(error))


def _gradable(value: Value, every: tuple[Value, ...]) -> Sample:
    """The sample, corrected where it is total calcium. Raises ValueError where its albumin is missing."""
    if value.sample.analyte != _TOTAL:
        return value.sample
    albumin = next((other.sample for other in every if other.sample.analyte == _ALBUMIN), None)
    if albumin is None:
        raise ValueError("total calcium is graded after correction for albumin, and this sample has none")
    return corrected_calcium(value.sample, albumin)


def _values_of(entry: FormEntry) -> Iterator[Value]:
    for number, row in enumerate(entry.rows("results"), start=1):
        measured, test = row.get("value"), row.get("test")
        if isinstance(measured, Number | Range) and isinstance(test, str) and test in analytes():
            sample = Sample(test, measured, str(row.get("unit", "")), _limit(row, "low"), _limit(row, "high"))
            around = Circumstances(_said(row, "symptoms"), _said(row, "anticoagulated"))
            yield Value(entry, f"results.{number}.value", _sampled(entry), sample, around)


def _fraction_of(entry: FormEntry) -> Iterator[Value]:
    measured = entry.values.get("lvef")
    if isinstance(measured, Number | Range):
        yield Value(entry, "lvef", _sampled(entry), Sample("lvef", measured, "%"), Circumstances())


def _limit(row: Row, name: str) -> Number | None:
    found = row.get(name)
    return found if isinstance(found, Number) else None


def _said(row: Row, name: str) -> bool | None:
    found = row.get(name)
    return found if isinstance(found, bool) else None
