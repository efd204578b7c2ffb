"""The rules of the schedule as tables.

The tests hold the code to them (``test_schedule.py``), and the manual's page is made of them (:func:`page`).
"""

from collections.abc import Iterable

from evenhand.dates import Period
from evenhand.protocol.plan.visits import Window
from tests.schedule_help import days, months, years

# The anchor's day, the first after it, the step, the number, the planned day.
PLANNED: list[tuple[str, Period, Period, int, str]] = [
    ("2026-07-01", months(3), months(3), 1, "2026-10-01"),
    ("2026-07-01", months(3), months(3), 12, "2029-07-01"),
    ("2026-01-31", months(1), months(1), 1, "2026-02-28"),
    ("2026-01-31", months(1), months(1), 2, "2026-03-31"),  # a short February does not shorten March
    ("2024-01-31", months(1), months(1), 1, "2024-02-29"),
    ("2024-02-29", years(1), years(1), 1, "2025-02-28"),
    ("2024-02-29", years(1), years(1), 4, "2028-02-29"),
    ("2024-02-29", months(6), years(1), 2, "2025-08-29"),
    ("2026-11-30", months(3), months(3), 1, "2027-02-28"),
    ("2026-11-30", months(3), months(3), 2, "2027-05-30"),
    ("2026-07-01", days(0), days(21), 1, "2026-07-01"),
    ("2026-07-01", days(0), days(21), 3, "2026-08-12"),
    ("2026-07-01", days(30), months(3), 2, "2026-10-31"),  # the days first, then the months
    ("2026-07-31", months(2), days(7), 3, "2026-10-14"),
]

# The window, the planned day, the first and the last day in time.
WINDOWS: list[tuple[Window, str, str, str]] = [
    (Window(days(14), days(14)), "2026-10-01", "2026-09-17", "2026-10-15"),
    (Window(), "2026-10-01", "2026-10-01", "2026-10-01"),
    (Window(days(0), days(7)), "2026-12-28", "2026-12-28", "2027-01-04"),
    (Window(months(1), months(1)), "2026-03-31", "2026-02-28", "2026-04-30"),
    (Window(months(1), years(1)), "2028-03-30", "2028-02-29", "2029-03-30"),
]

# A series every so often from 1 July, tiled.
TILES: list[tuple[Period, str, int, str, str]] = [
    (days(10), "2026-07-11", 1, "2026-07-07", "2026-07-16"),
    (days(10), "2026-07-21", 2, "2026-07-17", "2026-07-26"),
    (days(7), "2026-07-08", 1, "2026-07-05", "2026-07-11"),
    (days(7), "2026-07-15", 2, "2026-07-12", "2026-07-18"),
    (days(1), "2026-07-02", 1, "2026-07-02", "2026-07-02"),
    (days(2), "2026-07-03", 1, "2026-07-03", "2026-07-04"),
]

MISSED: dict[str, str] = {"not_done": "on holiday"}

# Planned on 1 October 2026, two weeks to either side. The day, what was entered, the state.
STATES: list[tuple[str, tuple[str, dict[str, str]] | None, str]] = [
    ("2026-07-01", None, "coming"),
    ("2026-09-16", None, "coming"),
    ("2026-09-17", None, "due"),
    ("2026-10-15", None, "due"),
    ("2026-10-16", None, "overdue"),
    ("2026-10-16", ("2026-10-03", {}), "done"),
    ("2026-10-16", ("2026-10-16", {}), "done"),  # late, and done all the same
    ("2026-10-16", ("2026-10-16", MISSED), "missed"),
    ("2026-09-20", ("2026-09-20", MISSED), "missed"),
]

