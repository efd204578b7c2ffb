"""One site against all others: what people there give, and how far it differs.

Three ways to compare: sums, ranks, last digits. Each says how far every person is from what is usual; how probable it
is that chance put such people together at one site is asked in ``evenhand.analysis.monitoring.chances``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.monitoring.chances import Draws, Floats


@dataclass(frozen=True, slots=True)
class Share:
    """What one person at a site gives: ``values`` observed (a count is one value), ``of`` how much (entries, months),
    ``expected`` how much it would be if the person were like everybody (None: in proportion to ``of``), and the
    entries behind it."""

    subject: str
    site: str
    values: tuple[float, ...]
    of: float = 1.0
    expected: float | None = None
    seqs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """``here`` and ``elsewhere`` are in the unit of the measure (None: nothing was counted there); ``counted``: out of
    how many, here and elsewhere. ``ratio`` is above 1 where the site has more. ``digit``: the one preferred."""

    here: float | None
    elsewhere: float | None
    ratio: float
    counted: tuple[float, float]
    digit: int | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A site against the others. ``told`` is what is compared; ``z`` the statistic in standard deviations; ``p``
    two-sided, not adjusted."""

    site: str
    people: int
    told: Told
    z: float
    p: float


def rates(shares: Sequence[Share], draws: Draws) -> tuple[Compared, ...]:
    """Sums against sums: events a month, queries an entry, a share of visits."""
    amounts = np.array([math.fsum(one.values) for one in shares])
    of = np.array([one.of for one in shares])
    expected = np.array([one.of if one.expected is None else one.expected for one in shares])
    if not shares or expected.sum() == 0:
        return ()
    scale = amounts.sum() / expected.sum()

    def told(here: NDArray[np.bool_]) -> Told:
        mine, other = float(amounts[here].sum()), float(amounts[~here].sum())
        like, like_other = float(expected[here].sum()) * scale, float(expected[~here].sum()) * scale
        half = 0.5 if min(mine, other) == 0 < max(mine, other) else 0.0  # none against some is no infinite ratio
        ratio = ((mine + half) / (like + half)) / ((other + half) / (like_other + half)) if mine + other else 1.0
        parts = _part(mine, float(of[here].sum())), _part(other, float(of[~here].sum()))
        return Told(*parts, ratio, (mine, other))

    return _by_site(shares, amounts - expected * scale, draws, told)


def middles(shares: Sequence[Share], draws: Draws) -> tuple[Compared, ...]:
    """Medians, tested by ranks: days to entry. The ratio is the odds that an observation of the site is the higher."""
    shares = [one for one in shares if one.values]
    if not shares:
        return ()
    every = np.array([value for one in shares for value in one.values])
    ends = np.cumsum([len(one.values) for one in shares])
    ranks = mid_ranks(every)
    of_person = np.repeat(np.arange(len(shares)), [len(one.values) for one in shares])
    centred = np.add.reduceat(ranks - ranks.mean(), np.concatenate(([0], ends[:-1])))

    def told(here: NDArray[np.bool_]) -> Told:
        inside = here[of_person]
        mine, other = int(inside.sum()), int((~inside).sum())
        wins = (ranks[inside].sum() - mine * (mine + 1) / 2 + 0.5) / (mine * other + 1)
        medians = float(np.median(every[inside])), float(np.median(every[~inside]))
        return Told(*medians, float(wins / (1 - wins)), (mine, other))

    return _by_site(shares, centred, draws, told)


def digits(shares: Sequence[Share], draws: Draws) -> tuple[Compared, ...]:
    """Last digits against those elsewhere, by the chi-square distance; the ratio is that of the digit most preferred,
    and ``here`` and ``elsewhere`` are its shares."""
    shares = [one for one in shares if one.values]
    counts = np.zeros((len(shares), 10))
    for place, one in enumerate(shares):
        for value in one.values:
            counts[place, int(value) % 10] += 1
    whole = counts.sum()
    if whole == 0:
        return ()
    usual = counts.sum(axis=0) / whole
    apart = (counts - counts.sum(axis=1, keepdims=True) * usual)[:, usual > 0] / np.sqrt(usual[usual > 0])

    def told(here: NDArray[np.bool_]) -> Told:
        mine, other = counts[here].sum(axis=0), counts[~here].sum(axis=0)
        preferred = int(np.argmax((mine + 0.5) / (mine.sum() + 5) - (other + 0.5) / (other.sum() + 5)))
        parts = _part(float(mine[preferred]), float(mine.sum())), _part(float(other[preferred]), float(other.sum()))
        ratio = ((mine[preferred] + 0.5) / (mine.sum() + 5)) / ((other[preferred] + 0.5) / (other.sum() + 5))
        return Told(*parts, float(ratio), (float(mine.sum()), float(other.sum())), preferred)

    return _by_site(shares, apart, draws, told)


def mid_ranks(values: Floats) -> Floats:
    """Ranks from 1, those of ties their mean; as ``scipy.stats.rankdata``, whose import takes longer than a report's
    analysis of its sites."""
    _, tie, sizes = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(sizes)
    means: Floats = (ends - (sizes - 1) / 2)[tie]
    return means


_Tell = Callable[[NDArray[np.bool_]], Told]


def _by_site(shares: Sequence[Share], apart: Floats, draws: Draws, told: _Tell) -> tuple[Compared, ...]:
    """Every site that has people, where there are others. ``apart``: how far each person is from what is usual, one
    number or several."""
    sites = sorted({one.site for one in shares})
    if len(sites) < 2:
        return ()
    members = {site: np.array([one.site == site for one in shares]) for site in sites}
    chances = draws.chances(apart.reshape(len(shares), -1), list(members.values()))
    found = []
    for (site, here), (z, p) in zip(members.items(), chances, strict=True):
        found.append(Compared(site, int(here.sum()), told(here), z, p))
    return tuple(found)


def _part(amount: float, of: float) -> float | None:
    return amount / of if of else None
