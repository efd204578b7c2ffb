"""Analysis datasets of many people: how long from lines of a record to Parquet, and whether that is linear in people.

The participants of one walk are repeated under other pseudonyms and analysed some at a time, so that what is kept of
all are the rows alone. ``python -m bench.datasets 200 2000`` takes other numbers of people. Memory is the most that the
process held so far, so give the sizes from the smallest up.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from bench.course import participants, renamed
from evenhand.analysis import Cut, analyse
from evenhand.analysis.datasets import Dataset, csv_of, datasets, parquet_of
from evenhand.analysis.datasets.table import Value
from evenhand.protocol import Protocol, as_versions, find_study, load_protocol, shipped_studies
from evenhand.record import KINDS, History, SubjectHistory
from evenhand.simulation import Walk, load_scenario, walk

PEOPLE = 40  # of the walk; some of them are randomized
SIZES = (1_000, 10_000)
AT_ONCE = 100


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print the seconds for each number of people, and how many times as long the last took as the first."""
    folder = find_study(shipped_studies()[0])
    protocol = load_protocol(folder)
    made = walk(protocol, load_scenario(folder, protocol.version.id), people=PEOPLE, seed=1, close=False)
    lines = participants(made)
    took = [measured(protocol, made, lines, number) for number in sizes]
    if len(sizes) > 1:
        times, people = took[-1] / took[0], sizes[-1] / sizes[0]
        print(f"{people:.0f} times the people took {times:.1f} times as long (1.0 is linear: {times / people:.2f})")


def measured(protocol: Protocol, made: Walk, lines: list[list[bytes]], number: int) -> float:
    """Processor seconds from lines to Parquet and CSV; prints them with the size of what was written."""
    begun = time.process_time()
    found: list[Dataset] = []
    rows: list[list[tuple[Value, ...]]] = []
    for history in some_at_a_time(made.history, lines, number):
        last = made.history.entries[-1].recorded_at
        found = list(datasets(analyse(Cut(as_versions(protocol), history, last.date(), last))))
        rows = rows or [[] for _ in found]
        for kept, one in zip(rows, found, strict=True):
            kept.extend(one.rows)
    whole = [replace(one, rows=tuple(kept)) for one, kept in zip(found, rows, strict=True)]
    computed = time.process_time() - begun
    written, plain = (sum(len(make(one)) for one in whole) / 1e6 for make in (parquet_of, csv_of))
    took = time.process_time() - begun
    print(
        f"{number} people: {took:.1f} s, {1000 * took / number:.1f} ms each; {took - computed:.1f} s of it to write "
        f"{sum(map(len, rows))} rows as {written:.1f} MB of Parquet and {plain:.1f} MB of CSV; at most "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory"
    )
    return took


def some_at_a_time(of: History, lines: list[list[bytes]], number: int) -> Iterator[History]:
    """Histories of some people each, until there were so many; the study is that of the walk."""
    for start in range(0, number, AT_ONCE):
        people = [_person(lines, place) for place in range(start, min(start + AT_ONCE, number))]
        allocations = tuple(one.allocation for one in people if one.allocation is not None)
        yield History(
            of.study, of.kinds, of.entries, of.complete, of.state, len(people), allocations, of.counts,
            {None: of.about_study, **{one.subject: one for one in people}},
        )  # fmt: skip


def _person(lines: list[list[bytes]], place: int) -> SubjectHistory:
    known = SubjectHistory(f"S{place:06d}")
    for line in lines[place % len(lines)]:
        known = known.after(renamed(line, known.subject or ""), KINDS)
    return known


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
