"""Kaplan-Meier, log-rank, Cox, Aalen-Johansen and Gray's test on 162, 10,000 and a million people, beside a library in
the same run: SurPyval, and statsmodels for the incidence.

Times are whole days, so that ties are many; five covariates, Efron's method for ties. Memory is what one call adds at
its peak to what it was given, as Python and numpy tell it (tracemalloc), in a call that is not timed.
"""

from __future__ import annotations

import math
import tracemalloc
from importlib import import_module
from time import perf_counter
from typing import Any

import numpy as np

from bench.timing import Work
from evenhand.statistics.survival import cox, cumulative_incidence, gray_test, kaplan_meier, log_rank

SIZES = (162, 10_000, 1_000_000)
LEAST = 0.5  # seconds in which the small ones are repeated


def main() -> None:
    """Print seconds of each, and how many times as long the other one takes."""
    for people in SIZES:
        for name, (ours, theirs) in pairs(people).items():
            own, other = best(ours), best(theirs)
            held, others = peak(ours), peak(theirs)
            print(
                f"{name:<24} {people:>9,} people: {own:9.5f} s, {held:7.1f} MB; the library takes {other / own:6.2f} "
                f"times as long and {others:7.1f} MB"
            )


def pairs(people: int) -> dict[str, tuple[Work, Work]]:
    """What is computed, by us and by the other one, of the same made-up people."""
    draw = np.random.default_rng(people)
    arm = draw.integers(0, 2, people)
    lasting = np.ceil(draw.exponential(780 / np.where(arm == 1, 0.6, 1.0)))
    left = np.ceil(draw.uniform(200, 1096, people))
    time, event = np.minimum(lasting, left), (lasting <= left).astype(int)
    cause = np.where(event == 1, 1 + (draw.random(people) < 0.2), 0)
    more = {f"x{number}": draw.normal(size=people) for number in range(4)}
    columns = np.column_stack([arm, *more.values()]).astype(float)
    other: Any = import_module("surpyval")
    incidence: Any = import_module("statsmodels.duration.survfunc").CumIncidenceRight
    named = [int(one) or None for one in cause]  # None for the censored, as SurPyval asks
    return {
        "Kaplan-Meier with bands": (
            lambda: kaplan_meier(time, event),
            lambda: other.KaplanMeier.fit(time, c=1 - event),
        ),
        "log-rank": (lambda: log_rank(time, event, arm), lambda: other.logrank(time, arm, c=1 - event)),
        "Cox, five covariates": (
            lambda: cox(time, event, {"arm": arm, **more}),
            lambda: other.CoxPH.fit(time, columns, c=1 - event),
        ),
        "Aalen-Johansen": (lambda: cumulative_incidence(time, cause, 1), lambda: incidence(time, cause)),
        "Gray's test": (lambda: gray_test(time, cause, arm, 1), lambda: other.gray_test(time, named, arm, event=1)),
    }


def peak(work: Work) -> float:
    """The megabytes that one call takes at its peak, beside what was there before."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    work()
    found = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    return found / 1e6


def best(work: Work) -> float:
    """The least seconds of one call after a first one, which may import and compile."""
    work()
    found, begun = math.inf, perf_counter()
    while True:
        started = perf_counter()
        work()
        found = min(found, perf_counter() - started)
        if perf_counter() - begun > LEAST:
            return found


if __name__ == "__main__":
    main()
