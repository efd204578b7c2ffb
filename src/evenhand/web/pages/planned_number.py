"""The planned number is randomized and accrual is still open: somebody who steers the study should halt it.

It is said and not enforced: the protocol plans a number, and forbids nobody beyond it (our proposal; a refusal would be
a change of the protocol).
"""

from __future__ import annotations

from typing import NamedTuple

from evenhand.web.access import Action
from evenhand.web.desk import Desk


class Reached(NamedTuple):
    """How many are randomized of how many planned, and whether this user may halt accrual."""

    randomized: int
    target: int
    may_halt: bool


def planned_number_reached(desk: Desk) -> Reached | None:
    """None while fewer are randomized than planned, and once accrual is halted or the study closed."""
    randomized, target = len(desk.history.allocations), desk.newest.enrollment.target
    if randomized < target or not desk.history.state.accrual_open:
        return None
    return Reached(randomized, target, desk.may(Action.STEER))
