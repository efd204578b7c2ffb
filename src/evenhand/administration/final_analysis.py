"""The final analysis: which final report was the one, and that the error is spent.

Sources: ICH E9, 5.1, the final analysis is planned beforehand; ICH E9, 4.5, what is repeated is told. That it is made
once, at a data cut at which the design's last look has come, is the design's own rule.
Our proposals: that it is an entry of its own, since a final report can be made at any cut and often; that it neither
closes the study nor needs it closed, since arms are known in an open-label trial and the secret that closing reveals
is about how they were drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from evenhand.administration.board import CutSeen, require_holder, require_possible, require_reason, sealed
from evenhand.administration.looks import planned_events
from evenhand.design import assumptions_of
from evenhand.protocol import Protocol
from evenhand.record import FINAL_MADE, Actor, Event, History, final_analysis, looks_held
from evenhand.refusal import Refusal

FINISHER: Final = "statistician"
"""Who records the final analysis, for the whole study."""
GROUNDS: Final = MappingProxyType(
    {
        "events": "the planned events are there",
        "complete": "everybody has completed follow-up, or the study is closed",
    }
)
"""Why the final analysis is due, by id, in words."""
_CLAUSE: Final = "final analysis"


@dataclass(frozen=True, slots=True)
class FinalSeen:
    """The final analysis at a data cut: ``events`` of the primary endpoint in both arms together, and the ``ground``
    (a key of ``GROUNDS``; empty: it is not due), as whoever calls counted them."""

    cut: CutSeen
    events: int
    ground: str


def make_final(
    protocol: Protocol, history: History, *, final: FinalSeen, on: date, by: Actor, at: datetime
) -> list[Event]:  # fmt: skip
    """Record that the final analysis was made on a day, and by which final report. It may be recorded once the study
    is closed.

    Raises Refusal for a study that was not activated, somebody who is not the statistician, a report that is no final
    one, a cut that cannot be, and where it is not due or was made before.
    """
    if not history.state.activated:
        raise Refusal("the study is not activated", _CLAUSE, "There is nothing to analyse.")
    require_holder(history, by, FINISHER, _CLAUSE)
    if final.cut.report != "final":
        raise Refusal("the final analysis is told by a final report", _CLAUSE, "Have the final report made first.")
    require_possible(history, final.cut, on, at, _CLAUSE)
    _require_once(history, final)
    _require_due(protocol, final)
    body = sealed(history, final.cut, _CLAUSE) | {"events": final.events, "ground": final.ground}
    return [Event(FINAL_MADE, None, on, body)]


def strike_final(
    protocol: Protocol, history: History, *, reason: str, on: date, by: Actor, at: datetime
) -> list[Event]:  # fmt: skip
    """Strike the entry about the final analysis where it was recorded in error; it stays legible. Raises Refusal where
    there is none, and for somebody who is not the statistician."""
    require_holder(history, by, FINISHER, _CLAUSE)
    found = final_analysis(history)
    if found is None:
        said = "the record does not say that the final analysis was made"
        raise Refusal(said, _CLAUSE, "There is nothing to strike.")
    require_reason(reason, _CLAUSE)
    body = {**found.entry.body, "struck": True}
    return [Event(FINAL_MADE, None, found.made, body, reason=reason, corrects=found.entry.seq)]


def _require_once(history: History, final: FinalSeen) -> None:
    before, held = final_analysis(history), looks_held(history)
    if before is not None:
        said = f"the final analysis was made on {before.made:%-d %b %Y} (entry {before.entry.seq})"
        raise Refusal(said, _CLAUSE, "It is made once. Where that entry is mistaken, strike it first.")
    if held and final.cut.effective < held[-1].effective:
        said = f"the data cut lies before that of look {held[-1].number} ({held[-1].effective:%-d %b %Y})"
        raise Refusal(said, _CLAUSE, "The final analysis sees more than the look before it.")


def _require_due(protocol: Protocol, final: FinalSeen) -> None:
    whole = planned_events(assumptions_of(protocol))
    if final.ground not in GROUNDS or (final.ground == "events" and whole is not None and final.events < whole):
        of = "" if whole is None else f" of {whole} planned"
        said = f"the final analysis is not due: there are {final.events} events{of}, and follow-up goes on"
        raise Refusal(said, _CLAUSE, "It is made once the planned events are there, or everybody completed follow-up.")
