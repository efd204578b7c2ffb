"""What followed from a recommendation of the board: the acts upon accrual and the protocol until its next meeting.

Acts are attributed by time alone, which is our proposal: the meeting before an act is the one it came after.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evenhand.analysis.monitoring.due import ASKS_FOR_AN_ACT
from evenhand.analysis.outcome import said
from evenhand.record import History, Met, Standing, board_met

_ACTS: Final = {
    "accrual_halted": "accrual halted",
    "accrual_resumed": "accrual resumed",
    "version_adopted": "protocol {version} adopted at {site}",
    "study_closed": "study closed",
}


def followed_by(history: History) -> dict[int, str]:
    """What followed each meeting, by the number of its entry, in words."""
    held = board_met(history)
    following = zip(held, (*held[1:], None), strict=True)
    return {one.entry.seq: _told(one, tuple(_acts(history, one, after))) for one, after in following}


def _acts(history: History, one: Met, after: Met | None) -> Iterator[Standing]:
    """The acts on the day of a meeting or later, recorded after it where that is the same day."""
    first = one.held, one.entry.seq
    end = (after.held, after.entry.seq) if after is not None else None
    found = [act for kind in _ACTS for act in history.about_study.of(kind)]
    for act in sorted(found, key=lambda act: act.happened):
        if first < act.happened and (end is None or act.happened < end):
            yield act


def _told(one: Met, acts: tuple[Standing, ...]) -> str:
    if acts:
        text = "; ".join(_said(act) for act in acts)
        return text[0].upper() + text[1:]
    return "Not followed: no act since" if one.recommendation in ASKS_FOR_AN_ACT else "No act, and none was asked for"


def _said(act: Standing) -> str:
    named = {name: str(value) for name, value in act.body.items() if name in ("version", "site")}
    what = _ACTS[act.kind].format(**{"version": "", "site": "", **named})
    rule = f" for the stopping rule {act.body['rule']}" if act.body.get("rule") else ""
    by = act.original.by.user
    return f"{what}{rule} on {said(act.effective)} by {by} (entry {act.seq})"
