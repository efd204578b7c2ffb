"""A report of made-up numbers, and a small made-up trial, for tests of the reports."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache

from evenhand.analysis.tables import Behind, Cell, Figure, Row, Section, Table, count, row
from evenhand.protocol import load_protocol
from evenhand.reports import KINDS, Report, Source, make_report
from evenhand.simulation import load_scenario, walk
from tests.retelling import rearmed
from tests.studies_here import SHIPPED

STUDY = str(SHIPPED[0])
CUT = date(2027, 6, 30)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20" role="img" '
    'aria-labelledby="x-title"><title id="x-title">Curves</title><path d="M0 0L40 20" stroke="#000"/></svg>\n'
)
ANN, BEN = Behind("P-1", (3, 7)), Behind("P-2")
TABLE = Table(
    "events", "Events & censoring <primary>", "Intention to treat, 2 people", "Counted.",
    ("What", "Usual approach (n = 1)", "Usual approach plus local therapy (n = 1)", "Total"),
    (
        Row("heading", "A heading"),
        row("event", "Event", count([ANN], 1), count([], 1), count([ANN], 2), indent=1),
        row("ratio", "Hazard ratio", Cell("0.61 (0.43 to 0.87)", (("ratio", 0.6112345678901234), ("low", 0.43),
                                                                  ("high", float("inf"))))),
        row("both", "Both", count([ANN, BEN]), Cell("not estimable"), Cell("2", (), (ANN, BEN))),
    ),
    ("A note.",), by_arm=True,
)  # fmt: skip
FIGURE = Figure("curves", "Curves", "Everybody", "Drawn.", SVG, "A line that falls.", (("month", "share"), (0, 1.0)))
SECTION = Section("efficacy", "Efficacy", ("One sentence; and a second.",), (TABLE, FIGURE))


def made_up(*sections, kind="final", **more):
    """A report of made-up numbers."""
    source = Source(
        "made-up", "A made-up trial", (("v1", "a" * 64),), CUT, datetime.combine(CUT, time.max, UTC), 9, "b" * 64, 9
    )
    arms = (("usual", "Usual approach"), ("local", "Usual approach plus local therapy"))
    given = Report(KINDS[kind], source, arms, 5, 2, sections or (SECTION,), (), (), "0")
    return replace(given, **more)


@cache
def trial():
    """Protocol and record of a few made-up people who walk the shipped trial to its end."""
    folder = SHIPPED[0]
    protocol = load_protocol(folder)
    walked = walk(protocol, load_scenario(folder, protocol.version.id), people=16, seed=3)
    return protocol, walked.history


@cache
def reported(kind, effective=CUT):
    """The report of that trial."""
    return make_report(kind, *trial(), effective=effective)


def swapped(history):
    """The same record with everybody in the other arm."""
    arms = sorted({one.arm for one in history.allocations})
    other = dict(zip(arms, reversed(arms), strict=True))
    return rearmed(history, other.__getitem__)
