"""The looks of the design, side by side with those that the record says were held."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.administration import planned_events
from evenhand.design import Assumptions, assumptions_of
from evenhand.record import FinalAnalysis, HeldLook, HeldMeeting, Met, board_met, final_analysis, looks_held
from evenhand.refusal import Refusal
from evenhand.web.access import Action
from evenhand.web.desk import Desk


@dataclass(frozen=True, slots=True)
class LookLine:
    """A look of the design. ``needs``: so many events, where it goes by these; ``final``: the last one, which is the
    analysis at the end and no board's to record."""

    number: int
    planned: str
    needs: int | None
    final: bool
    held: HeldLook | None


@dataclass(frozen=True, slots=True)
class Due:
    """What a view counted: the events, and the number of a look that is due and was not held by its cut (0: none), and
    whether the ``final`` analysis is due."""

    number: int
    events: int
    final: bool = False


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting of the board: why, about which stopping rules by their labels, and what followed. ``strikes``: whether
    this user may strike the entry, where it is about no look."""

    met: Met
    why: str
    rules: tuple[str, ...]
    followed: str
    strikes: bool


@dataclass(frozen=True, slots=True)
class LooksShown:
    """``due``: as the view that is shown counts, None where it says nothing of it. ``records``: whether this user may
    record a look now, ``strikes`` one that was recorded; ``opens``: whether this user may open entries. ``final``:
    the final analysis, and whether this user ``finishes`` it."""

    lines: tuple[LookLine, ...]
    due: Due | None
    records: bool
    strikes: bool
    opens: bool
    final: FinalAnalysis | None
    finishes: bool


def looks_shown(desk: Desk, due: Due | None) -> LooksShown | None:
    """The looks; None for a study whose design names none."""
    now = design_of(desk)
    if now is None:
        return None
    held = {one.number: one for one in looks_held(desk.history)}
    lines = tuple(
        LookLine(
            number, _planned(now, number), now.looks[number - 1].events, number == len(now.looks), held.get(number)
        )
        for number in range(1, len(now.looks) + 1)
    )
    open_ones = any(line.held is None and not line.final for line in lines)
    runs = desk.history.state.activated and desk.history.state.closure is None
    late = due is not None and due.number in held
    holds = runs and desk.may(Action.HOLD_LOOK)
    shown = None if late else due
    made = final_analysis(desk.history)
    records = holds and open_ones and made is None
    finishes = desk.history.state.activated and desk.may(Action.MAKE_FINAL)
    return LooksShown(lines, shown, records, holds, desk.may_somewhere(Action.SEE_RECORD), made, finishes)


def meetings_shown(desk: Desk) -> tuple[MeetingLine, ...]:
    """Every meeting of the board, the newest first, with what followed."""
    held = board_met(desk.history)
    if not held:
        return ()
    from evenhand.analysis.monitoring.followed_up import followed_by  # noqa: PLC0415 - loaded once there is one

    followed, monitoring = followed_by(desk.history), desk.newest.monitoring
    labels = {name: one.label for name, one in monitoring.stopping.items()} if monitoring else {}
    holds = desk.may(Action.HOLD_LOOK) and desk.history.state.closure is None
    lines = []
    for one in reversed(held):
        about = one.rules if isinstance(one, HeldMeeting) else ()
        why = one.why if isinstance(one, HeldMeeting) else f"look {one.number} of the design"
        rules = tuple(labels.get(name, name.replace("_", " ")) for name, _ in about)
        strikes = holds and isinstance(one, HeldMeeting)
        lines.append(MeetingLine(one, why, rules, followed[one.entry.seq], strikes))
    return tuple(lines)


def design_of(desk: Desk) -> Assumptions | None:
    """The design by the newest version; None where there is none to compute with."""
    try:
        return assumptions_of(desk.newest)
    except Refusal:
        return None


def next_look(desk: Desk, now: Assumptions) -> int:
    """The number of the look that comes next."""
    held = looks_held(desk.history)
    return held[-1].number + 1 if held else min(1, len(now.looks))


def _planned(now: Assumptions, number: int) -> str:
    look, whole = now.looks[number - 1], planned_events(now)
    if look.events is not None:
        return f"{look.events} events"
    if look.month is not None:
        return f"month {look.month:g}"
    return "when all is complete" + (f" ({whole} events planned)" if whole is not None else "")
