"""What became of each participant, as a lane: how long, which local therapy, progression, new therapy, death."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from types import MappingProxyType
from typing import Final

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.outcome import Outcome
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.tables import Figure, Number
from evenhand.conduct.treatment import courses
from evenhand.conduct.treatment.courses import LOCOREGIONAL, METASTASIS
from evenhand.conduct.treatment.local import given
from evenhand.dates import DAYS_PER_MONTH
from evenhand.figures import Lane, Mark, Panel, Span, swimmers
from evenhand.protocol.endpoints import Population

FOLLOWED, RADIATION = "Followed", "Radiation"
SURGERY, PROGRESSION, THERAPY, LEFT, DEATH = "Surgery", "Progression", "New therapy", "Left follow-up", "Death"
UNSIGNED, NO_DAY = "Progression, not signed", "Died, day unknown"
SIGNS: Final = MappingProxyType({SURGERY: 2, PROGRESSION: 1, UNSIGNED: 6, THERAPY: 3, LEFT: 5, DEATH: 4, NO_DAY: 9})
"""What happened on a day, with the place of its sign."""
ID: Final = "participant_courses"
METHOD: Final = (
    "A lane for each participant, from randomization to death or to the last day on which somebody saw the person "
    "alive, the longest first; months are days / 30.4375. Radiation: from the first to the last day of each course (a "
    "course without a last day: its first). Progression: the first that a clinician determined and signed. New "
    "therapy: the first new anticancer therapy. Ongoing: alive and followed at the data cut."
)


def course_figure(analysis: Analysis, population: Population, columns: tuple[Group, ...]) -> Figure | None:
    """The lanes of everybody, arm by arm; None where nobody is in the population, or no endpoint tells survival."""
    ends = _ends(analysis)
    arms = [(arm, sorted((one for one in arm.people if one.person.subject in ends), key=_longest_first(ends)))
            for arm in columns[:-1]]  # fmt: skip
    panels = [Panel(arm.head, [_lane(one, ends[one.person.subject]) for one in people]) for arm, people in arms]
    lanes = [lane for one in panels for lane in one.lanes]
    if not lanes:
        return None
    drawn = swimmers(
        panels, prefix=ID, label="Each participant from randomization on", spans=(FOLLOWED, RADIATION), marks=SIGNS,
        unit="months since randomization", every=6 if 12 < max(lane.end for lane in lanes) <= 42 else None,
    )  # fmt: skip
    data = [row for (arm, _), one in zip(arms, panels, strict=True) for row in _data(arm.id, one)]
    return Figure(
        ID, "Course of each participant", of_whom(population, columns[-1]), METHOD, drawn.svg, drawn.says,
        (("arm", "person", "what", "from_months", "to_months"), *data), by_arm=True, narrow=drawn.narrow,
    )  # fmt: skip


def _ends(analysis: Analysis) -> dict[str, Outcome]:
    """Death, or when last seen alive, of each participant."""
    endpoint = next(iter(analysis.endpoints.of_kind("overall_survival")), None)
    found = ((one.person.subject, each) for one in analysis.people for each in one.outcomes)
    return {subject: each for subject, each in found if endpoint and each.endpoint == endpoint.id}


def _longest_first(ends: dict[str, Outcome]) -> Callable[[Analysed], tuple[int, str]]:
    return lambda one: (-ends[one.person.subject].days, one.person.subject)


def _lane(one: Analysed, end: Outcome) -> Lane:
    start = end.start
    spans = [Span(0, _months(start, end.day), FOLLOWED), *_radiation(one, start)]
    marks = [Mark(_months(start, day), kind) for kind, day in _happened(one, end) if day >= start]
    return Lane(one.person.subject, spans, marks, ongoing=end.reason == "data_cut")


def _months(start: date, day: date) -> float:
    return (day - start).days / DAYS_PER_MONTH


def _radiation(one: Analysed, start: date) -> Iterator[Span]:
    for course in courses(one.person.protocol, one.person.known):
        if course.started is not None and course.started >= start:
            last = max(course.ended or course.started, course.started)
            yield Span(_months(start, course.started), _months(start, last), RADIATION)


def _happened(one: Analysed, end: Outcome) -> Iterator[tuple[str, date]]:
    """What happened, and when; signs that come later lie over those that came before."""
    seen = one.seen
    for day, entry in given(one.person.protocol, one.person.known):
        if entry.form.reads not in (LOCOREGIONAL, METASTASIS):
            yield SURGERY, day
    if seen.determined:
        yield PROGRESSION, min(each.day for each in seen.determined)
    elif seen.unsigned is not None:
        yield UNSIGNED, seen.unsigned.day
    if seen.therapy is not None:
        yield THERAPY, seen.therapy.day
    if seen.left is not None:
        yield LEFT, seen.left.day
    if end.event:
        yield DEATH, end.day
    elif end.reason == "day_unknown":
        yield NO_DAY, end.day


def _data(arm: str, panel: Panel) -> Iterator[tuple[Number, ...]]:
    for lane in panel.lanes:
        yield from ((arm, lane.name, span.kind, span.start, span.stop) for span in lane.spans)
        yield from ((arm, lane.name, mark.kind, mark.time, None) for mark in lane.marks)
        if lane.ongoing:
            yield (arm, lane.name, "Ongoing", lane.end, None)
