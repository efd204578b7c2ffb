"""A randomization procedure as a chain of hidden states: what an observer may know of it, but for the secret.

Probabilities are whole numbers over one common total a step, so that thousands of steps stay exact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import lcm

from evenhand.randomization.arms import Arms
from evenhand.randomization.design import Minimization, PermutedBlocks
from evenhand.randomization.errors import RandomizationError

State = tuple[int, ...]
EVEN_PAIR = (1, 1)
EVEN_CHANCE = Fraction(1, 2)
TWO_ARMS = Arms(("A", "B"), EVEN_PAIR)


@dataclass(frozen=True, slots=True)
class Move:
    """One possible allocation: the arm's place in the chain's `arms`, its weight, and the state after it."""

    arm: int
    weight: int
    after: State


@dataclass(frozen=True, slots=True)
class Chain:
    """`moves(state)` are the allocations possible next; in each state their weights sum to `total`."""

    arms: tuple[str, ...]
    start: State
    total: int
    moves: Callable[[State], tuple[Move, ...]]


def chain_of(design: PermutedBlocks | Minimization) -> Chain:
    """The chain of a permuted-block design, or of minimization without factors for two arms 1:1.

    Raises RandomizationError for minimization with factors: its states are the counts of every level.
    """
    if isinstance(design, PermutedBlocks):
        return blocks_chain(design)
    if design.factors or design.arms.ratio != EVEN_PAIR:
        raise RandomizationError(
            "exact metrics of minimization exist only for two arms 1:1 without factors; simulate this design"
        )
    return biased_coin_chain(design.preferred_probability, design.arms)


def blocks_chain(design: PermutedBlocks) -> Chain:
    """Permuted blocks; a state is the places left for each arm in the current block, all 0 at its end."""
    arms = design.arms.in_order
    places = lcm(*range(1, design.sizes[-1] + 1))
    unit = design.arms.total

    @cache
    def moves(state: State) -> tuple[Move, ...]:
        opened = [(state, sum(design.weights))]
        if not any(state):
            pairs = zip(design.sizes, design.weights, strict=True)
            opened = [(tuple(share * (size // unit) for _, share in arms), weight) for size, weight in pairs]
        return tuple(
            Move(arm, weight * places * left[arm] // sum(left), _without(left, arm))
            for left, weight in opened
            for arm in range(len(arms))
            if left[arm]
        )

    ids = tuple(arm for arm, _ in arms)
    return Chain(ids, (0,) * len(arms), places * sum(design.weights), moves)


def biased_coin_chain(probability: Fraction, arms: Arms = TWO_ARMS) -> Chain:
    """Efron's biased coin: the arm with fewer people has `probability`, and 1/2 when both have as many.

    A state is the lead of the first arm over the second. Raises RandomizationError for a probability
    outside 1/2 to 1. Source: Efron B, Biometrika 1971;58:403-417.
    """
    if not EVEN_CHANCE <= probability <= 1:
        raise RandomizationError(f"the coin's probability {probability} does not lie between 1/2 and 1")
    total = lcm(2, probability.denominator)
    towards = int(total * probability)

    @cache
    def moves(state: State) -> tuple[Move, ...]:
        (lead,) = state
        first = total // 2 if lead == 0 else towards if lead < 0 else total - towards
        both = Move(0, first, (lead + 1,)), Move(1, total - first, (lead - 1,))
        return tuple(move for move in both if move.weight)

    return Chain(tuple(arm for arm, _ in arms.in_order), (0,), total, moves)


def complete_chain(arms: Arms = TWO_ARMS) -> Chain:
    """Complete randomization: a fair coin for each person."""
    return biased_coin_chain(EVEN_CHANCE, arms)


def _without(left: State, arm: int) -> State:
    return tuple(count - (place == arm) for place, count in enumerate(left))
