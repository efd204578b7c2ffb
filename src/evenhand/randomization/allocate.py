"""From a protocol's randomization section to a design, and from a person's strata to an allocation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evenhand.protocol.model import Randomization
from evenhand.randomization.arms import Arms
from evenhand.randomization.blocks import allocation_at
from evenhand.randomization.design import Factor, Measure, Minimization, PermutedBlocks
from evenhand.randomization.minimization import Assigned, minimize
from evenhand.randomization.strata import stratum_id

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


def design_of(randomization: Randomization) -> Design:
    """The design that a protocol asks for. Raises DesignError naming the field and the mend."""
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


def placement(
    design: Design, study: str, levels: Mapping[str, str], made: Sequence[tuple[Mapping[str, str], str]]
) -> Placement:
    """The next place for a person with these levels after the allocations ``made`` (levels, arm), in order."""
    if isinstance(design, Minimization):
        return Placement(study, levels, len(made), tuple(Assigned(given, arm) for given, arm in made))
    stratum = stratum_id(levels)
    return Placement(study, levels, sum(stratum_id(given) == stratum for given, _ in made))


def allocate(design: Design, secret: bytes, place: Placement) -> str:
    """The arm at a place. Raises RandomizationError for an unfit secret."""
    if isinstance(design, Minimization):
        return minimize(design, secret, place.study, place.previous, place.levels).arm
    return allocation_at(design, secret, place.study, place.stratum, place.position).arm
