"""RECIST of 100,000 participants with 12 scans each: targets, non-targets, overall, progression and best response."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from time import process_time

from bench.timing import ratios, report
from evenhand.oncology.recist import (
    Baseline,
    NonTargetState,
    Scan,
    Target,
    assessed,
    best_response,
    evaluate,
)

PARTICIPANTS, SCANS = 100_000, 12
DAY = date(2026, 1, 5)
DAYS = [DAY + timedelta(weeks=8 * (number + 1)) for number in range(SCANS)]
STATES = (NonTargetState.PRESENT, NonTargetState.PRESENT, NonTargetState.ABSENT, NonTargetState.NOT_ASSESSED)


def participant(draw: random.Random) -> tuple[Baseline, list[Scan]]:
    """Made-up lesions: up to five targets that shrink and grow by tenths of a millimetre, two non-targets."""
    targets = tuple(
        Target(f"T{number}", draw.randrange(150, 500) * 100, number == 0) for number in range(draw.randint(1, 5))
    )
    sizes: list[int | None] = [target.size for target in targets]
    scans = []
    for day in DAYS:
        sizes = [max(0, (size or 100) + draw.randrange(-60, 55) * 100) for size in sizes]
        shown = tuple(None if draw.random() < 0.02 else size for size in sizes)
        scans.append(Scan(day, shown, (draw.choice(STATES), draw.choice(STATES))))
    return Baseline(DAY, targets, ("NT1", "NT2")), scans


def judged(people: list[tuple[Baseline, list[Scan]]]) -> Iterator[str]:
    """The best response of each."""
    for baseline, scans in people:
        yield best_response(assessed(evaluate(baseline, scans)), DAY).response


def main() -> None:
    """Print microseconds a scan, and the cost against adding up and comparing the same sums with nothing else."""
    draw = random.Random(1)
    people = [participant(draw) for _ in range(1000)]

    def judge() -> None:
        for _ in judged(people):
            pass

    def add_up() -> None:
        for baseline, scans in people:
            smallest = sum(target.size for target in baseline.targets)
            for scan in scans:
                total = sum(size or 0 for size in scan.sizes)
                smallest = min(smallest, total) if total * 5 < smallest * 6 else smallest

    report("RECIST of a scan / adding up its sizes", ratios(judge, add_up, rounds=7), "-")
    begun, groups = process_time(), PARTICIPANTS // len(people)
    for _ in range(groups):
        judge()
    scans = groups * len(people) * SCANS
    spent = process_time() - begun
    each, counted = spent / scans * 1e6, groups * len(people)
    print(
        f"{scans:,} scans of {counted:,} participants: {spent:.1f} s, {each:.2f} µs of CPU a scan   wanted: at most 20"
    )
