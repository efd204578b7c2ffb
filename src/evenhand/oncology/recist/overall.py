"""Non-target response, and the overall response at a time point.

Sources: RECIST 1.1, tables 1 and 2, section 4.4; EORTC clarifications on disease that reappears. Ours, because no table
draws it: a scan on which new lesions were not searched for everywhere is not evaluable unless something else is
progression; an equivocal new lesion leaves the response as it is, provisionally; without any lesion at baseline the
answer is NED (a code of CDISC) until something is found.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from evenhand.oncology.recist.criteria import Response
from evenhand.oncology.recist.scan import NonTargetState

CR, PR, SD, PD, NE = Response.CR, Response.PR, Response.SD, Response.PD, Response.NE
NON_CR_NON_PD, NED = Response.NON_CR_NON_PD, Response.NED
ABSENT, PRESENT, PROGRESSED, UNSEEN, RESIDUE = NonTargetState

New = Literal["no", "equivocal", "unequivocal", "not searched"]


class NonTargetRule(StrEnum):
    """Which test decided the response of the non-targets."""

    PROGRESSED = "progressed"
    REAPPEARED = "reappeared"
    NOT_ASSESSED = "not assessed"
    PERSIST = "persist"
    GONE = "gone"


class OverallRule(StrEnum):
    """Which line of the table decided the overall response."""

    NEW_LESION = "new lesion"
    TARGETS_PROGRESSED = "targets progressed"
    NON_TARGETS_PROGRESSED = "non-targets progressed"
    NOT_SEARCHED = "not searched"
    NO_DISEASE = "no disease"
    NON_TARGETS_ALONE = "non-targets alone"
    TARGETS = "targets"
    NON_TARGETS_REMAIN = "non-targets remain"


NonTargetResult = tuple[Response, NonTargetRule]
OverallResult = tuple[Response, OverallRule]

_PROGRESSED: NonTargetResult = (PD, NonTargetRule.PROGRESSED)
_REAPPEARED: NonTargetResult = (PD, NonTargetRule.REAPPEARED)
_NOT_ASSESSED: NonTargetResult = (NE, NonTargetRule.NOT_ASSESSED)
_PERSIST: NonTargetResult = (NON_CR_NON_PD, NonTargetRule.PERSIST)
_GONE: NonTargetResult = (CR, NonTargetRule.GONE)


def non_target_response(states: tuple[NonTargetState, ...], had_cr: bool) -> NonTargetResult:
    """The response of the non-targets, at least one; ``had_cr``: a complete response overall was assigned before."""
    if PROGRESSED in states:
        return _PROGRESSED
    if had_cr and PRESENT in states:
        return _REAPPEARED
    if UNSEEN in states:
        return _NOT_ASSESSED
    return _PERSIST if PRESENT in states or RESIDUE in states else _GONE


def overall_response(target: Response | None, non_target: Response | None, new: New) -> OverallResult:
    """The overall response; None where there was no such lesion at baseline."""
    if new == "unequivocal":
        return PD, OverallRule.NEW_LESION
    if target is PD:
        return PD, OverallRule.TARGETS_PROGRESSED
    if non_target is PD:
        return PD, OverallRule.NON_TARGETS_PROGRESSED
    if new == "not searched":
        return NE, OverallRule.NOT_SEARCHED
    if target is None:
        return (NED, OverallRule.NO_DISEASE) if non_target is None else (non_target, OverallRule.NON_TARGETS_ALONE)
    if target is CR and non_target is not None and non_target is not CR:
        return PR, OverallRule.NON_TARGETS_REMAIN
    return target, OverallRule.TARGETS
