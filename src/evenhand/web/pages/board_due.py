"""What is due of the safety board, for whoever acts on it: as everything stands that is recorded by now.

The board and the statistician read which stopping rule is met; whoever may halt accrual reads it too, for it is theirs
to halt, and nothing of how many. Who enrols reads that accrual is in question, and no more (our proposal).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

from evenhand.record import final_analysis, looks_held
from evenhand.record.remembered import Remembered
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk
from evenhand.web.pages.board_desk.looks import Due
from evenhand.web.pages.reporting.makers import LOOK
from evenhand.web.pages.reporting.offered import BOARD
from evenhand.web.templatetags.evenhand import day

if TYPE_CHECKING:
    from evenhand.analysis.monitoring.due import BoardDue

_FOUND: Final = Remembered["BoardDue"](64)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is due: in a sentence, the name of the page where it is acted upon, and what the link says."""

    text: str
    page: str
    link: str


def due_now(desk: Desk) -> BoardDue | None:
    """What is due by now, but for looks, whose events take longer to count; None before anybody is randomized. It is
    remembered while the record stays as it is."""
    history, protocol = desk.history, desk.newest
    if not history.allocations or protocol.monitoring is None:
        return None
    question = (history, protocol, desk.last_day)
    return _FOUND.answer(desk.study, question, lambda: _counted(desk))


def _counted(desk: Desk) -> BoardDue:
    from evenhand.analysis.cut import Participant  # noqa: PLC0415 - what counts is loaded once somebody asks
    from evenhand.analysis.monitoring.due import board_due  # noqa: PLC0415 - the same
    from evenhand.analysis.monitoring.met import rules_met  # noqa: PLC0415 - the same

    protocol, history, on = desk.newest, desk.history, desk.last_day
    people = [Participant(desk.protocol_for(one.subject), history.subject(one.subject)) for one in history.allocations]
    return board_due(protocol, history, people, rules_met(people, protocol, on), on)


def due_lines(desk: Desk, *, looks: bool = True) -> tuple[Line, ...]:
    """What is due of the board, for this user; nothing for whoever acts on none of it. ``looks``: those too that are
    due by the newest view, and the final analysis."""
    by_arm = desk.may(Action.SEE_BY_ARM)
    if not (by_arm or desk.may(Action.STEER)):
        return ()
    due = due_now(desk)
    counted = _look_lines(desk) if looks and by_arm else ()
    return (*counted, *(() if due is None else _lines(desk, due)))


def newest_count(desk: Desk) -> Due | None:
    """What the newest view counted, of a look that was not held since; None where there is no view, or it says nothing
    of looks."""
    views = [one for one in store.reports_of(desk.study) if one.kind == BOARD and one.state == "made"]
    newest = max(views, key=lambda one: (one.seq, one.effective, one.begun), default=None)
    kept = None if newest is None else store.content_kept(newest.id, LOOK)
    found = None if kept is None else Due(**orjson.loads(kept))
    late = found is not None and (
        found.number in {one.number for one in looks_held(desk.history)} or final_analysis(desk.history) is not None
    )
    return None if late else found


def accrual_in_question(desk: Desk) -> bool:
    """Whether accrual is open while a stopping rule that asks for a pause is met, or a recommendation not followed."""
    due = due_now(desk) if desk.history.state.accrual_open else None
    return due is not None and due.questions_accrual


def _look_lines(desk: Desk) -> Iterator[Line]:
    found = newest_count(desk)
    if found is not None and found.number:
        text = f"Look {found.number} is due: the newest view counts {found.events} events."
        yield Line(text, *_meet(desk, "hold-look"))
    elif found is not None and found.final:
        text = f"The final analysis is due: the newest view counts {found.events} events."
        page = ("make-final", "Record the final analysis") if desk.may(Action.MAKE_FINAL) else ("board", "Safety board")
        yield Line(text, *page)


def _lines(desk: Desk, due: BoardDue) -> Iterator[Line]:
    by_arm, halts = desk.may(Action.SEE_BY_ARM), desk.may(Action.STEER) and desk.history.state.accrual_open
    for one in due.rules:
        if not (by_arm or one.rule.pauses_accrual):
            continue
        met = f"The stopping rule \u201c{one.rule.label}\u201d is met, and the board has not met about it."
        text = f"{met} It says: {one.rule.does}"
        if halts and one.rule.pauses_accrual:
            yield Line(text, "halt", "Halt accrual")
        elif by_arm:
            yield Line(text, *_meet(desk, "hold-meeting"))
        else:
            yield Line(text, "", "")
    if due.unfollowed is not None:
        text = f"On {day(due.unfollowed.held)} the board recommended: {due.unfollowed.advice}. Accrual goes on."
        yield Line(text, *(("halt", "Halt accrual") if halts else ("", "")))
    if due.meeting is not None:
        text = f"A meeting of the board is due: it was to meet by {day(due.meeting)} at the latest."
        yield Line(text, *(_meet(desk, "hold-meeting") if by_arm else ("", "")))


def _meet(desk: Desk, page: str) -> tuple[str, str]:
    """The board records the meeting; the statistician prepares it."""
    if desk.may(Action.HOLD_LOOK):
        return page, "Record a look" if page == "hold-look" else "Record a meeting"
    return "board", "Safety board"
