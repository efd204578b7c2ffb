"""How probable it is that chance alone put together what a site shows.

People, not entries, are what chance is thought to have placed: what one person gives hangs together. So each
comparison asks how often the site's people, drawn anew from everybody, would differ as much (a permutation test, which
needs no shape of the values). The draws have a fixed seed, so that the same record gives the same answer. A few draws
are made at first, and many where these give a small p-value. Among very many people the normal limit of the same sum is
taken.

Sources: Good, Permutation Tests, 2000; Benjamini and Hochberg, Journal of the Royal Statistical Society B
1995;57:289-300. How many draws, and shrinking by people, is our proposal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
Members = NDArray[np.bool_]

FEW: Final = 999  # draws; assumed: the smallest p is 0.001, enough to see that nothing stands out
MANY: Final = 19_999  # draws; assumed: down to 0.00005, so that a lone finding among some hundred passes
WORTH_MANY: Final = 0.05  # assumed: a p-value of a few draws up to which many are made
MOST_DRAWN: Final = 2_000  # people; assumed: beyond, the normal limit differs by less than the draws scatter
_TIE: Final = 1e-9  # of the spread: what differs by less is the same number but for rounding


@dataclass(slots=True)
class Draws:
    """The draws of people, the same for every measure of as many people."""

    _kept: dict[tuple[int, int], NDArray[np.intp]] = field(default_factory=dict)

    def chances(self, apart: Floats, members: Sequence[Members]) -> list[tuple[float, float]]:
        """z and p of each site, whose people are ``members``. ``apart`` has a row a person, with one number: p is that
        of the sum at the site, two-sided; or several: of the sum of their squares, which has one side."""
        sums = [apart[here].sum(axis=0) for here in members]
        if len(apart) > MOST_DRAWN and apart.shape[1] == 1:
            return [_limit(float(total[0]), _deviation(apart, here)) for total, here in zip(sums, members, strict=True)]
        found = self._drawn(apart, members, sums, FEW)
        if len(apart) <= MOST_DRAWN and min(p for _, p in found) <= WORTH_MANY:
            return self._drawn(apart, members, sums, MANY)
        return found

    def _drawn(
        self, apart: Floats, members: Sequence[Members], sums: Sequence[Floats], draws: int
    ) -> list[tuple[float, float]]:
        starts = np.concatenate(([0], np.cumsum([int(here.sum()) for here in members])[:-1]))
        order = self._order(len(apart), draws)
        drawn = [np.add.reduceat(part[order], starts, axis=1) for part in apart.T]
        spread = float(np.sqrt((apart**2).sum())) or 1.0
        if len(drawn) == 1:
            return [
                _of_sum(float(total[0]), drawn[0][:, site], _deviation(apart, members[site]), spread)
                for site, total in enumerate(sums)
            ]
        squares = np.sum([part**2 for part in drawn], axis=0)
        return [_of_squares(float((total**2).sum()), squares[:, site], spread) for site, total in enumerate(sums)]

    def _order(self, people: int, draws: int) -> NDArray[np.intp]:
        """One order of the people in each row. The stream of this generator is frozen, so that draws stay the same."""
        if (people, draws) not in self._kept:
            chance = np.random.RandomState(people)
            self._kept[people, draws] = np.argsort(chance.random_sample((draws, people)), axis=1)
        return self._kept[people, draws]


def _deviation(apart: Floats, here: Members) -> float:
    """The standard deviation of a sum over so many people drawn from everybody without putting back."""
    people, size = len(apart), int(here.sum())
    return math.sqrt(size * (people - size) / max(people - 1, 1) * float(apart[:, 0].var()))


def _of_sum(total: float, drawn: Floats, deviation: float, spread: float) -> tuple[float, float]:
    above = 1 + int((drawn >= total - _TIE * spread).sum())
    below = 1 + int((drawn <= total + _TIE * spread).sum())
    return total / deviation if deviation else 0.0, min(1.0, 2 * min(above, below) / (1 + len(drawn)))


def _of_squares(distance: float, drawn: Floats, spread: float) -> tuple[float, float]:
    p = (1 + int((drawn >= distance - _TIE * spread**2).sum())) / (1 + len(drawn))
    scatter = float(drawn.std())
    return (distance - float(drawn.mean())) / scatter if scatter else 0.0, p


def _limit(total: float, deviation: float) -> tuple[float, float]:
    z = total / deviation if deviation else 0.0
    return z, min(1.0, 2 * float(ndtr(-abs(z))))


def adjusted(ps: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """The p-values after Benjamini and Hochberg: judged against the share of findings that may be false."""
    order = sorted(ps, key=lambda one: (ps[one], one), reverse=True)
    found, least = {}, 1.0
    for place, one in enumerate(order):
        least = min(least, ps[one] * len(order) / (len(order) - place))
        found[one] = least
    return found


def shrunken(ratio: float, people: int, prior: int) -> float:
    """The ratio as if ``prior`` people like those elsewhere were at the site besides: its logarithm times n / (n +
    prior)."""
    return math.exp(math.log(ratio) * people / (people + prior)) if people else 1.0
