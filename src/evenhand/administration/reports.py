"""Who made and who opened a report that tells the arms apart, and when: a trace for whoever inspects the blind.

Reports are kept beside the record; these steps leave the trace of them. They may be taken after the study is closed,
since its result is reported then. Reports in which the arms are pooled leave none.
Sources: 21 CFR 11.10(e), a trail of what users do, in the order of time; ICH E9, 4.5, results by arm at an interim
analysis stay with those who are to see them. That reading is recorded once a user, report and day is our proposal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from evenhand.administration.delegation import Grant, grants
from evenhand.protocol import Protocol
from evenhand.record import JSON, REPORT_MADE, REPORT_READ, Actor, Entry, Event, History, moment_text
from evenhand.refusal import Refusal

BOARD_VIEW: Final = "board"
"""The safety board's view. It is renewed while somebody reads it, so it counts as one report however often."""
TRACED: Final = MappingProxyType(
    {
        "safety-board-closed": "Report to the safety board, closed session",
        "final": "Final report",
        BOARD_VIEW: "Safety board's view",
    }
)
"""What tells the arms apart, by id, as people call it."""
READERS: Final = ("statistician", "safety_board")
"""Who may make and open these, for the whole study."""
_CLAUSE: Final = "reports by arm"


@dataclass(frozen=True, slots=True)
class ReportedAt:
    """A report as the record knows it: its kind (``TRACED``), its cut (``effective`` and ``recorded``), the number of
    the last entry that it knows, the SHA-256 of its manifest, and the version of the program that made it."""

    report: str
    effective: date
    recorded: datetime
    last_entry: int
    manifest: str
    program: str


def report_made(
    protocol: Protocol, history: History, *, made: ReportedAt, on: date, by: Actor, at: datetime
) -> list[Event]:
    """Record that a report was made; the hash of its last entry is taken from the record.

    Raises Refusal for another kind, somebody who may not, an entry that there is not or that came later, and what is no
    digest of a manifest.
    """
    _require_reader(history, made.report, by)
    last = history.entry(made.last_entry)
    if last is None or last.recorded_at > made.recorded:
        raise Refusal(f"entry {made.last_entry} was not in the record by then", _CLAUSE, "Make the report again.")
    _require_digest(made.manifest)
    body: dict[str, JSON] = {"report": made.report, "effective": made.effective.isoformat()}
    body |= {"recorded": moment_text(made.recorded), "last_entry": made.last_entry, "hash": last.hash}
    body |= {"manifest": made.manifest, "program": made.program}
    return [Event(REPORT_MADE, None, on, body)]


def report_read(
    protocol: Protocol, history: History, *, report: str, manifest: str, on: date, by: Actor, at: datetime
) -> list[Event]:
    """Record that somebody opened a report on a day, for reading or taking home. Raises Refusal for another kind,
    somebody who may not, a report whose making is not recorded, and one that this user opened on this day before.
    """
    _require_reader(history, report, by)
    made = making_of(history, report, manifest)
    if made is None:
        mend = "Ask for this report again: it is made anew, and its making recorded."
        raise Refusal("the record does not say that this report was made", _CLAUSE, mend)
    if reading_of(history, report, manifest, user=by.user, on=on) is not None:
        raise Refusal(f"{by.user} opened this report on that day before", _CLAUSE, "Once a day is enough.")
    body: dict[str, JSON] = {"report": report, "effective": made.body["effective"], "manifest": manifest}
    return [Event(REPORT_READ, None, on, body)]


def making_of(history: History, report: str, manifest: str) -> Entry | None:
    """The entry by which a report was made, the last one where it was made again; None where there is none."""
    found = (
        one
        for one in reversed(history.about_study.entries)
        if one.kind == REPORT_MADE and (one.body["report"], one.body["manifest"]) == (report, manifest)
    )
    return next(found, None)


def reading_of(history: History, report: str, manifest: str, *, user: str, on: date) -> Entry | None:
    """The entry by which a user opened a report on a day; the safety board's view counts once, whichever it was."""
    for one in reversed(history.about_study.entries):
        if one.kind != REPORT_READ or one.by.user != user or one.effective != on or one.corrects is not None:
            continue
        if one.body["report"] == report and (report == BOARD_VIEW or one.body["manifest"] == manifest):
            return one
    return None


def _require_reader(history: History, report: str, by: Actor) -> None:
    if report not in TRACED:
        known = ", ".join(TRACED)
        raise Refusal(f"{report!r} is no report that tells the arms apart", _CLAUSE, f"Known are {known}.")
    if by.role not in READERS or Grant(by.user, by.role, None) not in grants(history):
        said = f"{by.user} is neither statistician nor of the safety board for the whole study"
        raise Refusal(said, _CLAUSE, "Results by arm are for these two alone.")


def _require_digest(manifest: str) -> None:
    if len(manifest) != 64 or not set(manifest) <= set("0123456789abcdef"):
        raise Refusal("a report is recorded by the SHA-256 of its manifest", _CLAUSE, "Give it in 64 hex digits.")
