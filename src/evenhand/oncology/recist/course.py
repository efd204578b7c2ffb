"""From baseline and scans to time points: target, non-target and overall response of each, and when it progressed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from evenhand.oncology.recist.criteria import RECIST_1_1, Criteria, Response
from evenhand.oncology.recist.overall import (
    New,
    NonTargetRule,
    OverallRule,
    non_target_response,
    overall_response,
)
from evenhand.oncology.recist.scan import Baseline, NewLesion, Scan
from evenhand.oncology.recist.target import TargetCourse, TargetResult

CR, PD = Response.CR, Response.PD


class TimePoint(NamedTuple):
    """The responses at one scan and the rules that gave them; :func:`explain` puts them in words.

    ``provisional``: an equivocal new lesion leaves the response open until it is clarified. ``progressed`` is the day
    that a progression found here is dated to (None unless ``overall`` is PD).
    """

    day: date
    overall: Response
    rule: OverallRule
    target: TargetResult | None
    non_target: Response | None
    non_target_rule: NonTargetRule | None
    new: New
    provisional: bool = False
    progressed: date | None = None


class Progression(NamedTuple):
    """The first progression: the day it is dated to, and the day of the scan that it was declared on."""

    day: date
    declared: date


class Earlier(NamedTuple):
    """What is known from before a baseline that was taken anew: whether a complete response overall was assigned, and
    since when each new lesion that is still equivocal has been seen."""

    complete: bool
    doubts: Mapping[str, date]


NOTHING_EARLIER: Final = Earlier(False, MappingProxyType({}))


class Course(NamedTuple):
    """All time points of one baseline, oldest first, and what a later baseline has to know of them."""

    baseline: Baseline
    points: tuple[TimePoint, ...]
    progression: Progression | None
    known: Earlier = NOTHING_EARLIER


def evaluate(
    baseline: Baseline, scans: Iterable[Scan], criteria: Criteria = RECIST_1_1, earlier: Earlier = NOTHING_EARLIER
) -> Course:
    """The responses at all scans of one baseline.

    Scans are given oldest first and lie after the baseline. Raises ValueError where they do not, or where a scan does
    not fit the baseline's lesions.
    """
    targets = TargetCourse(baseline.targets, criteria)
    targets.had_cr = earlier.complete
    wanted = len(baseline.non_targets)
    doubts = dict(earlier.doubts)  # equivocal new lesions, by the day on which they were first seen
    points: list[TimePoint] = []
    progression: Progression | None = None
    before = baseline.day
    for scan in scans:
        if scan.day <= before:
            raise ValueError(f"the scan of {scan.day} does not lie after {before}: give scans oldest first")
        if len(scan.non_targets) != wanted:
            raise ValueError(f"the scan of {scan.day} tells of {len(scan.non_targets)} non-targets, not of {wanted}")
        before = scan.day
        point = _assess(targets, scan, doubts)
        points.append(point)
        if point.progressed and (progression is None or point.progressed < progression.day):
            progression = Progression(point.progressed, scan.day)
        if point.overall is CR and not point.provisional:
            targets.had_cr = True
    return Course(baseline, tuple(points), progression, Earlier(targets.had_cr, doubts))


def _assess(targets: TargetCourse, scan: Scan, doubts: dict[str, date]) -> TimePoint:
    target = targets.assess(scan.sizes, scan.merged) if targets.targets else None
    non_target, non_target_rule = None, None
    if scan.non_targets:
        non_target, non_target_rule = non_target_response(scan.non_targets, targets.had_cr)
    new: New = "no" if scan.searched else "not searched"
    provisional = False
    if scan.new:
        provisional = any(lesion.certainty == "equivocal" for lesion in scan.new)
        if any(lesion.certainty == "unequivocal" for lesion in scan.new):
            new = "unequivocal"
        elif scan.searched:
            new = "equivocal"
    overall, rule = overall_response(target and target.response, non_target, new)
    if scan.new:
        _remember(doubts, scan)
    if overall is not PD:
        return TimePoint(scan.day, overall, rule, target, non_target, non_target_rule, new, provisional)
    progressed = _dated(scan, target, non_target, doubts)
    return TimePoint(scan.day, PD, rule, target, non_target, non_target_rule, new, False, progressed)


def _remember(doubts: dict[str, date], scan: Scan) -> None:
    for lesion in scan.new:
        if lesion.certainty == "equivocal":
            doubts.setdefault(lesion.label, lesion.day or scan.day)
        elif lesion.certainty == "cleared":
            doubts.pop(lesion.label, None)


def _dated(scan: Scan, target: TargetResult | None, non_target: Response | None, doubts: dict[str, date]) -> date:
    """The earliest day that this progression can be dated to.

    A new lesion's is the day of its image, and where it was equivocal before, the day on which it was first seen
    (RECIST 1.1, 4.3.5). A sum is as late as its last image (FDA, Clinical Trial Endpoints, appendix 2).
    """
    days = [_first_seen(lesion, scan, doubts) for lesion in scan.new if lesion.certainty == "unequivocal"]
    if target is not None and target.response is PD:
        days.append(scan.target_day or scan.day)
    if non_target is PD:
        days.append(scan.non_target_day or scan.day)
    return min(days)


def _first_seen(lesion: NewLesion, scan: Scan, doubts: dict[str, date]) -> date:
    return min(doubts.get(lesion.label, scan.day), lesion.day or scan.day)
