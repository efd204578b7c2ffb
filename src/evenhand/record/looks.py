"""Interim looks that were held: what stands of the entries about them.

Whether a look reached a bound is not among what is kept: that follows from protocol and record at the look's data cut,
and whoever may see the arms apart can have it counted again. What is kept, nobody could derive: that the board met, on
which day, at which cut, and what it recommends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from evenhand.record.entry import Entry
from evenhand.record.history import History
from evenhand.record.subject import Standing
from evenhand.record.trial_kinds import LOOK_HELD

RECOMMENDATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "continue_unchanged": "continue unchanged",
        "continue_with_changes": "continue with changes",
        "pause_accrual": "pause accrual",
        "stop_for_efficacy": "stop for efficacy",
        "stop_for_futility": "stop for futility",
        "stop_for_safety": "stop for safety",
    }
)
"""What a board may recommend, by id, in words (FDA, Guidance on Data Monitoring Committees, 2006, 4.4.2: go on, go on
with changes, stop; the split of the last by its ground is ours)."""


@dataclass(frozen=True, slots=True)
class HeldLook:
    """Look ``number`` of the design, held on a day: at the data cut (``effective`` and ``recorded``) with so many
    ``events`` of the primary endpoint in both arms together. ``report`` and ``manifest`` name the report that was seen
    (empty: none was made). ``entry``: where it stands."""

    number: int
    held: date
    effective: date
    recorded: datetime
    last_entry: int
    events: int
    report: str
    manifest: str
    recommendation: str
    reason: str
    entry: Entry

    @property
    def advice(self) -> str:
        """The recommendation in words."""
        return RECOMMENDATIONS.get(self.recommendation, self.recommendation.replace("_", " "))


def looks_held(history: History) -> tuple[HeldLook, ...]:
    """The looks that were held, by number, without those struck. Raises RecordError for a body of another shape."""
    standing = (one for one in history.about_study.of(LOOK_HELD) if one.body.get("struck") is not True)
    return tuple(sorted((_held(one) for one in standing), key=lambda one: one.number))


def _held(one: Standing) -> HeldLook:
    body: Any = one.body
    return HeldLook(
        number=one.value("look", int),
        held=one.effective,
        effective=date.fromisoformat(one.value("effective", str)),
        recorded=datetime.fromisoformat(one.value("recorded", str)),
        last_entry=one.value("last_entry", int),
        events=one.value("events", int),
        report=str(body.get("report") or ""),
        manifest=str(body.get("manifest") or ""),
        recommendation=one.value("recommendation", str),
        reason=one.original.reason or "",
        entry=one.original,
    )
