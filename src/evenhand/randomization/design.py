"""The two methods of randomization, as values that are valid once they exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from evenhand.randomization.arms import Arms
from evenhand.randomization.errors import DesignError
from evenhand.randomization.exact import distinct_names, exact_fraction, whole_number

FEWEST_LEVELS = 2


@dataclass(frozen=True, slots=True)
class PermutedBlocks:
    """Stratified permuted blocks of random size.

    `sizes`: ascending, each a multiple of the ratio's sum. `weights`: how often each size is drawn, relative
    to the others; empty means equally often. Raises DesignError.
    Source: Zelen, J Chronic Dis 1974;27:365; random sizes, ICH E9 2.3.2.
    """

    arms: Arms
    sizes: tuple[int, ...]
    weights: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.sizes:
            raise DesignError("sizes", "no block size is given", f"name multiples of {self.arms.total}")
        for size in self.sizes:
            self._check_size(size)
        if list(self.sizes) != sorted(set(self.sizes)):
            problem = f"{list(self.sizes)} is not in ascending order, each size once"
            raise DesignError("sizes", problem, f"write {sorted(set(self.sizes))}")
        if not self.weights:
            object.__setattr__(self, "weights", (1,) * len(self.sizes))
        if len(self.weights) != len(self.sizes):
            problem = f"{len(self.sizes)} sizes but {len(self.weights)} weights"
            raise DesignError("weights", problem, "give each size one weight, or none at all for equal weights")
        for weight in self.weights:
            whole_number("weights", weight, at_least=1)

    def _check_size(self, size: int) -> None:
        whole_number("sizes", size, at_least=1)
        if size % self.arms.total:
            ratio = ":".join(str(share) for share in self.arms.ratio)
            problem = f"a block of {size} cannot hold the ratio {ratio}"
            raise DesignError("sizes", problem, f"use multiples of {self.arms.total}")


class Measure(StrEnum):
    """How far apart the arms are within one margin, of the counts divided by the arms' shares."""

    RANGE = "range"
    VARIANCE = "variance"
    STANDARD_DEVIATION = "standard_deviation"


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor to balance: its levels, and its weight in the sum of imbalances. Raises DesignError."""

    name: str
    levels: tuple[str, ...]
    weight: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        distinct_names("factors", (self.name,), at_least=1)
        distinct_names(f"factors.{self.name}.levels", self.levels, at_least=FEWEST_LEVELS)
        object.__setattr__(self, "weight", _weight(f"factors.{self.name}.weight", self.weight))
        if not self.weight:
            raise DesignError(f"factors.{self.name}.weight", "is 0", "leave the factor out or weigh it above 0")


@dataclass(frozen=True, slots=True)
class Minimization:
    """Pocock-Simon minimization with a random element, for any ratio (see `minimization`).

    `preferred_probability`: of the preferred arm; with an unequal ratio, of an arm with the smallest share
    when it is the preferred one. It must exceed that arm's share of the whole, and 1 leaves nothing to
    chance but ties. `overall_weight`: the weight of the arms' overall counts, beside the factors; with
    weight 1 and no factors the design is Efron's biased coin. Raises DesignError.
    """

    arms: Arms
    factors: tuple[Factor, ...]
    preferred_probability: Fraction
    measure: Measure = Measure.RANGE
    overall_weight: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if self.factors:
            distinct_names("factors", tuple(factor.name for factor in self.factors), at_least=1)
        object.__setattr__(self, "overall_weight", _weight("overall_weight", self.overall_weight))
        if not self.factors and not self.overall_weight:
            raise DesignError("factors", "there is nothing to balance", "name a factor or set overall_weight to 1")
        if not isinstance(self.measure, Measure):
            raise DesignError("measure", f"{self.measure!r} is unknown", f"use one of {', '.join(Measure)}")
        probability = _probability(self.preferred_probability, self.arms.ratio)
        object.__setattr__(self, "preferred_probability", probability)


def _weight(field: str, given: object) -> Fraction:
    weight = exact_fraction(field, given)
    if weight < 0:
        raise DesignError(field, f"{weight} is negative", "weigh from 0 up")
    return weight


def _probability(given: object, ratio: Sequence[int]) -> Fraction:
    field = "preferred_probability"
    probability = exact_fraction(field, given)
    floor = Fraction(min(ratio), sum(ratio))
    if not floor < probability <= 1:
        problem = f"{probability} does not lie above {floor}, the smallest arm's share, and up to 1"
        raise DesignError(field, problem, "0.8 is usual")
    return probability
