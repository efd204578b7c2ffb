"""Progression-free survival: the table of dates and censoring that the tests hold the program to, and its page."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from evenhand.analysis.outcome import CENSORED, said
from evenhand.analysis.seen import Seen
from evenhand.dates import add_months
from tests.analysis_help import PRIMARY, START, answer, begun, died, month, person, progressed

EVENT, CENSOR = True, False

# situation, person, what is otherwise than in the primary estimand, the answer
ROWS: list[tuple[str, Seen, dict[str, Any], tuple[bool, date, str]]] = [
    ("no baseline", person(3, lacks="no list", determined=(progressed(6),)), {}, (CENSOR, START, "no_baseline")),
    ("no baseline, ignored", person(3, lacks="no list", determined=(progressed(6),)), {"no_baseline": "ignore"},
     (EVENT, month(6), "progression")),
    ("progression at a visit", person(3, 6, determined=(progressed(6),)), {}, (EVENT, month(6), "progression")),
    ("progression between visits", person(3, determined=(progressed(4, 9),)), {}, (EVENT, month(4, 9), "progression")),
    ("progression between visits, scheduled dates", person(3, determined=(progressed(4, 9),)), {"dates": "scheduled"},
     (EVENT, month(6), "progression")),
    ("progression late in a window, scheduled dates", person(3, determined=(progressed(6, 9),)), {"dates": "scheduled"},
     (EVENT, month(6), "progression")),
    ("progression by biopsy", person(3, determined=(progressed(4, basis="pathological"),)), {},
     (EVENT, month(4), "progression")),
    ("the earlier of two", person(3, determined=(progressed(6), progressed(5))), {}, (EVENT, month(5), "progression")),
    ("progression on the day of randomization", person(determined=(progressed(0),)), {}, (EVENT, START, "progression")),
    ("no progression", person(3, 6, 9, until=month(10)), {}, (CENSOR, month(9), "data_cut")),
    ("no progression, scheduled dates", person(3, 6, 9, until=month(10)), {"dates": "scheduled"},
     (CENSOR, month(9), "data_cut")),
    ("no assessment, alive", person(until=month(10)), {}, (CENSOR, START, "unassessed")),
    ("clinical progression", person(3, 6, determined=(progressed(7, basis="clinical"),)), {},
     (CENSOR, month(6), "clinical")),
    ("clinical progression as an event", person(3, 6, determined=(progressed(7, basis="clinical"),)),
     {"clinical_progression": "event"}, (EVENT, month(7), "progression")),
    ("clinical progression, then death", person(3, 6, determined=(progressed(7, basis="clinical"),), died=died(8)), {},
     (EVENT, month(8), "death")),
    ("clinical progression ends observation",
     person(3, 6, 9, determined=(progressed(7, basis="clinical"),), died=died(10)),
     {"clinical_progression": "censor"}, (CENSOR, month(6), "clinical")),
    ("left for side effects", person(3, 6, left=begun(7, label="follow-up declined")), {}, (CENSOR, month(6), "left")),
    ("new therapy before progression", person(3, 6, 9, determined=(progressed(9),), therapy=begun(7)), {},
     (CENSOR, month(6), "new_therapy")),
    ("new therapy, ignored", person(3, 6, 9, determined=(progressed(9),), therapy=begun(7)), {"new_therapy": "ignore"},
     (EVENT, month(9), "progression")),
    ("new therapy as an event", person(3, 6, 9, determined=(progressed(9),), therapy=begun(7)),
     {"new_therapy": "event"}, (EVENT, month(7), "new_therapy")),
    ("new therapy after progression", person(3, 6, determined=(progressed(6),), therapy=begun(7)), {},
     (EVENT, month(6), "progression")),
    ("new therapy on the day of progression", person(3, determined=(progressed(6),), therapy=begun(6)), {},
     (EVENT, month(6), "progression")),
    ("new therapy after the end of follow-up", person(33, therapy=begun(37)), {}, (CENSOR, month(33), "end")),
    ("local therapy in the other arm", person(3, 6, determined=(progressed(6),), unplanned=begun(4)), {},
     (EVENT, month(6), "progression")),
    ("local therapy in the other arm, censored", person(3, 6, determined=(progressed(6),), unplanned=begun(4)),
     {"unplanned_local_therapy": "censor"}, (CENSOR, month(3), "unplanned_local_therapy")),
    ("death before the first assessment", person(died=died(2)), {}, (EVENT, month(2), "death")),
    ("death between visits", person(3, 6, died=died(8)), {}, (EVENT, month(8), "death")),
    ("death between visits, scheduled dates", person(3, 6, died=died(8)), {"dates": "scheduled"},
     (EVENT, month(8), "death")),
    ("death and progression on one day", person(3, determined=(progressed(5),), died=died(5)), {},
     (EVENT, month(5), "progression")),
    ("death after one missed visit", person(3, died=died(9)), {}, (EVENT, month(9), "death")),
    ("death on the last day after one missed visit", person(3, died=died(9, 14)), {}, (EVENT, month(9, 14), "death")),
    ("death after two missed visits", person(3, died=died(9, 15)), {}, (CENSOR, month(3), "missed")),
    ("death after two missed visits, ignored", person(3, died=died(9, 15)), {"most_missed": None},
     (EVENT, month(9, 15), "death")),
    ("progression after two missed visits", person(3, 12, determined=(progressed(12),)), {},
     (CENSOR, month(3), "missed")),
    ("progression after a gap that ended", person(3, 12, 15, determined=(progressed(15),)), {},
     (EVENT, month(15), "progression")),
    ("no scan at all before a late death", person(died=died(8)), {}, (CENSOR, START, "missed")),
    ("three may be missed", person(3, died=died(12)), {"most_missed": 3}, (EVENT, month(12), "death")),
    ("none may be missed", person(3, died=died(6, 15)), {"most_missed": 0}, (CENSOR, month(3), "missed")),
    ("progression on the last day of follow-up", person(33, 36, determined=(progressed(36),)), {},
     (EVENT, month(36), "progression")),
    ("progression at the visit after it", person(33, determined=(progressed(36, 3),)), {}, (CENSOR, month(33), "end")),
    ("progression after it, until the data cut", person(33, determined=(progressed(36, 3),)), {"end": "data_cut"},
     (EVENT, month(36, 3), "progression")),
    ("a last scan after it without progression", person(33, 37), {}, (CENSOR, month(36), "end")),
    ("death after it", person(33, died=died(37)), {}, (CENSOR, month(33), "end")),
    ("nobody signed", person(3, 6, unsigned=progressed(6)), {}, (CENSOR, month(3), "unsigned")),
    ("the scans propose", person(3, 6, unsigned=progressed(6, basis="proposed")), {},
     (CENSOR, month(3), "unsigned")),
    ("nobody signed, then death", person(3, 6, unsigned=progressed(6), died=died(8)), {}, (EVENT, month(8), "death")),
    ("the scans alone", person(3, 6, scanned=(progressed(6, basis="proposed"),)), {"progression": "scans"},
     (EVENT, month(6), "progression")),
    ("local progression", person(3, 6, determined=(progressed(6, local=True),)), {}, (EVENT, month(6), "progression")),
    ("local progression not counted", person(3, 6, determined=(progressed(6, local=True),)),
     {"local_progression": "ignore"}, (CENSOR, month(6), "end")),
    ("died, and nobody knows when", person(3, 6, nameless=9), {}, (CENSOR, month(6), "day_unknown")),
    ("progression before randomization", person(3, 6, determined=(progressed(-1),)), {},
     (CENSOR, START, "contradiction")),
    ("death before randomization", person(3, 6, died=died(-1)), {}, (CENSOR, START, "contradiction")),
]  # fmt: skip

INTRODUCTION = (
    "This page is made from the table that the tests hold the program to (`tests/spec/pfs_table.py`). Everybody in it "
    "was randomized on 1 Jan 2026, is due for a scan every 3 months (window 14 days) for 36 months, and is analysed at "
    "month 48 unless a data cut is named. What each situation means is data (`endpoints.yaml`); the rules below are "
    "those of the engine."
)
CODES = "The numbers are ours (CDISC asks for a positive whole number); the words are what reports print."
SOURCES = (
    "FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), appendices, tables A to C",
    "ICH E9(R1), estimands",
    "CDISC ADaM, time to event: PARAMCD, ADT, AVAL (days, the first is 1), CNSR, EVNTDESC, CNSDTDSC",
    "Which of the tables is primary, how a partial day of death is chosen, two missed scans: proposals, study data",
)


def page() -> str:
    """The page as Markdown."""
    primary = [(name, value) for name, value in _choices() if name not in ("id", "label")]
    parts = [
        "# Progression-free survival",
        INTRODUCTION,
        "## The estimand of these rows",
        _table(("choice", "value"), primary),
        "## What happened, and what it counts as",
        _table(
            ("situation", "known", "otherwise than above", "counts as", "in words"),
            ((name, "; ".join(_known(seen)), _otherwise(more), _counts(wanted), answer(seen, **more).say)
             for name, seen, more, wanted in ROWS),
        ),
        "## Reasons for censoring",
        CODES,
        _table(("CNSR", "CNSDTDSC"), sorted(CENSORED.values())),
        "## Sources",
        "\n".join(f"* {source}" for source in SOURCES),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _choices() -> Iterator[tuple[str, object]]:
    for name in PRIMARY.__slots__:
        yield name, getattr(PRIMARY, name)


def _otherwise(more: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {'any number' if value is None else value}" for name, value in more.items())


def _counts(wanted: tuple[bool, date, str]) -> str:
    event, day, reason = wanted
    return f"{'event' if event else 'censored'}, {_when(day)}: {reason.replace('_', ' ')}"


def _known(seen: Seen) -> Iterator[str]:
    """What is known of somebody, in months from randomization."""
    if seen.lacks:
        yield f"baseline not complete: {seen.lacks}"
    if seen.assessments:
        yield f"scans at {', '.join(_when(one.day) for one in seen.assessments)}"
    for one in seen.determined:
        yield f"progression ({one.basis}{', of treated lesions alone' if one.local else ''}) at {_when(one.day)}"
    if seen.unsigned is not None:
        yield f"progression at {_when(seen.unsigned.day)} that nobody signed"
    for one in seen.scanned:
        yield f"progression by the scans alone at {_when(one.day)}"
    for begun_at, name in ((seen.therapy, "new therapy"), (seen.unplanned, "local therapy"), (seen.left, "")):
        if begun_at is not None:
            yield f"{name or begun_at.label} at {_when(begun_at.day)}"
    if seen.died is not None:
        yield f"death at {_when(seen.died.span.first)}"
    if seen.nameless is not None:
        yield "a death without any day"
    if seen.until != month(48):
        yield f"data cut at {_when(seen.until)}"


def _when(day: date) -> str:
    """A day as months and days from randomization."""
    if day < START:
        return f"{said(day)}, before randomization"
    months = max(number for number in range(60) if add_months(START, number) <= day)
    days = (day - add_months(START, months)).days
    return f"month {months}" + (f" and {days} days" if days else "")


def _table(heading: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    lines = [[str(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in [list(heading), ["---"] * len(heading), *lines])
