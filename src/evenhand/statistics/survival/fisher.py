"""Fisher's exact test of two proportions, with the conditional odds ratio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from ..roots import root
from .data import Floats, checked_confidence
from .proportions import checked_count

METHOD = (
    "Fisher's exact test, two-sided (all tables no more probable than this one); conditional odds ratio of arm 1 "
    "against arm 0 with its exact {level} interval, half the error in each tail"
)
NEAR = 1 + 1e-7  # tables as probable as this one but for rounding count too, as in R
FARTHEST = 1e3  # of the logarithm of an odds ratio; nothing that people can be counted for lies beyond


@dataclass(frozen=True, slots=True)
class Fisher:
    """``odds_ratio``, ``low`` and ``high`` are None where they are infinite; ``reason`` says so."""

    p: float
    odds_ratio: float | None
    low: float
    high: float | None
    method: str
    reason: str


def fisher(control: tuple[int, int], experimental: tuple[int, int], *, confidence: float = 0.95) -> Fisher:
    """Fisher, Statistical Methods for Research Workers 1934, section 21.02; each arm is (count, people).

    Where nobody, or everybody, is counted in both arms together, or an arm is empty, there is one table only: p is 1
    and the odds ratio unknown. Raises ValueError unless 0 <= count <= people in both arms.
    """
    checked_count(*control)
    checked_count(*experimental)
    checked_confidence(confidence)
    tables = _Tables.of(control, experimental)
    method, tail = METHOD.format(level=f"{100 * confidence:g} %"), (1 - confidence) / 2
    if tables.counts.size == 1:
        return Fisher(1.0, None, 0.0, None, method, "only one table has these totals, so it tells nothing of the odds")
    weights = tables.at(0.0)
    p = min(1.0, float(weights[weights <= weights[tables.here] * NEAR].sum()))
    lowest, highest = tables.here == 0, tables.here == tables.counts.size - 1
    low = 0.0 if lowest else _solved(lambda odds: tables.at(odds)[tables.here :].sum() - tail)
    high = None if highest else _solved(lambda odds: tail - tables.at(odds)[: tables.here + 1].sum())
    ratio = None if highest else 0.0 if lowest else _solved(lambda odds: tables.mean(odds) - tables.counts[tables.here])
    reason = "the odds ratio and its upper limit are infinite" if highest else ""
    return Fisher(p, ratio, low, high, method, reason)


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """All tables with the same totals: how many are counted in arm 1, and the logarithm of how probable that is."""

    counts: Floats
    log: Floats
    here: int

    @classmethod
    def of(cls, control: tuple[int, int], experimental: tuple[int, int]) -> _Tables:
        (count0, people0), (count1, people1) = control, experimental
        total = count0 + count1
        first = max(0, total - people0)
        counts = np.arange(first, min(people1, total) + 1, dtype=np.float64)
        log = _log_ways(people1, counts) + _log_ways(people0, total - counts)
        return cls(counts, log - log.max(), count1 - first)

    def at(self, log_odds: float) -> Floats:
        """The probabilities of the tables at an odds ratio."""
        log = self.log + log_odds * self.counts
        weights = np.exp(log - log.max())
        return np.asarray(weights / weights.sum())

    def mean(self, log_odds: float) -> float:
        return float(self.at(log_odds) @ self.counts)


def _log_ways(people: int, counts: Floats) -> Floats:
    return np.asarray(-gammaln(counts + 1) - gammaln(people - counts + 1))


def _solved(rising: Callable[[float], float]) -> float:
    return float(np.exp(root(lambda odds: float(rising(odds)), -FARTHEST, FARTHEST)))
