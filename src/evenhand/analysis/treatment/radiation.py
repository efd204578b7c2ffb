"""Courses of radiation: what was prescribed, what was delivered, how long it took, and what lay between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.tables import Cell, Row, Table, row
from evenhand.analysis.treatment.cells import Measured, Said, all_of, by_code, codes_of, middle, of_things
from evenhand.conduct.treatment import Course, Dose, courses, delivered
from evenhand.conduct.treatment.answers import word
from evenhand.conduct.treatment.courses import LOCOREGIONAL, METASTASIS
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.protocol.endpoints import Population

ROLES = (LOCOREGIONAL, METASTASIS)
TITLES = {LOCOREGIONAL: "Locoregional radiation", METASTASIS: "Radiation of metastases"}
METHOD = (
    "Courses since randomization; a course counts as delivered once it has ended and every target got {percent} % of "
    "its planned dose (the study's choice). Doses are each volume's own. Days from the first to the last fraction, "
    "both included. Days missed: those recorded as gaps; unexplained: further weekdays without a fraction."
)
_Pair = tuple[Analysed, Course]
_Mine = list[list[_Pair]]


def radiation(analysis: Analysis, population: Population, columns: tuple[Group, ...], role: str) -> Table:
    """The courses of a role."""
    given: _Mine = [[(one, each) for one in group.people for each in _courses(one, role)] for group in columns]
    sizes = [group.size for group in columns]
    many = [len(those) for those in given]
    percent = treatment_of(analysis.protocol).delivered_percent
    states = [[_said(pair, delivered(pair[1], percent).state) for pair in those] for those in given]
    every = [[_said(pair) for pair in those] for those in given]
    rows = [
        all_of("people", "People with a course", every, sizes),
        all_of("courses", "Courses", every, [None] * len(sizes), of_things),
        *by_code("state", _STATES, states, many, of_things),
        *_short(given, many, percent, codes_of(analysis.protocol, role, "stopped_because")),
        *_prescribed(given),
        row("percent", "Delivered part of the planned dose in %, median (range)", *map(_percents, given)),
        row("elapsed", "Days from first to last fraction, median (range)", *map(_elapsed, given)),
        *_gaps(analysis, role, given, many),
    ]
    return Table(
        id=role,
        title=TITLES[role],
        population=of_whom(population, columns[-1]),
        method=METHOD.format(percent=percent),
        head=("", *(one.head for one in columns)),
        rows=tuple(rows),
        notes=("People are counted of all people, courses of all courses, doses of all doses.",),
        by_arm=len(columns) > 1,
    )


_STATES = {
    "complete": "delivered",
    "closed with a reason": "cut short, with a reason",
    "open": "running, or cut short without a reason, or not fully recorded",
}


def _courses(one: Analysed, role: str) -> Iterator[Course]:
    """Those from randomization on; one without a first day is taken for one of them."""
    for each in courses(one.person.protocol, one.person.known):
        if each.role == role and (each.started is None or each.started >= one.seen.start):
            yield each


def _subject(one: Analysed) -> str:
    return one.person.subject


def _seqs(course: Course) -> tuple[int, ...]:
    return (course.entry.seq,)


def _said(pair: _Pair, code: str | None = None) -> Said:
    return Said(_subject(pair[0]), code, _seqs(pair[1]))


def _short(given: _Mine, many: list[int], percent: Decimal, reasons: Mapping[str, str]) -> list[Row]:
    """Why courses were cut short; and how many were delivered although a reason for that is recorded."""
    ended = [[pair for pair in those if pair[1].stopped_because] for those in given]
    short = [[pair for pair in those if delivered(pair[1], percent).state != "complete"] for those in ended]
    because = [[_said(pair, word(pair[1].entry.values, "stopped_because")) for pair in those] for those in short]
    odd = [[_said(pair) for pair in those if pair not in cut] for those, cut in zip(ended, short, strict=True)]
    return [
        all_of("short", "Cut short because of", because, many, of_things),
        *by_code("short", reasons, because, many, of_things),
        all_of("contradicted", "Delivered, and yet a reason for stopping early is recorded", odd, many, of_things),
    ]


def _prescribed(given: _Mine) -> list[Row]:
    """Each prescription that was given, the smallest number of fractions first; a course may have several."""
    doses = [[_said(pair, _prescription(dose)) for pair in those for dose in pair[1].doses] for those in given]
    many = [len(those) for those in doses]
    codes = sorted({one.code for those in doses for one in those if one.code}, key=_fractions)
    labels = {code: f"{code.partition('/')[0]} Gy in {code.partition('/')[2]}" for code in codes}
    heading = "Prescribed to each target: Gy in fractions"
    return [row("prescribed", heading), *by_code("prescribed", labels, doses, many, of_things)]


def _prescription(dose: Dose) -> str | None:
    gy, fractions = dose.planned_gy, dose.planned_fractions
    return None if gy is None or fractions is None else f"{float(gy):g}/{fractions}"


def _fractions(code: str) -> tuple[int, float]:
    gy, _, fractions = code.partition("/")
    return int(fractions), float(gy)


def _percents(those: Sequence[_Pair]) -> Cell:
    """The least part over the targets of each course that has ended."""
    found = []
    for one, each in those:
        parts = [dose.percent for dose in each.doses if dose.percent is not None]
        if each.ended is not None and parts:
            found.append(Measured(_subject(one), float(min(parts)), _seqs(each)))
    return middle(found, 1)


def _elapsed(those: Sequence[_Pair]) -> Cell:
    ended = ((one, each, each.elapsed) for one, each in those)
    return middle(Measured(_subject(one), days, _seqs(each)) for one, each, days in ended if days is not None)


def _gaps(analysis: Analysis, role: str, given: _Mine, many: list[int]) -> list[Row]:
    """Courses with gaps, why, and for how long."""
    reasons = codes_of(analysis.protocol, role, "gaps.because")
    with_gaps = [[_said(pair) for pair in those if pair[1].gaps] for those in given]
    because = [[_said(pair, why) for pair in those for why in {gap.because for gap in pair[1].gaps}] for those in given]
    days = [[_missed(pair) for pair in those if pair[1].gaps] for those in given]
    rows = [
        all_of("gaps", "Courses with a gap", with_gaps, many, of_things),
        *by_code("gaps", reasons, because, many, of_things),
        row("missed", "Treatment days missed of these, median (range)", *map(middle, days), indent=1),
    ]
    if role == LOCOREGIONAL:
        unexplained = [[_said(pair) for pair in those if pair[1].unexplained_days] for those in given]
        rows.append(all_of("unexplained", "Courses with unexplained days", unexplained, many, of_things))
    return rows


def _missed(pair: _Pair) -> Measured:
    return Measured(_subject(pair[0]), sum(gap.missed or 0 for gap in pair[1].gaps), _seqs(pair[1]))
