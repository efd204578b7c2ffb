"""What is counted at the data cut of a look: by the machine, never typed. Loaded on use, since it takes seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from evenhand.administration import BOARD_VIEW, TRACED
from evenhand.protocol import Versions
from evenhand.record import REPORT_MADE, Entry, History, final_analysis
from evenhand.web.desk import Desk

_SHOWN: Final = 12  # reports to choose from, the newest first
_KEPT: Final = 16  # counts that are remembered
_COUNTS: dict[tuple[str, date, datetime, str], Counted] = {}
_RULES: dict[tuple[str, date, datetime, str], tuple[tuple[str, int], ...]] = {}


@dataclass(frozen=True, slots=True)
class Counted:
    """``number``: the look that is due at a cut (0: none); ``events``: of the primary endpoint, both arms together;
    ``final``: whether the final analysis is due, and the record does not have it."""

    number: int
    events: int
    final: bool = False


@dataclass(frozen=True, slots=True)
class SeenReport:
    """A report by arm that the record says was made, and its data cut; ``head``: the hash of the last entry in it."""

    seq: int
    kind: str
    title: str
    effective: date
    recorded: datetime
    last_entry: int
    head: str
    manifest: str
    made_by: str
    made_at: datetime

    @property
    def is_view(self) -> bool:
        """Whether it is the board's own page as it was, and no report that was handed out."""
        return self.kind == BOARD_VIEW


def reports_seen(desk: Desk) -> tuple[SeenReport, ...]:
    """The reports by arm that a board may have seen, the newest first, each once; the final report is for no look."""
    found: dict[tuple[str, str], SeenReport] = {}
    for entry in reversed(desk.history.about_study.entries):
        if entry.kind == REPORT_MADE and entry.body["report"] != "final" and len(found) < _SHOWN:
            found.setdefault((str(entry.body["report"]), str(entry.body["manifest"])), _report(entry))
    return tuple(found.values())


def report_of(desk: Desk, seq: int) -> SeenReport | None:
    """The report whose making is this entry; None for another entry."""
    entry = desk.history.entry(seq)
    if entry is None or entry.kind != REPORT_MADE or entry.body["report"] == "final":
        return None
    return _report(entry)


def final_reports(desk: Desk) -> tuple[SeenReport, ...]:
    """The final reports that were made, the newest first, each once."""
    found: dict[str, SeenReport] = {}
    for entry in reversed(desk.history.about_study.entries):
        if entry.kind == REPORT_MADE and entry.body["report"] == "final" and len(found) < _SHOWN:
            found.setdefault(str(entry.body["manifest"]), _report(entry))
    return tuple(found.values())


def rules_at(desk: Desk, seen: SeenReport) -> tuple[tuple[str, int], ...]:
    """The stopping rules that are met at the data cut of a report, each with the people of its newest look that is;
    remembered as ``counted``. Raises RecordError as it does."""
    key = seen.head, seen.effective, seen.recorded, " ".join(one.digest for one in desk.versions)
    if key not in _RULES:
        from evenhand.analysis.monitoring.met import rules_met_at  # noqa: PLC0415 - seconds, once somebody asks

        if len(_RULES) >= _KEPT:
            _RULES.clear()
        _RULES[key] = rules_met_at(desk.versions, desk.history, seen.effective, seen.recorded)
    return _RULES[key]


def final_counted(desk: Desk, seen: SeenReport) -> tuple[int, str] | None:
    """The events at the data cut of a final report, and why the final analysis is due; see ``final_at``."""
    from evenhand.analysis.efficacy.crossing import final_at  # noqa: PLC0415 - seconds, once somebody asks

    return final_at(desk.versions, desk.history, seen.effective, seen.recorded)


def _report(entry: Entry) -> SeenReport:
    body: Any = entry.body
    return SeenReport(
        entry.seq, body["report"], TRACED.get(body["report"], body["report"]), date.fromisoformat(body["effective"]),
        datetime.fromisoformat(body["recorded"]), body["last_entry"], body["hash"], body["manifest"], entry.by.user,
        entry.recorded_at,
    )  # fmt: skip


def counted(versions: Versions, history: History, effective: date, recorded: datetime, head: str) -> Counted | None:
    """The look at a data cut whose last entry has the hash ``head``; None where nothing is compared. It is remembered,
    for a form is sent after it is read.

    Raises LookupError for a study without endpoints, and RecordError for an entry that does not fit the forms.
    """
    key = head, effective, recorded, " ".join(one.digest for one in versions)
    if key not in _COUNTS:
        from evenhand.analysis import analyse, cut  # noqa: PLC0415 - seconds, once somebody asks
        from evenhand.analysis.efficacy.crossing import look_at  # noqa: PLC0415 - the same

        found = look_at(analyse(cut(versions, history, effective=effective, recorded=recorded)))
        if found is None:
            return None
        if len(_COUNTS) >= _KEPT:
            _COUNTS.clear()
        final = found.stage == "last" and final_analysis(history) is None
        _COUNTS[key] = Counted(found.number if found.stage == "interim" else 0, found.events, final)
    return _COUNTS[key]
