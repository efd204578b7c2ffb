"""Timing that a busy machine does not distort: contestants take turns, and each turn is compared with its neighbour."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

Work = Callable[[], object]


def seconds(work: Work) -> float:
    """How long one call takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def ratios(work: Work, yardstick: Work, rounds: int = 15) -> list[float]:
    """``work`` against ``yardstick``, in turn, one ratio a round."""
    work(), yardstick()
    return sorted(seconds(work) / seconds(yardstick) for _ in range(rounds))


def report(name: str, found: list[float], limit: str) -> None:
    """One line: the median ratio, its spread, and the limit that it is held against."""
    print(f"{name:<58} {median(found):6.2f}   ({found[0]:.2f} to {found[-1]:.2f})   wanted: {limit}")
