"""Laboratory values graded by CTCAE: which grades a value can have, given what is known about it.

The numbers stand in ``laboratory_v5.txt``. Nothing is assumed where something is missing: without the lower limit of
the laboratory a slightly low value may be grade 0 or 1, and both are said. All numbers are exact, none is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from evenhand.logic import NO, YES, Truth
from evenhand.oncology.ctcae.conditions import BASE, LLN, ULN, Condition, condition
from evenhand.oncology.ctcae.tables import rows
from evenhand.oncology.ctcae.terms import table_of
from evenhand.units import Measured, Number, Range, compare_numbers, scale

ANY_UNIT: Final = "="
_ANYTHING: Final = Range(low=0)
_LACKING: Final = {
    LLN: "the laboratory's lower limit of normal is not recorded",
    ULN: "the laboratory's upper limit of normal is not recorded",
    BASE: "there is no baseline value",
}


@dataclass(frozen=True, slots=True)
class Analyte:
    """Something that laboratories measure; ``units`` maps each unit (UCUM) to its factor to the first one."""

    id: str
    label: str
    units: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Sample:
    """A measured value in its unit, with the limits of the laboratory that measured it (in the same unit)."""

    analyte: str
    value: Measured
    unit: str
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else grades depend on; None where it is not known."""

    symptoms: bool | None = None
    anticoagulated: bool | None = None


@dataclass(frozen=True, slots=True)
class Grading:
    """The grades that a value can have for a term (0 is none), and why there is more than one."""

    term: str
    version: str
    possible: tuple[int, ...]
    open_because: tuple[str, ...] = ()

    @property
    def grade(self) -> int | None:
        """The grade, or None while it is open."""
        return self.possible[0] if len(self.possible) == 1 else None

    @property
    def at_least(self) -> int:
        """The lowest grade that is possible."""
        return self.possible[0]


@dataclass(frozen=True, slots=True)
class _Rule:
    analyte: str
    term: str
    unit: str
    when: str
    conditions: Mapping[int, Condition]


UNKNOWN_CIRCUMSTANCES: Final = Circumstances()


@cache
def analytes() -> Mapping[str, Analyte]:
    """Everything that can be graded or is needed for it, by id."""
    found = {}
    for _, (name, label, units) in rows("analytes.txt"):
        pairs = (unit.split() for unit in units.split(","))
        found[name] = Analyte(name, label, {unit: Decimal(factor) for unit, factor in pairs})
    return found


def gradings(
    version: str,
    sample: Sample,
    baseline: Sample | None = None,
    circumstances: Circumstances = UNKNOWN_CIRCUMSTANCES,
) -> tuple[Grading, ...]:
    """The grades of a sample, one for each term that its analyte can lead to.

    Raises ValueError for a version, an analyte or a unit that is not known here, with those that are.
    """
    _check(sample)
    if baseline is not None:
        _check(baseline)
    chosen: dict[str, list[_Rule]] = {}
    for rule in _rules(version).get(sample.analyte, ()):
        chosen.setdefault(rule.term, []).append(rule)
    return tuple(
        _grading(version, term, _in_unit(rules, sample.unit), sample, baseline, circumstances)
        for term, rules in chosen.items()
    )


def terms_of(version: str, analyte: str) -> tuple[str, ...]:
    """The terms that an analyte can lead to."""
    return tuple(dict.fromkeys(rule.term for rule in _rules(version).get(analyte, ())))


def corrected_calcium(total: Sample, albumin: Sample) -> Sample:
    """Calcium corrected for albumin: + 0.02 mmol/L (0.8 mg/dL) for each g/L (g/dL) of albumin below 40 (4).

    The customary form of Payne et al., BMJ 1973;4:643. CTCAE asks for corrected calcium and does not say how to
    correct; that every laboratory's value is corrected in this one way is our proposal. Raises ValueError for unknown
    units, or where a value is known only by bounds.
    """
    _check(total)
    _check(albumin)
    if isinstance(total.value, Range) or isinstance(albumin.value, Range):
        raise ValueError("calcium is corrected from exact values only")
    grams = Decimal(albumin.value) * analytes()["albumin"].units[albumin.unit]
    per_gram = Decimal("0.08") if total.unit == "mg/dL" else Decimal("0.02")
    return Sample("calcium", total.value + per_gram * (40 - grams), total.unit, total.low, total.high)


def converted(sample: Sample, unit: str) -> Sample:
    """The sample in another unit of its analyte, limits included. Raises ValueError for an unknown unit."""
    units = analytes()[sample.analyte].units
    if unit not in units:
        raise ValueError(f"{analytes()[sample.analyte].label} in {unit!r} is not known: use {', '.join(units)}")
    if unit == sample.unit:
        return sample
    factor = units[sample.unit] / units[unit]
    limits = (None if limit is None else _number(limit, factor) for limit in (sample.low, sample.high))
    return Sample(sample.analyte, scale(sample.value, factor), unit, *limits)


def _check(sample: Sample) -> None:
    known = analytes()
    if sample.analyte not in known:
        raise ValueError(f"the analyte {sample.analyte!r} is not known: use {', '.join(known)}")
    if sample.unit not in known[sample.analyte].units:
        units = ", ".join(known[sample.analyte].units)
        raise ValueError(f"{known[sample.analyte].label} in {sample.unit!r} is not known: use {units}")


