"""Minimization after Pocock and Simon, with a random element, for equal and unequal ratios.

Each arm is tried on the new person; the arm that would leave the smallest weighted sum of marginal
imbalances is preferred (Pocock SJ, Simon R, Biometrics 1975;31:103-115).

The preferred arm is not certain. With shares r (sum R), smallest share r1, and p the preferred probability
of an arm with that share, the arms get (biased-coin minimization: Han B, Enas NH, McEntegart D, Stat Med
2009;28:3329-3346)

    preferred arm g:  1 - (1 - p) (R - r_g) / (R - r1)
    other arm j:          (1 - p)      r_j  / (R - r1)

which for a 1:1 ratio are p and 1 - p. Arms that tie for preferred are weighed by their shares; when all tie,
every arm gets its share of the whole. The ratio is kept in the long run, not at every single step: with an
unequal ratio the share of an arm at a given position differs from the target (Kuznetsova OM, Tymofyeyev Y,
Stat Med 2012;31:701-723), which a re-randomization test has to respect.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from evenhand.randomization.design import Minimization
from evenhand.randomization.imbalance import Tally
from evenhand.randomization.stream import Purpose, Stream


@dataclass(frozen=True, slots=True)
class Assigned:
    """One earlier participant: the levels of the factors as they were at allocation, and the arm."""

    levels: Mapping[str, str]
    arm: str


@dataclass(frozen=True, slots=True)
class MinimizedAllocation:
    """The arm given at `position` of the study (counted from 0), and all that led to it.

    `imbalances`: for each arm, if it were given. `preferred`: the arms with the smallest, sorted by id.
    `probabilities`: for each arm, at this draw; they sum to 1.
    """

    arm: str
    position: int
    imbalances: Mapping[str, Fraction]
    preferred: tuple[str, ...]
    probabilities: Mapping[str, Fraction]

    @property
    def probability(self) -> Fraction:
        """The probability that the arm which was given had at this draw."""
        return self.probabilities[self.arm]


def arm_probabilities(design: Minimization, preferred: Collection[str]) -> dict[str, Fraction]:
    """Each arm's probability, arms sorted by id, when the arms `preferred` tie for the smallest imbalance."""
    shares = dict(design.arms.in_order)
    whole = design.arms.total
    by_chance = (1 - design.preferred_probability) / (whole - min(shares.values()))
    by_preference = (1 - whole * by_chance) / sum(shares[arm] for arm in preferred)
    return {arm: share * (by_chance + (by_preference if arm in preferred else 0)) for arm, share in shares.items()}


def minimize(
    design: Minimization, secret: bytes, study: str, previous: Iterable[Assigned], levels: Mapping[str, str]
) -> MinimizedAllocation:
    """Allocate the person with `levels` after all `previous` allocations of the study, in any order.

    Raises RandomizationError for an unknown arm, a missing, additional or unknown level, an unfit secret or
    an empty study id. Time linear in `previous`.
    """
    tally = Tally(design)
    for earlier in previous:
        tally.add(earlier.levels, earlier.arm)
    return _allocate(tally, secret, study, levels)


def minimized_sequence(
    design: Minimization, secret: bytes, study: str, people: Iterable[Mapping[str, str]]
) -> Iterator[MinimizedAllocation]:
    """Allocate `people`, given by their levels in the order of randomization, one after the other.

    The same as `minimize` with all that went before as `previous`, in time linear in the number of people.
    """
    tally = Tally(design)
    for levels in people:
        allocation = _allocate(tally, secret, study, levels)
        tally.add(levels, allocation.arm)
        yield allocation


def _allocate(tally: Tally, secret: bytes, study: str, levels: Mapping[str, str]) -> MinimizedAllocation:
    would_leave = tally.imbalances(levels)
    least = min(would_leave.values())
    preferred = tuple(arm for arm, imbalance in would_leave.items() if imbalance == least)
    probabilities = arm_probabilities(tally.design, preferred)
    draw = Stream(secret, Purpose.MINIMIZATION, study, "", tally.size)
    arm = tuple(probabilities)[draw.choice(_whole_weights(probabilities.values()))]
    return MinimizedAllocation(arm, tally.size, would_leave, preferred, probabilities)


def _whole_weights(probabilities: Collection[Fraction]) -> list[int]:
    denominator = lcm(*(probability.denominator for probability in probabilities))
    return [int(probability * denominator) for probability in probabilities]
