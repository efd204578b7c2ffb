"""Folding a long record: against ``json.loads`` of the same lines, and against a record half as long."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice

from evenhand.record import JSON, Actor, Entry, Event, History, append, dump, fold, loads

ENTRIES = 100_000
SINGLE = 20_000
_START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_BATCH = 1_000
_COORDINATOR = Actor("user-17", "coordinator", "site-3")


def main() -> None:
    """Print the ratio to ``json.loads``, the growth when the record doubles, and the cost of one entry at a time."""
    whole = record_text(ENTRIES)
    half = b"".join(whole.splitlines(keepends=True)[: ENTRIES // 2])
    lines = whole.splitlines()
    plain = _best(lambda: [json.loads(line) for line in lines])
    full, part = _best(lambda: fold(loads(whole))), _best(lambda: fold(loads(half)))
    entries = loads(half)[:SINGLE]
    single, at_once = _best(lambda: _one_at_a_time(entries)), _best(lambda: fold(entries))
    print(
        f"record fold, {ENTRIES} entries of {len(whole) // ENTRIES} bytes: {full / plain:.1f} x json.loads "
        f"(at most 10); twice the entries take {full / part:.2f} x the time (linear: 2); "
        f"{SINGLE} entries one at a time: {single / at_once:.1f} x at once, {single:.2f} s"
    )


def _one_at_a_time(entries: list[Entry]) -> History:
    history = History(entries[0].study)
    for entry in entries:
        history = history.extend([entry])
    return history


def record_text(entries: int) -> bytes:
    """A legal record of this many entries: ten a subject, from facts and a correction to the allocation."""
    history = History("bench-study")
    events = _events()
    for start in range(0, entries, _BATCH):
        at = _START + timedelta(seconds=40 * start)
        batch = islice(events, min(_BATCH, entries - start))
        history = history.extend(append(history, batch, by=_COORDINATOR, at=at))
    return dump(history.entries)


def _events() -> Iterator[Event]:
    body: dict[str, JSON] = {
        "protocol_version": "v1",
        "protocol_digest": "5e" * 32,
        "commitment": "c0" * 32,
        "sites": ["site-1", "site-2", "site-3"],
    }
    yield Event("study_activated", None, _START.date(), body)
    seq = 1
    for number, (receptor, arm) in enumerate(zip(cycle(("positive", "negative")), cycle("AABB"), strict=False)):
        for event in _person(f"S-{number:06}", seq, f"hr={receptor}", arm, number):
            yield event
            seq += 1


def _person(subject: str, seq: int, stratum: str, arm: str, number: int) -> Iterator[Event]:
    day = _START.date()
    for name in ("birth_date", "ecog", "er_status", "her2_ihc", "metastases"):
        yield Event("facts_recorded", subject, day, _facts(name, "1.8", day))
    attested: dict[str, JSON] = {"judgement": "treatable", "answer": "yes", "role": "radiation oncologist"}
    yield Event("attested", subject, day, attested)
    yield Event(
        "facts_recorded",
        subject,
        day,
        _facts("ecog", "1", day),
        reason="Read from the wrong row.",
        corrects=seq + 2,
    )
    yield Event("consented", subject, day, {"document": "main consent", "version": "2.0"})
    registration: dict[str, JSON] = {
        "participant": f"P-{number}",
        "protocol_version": "v1",
        "evidence": {"criteria": [{"id": f"C{index}", "verdict": "pass"} for index in range(1, 8)]},
        "evidence_digest": "ef" * 32,
    }
    yield Event("registered", subject, day, registration)
    allocation: dict[str, JSON] = {
        "arm": arm,
        "method": "blocks",
        "stratum": stratum,
        "position": number // 2 + 1,
    }
    yield Event("randomized", subject, day, allocation)


def _facts(name: str, value: str, day: date) -> dict[str, JSON]:
    source: JSON = {"origin": "bundle.json", "path": f"Observation/{name}.value", "by": ""}
    return {"facts": [{"name": name, "value": value, "date": day.isoformat(), "source": source}]}


def _best(work: Callable[[], object], rounds: int = 3) -> float:
    """The least time of some rounds, in seconds; each result is dropped before the next round begins."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
