"""Meetings of the safety board that are no look of the design, and the final analysis: what stands of the entries.

A meeting tests nothing and spends nothing; so its entry holds no number of events. What is kept is what nobody could
derive: that the board met, why, at which data cut, and what it recommended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from evenhand.record.entry import Entry
from evenhand.record.history import History
from evenhand.record.looks import RECOMMENDATIONS, HeldLook, looks_held
from evenhand.record.subject import Standing
from evenhand.record.trial_kinds import FINAL_MADE, MEETING_HELD

OCCASIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "periodic": "periodic meeting",
        "stopping_rule": "a stopping rule was met",
        "requested": "called by somebody",
    }
)
"""Why a board met, by id, in words (ours; ICH E9, 4.5, has it meet at intervals and as the data demand)."""


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A meeting on a day, at the data cut ``effective`` and ``recorded``. ``rules``: the stopping rules that it was
    about, each with the people of the newest look of that rule which was met. ``report`` and ``manifest`` name the
    report that was seen (empty: none was made). ``entry``: where it stands."""

    held: date
    effective: date
    recorded: datetime
    last_entry: int
    occasion: str
    rules: tuple[tuple[str, int], ...]
    report: str
    manifest: str
    recommendation: str
    reason: str
    entry: Entry

    @property
    def advice(self) -> str:
        """The recommendation in words."""
        return RECOMMENDATIONS.get(self.recommendation, self.recommendation.replace("_", " "))

    @property
    def why(self) -> str:
        """The occasion in words."""
        return OCCASIONS.get(self.occasion, self.occasion.replace("_", " "))


@dataclass(frozen=True, slots=True)
class FinalAnalysis:
    """The final analysis, made on a day at a data cut with so many ``events`` in both arms together; ``ground``: why
    it was due. ``manifest`` names the final report."""

    made: date
    effective: date
    recorded: datetime
    last_entry: int
    events: int
    ground: str
    report: str
    manifest: str
    entry: Entry


Met: TypeAlias = "HeldLook | HeldMeeting"
"""A meeting of the board: for a look of the design, or another one."""


def meetings_held(history: History) -> tuple[HeldMeeting, ...]:
    """The meetings that are no look, in the order in which they were held, without those struck. Raises RecordError for
    a body of another shape."""
    found = (_meeting(one) for one in history.about_study.of(MEETING_HELD) if one.body.get("struck") is not True)
    return tuple(sorted(found, key=_order))


def board_met(history: History) -> tuple[Met, ...]:
    """Every meeting of the board, looks of the design among them, in the order in which they were held."""
    met: list[Met] = [*looks_held(history), *meetings_held(history)]
    return tuple(sorted(met, key=_order))


def final_analysis(history: History) -> FinalAnalysis | None:
    """The final analysis; None where the record does not say that it was made, or what says so is struck."""
    standing = (one for one in history.about_study.of(FINAL_MADE) if one.body.get("struck") is not True)
    return next((_final(one) for one in standing), None)


def _order(one: Met) -> tuple[date, int]:
    return one.held, one.entry.seq


def _seen(one: Standing) -> dict[str, Any]:
    return {
        "effective": date.fromisoformat(one.value("effective", str)),
        "recorded": datetime.fromisoformat(one.value("recorded", str)),
        "last_entry": one.value("last_entry", int),
        "report": one.value("report", str),
        "manifest": one.value("manifest", str),
        "entry": one.original,
    }


def _meeting(one: Standing) -> HeldMeeting:
    rules: list[Any] = one.value("rules", list)
    return HeldMeeting(
        held=one.effective,
        occasion=one.value("occasion", str),
        rules=tuple((str(rule["rule"]), int(rule["people"])) for rule in rules),
        recommendation=one.value("recommendation", str),
        reason=one.original.reason or "",
        **_seen(one),
    )


def _final(one: Standing) -> FinalAnalysis:
    return FinalAnalysis(
        made=one.effective, events=one.value("events", int), ground=one.value("ground", str), **_seen(one)
    )
