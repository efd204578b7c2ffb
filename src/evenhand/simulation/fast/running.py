"""Simulating many trials: in batches of fixed size, on any executor, with the same numbers whatever it is."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from evenhand.design.looking import planned_bounds
from evenhand.design.shape import Assumptions
from evenhand.refusal import Refusal
from evenhand.simulation.fast.characteristics import Characteristics, characteristics
from evenhand.simulation.fast.compiling import sources_digest
from evenhand.simulation.fast.inputs import Arrivals, Inputs, Limits, prepared
from evenhand.simulation.fast.kept_batches import KeptBatches
from evenhand.simulation.fast.sums import Sums

BATCH = 2_000
"""Trials of a batch. Another size would round sums elsewhere, so that the last digit of a mean may differ."""

AHEAD = 32
"""How many batches are asked for at a time, so that memory does not grow with the number of trials."""

Progress = Callable[[int], None]


def silent(done: int) -> None:
    """Tell nobody."""


def _batch_sums(inputs: Inputs, seed: int, first: int, count: int) -> Sums:
    """The sums over some trials. The compiled loops are loaded with the first of them, since numba takes a second for
    it, which the faithful path, the plan of a design and the help do without."""
    from evenhand.simulation.fast.batch import batch_sums  # noqa: PLC0415

    return batch_sums(inputs, seed, first, count)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is true, and the bounds by which the trial is stopped: of the design as planned, whatever is true.

    ``limits`` None: the bounds that are planned under these same assumptions.
    """

    assumptions: Assumptions
    limits: Limits | None = None
    arrivals: Arrivals = "uniform"


def limits_of(planned: Assumptions) -> Limits:
    """The bounds of a design as planned. Raises Refusal where its assumptions make no design."""
    bounds = planned_bounds(planned)
    return Limits(tuple(bounds.efficacy), None if bounds.futility is None else tuple(bounds.futility))


def simulate(
    assumptions: Assumptions,
    *,
    trials: int,
    seed: int,
    limits: Limits | None = None,
    executor: Executor | None = None,
    resume: Path | None = None,
    progress: Progress = silent,
) -> Characteristics:
    """Operating characteristics of one scenario; see ``simulate_grid``."""
    scenario = Scenario(assumptions, limits)
    return simulate_grid([scenario], trials=trials, seed=seed, executor=executor, resume=resume, progress=progress)[0]


def simulate_grid(
    scenarios: Sequence[Scenario],
    *,
    trials: int,
    seed: int,
    executor: Executor | None = None,
    resume: Path | None = None,
    progress: Progress = silent,
) -> list[Characteristics]:
    """Simulate each scenario with trials of the same numbers, so that differences owe little to chance.

    ``executor``: any of ``concurrent.futures``; None takes a thread for each processor of this process, since the loops
    let go of the interpreter. Closing one that is given is left to the caller. ``resume``: a file that keeps finished
    batches; with it, an interrupted call goes on. ``progress`` is told how many trials are done, over all scenarios.
    Raises Refusal for numbers that cannot be simulated and for a file of another simulation.
    """
    if trials < 1 or not 0 <= seed < 2**64:
        mend = "Take 1 trial or more, and a seed from 0 to 2^64 - 1."
        raise Refusal("There is nothing to simulate so.", "simulation", mend)
    works = [_work(scenario, seed) for scenario in scenarios]
    with (
        KeptBatches(resume, [work.digest for work in works]) if resume else nullcontext() as kept,
        _workers(executor) as workers,
    ):
        return [
            _simulated(work, trials, workers, kept, _from(place * trials, progress)) for place, work in enumerate(works)
        ]


def _from(before: int, progress: Progress) -> Progress:
    return lambda done: progress(before + done)


@dataclass(frozen=True, slots=True)
class _Work:
    scenario: Scenario
    limits: Limits
    inputs: Inputs
    seed: int
    digest: str


def _work(scenario: Scenario, seed: int) -> _Work:
    limits = scenario.limits or limits_of(scenario.assumptions)
    inputs = prepared(scenario.assumptions, limits, scenario.arrivals)
    what = [asdict(scenario.assumptions), limits, scenario.arrivals, seed, BATCH, sources_digest()]
    return _Work(scenario, limits, inputs, seed, hashlib.sha256(json.dumps(what).encode("ascii")).hexdigest())


@contextmanager
def _workers(executor: Executor | None) -> Iterator[Executor]:
    """The executor that is given, or threads of our own. Batches that nobody began are not begun after a fault."""
    if executor is not None:
        yield executor
        return
    available = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    threads = ThreadPoolExecutor(len(available))
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)


def _simulated(
    work: _Work, trials: int, workers: Executor, kept: KeptBatches | None, progress: Progress
) -> Characteristics:
    workers.submit(_batch_sums, work.inputs, work.seed, 0, 0).result()  # compiles, where that is yet to be done
    begun, timed = perf_counter(), 0
    total = Sums.none(work.inputs.looks.shape[1])
    for batch in _in_order(work, trials, workers, kept):
        total = total.plus(batch.sums)
        timed += 0 if batch.remembered else batch.trials
        progress(batch.first + batch.trials)
    seconds = perf_counter() - begun if timed else 0.0
    scenario = work.scenario
    return characteristics(total, scenario.assumptions, work.limits, scenario.arrivals, work.seed, seconds, timed)


@dataclass(frozen=True, slots=True)
class _Batch:
    first: int
    trials: int
    sums: Sums
    remembered: bool


def _in_order(work: _Work, trials: int, workers: Executor, kept: KeptBatches | None) -> Iterator[_Batch]:
    """Every batch in the order of its trials; each is kept as soon as it is finished."""
    spans = ((first, min(BATCH, trials - first)) for first in range(0, trials, BATCH))
    ready: dict[int, _Batch] = {}
    running: dict[Future[Sums], tuple[int, int]] = {}
    wanted = 0
    try:
        while wanted < trials:
            while len(running) + len(ready) < AHEAD and (span := next(spans, None)) is not None:
                found = kept.get(work.digest, *span) if kept else None
                if found is not None:
                    ready[span[0]] = _Batch(*span, found, remembered=True)
                else:
                    running[workers.submit(_batch_sums, work.inputs, work.seed, *span)] = span
            while (batch := ready.pop(wanted, None)) is not None:
                wanted += batch.trials
                yield batch
            for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                first, count = running.pop(future)
                ready[first] = _Batch(first, count, future.result(), remembered=False)
                if kept:
                    kept.add(work.digest, first, count, ready[first].sums)
    finally:
        for future in running:
            future.cancel()
