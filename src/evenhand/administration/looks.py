"""An interim look that was held: the safety board records which, at what data, and what it recommends.

Sources: ICH E9, 4.5 and 4.6, looks are planned, and each is documented; FDA, Guidance on Clinical Trial Data Monitoring
Committees, 2006, 4.4.2 and 4.4.3, a committee recommends to the sponsor, who decides, and keeps a record of its
meetings.
Our proposals: that a look after the first has more events than the one before, since the same information is no second
look; that a look may be passed over only where a later one is due; and that neither a statistic nor whether a bound was
reached is recorded, for entries are read by those who stay blind, and both follow from protocol and record.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from evenhand.design import Assumptions, assumptions_of
from evenhand.enrollment import require_running
from evenhand.protocol import Protocol
from evenhand.record import LOOK_HELD, Actor, Event, HeldLook, History, final_analysis, looks_held
from evenhand.refusal import Refusal

_CLAUSE: Final = "interim looks"


@dataclass(frozen=True, slots=True)
class LookSeen:
    """What a board saw: look ``number`` of the design, at the data cut ``effective`` and ``recorded`` whose last entry
    is ``last_entry``, with so many ``events`` of the primary endpoint in both arms together, as whoever calls counted
    them. ``report`` (a key of ``TRACED``) and ``manifest`` name the report that was read; empty where none was made."""

    number: int
    effective: date
    recorded: datetime
    last_entry: int
    events: int
    report: str = ""
    manifest: str = ""

    @property
    def cut(self) -> CutSeen:
        """The data cut, and its report."""
        return CutSeen(self.effective, self.recorded, self.last_entry, self.report, self.manifest)


def hold_look(
    protocol: Protocol,
    history: History,
    *,
    look: LookSeen,
    recommendation: str,
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
) -> list[Event]:
    """Record that a look was held on a day, and what the board recommends; the hash of the last entry that it saw is
    taken from the record. The recommendation binds nobody: what follows from it is another act.

    Raises Refusal for a study that does not run, somebody who is not of the board, a look that the design does not
    plan, is not next or was held, a cut that cannot be, and events that do not fit.
    """
    require_running(protocol, history)
    require_holder(history, by, HOLDER, _CLAUSE)
    now, held = assumptions_of(protocol), looks_held(history)
    _require_no_final(history)
    _require_planned(now, held, look)
    require_possible(history, look.cut, on, at, _CLAUSE)
    _require_after(held, look, on)
    _require_events(now, held, look)
    require_advice(recommendation, reason, _CLAUSE)
    body = sealed(history, look.cut, _CLAUSE) | {"look": look.number, "events": look.events}
    return [Event(LOOK_HELD, None, on, {**body, "recommendation": recommendation}, reason=reason)]


def strike_look(
    protocol: Protocol, history: History, *, look: int, reason: str, on: date, by: Actor, at: datetime
) -> list[Event]:
    """Strike the entry about a look that was recorded in error: it stays legible, and nothing counts it; the look can
    then be recorded anew. Raises Refusal where there is none, and for somebody who is not of the board."""
    require_running(protocol, history)
    require_holder(history, by, HOLDER, _CLAUSE)
    found = next((one for one in looks_held(history) if one.number == look), None)
    if found is None:
        raise Refusal(f"the record does not say that look {look} was held", _CLAUSE, "There is nothing to strike.")
    require_reason(reason, _CLAUSE)
    body = {**found.entry.body, "struck": True}
    return [Event(LOOK_HELD, None, found.held, body, reason=reason, corrects=found.entry.seq)]


def planned_events(now: Assumptions) -> int | None:
    """The events that are all the information, where the design names them."""
    last = now.looks[-1].events
    return last if last is not None else now.planned_events


def _require_no_final(history: History) -> None:
    made = final_analysis(history)
    if made is not None:
        said = f"the final analysis was made on {made.made:%-d %b %Y} (entry {made.entry.seq})"
        raise Refusal(said, _CLAUSE, "The error of the design is spent: no look follows it.")


def _require_planned(now: Assumptions, held: Sequence[HeldLook], look: LookSeen) -> None:
    """An interim look of the design, not held so far, and not before one that is to come first."""
    interim = len(now.looks) - 1
    if not 1 <= look.number <= interim:
        many = f"{interim} interim look{'' if interim == 1 else 's'}"
        said = f"the design plans {many if interim else 'no interim look'}, and no look {look.number} among them"
        raise Refusal(said, _CLAUSE, "The final analysis is no interim look; another look needs an amended design.")
    before = next((one for one in held if one.number == look.number), None)
    if before is not None:
        said = f"look {look.number} was held on {before.held:%-d %b %Y} (entry {before.entry.seq})"
        raise Refusal(said, _CLAUSE, "Where that entry is mistaken, strike it first.")
    last = held[-1].number if held else 0
    if look.number < last:
        raise Refusal(f"look {last} was held before", _CLAUSE, "The looks are held in the order of the design.")
    own = now.looks[look.number - 1].events
    if look.number > last + 1 and (own is None or look.events < own):
        said = f"look {last + 1} comes first"
        raise Refusal(said, _CLAUSE, f"Look {look.number} may take its place once its own events are reached.")


def _require_after(held: Sequence[HeldLook], look: LookSeen, on: date) -> None:
    """A cut not before that of the look before, on a day not before it."""
    if held and look.effective < held[-1].effective:
        said = f"the data cut lies before that of look {held[-1].number} ({held[-1].effective:%-d %b %Y})"
        raise Refusal(said, _CLAUSE, "A look sees more than the one before it.")
    if held and on < held[-1].held:
        said = f"look {held[-1].number} was held later, on {held[-1].held:%-d %b %Y}"
        raise Refusal(said, _CLAUSE, "The looks are held in the order of the design.")


def _require_events(now: Assumptions, held: Sequence[HeldLook], look: LookSeen) -> None:
    whole = planned_events(now)
    if look.events < 1:
        raise Refusal("there is no event at this data cut", _CLAUSE, "Without events there is nothing to look at.")
    if held and look.events <= held[-1].events:
        said = f"{look.events} events are not more than the {held[-1].events} of look {held[-1].number}"
        raise Refusal(said, _CLAUSE, "Choose a later data cut.")
    if whole is not None and look.events >= whole:
        said = f"all {whole} planned events are there ({look.events})"
        raise Refusal(said, _CLAUSE, "The final analysis comes now, in the place of an interim look.")
