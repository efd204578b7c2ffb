"""On how many days accrual was open: the exposure of a pace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from evenhand.record import History

Halts = Sequence[tuple[date, date]]


def opened_on(history: History) -> dict[str, date]:
    """The day on which each site could begin: its first adoption of a protocol version."""
    opened: dict[str, date] = {}
    for adoption in history.state.adoptions:
        opened.setdefault(adoption.site, adoption.effective)
    return opened


def halts_of(history: History, day: date) -> list[tuple[date, date]]:
    """The halts of accrual by a day: (first day, the day after the last)."""
    about = history.about_study
    turns = sorted((*about.of("accrual_halted"), *about.of("accrual_resumed")), key=lambda one: one.happened)
    halts: list[tuple[date, date]] = []
    since: date | None = None
    for turn in turns:
        if turn.kind == "accrual_halted":
            since = since or turn.effective
        elif since is not None:
            halts.append((since, turn.effective))
            since = None
    return halts if since is None else [*halts, (since, day + timedelta(days=1))]


def open_days(first: date, last: date, halts: Halts) -> int:
    """Days from the first to the last, both included, without those of halts."""
    end = last + timedelta(days=1)
    halted = sum(max(0, (min(until, end) - max(since, first)).days) for since, until in halts)
    return max(0, (end - first).days - halted)