def _in_unit(rules: list[_Rule], unit: str) -> list[_Rule]:
    """The rules written in a unit, where there are such; else those of the term's first unit."""
    written = unit if any(rule.unit == unit for rule in rules) else rules[0].unit
    return [rule for rule in rules if rule.unit == written]


def _grading(
    version: str, term: str, rules: list[_Rule], sample: Sample, baseline: Sample | None, circumstances: Circumstances
) -> Grading:
    unit = _common_unit(sample, baseline) if rules[0].unit == ANY_UNIT else rules[0].unit
    sample = converted(sample, unit)
    baseline = None if baseline is None else converted(baseline, unit)
    possible: set[int] = set()
    lacking: set[str] = set()
    for rule in rules:
        applies = _applies(rule.when, baseline, circumstances)
        if applies is NO:
            continue
        grades = _grades(rule, sample, baseline)
        possible |= grades
        if len(grades) > 1:
            lacking |= set(_missing_limits(rule, sample, baseline))
    if len(possible) == 1:
        return Grading(term, version, tuple(possible))
    return Grading(
        term, version, tuple(sorted(possible)), tuple(_reasons(rules, lacking, sample, baseline, circumstances))
    )


def _common_unit(sample: Sample, baseline: Sample | None) -> str:
    """The unit of both, or the analyte's first one, into which conversion is exact."""
    if baseline is None or baseline.unit == sample.unit:
        return sample.unit
    return next(iter(analytes()[sample.analyte].units))


def _grades(rule: _Rule, sample: Sample, baseline: Sample | None) -> set[int]:
    """The grades that one rule leaves possible: the highest one that surely holds, and any above that may."""
    limits = _limits(rule.when, sample, baseline)
    answers = {grade: condition.answer(sample.value, limits) for grade, condition in rule.conditions.items()}
    sure = max((grade for grade, answer in answers.items() if answer is YES), default=0)
    return {sure} | {grade for grade, answer in answers.items() if grade > sure and answer is not NO}


def _limits(when: str, sample: Sample, baseline: Sample | None) -> dict[str, Measured]:
    """The limits as far as they are known; an unknown baseline that is called high lies above the upper limit (which is
    taken to be that of the sample: our proposal)."""
    base: Measured = _ANYTHING
    if baseline is not None:
        base = baseline.value
    elif when == "baseline high" and sample.high is not None:
        base = Range(low=sample.high, low_open=True)
    low: Measured = _ANYTHING if sample.low is None else sample.low
    high: Measured = _ANYTHING if sample.high is None else sample.high
    return {LLN: low, ULN: high, BASE: base}


def _applies(when: str, baseline: Sample | None, circumstances: Circumstances) -> Truth | None:
    """Whether a rule is the one to follow; None where that is not known."""
    match when:
        case "":
            return YES
        case "baseline high" | "baseline normal":
            high = _is_high(baseline)
        case "symptoms" | "no symptoms":
            high = circumstances.symptoms
        case _:
            high = circumstances.anticoagulated
    if high is None:
        return None
    return YES if high is (when in ("baseline high", "symptoms", "anticoagulated")) else NO


def _is_high(baseline: Sample | None) -> bool | None:
    if baseline is None or baseline.high is None:
        return None
    above = compare_numbers(baseline.value, ">", baseline.high)
    return True if above is YES else False if above is NO else None


def _missing_limits(rule: _Rule, sample: Sample, baseline: Sample | None) -> Iterator[str]:
    asked = {limit for condition in rule.conditions.values() for limit in condition.limits}
    values = {LLN: sample.low, ULN: sample.high, BASE: baseline}
    return (limit for limit in values if limit in asked and values[limit] is None)


def _reasons(
    rules: list[_Rule], lacking: set[str], sample: Sample, baseline: Sample | None, circumstances: Circumstances
) -> Iterator[str]:
    yield from (_LACKING[limit] for limit in (LLN, ULN, BASE) if limit in lacking)
    whens = {rule.when for rule in rules}
    if whens & {"baseline high", "baseline normal"} and _is_high(baseline) is None:
        if baseline is None and BASE not in lacking:
            yield _LACKING[BASE]
        elif baseline is not None:
            yield "whether the baseline value was normal is not known"
    if "symptoms" in whens and circumstances.symptoms is None:
        yield "whether there are symptoms is not recorded"
    if "anticoagulated" in whens and circumstances.anticoagulated is None:
        yield "whether the participant takes anticoagulants is not recorded"
    if isinstance(sample.value, Range):
        yield "the value is known only by bounds"


def _number(limit: Number, factor: Decimal) -> Number:
    scaled = scale(limit, factor)
    assert not isinstance(scaled, Range)
    return scaled


@cache
def _rules(version: str) -> Mapping[str, tuple[_Rule, ...]]:
    found: dict[str, tuple[_Rule, ...]] = {}
    for _, (analyte, term, unit, when, *texts) in rows(table_of("laboratory", version)):
        conditions = {grade: condition(text) for grade, text in enumerate(texts, start=1) if text != "-"}
        found[analyte] = (*found.get(analyte, ()), _Rule(analyte, term, unit, when, conditions))
    return found
