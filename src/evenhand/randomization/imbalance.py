"""Marginal imbalance: how unequal the arms would be among people like a new one, for each arm on offer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, lcm

from evenhand.randomization.design import Measure, Minimization
from evenhand.randomization.errors import RandomizationError

# A square root is cut at 40 decimals and a sum of them rounded to 30, both in whole numbers, so that equal
# imbalances stay equal and every machine finds the same ties.
ROOT_DIGITS = 40
SUM_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Margin:
    """The arms' counts among those who share one level with the new person, and that factor's weight."""

    weight: Fraction
    counts: Mapping[str, int]


class Tally:
    """The arms' counts so far, overall and in each level of each factor of a minimization design."""

    __slots__ = ("_by_level", "_overall", "design")

    def __init__(self, design: Minimization) -> None:
        self.design = design
        self._overall: Counter[str] = Counter()
        self._by_level: dict[tuple[str, str], Counter[str]] = {
            (factor.name, level): Counter() for factor in design.factors for level in factor.levels
        }

    @property
    def size(self) -> int:
        """How many people are counted: the position of the next one."""
        return self._overall.total()

    def add(self, levels: Mapping[str, str], arm: str) -> None:
        """Count one allocation. Raises RandomizationError for an unknown arm, factor or level."""
        check_levels(self.design, levels)
        if arm not in self.design.arms.ids:
            raise RandomizationError(f"arm {arm!r} is unknown; the design has {list(self.design.arms.ids)}")
        self._overall[arm] += 1
        for at_level in levels.items():
            self._by_level[at_level][arm] += 1

    def margins(self, levels: Mapping[str, str]) -> list[Margin]:
        """The margins of a person with `levels`: one a factor, and the overall counts if they weigh."""
        check_levels(self.design, levels)
        factors = self.design.factors
        found = [Margin(factor.weight, self._by_level[factor.name, levels[factor.name]]) for factor in factors]
        if self.design.overall_weight:
            found.append(Margin(self.design.overall_weight, self._overall))
        return found

    def imbalances(self, levels: Mapping[str, str]) -> dict[str, Fraction]:
        """For each arm (sorted by id) the weighted imbalance if a person with `levels` were given it."""
        margins = self.margins(levels)
        return {arm: _total(self.design, margins, arm) for arm, _ in self.design.arms.in_order}


def check_levels(design: Minimization, levels: Mapping[str, str]) -> None:
    """Raise RandomizationError unless `levels` has one known level for each factor and nothing else."""
    expected = {factor.name: factor.levels for factor in design.factors}
    if set(levels) != set(expected):
        raise RandomizationError(f"levels name {sorted(levels)}; give exactly the factors {sorted(expected)}")
    for name, level in levels.items():
        if level not in expected[name]:
            raise RandomizationError(f"factor {name!r} has no level {level!r}; use one of {list(expected[name])}")


def spread(measure: Measure, counts: Sequence[int], shares: Sequence[int]) -> Fraction:
    """How far apart `counts` are when divided by the arms' `shares`; variance: mean square deviation."""
    unit = lcm(*shares)
    scaled = [count * (unit // share) for count, share in zip(counts, shares, strict=True)]
    if measure is Measure.RANGE:
        return Fraction(max(scaled) - min(scaled), unit)
    arms = len(scaled)
    squares = arms * sum(x * x for x in scaled) - sum(scaled) ** 2
    variance = Fraction(squares, (arms * unit) ** 2)
    return variance if measure is Measure.VARIANCE else _root(variance)


def _total(design: Minimization, margins: Sequence[Margin], given: str) -> Fraction:
    arms, shares = zip(*design.arms.in_order, strict=True)
    total = Fraction(0)
    for margin in margins:
        counts = [margin.counts.get(arm, 0) + (arm == given) for arm in arms]
        total += margin.weight * spread(design.measure, counts, shares)
    return round(total, SUM_DIGITS) if design.measure is Measure.STANDARD_DEVIATION else total


def _root(value: Fraction) -> Fraction:
    scale = 10**ROOT_DIGITS
    return Fraction(isqrt(value.numerator * scale**2 // value.denominator), scale)
