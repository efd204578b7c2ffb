"""Best overall response, and how many responded: of people whose disease could be measured at baseline alone.

The arms are described and not compared ([P]): lesions that are treated locally leave the sums, so that whoever has all
of them treated cannot be seen to respond, and that happens where the arm plans it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.efficacy.arms import Arms
from evenhand.analysis.efficacy.cases import arm_of
from evenhand.analysis.saying import noted, share_cell
from evenhand.analysis.tables import Behind, Cell, Row, Table, count, row
from evenhand.conduct.response import evaluation
from evenhand.oncology.recist import Response
from evenhand.protocol.endpoints import Endpoint
from evenhand.statistics.survival import proportion

RESPONDED: Final = frozenset({Response.CR, Response.PR})
_WORDS: Final = {
    Response.CR: "Complete response",
    Response.PR: "Partial response",
    Response.SD: "Stable disease",
    Response.NON_CR_NON_PD: "Neither complete response nor progression",
    Response.NED: "No evidence of disease",
    Response.PD: "Progression",
    Response.NE: "Not evaluable",
}


@dataclass(frozen=True, slots=True)
class Best:
    """The best response of a person. ``measurable``: whether there was a target at baseline; None: no list of lesions
    is entered."""

    subject: str
    arm: int
    response: Response
    measurable: bool | None
    seqs: tuple[int, ...] = ()

    @property
    def behind(self) -> Behind:
        """The person; the list at baseline, and the scan that made the response."""
        return Behind(self.subject, self.seqs)


def best_responses(analysis: Analysis, arms: Arms) -> tuple[Best, ...]:
    """Everybody randomized, in that order."""
    found = ((one, arm_of(one, arms, analysis)) for one in analysis.people)
    return tuple(_best(one, arm) for one, arm in found if arm is not None)


def _best(one: Analysed, arm: int) -> Best:
    evaluated = evaluation(one.person.protocol, one.person.known)
    listed = evaluated.listed
    measurable = None if listed is None else any(lesion.followed == "target" for lesion in listed.lesions)
    seqs = [listed.entry.seq] if listed is not None else []
    seqs += [point.scan.seq for point in evaluated.points if point.scan.day == evaluated.best.day]
    return Best(one.person.subject, arm, evaluated.best.response, measurable, tuple(dict.fromkeys(seqs)))


def response_table(found: tuple[Best, ...], arms: Arms, endpoint: Endpoint, *, id: str, population: str) -> Table:
    """Best response by arm, the objective response rate with its exact interval, arm by arm."""
    measured = [one for one in found if one.measurable]
    rows: list[Row] = [
        row("people", "People", *_counts(found, lambda one: True, None)),
        row("not_measurable", "No measurable disease at baseline", *_counts(found, _unmeasured, None), indent=1),
        row("no_baseline", "Lesions at baseline not recorded", *_counts(found, _unlisted, None), indent=1),
        row("measurable", "Measurable disease at baseline", *_counts(found, _measured, None), indent=1),
        row("best", "Best overall response of those"),
    ]
    for response in _seen(measured):
        label = _WORDS.get(response, str(response))
        rows.append(row(f"best_{response}".lower(), label, *_counts(measured, _is(response), measured), indent=1))
    rows.append(_rate(measured))
    method = (
        "RECIST 1.1 as assessments.yaml has it, from randomization to progression, as the scans propose it. "
        f"Objective response: complete or partial; {proportion(0, 1).method}. "
        "The rate is of people with measurable disease at "
        "baseline alone: in others a partial response cannot be seen."
    )
    head = ("", *arms.labels)
    note = ("The arms are not compared: lesions that were treated locally leave the sums, so that whoever has all of "
            "them treated cannot be seen to respond.",)  # fmt: skip
    return noted(Table(id, endpoint.label, population, method, head, tuple(rows), note, by_arm=True))


def _measured(one: Best) -> bool:
    return one.measurable is True


def _unmeasured(one: Best) -> bool:
    return one.measurable is False


def _unlisted(one: Best) -> bool:
    return one.measurable is None


def _is(response: Response) -> Callable[[Best], bool]:
    return lambda one: one.response is response


def _seen(found: list[Best]) -> list[Response]:
    """The usual four always, the others where somebody has them."""
    usual = {Response.CR, Response.PR, Response.SD, Response.PD}
    return [one for one in _WORDS if one in usual or any(best.response is one for best in found)]


def _counts(
    found: tuple[Best, ...] | list[Best], holds: Callable[[Best], bool], whole: list[Best] | None
) -> tuple[Cell, ...]:
    cells = []
    for arm in (0, 1):
        many = sum(one.arm == arm for one in whole) if whole is not None else None
        cells.append(count([one.behind for one in found if one.arm == arm and holds(one)], many))
    return tuple(cells)


def _rate(measured: list[Best]) -> Row:
    arms = [[one for one in measured if one.arm == arm] for arm in (0, 1)]
    counted = [(sum(one.response in RESPONDED for one in part), len(part)) for part in arms]
    cells = [_proportion(*one, part) for one, part in zip(counted, arms, strict=True)]
    return row("objective_response", "Objective response rate (95 % CI)", *cells)


def _proportion(count: int, people: int, part: list[Best]) -> Cell:
    known = proportion(count, people)
    reason = "nobody had measurable disease at baseline" if known.proportion is None else ""
    shown = share_cell(known.proportion, known.low, known.high, reason, count=count, people=people)
    return Cell(shown.text, shown.values, tuple(one.behind for one in part if one.response in RESPONDED))
