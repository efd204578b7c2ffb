"""What the compiled loops add up, and how the sums of batches are added: in the order of the trials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenhand.simulation.fast.arrays import Floats

# Columns of the sums over the trials in which a look is held, whether or not the trial would have stopped before it.
LOOK_SUMS = 14
(
    HELD, SUM_EVENTS, SQUARED_EVENTS, SUM_MONTH, SQUARED_MONTH, SUM_PEOPLE, SQUARED_PEOPLE, SUM_Z, SQUARED_Z,
    SUM_DROPOUTS, SQUARED_DROPOUTS, EFFICACY, FUTILITY, HARM,
) = range(LOOK_SUMS)  # fmt: skip

# Sums over trials as they end, by a bound or after the last look.
TRIAL_SUMS = 16
(
    TRIALS, NEVER_FUTILE, SUM_DURATION, SQUARED_DURATION, SUM_LAST_EVENTS, SQUARED_LAST_EVENTS, SUM_LAST_PEOPLE,
    SQUARED_LAST_PEOPLE, ESTIMATES, SUM_ESTIMATE, SQUARED_ESTIMATE, SUM_IMBALANCE, SQUARED_IMBALANCE, SUM_GUESSES,
    SQUARED_GUESSES, LARGEST_IMBALANCE,
) = range(TRIAL_SUMS)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over some trials: ``looks`` has a row for each look."""

    looks: Floats
    totals: Floats

    @classmethod
    def none(cls, looks: int) -> Sums:
        """The sums over no trials."""
        return cls(np.zeros((looks, LOOK_SUMS)), np.zeros(TRIAL_SUMS))

    def plus(self, later: Sums) -> Sums:
        """With the trials that follow."""
        totals = self.totals + later.totals
        totals[LARGEST_IMBALANCE] = max(self.totals[LARGEST_IMBALANCE], later.totals[LARGEST_IMBALANCE])
        return Sums(self.looks + later.looks, totals)

    def as_json(self) -> dict[str, object]:
        """Numbers that read back as the same numbers."""
        return {"looks": self.looks.tolist(), "totals": self.totals.tolist()}

    @classmethod
    def of_json(cls, found: dict[str, list[float]]) -> Sums:
        """What ``as_json`` gave."""
        return cls(np.array(found["looks"], np.float64), np.array(found["totals"], np.float64))
