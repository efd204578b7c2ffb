"""Simulated trials of the reference design, in both of its forms: a second, and against one log-rank test by numpy.

The form by events looks at 50 and 100 events; the capped one at 50 events and when everybody's 36 months are over.
"""

from functools import partial
from time import perf_counter

import numpy as np

from bench.timing import ratios, report
from evenhand.simulation.fast import simulate
from evenhand.simulation.fast.batch import batch_sums
from evenhand.simulation.fast.inputs import prepared
from evenhand.statistics.logrank import logrank
from tests.fast_trials import BOUNDS, WIDE, by_events, reference

TRIALS, TESTS, MANY = 4_000, 20, 400_000
FORMS = {
    "by events": by_events(),
    "capped": reference(),
    "capped, three strata, visits, drift": WIDE["visits, strata, drift"],
}


def main() -> None:
    """Print trials a second on all cores, and what a trial costs on one core."""
    draw = np.random.default_rng(1)
    time, event, arm = draw.exponential(20.0, 162), draw.integers(0, 2, 162), draw.integers(0, 2, 162)

    def tests() -> None:
        for _ in range(TESTS):
            logrank(time, event, arm)

    for name, design in FORMS.items():
        inputs = prepared(design, BOUNDS)
        found = simulate(design, trials=MANY, seed=1, limits=BOUNDS)
        begun = perf_counter()
        batch_sums(inputs, 1, 0, MANY // 10)
        one = MANY / 10 / (perf_counter() - begun)
        power = f"power {found.power:.4f} ± {found.power_mc_se:.4f}"
        print(f"{name:<36} {found.trials_per_second or 0:>9,.0f} trials/s, one thread {one:>8,.0f}   {power}")
        costs = ratios(partial(batch_sums, inputs, 1, 0, TRIALS), tests)
        report("  a trial / a log-rank test of 162 people by numpy", [cost * TESTS / TRIALS for cost in costs], "-")
