"""A meeting of the safety board that is no look of the design: periodic, about a stopping rule, or called.

Sources: ICH E9, 4.5, a board reviews safety at intervals; FDA, Guidance on Clinical Trial Data Monitoring Committees,
2006, 4.4.2 and 4.4.3, it recommends to the sponsor, who decides, and keeps a record of its meetings.
Our proposals: that such a meeting records no number of events, since it tests nothing and spends no error; and that it
names the stopping rules it was about, each with the people of the newest look that was met, so that a rule which is met
again later is taken up again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from evenhand.administration.board import (
    HOLDER,
    CutSeen,
    require_advice,
    require_holder,
    require_possible,
    require_reason,
    sealed,
)
from evenhand.enrollment import require_running
from evenhand.protocol import Protocol
from evenhand.record import JSON, MEETING_HELD, OCCASIONS, Actor, Event, HeldMeeting, History, meetings_held
from evenhand.refusal import Refusal

_CLAUSE: Final = "safety board"


@dataclass(frozen=True, slots=True)
class MeetingSeen:
    """What a board met about: the data cut that it saw, the ``occasion`` (a key of ``OCCASIONS``), and the stopping
    ``rules``, each with the people of the newest look that is met, as whoever calls counted them at this cut."""

    cut: CutSeen
    occasion: str
    rules: tuple[tuple[str, int], ...] = ()


def hold_meeting(
    protocol: Protocol,
    history: History,
    *,
    meeting: MeetingSeen,
    recommendation: str,
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
) -> list[Event]:
    """Record that the board met on a day, and what it recommends. The recommendation binds nobody.

    Raises Refusal for a study that does not run, somebody who is not of the board, a cut that cannot be, rules that the
    protocol does not have, and a meeting that was recorded before.
    """
    require_running(protocol, history)
    require_holder(history, by, HOLDER, _CLAUSE)
    require_possible(history, meeting.cut, on, at, _CLAUSE)
    _require_new(history, meeting, on)
    _require_rules(protocol, meeting)
    require_advice(recommendation, reason, _CLAUSE)
    rules: list[JSON] = [{"rule": name, "people": people} for name, people in meeting.rules]
    body = sealed(history, meeting.cut, _CLAUSE) | {"occasion": meeting.occasion, "rules": rules}
    return [Event(MEETING_HELD, None, on, {**body, "recommendation": recommendation}, reason=reason)]


def strike_meeting(
    protocol: Protocol, history: History, *, meeting: int, reason: str, on: date, by: Actor, at: datetime
) -> list[Event]:
    """Strike the entry ``meeting`` about a meeting that was recorded in error: it stays legible, and nothing counts it.
    Raises Refusal where there is none, and for somebody who is not of the board."""
    require_running(protocol, history)
    require_holder(history, by, HOLDER, _CLAUSE)
    found = meeting_of(history, meeting)
    if found is None:
        raise Refusal(f"entry {meeting} tells of no meeting that counts", _CLAUSE, "There is nothing to strike.")
    require_reason(reason, _CLAUSE)
    body = {**found.entry.body, "struck": True}
    return [Event(MEETING_HELD, None, found.held, body, reason=reason, corrects=found.entry.seq)]


def meeting_of(history: History, seq: int) -> HeldMeeting | None:
    """The meeting that an entry tells of; None for another entry, and for one that is struck."""
    return next((one for one in meetings_held(history) if one.entry.seq == seq), None)


def _require_new(history: History, meeting: MeetingSeen, on: date) -> None:
    for one in meetings_held(history):
        if (one.held, one.effective, one.recorded) == (on, meeting.cut.effective, meeting.cut.recorded):
            said = f"a meeting of that day about the same data cut is recorded (entry {one.entry.seq})"
            raise Refusal(said, _CLAUSE, "Where that entry is mistaken, strike it first.")


def _require_rules(protocol: Protocol, meeting: MeetingSeen) -> None:
    if meeting.occasion not in OCCASIONS:
        known = ", ".join(OCCASIONS)
        raise Refusal(f"{meeting.occasion!r} is no occasion for a meeting", _CLAUSE, f"Choose one of {known}.")
    if meeting.occasion == "stopping_rule" and not meeting.rules:
        said = "no stopping rule is met at this data cut that the board has not met about"
        raise Refusal(said, _CLAUSE, "Choose the cut at which it is met, or another occasion.")
    known_rules = {one.id: one for one in protocol.monitoring.event_rules} if protocol.monitoring else {}
    for name, people in meeting.rules:
        if name not in known_rules or people not in known_rules[name].looks:
            said = f"the protocol has no stopping rule {name!r} with a look at {people} people"
            raise Refusal(said, _CLAUSE, f"Known are {', '.join(known_rules) or 'none'}.")
    if len({name for name, _ in meeting.rules}) < len(meeting.rules):
        raise Refusal("a stopping rule is named twice", _CLAUSE, "Name its newest look that is met.")
