"""Distributions of a chain's hidden state and imbalance after each allocation, in whole numbers."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from evenhand.randomization.chain import Chain, State

Walk = tuple[State, int, int]
"""Hidden state; first arm's lead over the second; largest absolute lead so far (0 where not followed)."""

Distribution = dict[Walk, int]
"""Weights of all walks of one length; they sum to the chain's total to the power of that length."""


def distributions(chain: Chain, n: int, *, largest: bool = False) -> Iterator[Distribution]:
    """The distributions after 0, 1, ..., `n` allocations of a chain with two arms.

    `largest` follows the largest absolute imbalance as well, at the price of many more walks.
    """
    walks: Distribution = {(chain.start, 0, 0): 1}
    yield walks
    for _ in range(n):
        walks = _step(chain, walks, largest=largest)
        yield walks


def _step(chain: Chain, walks: Distribution, *, largest: bool) -> Distribution:
    following: Distribution = {}
    for (state, lead, reached), weight in walks.items():
        for move in chain.moves(state):
            moved = lead - 1 if move.arm else lead + 1
            walk = (move.after, moved, max(reached, abs(moved)) if largest else 0)
            following[walk] = following.get(walk, 0) + weight * move.weight
    return following


def mean(walks: Distribution, value: Callable[[Walk], int | Fraction]) -> Fraction:
    """The expectation of `value` over the walks."""
    return Fraction(sum(weight * value(walk) for walk, weight in walks.items())) / sum(walks.values())
