"""What holds for every entry of the safety board and of the final analysis: who records it, and the data cut seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from evenhand.administration.delegation import Grant, grants
from evenhand.administration.reports import making_of
from evenhand.record import JSON, RECOMMENDATIONS, Actor, History, moment_text
from evenhand.refusal import Refusal

HOLDER: Final = "safety_board"
"""Who records a look or another meeting, for the whole study."""


@dataclass(frozen=True, slots=True)
class CutSeen:
    """A data cut that was seen, ``effective`` and ``recorded``, whose last entry is ``last_entry``. ``report`` (a key
    of ``TRACED``) and ``manifest`` name the report that was read; empty where none was made."""

    effective: date
    recorded: datetime
    last_entry: int
    report: str = ""
    manifest: str = ""


def require_holder(history: History, by: Actor, role: str, clause: str) -> None:
    """A record without a delegation log, such as a made-up one, does not say who holds which role. Raises Refusal."""
    held = grants(history)
    if by.role != role or by.site is not None or (held and Grant(by.user, role, None) not in held):
        named = "of the safety board" if role == HOLDER else role.replace("_", " ")
        who = "A member of the safety board" if role == HOLDER else f"The {named} of the whole study"
        raise Refusal(f"{by.user} is not {named} for the whole study", clause, f"{who} records it.")


def require_possible(history: History, seen: CutSeen, on: date, at: datetime, clause: str) -> None:
    """A cut of what had happened and was known by then, and its report. Raises Refusal."""
    activation = history.state.activation
    if seen.effective > on or seen.recorded > at:
        what = "the look" if clause == "interim looks" else "the meeting" if clause == "safety board" else "it"
        said = f"the data cut lies after the day of {what}"
        raise Refusal(said, clause, "A board sees what had happened by then.")
    if activation is not None and seen.effective < activation.effective:
        raise Refusal("the data cut lies before the study was activated", clause, "Choose a later one.")
    if bool(seen.report) != bool(seen.manifest):
        raise Refusal("a report is named by its kind and its manifest", clause, "Name both, or none.")
    if seen.report:
        _require_report(history, seen, clause)


def _require_report(history: History, seen: CutSeen, clause: str) -> None:
    made = making_of(history, seen.report, seen.manifest)
    if made is None:
        raise Refusal("the record does not say that this report was made", clause, "Have it made first.")
    cut = seen.effective.isoformat(), moment_text(seen.recorded), seen.last_entry
    if cut != (made.body["effective"], made.body["recorded"], made.body["last_entry"]):
        raise Refusal("the report that was seen has another data cut", clause, "Take the cut of the report.")


def require_advice(recommendation: str, reason: str, clause: str) -> None:
    """One of ``RECOMMENDATIONS``, and why. Raises Refusal."""
    if recommendation not in RECOMMENDATIONS:
        known = ", ".join(RECOMMENDATIONS)
        raise Refusal(f"{recommendation!r} is no recommendation", clause, f"Choose one of {known}.")
    if not reason.strip():
        raise Refusal("a recommendation is not recorded without a reason", clause, "Say why, without results by arm.")


def require_reason(reason: str, clause: str) -> None:
    """Nothing is struck without one. Raises Refusal."""
    if not reason.strip():
        raise Refusal("an entry is not struck without a reason", clause, "Say what is wrong in it.")


def sealed(history: History, seen: CutSeen, clause: str) -> dict[str, JSON]:
    """The part of a body that says what was seen; the hash of the last entry is taken from the record. Raises
    Refusal for an entry that there is not, or that came later."""
    last = history.entry(seen.last_entry)
    if last is None or last.recorded_at > seen.recorded:
        raise Refusal(f"entry {seen.last_entry} was not in the record by then", clause, "Choose the cut again.")
    body: dict[str, JSON] = {"effective": seen.effective.isoformat(), "recorded": moment_text(seen.recorded)}
    body |= {"last_entry": seen.last_entry, "hash": last.hash}
    return body | {"report": seen.report, "manifest": seen.manifest}
