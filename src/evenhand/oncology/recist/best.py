"""Best overall response, without and with confirmation.

Sources: RECIST 1.1, 4.4 and 4.6, table 3. With confirmation, several readings of table 3 are in use; ours is the
documented one of the R package admiralonco (``derive_param_confirmed_bor``), with its parameters. Without: confirmation
is not asked for where response is no primary endpoint of a randomized trial (RECIST 1.1, 4.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from evenhand.oncology.recist.course import Course
from evenhand.oncology.recist.criteria import Response

CR, PR, SD, PD, NE = Response.CR, Response.PR, Response.SD, Response.PD, Response.NE
NON_CR_NON_PD, NED = Response.NON_CR_NON_PD, Response.NED

ORDER: Final = (CR, PR, SD, NON_CR_NON_PD, NED, PD, NE)
_LASTING: Final = frozenset({CR, PR, SD})
_RANK: Final = {response: number for number, response in enumerate(ORDER)}


@dataclass(frozen=True, slots=True)
class BestRules:
    """Days, all inclusive. ``stable_from``: the least days from the reference day to an assessment that makes SD.

    RECIST 1.1 (4.6) leaves it to the protocol, "in general not less than 6 to 8 weeks": 42. ``confirm_after``: the
    least days from a response to its confirmation (4.6: not less than 4 weeks). ``unevaluable_between``: how many NE
    may lie between the two; ``stable_between``: whether one SD may lie between PR and its confirmation.
    """

    stable_from: int = 42
    confirm_after: int = 28
    unevaluable_between: int = 1
    stable_between: bool = False


class Assessed(NamedTuple):
    """The overall response of a day."""

    day: date
    response: Response


class Best(NamedTuple):
    """The best response, the day of the assessment that made it (None where there was none), and why."""

    response: Response
    day: date | None
    why: str


def assessed(course: Course) -> tuple[Assessed, ...]:
    """The overall responses up to and including the first progression, on the day that it is dated to.

    What lies between that day and the scan that declared it was seen under a lesion that proved new.
    """
    progression = course.progression
    if progression is None:
        return tuple(Assessed(point.day, point.overall) for point in course.points)
    before = (Assessed(point.day, point.overall) for point in course.points if point.day < progression.day)
    return (*before, Assessed(progression.day, PD))


def best_response(responses: Sequence[Assessed], reference: date, rules: BestRules | None = None) -> Best:
    """The best response up to and including the first progression, without confirmation."""
    rules = rules or BestRules()
    counted = [_without_confirmation(one, reference, rules) for one in until_progression(responses)]
    return _best(counted, f"the best of {len(counted)} assessments, without confirmation")


def confirmed_response(responses: Sequence[Assessed], reference: date, rules: BestRules | None = None) -> Best:
    """The best response up to and including the first progression, where CR and PR have to be confirmed."""
    rules = rules or BestRules()
    seen = until_progression(responses)
    counted = [_with_confirmation(seen, number, reference, rules) for number in range(len(seen))]
    return _best(counted, f"the best of {len(counted)} assessments; CR and PR count when confirmed")


def until_progression(responses: Sequence[Assessed]) -> list[Assessed]:
    """The assessments up to and including the first progression, oldest first; INDETERMINATE stands as NE."""
    seen: list[Assessed] = []
    for day, response in sorted(responses):
        seen.append(Assessed(day, response if response in _RANK else NE))
        if response is PD:
            break
    return seen


def _best(counted: list[Assessed], why: str) -> Best:
    if not counted:
        return Best(NE, None, "no assessment after baseline")
    best = min(counted, key=lambda one: (_RANK[one.response], one.day))
    return Best(best.response, best.day, why)


def _without_confirmation(one: Assessed, reference: date, rules: BestRules) -> Assessed:
    """SD (and NON-CR/NON-PD) before its least duration is not evaluable."""
    if one.response in (SD, NON_CR_NON_PD) and (one.day - reference).days < rules.stable_from:
        return Assessed(one.day, NE)
    return one


def _with_confirmation(seen: list[Assessed], number: int, reference: date, rules: BestRules) -> Assessed:
    """What an assessment counts as: confirmed CR or PR, else SD where it is late enough, else NE."""
    day, response = seen[number]
    if response is CR and _confirmed(seen, number, (CR,), (CR, NE), rules):
        return Assessed(day, CR)
    if response is PR and _confirmed(seen, number, (CR, PR), (CR, PR, SD, NE), rules):
        return Assessed(day, PR)
    if response in _LASTING:
        return Assessed(day, SD if (day - reference).days >= rules.stable_from else NE)
    return _without_confirmation(Assessed(day, response), reference, rules)


def _confirmed(
    seen: list[Assessed], number: int, by: tuple[Response, ...], between: tuple[Response, ...], rules: BestRules
) -> bool:
    """Whether a later assessment confirms this one, with nothing but ``between`` from one to the other."""
    passed: list[Response] = []
    for day, response in seen[number + 1 :]:
        late_enough = (day - seen[number].day).days >= rules.confirm_after
        if response in by and late_enough and not _fell_back([*passed, response]):
            return True
        passed.append(response)
        too_many = passed.count(NE) > rules.unevaluable_between or passed.count(SD) > rules.stable_between
        if response not in between or too_many:
            return False
    return False


def _fell_back(responses: list[Response]) -> bool:
    """Whether a PR comes after a CR: then one of the two was misread."""
    return CR in responses and PR in responses[responses.index(CR) :]