# Planned on 1 October and 1 January, two weeks to either side; follow-up ends on a day; seen from 1 December. The
# states, and the last day of the first window.
ENDED: list[tuple[str, list[str], str | None]] = [
    ("2026-09-01", ["cancelled", "cancelled"], None),
    ("2026-09-30", ["cancelled", "cancelled"], None),
    ("2026-10-01", ["overdue", "cancelled"], "2026-10-01"),  # the day of the end is still followed
    ("2026-10-05", ["overdue", "cancelled"], "2026-10-05"),  # nothing is in time after the end
    ("2026-10-20", ["overdue", "cancelled"], "2026-10-15"),
    ("2026-12-31", ["overdue", "cancelled"], "2026-10-15"),
    ("2027-01-01", ["overdue", "coming"], "2026-10-15"),
]

# Every 21 days from 1 July. The second one (planned 22 July) took place on a day; where the third and fourth stand.
MOVED: list[tuple[str, str | None, list[str]]] = [
    ("nothing", "2026-07-22", ["2026-08-12", "2026-09-02"]),
    ("nothing", "2026-07-30", ["2026-08-12", "2026-09-02"]),
    ("later", "2026-07-22", ["2026-08-12", "2026-09-02"]),
    ("later", "2026-07-30", ["2026-08-20", "2026-09-10"]),
    ("later", "2026-07-20", ["2026-08-10", "2026-08-31"]),
    ("later", None, ["2026-08-12", "2026-09-02"]),  # marked as missed: the planned day counts
]


def page() -> str:
    """The manual's page, in Markdown."""
    return "\n".join(_lines())


_OPENING = """\
# When visits are due

Made from the tests of the schedule (`tests/spec/schedule_table.py`); written anew by `./do docs`.

A study's `schedule.yaml` says for each visit from which day it counts (its anchor), how long after it, how often it
repeats, which days around the planned one are in time, and whether a late visit moves later ones.

## Which day

Months are calendar months, clamped to the month's end. A series counts all its months from the anchor at once, so that
a short February does not shorten the months after it. Days and months are added in the order in which they are named.
"""
_WINDOWS = """
## Which days are in time

A window counts from the planned day, both ends included, and ends with follow-up at the latest.
"""
_TILES = """
A series may tile the calendar instead: each day belongs to the planned day nearest to it, and the day in the middle to
the earlier one. A series from 1 July 2026, which repeats after the first column:
"""
_STATES = """
## What becomes of a visit

A visit planned on 1 October 2026, two weeks to either side. A visit took place when its form is entered, on the date in
that form; the form marked as not done, with a reason, says that it was missed. Nothing else tells either.
"""
_ENDED = """
## The end of follow-up

Two visits, planned on 1 October 2026 and 1 January 2027, seen on 1 December 2026. What is planned after the last day of
follow-up is cancelled; that day itself still counts.
"""
_MOVED = """
## What moves

A visit every 21 days from 1 July 2026. The second one, planned on 22 July, took place on some day, or was missed.
"""


def _lines() -> Iterable[str]:
    yield _OPENING
    rows = ((start, str(offset), str(every), str(number), day) for start, offset, every, number, day in PLANNED)
    yield from _table(("anchor", "first after", "then every", "number", "planned"), rows)
    yield _WINDOWS
    spans = ((planned, str(w.before), str(w.after), first, last) for w, planned, first, last in WINDOWS)
    yield from _table(("planned", "before", "after", "first day", "last day"), spans)
    yield _TILES
    tiles = ((str(every), str(number), day, first, last) for every, day, number, first, last in TILES)
    yield from _table(("every", "number", "planned", "first day", "last day"), tiles)
    yield _STATES
    yield from _table(("on", "entered", "state"), ((day, _said(entered), state) for day, entered, state in STATES))
    yield _ENDED
    ended = ((day, *states) for day, states, _ in ENDED)
    yield from _table(("follow-up ends", "first visit", "second visit"), ended)
    yield _MOVED
    moved = ((moves, done or "missed", *planned) for moves, done, planned in MOVED)
    yield from _table(("a late one moves", "second took place", "third planned", "fourth planned"), moved)
    yield ""


def _said(entered: tuple[str, object] | None) -> str:
    if entered is None:
        return "nothing"
    return f"missed, entered {entered[0]}" if entered[1] else f"took place on {entered[0]}"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
