"""Clocks of reports in words: until when, in the time of the site, and how much of it is left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from evenhand.conduct.safety import Obligation
from evenhand.logic import Unknown
from evenhand.web.templatetags.evenhand import there

_BY_HOURS: Final = timedelta(hours=48)  # below that, days are too coarse to act by


def left_words(due: datetime, now: datetime) -> str:
    """``23 hours left``, ``3 days late``: whole hours below two days, whole days from there on."""
    off = abs(due - now)
    way = "left" if now <= due else "late"
    if off < timedelta(hours=1):
        return f"less than 1 hour {way}"
    count, unit = (off // timedelta(hours=1), "hour") if off < _BY_HOURS else (off.days, "day")
    return f"{count} {unit}{'' if count == 1 else 's'} {way}"


def clock_words(one: Obligation, now: datetime) -> str:
    """One report that is owed, as a sentence: what, to whom, until when, and how long that is."""
    sentence = f"{one.deadline.label}: to {one.regime.to} by {there(one.due)}, {left_words(one.due, now)}."
    return " ".join(part for part in (sentence, unknown_words(one)) if part)


def unknown_words(one: Obligation) -> str:
    """What must be recorded before it is known whether a report is due; empty where it surely is."""
    if not isinstance(one.applies, Unknown):
        return ""
    reasons = "; ".join(reason.detail or str(reason) for reason in one.applies.reasons)
    return f"Whether it is due is not known yet ({reasons})."
