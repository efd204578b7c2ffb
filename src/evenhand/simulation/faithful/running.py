"""Many faithful trials: each from a stream of its own, on any executor, with the same numbers whatever it is."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from itertools import islice
from time import perf_counter
from typing import Final

from evenhand.design.assumptions import Assumptions
from evenhand.protocol import Protocol
from evenhand.refusal import Refusal
from evenhand.simulation.faithful.looking import looks_of
from evenhand.simulation.faithful.outcomes import outcomes
from evenhand.simulation.faithful.scenario import scenario_for
from evenhand.simulation.faithful.trial import Setting, run, setting_of
from evenhand.simulation.fast import Characteristics, Limits, limits_of
from evenhand.simulation.fast.characteristics import characteristics
from evenhand.simulation.fast.sums import Sums
from evenhand.simulation.scenario import Scenario

_AHEAD: Final = 16  # batches asked for at a time, so that memory does not grow with the number of trials
_BATCH: Final = 4  # trials

Progress = Callable[[int], None]


def silent(done: int) -> None:
    """Tell nobody."""


def simulate_faithfully(  # noqa: PLR0913  # all but three of them by name
    protocol: Protocol,
    scenario: Scenario,
    assumptions: Assumptions,
    *,
    trials: int,
    seed: int,
    limits: Limits | None = None,
    every_visit: bool = False,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Characteristics:
    """The same characteristics as those of the fast path, of trials on the real steps: each made-up person is screened,
    randomized and followed in a record of its own trial, and every figure is read from such records.

    ``scenario`` is the study's own; its people come in the circumstances of the design. ``limits`` None: the bounds
    that are planned under these assumptions. ``every_visit``: see ``Setting``; it changes no figure. ``executor``: of
    processes, since threads would take turns; None runs here. ``progress`` is told how many trials are done. Raises
    Refusal for what the study's own steps cannot do.
    """
    if trials < 1:
        raise Refusal("There is nothing to simulate so.", "simulation", "Take 1 trial or more.")
    setting = setting_of(protocol, scenario_for(protocol, assumptions, scenario), assumptions, every_visit=every_visit)
    limits = limits or limits_of(assumptions)
    begun, total = perf_counter(), Sums.none(len(assumptions.looks))
    for done, sums in enumerate(_all(setting, limits, trials, seed, executor), start=1):
        total = total.plus(sums)
        progress(done)
    return characteristics(total, assumptions, limits, "uniform", seed, perf_counter() - begun, trials)


def trial_sums(setting: Setting, limits: Limits, seed: int, first: int, count: int) -> list[Sums]:
    """Trials ``first`` to ``first + count - 1``, one by one."""
    with _no_collecting():
        return [_one(setting, limits, f"{seed}.{number}") for number in range(first, first + count)]


@contextmanager
def _no_collecting() -> Iterator[None]:
    """A record only grows and has no circles worth looking for: looking all the same takes an eighth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


_LAST: dict[str, tuple[bytes, Setting]] = {}


def _packed(setting: Setting) -> bytes:
    """A setting as other processes get it, written once for all batches. A process that is forked from this one knows
    it already."""
    packed = pickle.dumps(setting)
    _LAST["last"] = packed, setting
    return packed


def _sums_elsewhere(packed: bytes, limits: Limits, seed: int, first: int, count: int) -> list[Sums]:
    """The same trials in any process. It reads the setting only where it is not the one that it used last, so that
    what was compiled for its protocol and remembered of it serves again."""
    last = _LAST.get("last")
    if last is None or last[0] != packed:
        last = _LAST["last"] = packed, pickle.loads(packed)
    return trial_sums(last[1], limits, seed, first, count)


def _one(setting: Setting, limits: Limits, seed: str) -> Sums:
    made = run(setting, seed)
    design = setting.protocol.design
    activation = made.history.state.activation
    assert design is not None  # there are assumptions
    assert activation is not None  # the first step
    found = outcomes(setting.protocol, made.history)
    start = activation.effective
    return looks_of(found, made.history.allocations, start, setting.assumptions, limits, design.control)


def _all(setting: Setting, limits: Limits, trials: int, seed: int, executor: Executor | None) -> Iterator[Sums]:
    """The sums of each trial, in the order of their numbers."""
    spans = ((first, min(_BATCH, trials - first)) for first in range(0, trials, _BATCH))
    if executor is None:
        for span in spans:
            yield from trial_sums(setting, limits, seed, *span)
        return
    running: list[Future[list[Sums]]] = []
    packed = _packed(setting)
    try:
        for span in islice(spans, _AHEAD):
            running.append(executor.submit(_sums_elsewhere, packed, limits, seed, *span))
        while running:
            yield from running.pop(0).result()
            with suppress(StopIteration):
                running.append(executor.submit(_sums_elsewhere, packed, limits, seed, *next(spans)))
    finally:
        for future in running:
            future.cancel()
