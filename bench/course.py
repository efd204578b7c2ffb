"""Courses after randomization: how fast made-up ones are walked, and the state of ten thousand participants folded.

The participants of one walk are repeated under other pseudonyms, and read from lines as they stand in a file. Nobody's
entries are kept once the state is known, so that memory does not grow with their number.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta

import orjson

from evenhand.conduct import schedule
from evenhand.conduct.ending import ends_of
from evenhand.protocol import Protocol, find_study, load_protocol, shipped_studies
from evenhand.record import KINDS, Entry, SubjectHistory
from evenhand.record.entry import entry_line
from evenhand.record.parse import entry_from_json
from evenhand.simulation import Walk, load_scenario, walk

PEOPLE = 40
PARTICIPANTS = 10_000


def main() -> None:
    """Print entries a second of the walk; then seconds for ten thousand participants, and the memory that they took."""
    folder = find_study(shipped_studies()[0])
    protocol = load_protocol(folder)
    begun = time.process_time()
    made = walk(protocol, load_scenario(folder, protocol.version.id), people=PEOPLE, seed=1, close=False)
    took = time.process_time() - begun
    followed = participants(made)
    entries = sum(len(one) for one in followed)
    print(
        f"walk: {len(made.history.entries) / took:.0f} entries a second ({len(followed)} participants with "
        f"{entries / len(followed):.0f} entries each, {took:.1f} s)"
    )
    fold_all(protocol, followed, made.history.entries[-1].effective)


def participants(made: Walk) -> list[list[bytes]]:
    """The lines of everybody who was randomized."""
    known = (made.history.subject(name) for name in made.history.subjects)
    return [[entry_line(entry) for entry in one.entries] for one in known if one.allocation is not None]


def fold_all(protocol: Protocol, followed: list[list[bytes]], last: date) -> None:
    """Fold everybody from lines; then also say how follow-up ended and what became of every visit."""
    on = last + timedelta(days=1)
    for name, derive in (("folded", False), ("folded, with ends and visits", True)):
        before, begun, entries = _peak(), time.process_time(), 0
        for known in histories(followed):
            entries += len(known.entries)
            if derive:
                schedule.occurrences(protocol, known, on, ends_of(protocol, known))
        took = time.process_time() - begun
        print(
            f"{PARTICIPANTS} participants {name}: {took:.1f} s ({1e6 * took / entries:.0f} µs an entry); "
            f"peak memory {_peak():.0f} MiB, {_peak() - before:.0f} MiB more than before"
        )


def histories(followed: list[list[bytes]]) -> Iterator[SubjectHistory]:
    """Ten thousand participants, one after the other, each under a pseudonym of its own."""
    for number in range(PARTICIPANTS):
        lines = followed[number % len(followed)]
        name = f"S{number:06d}"
        known = SubjectHistory(name)
        for line in lines:
            known = known.after(renamed(line, name), KINDS)
        yield known


def renamed(line: bytes, name: str) -> Entry:
    """An entry as it would stand about somebody else."""
    return entry_from_json({**orjson.loads(line), "subject": name})


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
