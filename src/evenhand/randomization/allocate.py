"""From a protocol's randomization section to a design, and from a person's strata to an allocation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from evenhand.protocol.model import Randomization
from evenhand.randomization.arms import Arms
from evenhand.randomization.blocks import allocation_at
from evenhand.randomization.design import Factor, Measure, Minimization, PermutedBlocks
from evenhand.randomization.minimization import Assigned, minimize
from evenhand.randomization.strata import stratum_id
from evenhand.record import JSON, History
from evenhand.record.remembered import Remembered

Design = PermutedBlocks | Minimization


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an allocation stands: everything that it depends on but the secret.

    ``position`` counts from 0: in the stratum for blocks, in the study for minimization. ``previous`` are the
    allocations made before, which minimization looks at and blocks do not.
    """

    study: str
    levels: Mapping[str, str]
    position: int
    previous: tuple[Assigned, ...] = ()

    @property
    def stratum(self) -> str:
        """The stratum's id."""
        return stratum_id(self.levels)


_DESIGNS: Remembered[Design] = Remembered(16)  # protocols that one process allocates by


def design_of(randomization: Randomization) -> Design:
    """The design that a protocol asks for. Raises DesignError naming the field and the mend."""
    return _DESIGNS.answer(id(randomization), (randomization,), lambda: _design(randomization))


def _design(randomization: Randomization) -> Design:
    arms = Arms.from_ratio(randomization.ratio)
    if randomization.method == "permuted_blocks":
        sizes = sorted(randomization.block_sizes)
        return PermutedBlocks(arms, tuple(sizes), tuple(randomization.block_sizes[size] for size in sizes))
    factors = tuple(
        Factor(
            stratum.id,
            tuple(level.id for level in stratum.levels),
            Fraction(randomization.weights.get(stratum.id, 1)),
        )
        for stratum in randomization.strata
    )
    return Minimization(
        arms,
        factors,
        Fraction(randomization.probability or 0),
        Measure(randomization.measure or ""),
        Fraction(0 if factors else 1),
    )


def placement(design: Design, levels: Mapping[str, str], history: History) -> Placement:
    """The next place for a person with these levels, after the allocations that the history holds."""
    if isinstance(design, Minimization):
        made = tuple(Assigned(_levels(given.levels), given.arm) for given in history.allocations)
        return Placement(history.study, levels, len(made), made)
    return Placement(history.study, levels, sum(history.counts.get(stratum_id(levels), {}).values()))


def _levels(given: Mapping[str, JSON]) -> dict[str, str]:
    return {str(name): str(level) for name, level in given.items()}


def allocate(design: Design, secret: bytes, place: Placement) -> str:
    """The arm at a place. Raises RandomizationError for an unfit secret."""
    if isinstance(design, Minimization):
        return minimize(design, secret, place.study, place.previous, place.levels).arm
    return allocation_at(design, secret, place.study, place.stratum, place.position).arm
