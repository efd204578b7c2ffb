"""Trials on the real steps, at full length: how many a second, beside a plain loop of Python on the same processor.

The loop tells machines apart: a trial costs so many loops, however busy the machine is.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor

from evenhand.design.assumptions import assumptions_of
from evenhand.protocol import find_study, load_protocol, shipped_studies
from evenhand.simulation import load_scenario
from evenhand.simulation.faithful import Setting, run, scenario_for, setting_of, simulate_faithfully

TRIALS = 8
LOOP = 1_000_000


def main() -> None:
    """Print what one trial costs, with the fewest forms and with every visit; then trials a second on all of them."""
    folder = find_study(shipped_studies()[0])
    protocol = load_protocol(folder)
    scenario, assumptions = load_scenario(folder, protocol.version.id), assumptions_of(protocol)
    given = scenario_for(protocol, assumptions, scenario)
    for name, every_visit, trials in (("fewest forms", False, TRIALS), ("every visit", True, TRIALS // 4)):
        setting = setting_of(protocol, given, assumptions, every_visit=every_visit)
        run(setting, "warm")
        took, loops, entries = cost(setting, trials)
        print(
            f"faithful, {name}: {took:.2f} s of processor time a trial of {assumptions.sample_size} people "
            f"({entries} entries); {loops:.1f} loops of a million"
        )
    processors = os.cpu_count() or 1
    with ProcessPoolExecutor(processors) as executor:
        found = simulate_faithfully(protocol, scenario, assumptions, trials=2 * TRIALS, seed=1, executor=executor)
    print(f"faithful, fewest forms, {processors} processes: {found.trials_per_second:.2f} trials a second")


def cost(setting: Setting, trials: int) -> tuple[float, float, int]:
    """The least seconds of processor time of a trial, and how many loops they are; entries of its record."""
    found, loops, entries = [], [], 0
    for number in range(trials):
        loops.append(seconds_of_loop())
        begun = time.process_time()
        entries = len(run(setting, number).history.entries)
        found.append(time.process_time() - begun)
    return min(found), min(found) / min(loops), entries


def seconds_of_loop() -> float:
    """A million rounds of plain Python."""
    begun, total = time.process_time(), 0
    for number in range(LOOP):
        total += number * number % 7
    return time.process_time() - begun


if __name__ == "__main__":
    main()
