"""Judging everybody before anybody asks: what the worklist and the page of the study say is then there at once.

Done before the workers are forked, so that they share it. On another day the worklist judges again only those who have
a window; whatever is not done in time is judged when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import chain
from time import monotonic
from zoneinfo import ZoneInfo

from evenhand import accrual, worklist
from evenhand.administration import sites
from evenhand.protocol import StudyError
from evenhand.record import RecordError
from evenhand.web import store


def judge_ahead(study: str, seconds: float) -> None:
    """Judge the candidates of a study, as many as there is time for.

    A record or a protocol that cannot be read is said on the study's pages, not here.
    """
    until = monotonic() + seconds
    try:
        for _ in _each(study):
            if monotonic() > until:
                return
    except (RecordError, StudyError):
        return


def _each(study: str) -> Iterator[None]:
    history, versions, now = store.current(study), store.versions_of(study), datetime.now(UTC)
    days: dict[str | None, date] = {None: now.date()}
    days |= {site.code: now.astimezone(ZoneInfo(site.time_zone)).date() for site in sites(history)}
    return chain(
        worklist.judged_ahead(versions, history, days),
        accrual.judged_ahead(versions, history, lambda site: days.get(site, now.date())),
    )
