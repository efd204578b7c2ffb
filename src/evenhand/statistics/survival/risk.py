"""Who is at risk when: people in the order of stratum and time, and sums over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .data import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class RiskTable:
    """The distinct moments of each stratum, in order.

    ``order`` puts people into that order; ``starts`` says where each moment begins among them, ``moment`` which moment
    each of the ordered people has, and ``strata`` which moments each stratum has.
    """

    order: Ints
    starts: Ints
    moment: Ints
    strata: tuple[slice, ...]

    def sums(self, ordered: Floats) -> Floats:
        """The sum at each moment of what the ordered people have."""
        return np.asarray(np.add.reduceat(ordered, self.starts, axis=0))

    def from_here_on(self, at: Floats) -> Floats:
        """At each moment of a stratum, the sum over that moment and all later ones; the smallest are added first."""
        return np.concatenate([np.cumsum(at[one][::-1], axis=0)[::-1] for one in self.strata])

    def up_to_here(self, at: Floats) -> Floats:
        """At each moment of a stratum, the sum over that moment and all earlier ones."""
        return np.concatenate([np.cumsum(at[one], axis=0) for one in self.strata])


def risk_table(time: Floats, stratum: Ints) -> RiskTable:
    """The table of people with these times and strata; there must be at least one person.

    Times are one moment only if they are equal to the last bit: whole days are, and so are days divided by one number.
    """
    order = np.lexsort((time, stratum)) if stratum.any() else np.argsort(time, kind="stable")
    times, strata = time[order], stratum[order]
    new_stratum = np.concatenate(([True], strata[1:] != strata[:-1]))
    new_moment = new_stratum.copy()
    new_moment[1:] |= times[1:] != times[:-1]
    starts = np.flatnonzero(new_moment)
    moment = np.cumsum(new_moment) - 1
    firsts = [*moment[new_stratum].tolist(), starts.size]
    return RiskTable(order, starts, moment, tuple(map(slice, firsts[:-1], firsts[1:])))
