"""Why a time point has its response, in sentences with the numbers and the source. Written when asked for."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Final

from evenhand.oncology.recist.course import TimePoint
from evenhand.oncology.recist.criteria import RECIST_1_1, Criteria, Micrometres, millimetres
from evenhand.oncology.recist.overall import NonTargetRule, OverallRule
from evenhand.oncology.recist.scan import Baseline
from evenhand.oncology.recist.target import TargetResult, TargetRule

_TARGETS: Final = {
    TargetRule.GONE: "CR: every target is gone and every node among them is below {normal} mm",
    TargetRule.REAPPEARED: "PD: a complete response was assigned before, and a target is there again",
    TargetRule.GROWN: "PD: the sum of {total} mm is {grown} and {gained} mm above the smallest, {nadir} mm",
    TargetRule.GROWN_IN_PART: "PD: the targets that were assessed reach {measured} mm alone, {grown} and {gained} mm "
    "above the smallest sum, {nadir} mm; {missing} would only add to it",
    TargetRule.FROM_ZERO: "INDETERMINATE: the sum rose from 0 to {total} mm without a complete response overall "
    "before; no percentage can be given, so the scans have to be read again",
    TargetRule.NOT_ASSESSED: "NE: {missing} not assessed, and the others do not reach progression",
    TargetRule.SHRUNK: "PR: the sum of {total} mm is {fallen} below the {baseline} mm of baseline",
    TargetRule.STILL_SHRUNK: "PR: reached before, and the sum of {total} mm is no progression from {nadir} mm",
    TargetRule.NEITHER: "SD: the sum of {total} mm is neither {fall} % below baseline ({baseline} mm) nor "
    "{growth} % and {growth_size} mm above the smallest ({nadir} mm)",
}  # fmt: skip
_TARGET_SOURCES: Final = {
    TargetRule.REAPPEARED: "EORTC, clarifications to RECIST 1.1",
    TargetRule.FROM_ZERO: "our rule: RECIST 1.1 does not say",
    TargetRule.GROWN_IN_PART: "RECIST 1.1, 4.5",
    TargetRule.NOT_ASSESSED: "RECIST 1.1, 4.5",
    TargetRule.STILL_SHRUNK: "EORTC, clarifications to RECIST 1.1",
}
_NON_TARGETS: Final = {
    NonTargetRule.PROGRESSED: "PD: unequivocal progression of a non-target (RECIST 1.1, 4.3.4)",
    NonTargetRule.REAPPEARED: "PD: a complete response was assigned before, and a non-target is there again "
    "(EORTC, clarifications to RECIST 1.1)",
    NonTargetRule.NOT_ASSESSED: "NE: not all non-targets were assessed (RECIST 1.1, 4.5)",
    NonTargetRule.PERSIST: "NON-CR/NON-PD: at least one non-target persists (RECIST 1.1, 4.3.3)",
    NonTargetRule.GONE: "CR: every non-target is gone (RECIST 1.1, 4.3.3)",
}
_OVERALL: Final = {
    OverallRule.NEW_LESION: "PD: a new lesion beyond doubt (RECIST 1.1, 4.3.5)",
    OverallRule.TARGETS_PROGRESSED: "PD: the targets progressed (RECIST 1.1, table 1)",
    OverallRule.NON_TARGETS_PROGRESSED: "PD: the non-targets progressed (RECIST 1.1, tables 1 and 2)",
    OverallRule.NOT_SEARCHED: "NE: not every region was imaged, so a new lesion cannot be excluded (our rule)",
    OverallRule.NO_DISEASE: "NED: no lesion at baseline and none found since (code of CDISC)",
    OverallRule.NON_TARGETS_ALONE: "{overall}: by the non-targets, as there are no targets (RECIST 1.1, table 2)",
    OverallRule.TARGETS: "{overall}: by the targets (RECIST 1.1, table 1)",
    OverallRule.NON_TARGETS_REMAIN: "PR: the targets are gone, and non-targets remain or were not all assessed "
    "(RECIST 1.1, table 1)",
}  # fmt: skip


def explain(point: TimePoint, baseline: Baseline, criteria: Criteria = RECIST_1_1) -> tuple[str, ...]:
    """One sentence for the targets, one for the non-targets, one for the overall response, as far as they exist."""
    said: list[str] = []
    if point.target is not None:
        said.append(f"Targets {explain_targets(point.target, baseline, criteria)}.")
    if point.non_target_rule is not None:
        said.append(f"Non-targets {_NON_TARGETS[point.non_target_rule]}.")
    said.append(f"Overall {_OVERALL[point.rule].format(overall=point.overall)}.")
    if point.provisional:
        said.append("Provisional: a new lesion is equivocal; if it proves real, progression is dated back to it.")
    if point.progressed is not None and point.progressed < point.day:
        said.append(f"The progression is dated to {point.progressed:%-d %b %Y}, when it was first seen.")
    return tuple(said)


def explain_targets(result: TargetResult, baseline: Baseline, criteria: Criteria = RECIST_1_1) -> str:
    """Why the targets have their response: the rule, its numbers in millimetres, its source."""
    missing = " and ".join(baseline.targets[number].label for number in result.missing)
    text = _TARGETS[result.rule].format(
        normal=millimetres(criteria.node_normal),
        total=millimetres(result.measured),
        measured=millimetres(result.measured),
        baseline=millimetres(result.baseline),
        nadir=millimetres(result.nadir),
        grown=percent(result.measured - result.nadir, result.nadir),
        gained=millimetres(max(result.measured - result.nadir, 0)),
        fallen=percent(result.baseline - result.measured, result.baseline),
        fall=criteria.fall,
        growth=criteria.growth,
        growth_size=millimetres(criteria.growth_size),
        missing=missing,
    )
    return f"{text} ({_TARGET_SOURCES.get(result.rule, 'RECIST 1.1, 4.3.1')})"


def percent(change: Micrometres, of: Micrometres) -> str:
    """A change in percent for people, cut after three decimals, so that none looks like a tie that it is not.

    Only shown: every comparison is made on whole numbers.
    """
    if not of:
        return "more than any percentage"
    cut = (Decimal(change) * 100 / of).quantize(Decimal("0.001"), ROUND_DOWN).normalize()
    return f"{cut:f} %"
