"""The best guesser: knows the design and a stratum's past allocations, but neither secret nor blocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd

from evenhand.randomization.chain import Chain, State
from evenhand.randomization.errors import RandomizationError

Belief = tuple[tuple[State, int], ...]
"""Hidden states with whole-number weights in lowest terms, sorted: equal beliefs are equal tuples."""


@dataclass(frozen=True, slots=True)
class Branch:
    """What one allocation does to a belief: its `weight` (times the belief after it) of the chain's total."""

    weight: int
    belief: Belief

    @property
    def mass(self) -> int:
        """The branch's share of the belief's sum times the chain's total."""
        return self.weight * sum(weight for _, weight in self.belief)


def branches(chain: Chain, belief: Belief) -> dict[int, Branch]:
    """For each arm (by place) that may come next, its weight and the belief after it."""
    found: dict[int, dict[State, int]] = {}
    for state, weight in belief:
        for move in chain.moves(state):
            states = found.setdefault(move.arm, {})
            states[move.after] = states.get(move.after, 0) + weight * move.weight
    return {arm: _branch(states) for arm, states in found.items()}


def _branch(states: dict[State, int]) -> Branch:
    divisor = reduce(gcd, states.values())
    return Branch(divisor, tuple(sorted((state, weight // divisor) for state, weight in states.items())))


@dataclass(frozen=True, slots=True)
class Observer:
    """A Bayes filter over a chain's hidden states; `after` gives the observer who has seen more arms."""

    chain: Chain
    belief: Belief

    @classmethod
    def at_start(cls, chain: Chain) -> "Observer":
        """An observer who has seen no allocation."""
        return cls(chain, ((chain.start, 1),))

    def chances(self) -> dict[str, Fraction]:
        """The probability of each arm for the next allocation; they sum to 1."""
        masses = {arm: branch.mass for arm, branch in branches(self.chain, self.belief).items()}
        whole = sum(masses.values())
        return {arm: Fraction(masses.get(place, 0), whole) for place, arm in enumerate(self.chain.arms)}

    def guesses(self) -> tuple[str, ...]:
        """The arms of the greatest chance: one, or those that tie."""
        chances = self.chances()
        best = max(chances.values())
        return tuple(arm for arm, chance in chances.items() if chance == best)

    def after(self, *arms: str) -> "Observer":
        """The observer who has seen `arms` allocated next, in this order.

        Raises RandomizationError when the design cannot have produced them: a wrong design or a wrong record.
        """
        belief = self.belief
        for number, arm in enumerate(arms, start=1):
            following = branches(self.chain, belief)
            place = self.chain.arms.index(arm) if arm in self.chain.arms else -1
            if place not in following:
                raise RandomizationError(f"the design cannot give {arm!r} here (allocation {number} of this history)")
            belief = following[place].belief
        return Observer(self.chain, belief)


def hit_rate(observer: Observer, arms: Iterable[str]) -> Fraction:
    """The observer's expected share of correct guesses over one history, ties guessed evenly at random.

    Raises RandomizationError for an empty or impossible history.
    """
    hits, seen = Fraction(0), 0
    for arm in arms:
        guesses = observer.guesses()
        hits += Fraction(arm in guesses, len(guesses))
        observer, seen = observer.after(arm), seen + 1
    if not seen:
        raise RandomizationError("the history is empty; give at least one allocation")
    return hits / seen
