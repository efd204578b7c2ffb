"""Judging ahead of the question who was lost where and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from evenhand.accrual.losses import fates_ahead
from evenhand.accrual.screening import judgements_ahead
from evenhand.enrollment import newest_adopted
from evenhand.protocol import Protocol, Versions, as_versions
from evenhand.record import History


def judged_ahead(
    protocols: Versions | Protocol, history: History, today: Callable[[str | None], date]
) -> Iterator[None]:
    """Judge one candidate after the other, as ``screening_tally`` and ``losses`` will want it."""
    yield from judgements_ahead(newest_adopted(as_versions(protocols), history), history)
    yield from fates_ahead(protocols, history, today)
