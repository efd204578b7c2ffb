"""How often the next allocation can be guessed, exactly.

The convergence strategy guesses the arm with fewer people so far, and either at a tie (Blackwell D, Hodges
JL, Ann Math Stat 1957;28:449-460). The optimal strategy guesses the likelier arm given the design and every
past allocation. Somebody informed of the hidden state besides (where the block ends) guesses no worse.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction

from evenhand.randomization.chain import Chain, State
from evenhand.randomization.errors import RandomizationError
from evenhand.randomization.observer import Belief, Branch, branches
from evenhand.randomization.walks import Walk, distributions, mean

MOST_BELIEFS = 50_000


def convergence_rate(chain: Chain, n: int) -> Fraction:
    """The expected share of the first `n` allocations that the convergence strategy guesses; two arms 1:1."""
    return _average(chain, n, lambda walk: _lagging_chance(chain, walk))


def informed_rate(chain: Chain, n: int) -> Fraction:
    """The expected share that is guessed by somebody who knows the hidden state before each allocation."""
    return _average(chain, n, lambda walk: max(_arm_chances(chain, walk[0])))


def forced_share(chain: Chain, n: int) -> Fraction:
    """The expected share of allocations that are certain to somebody who knows the hidden state."""
    return _average(chain, n, lambda walk: Fraction(1 in _arm_chances(chain, walk[0])))


def certain_share(chain: Chain, n: int) -> Fraction:
    """The expected share of allocations that are certain to an observer of the past who knows the design.

    Follows the hidden state together with the set of states the observer must reckon with.
    """
    _require_some(n)
    walks = {(chain.start, frozenset({chain.start})): 1}
    expected = Fraction(0)
    for length in range(n):
        certain = sum(weight for (_, possible), weight in walks.items() if len(_next(chain, possible)) == 1)
        expected += Fraction(certain, chain.total**length)
        walks = _observed_step(chain, walks)
    return expected / n


def optimal_guess_rate(chain: Chain, n: int, most_beliefs: int = MOST_BELIEFS) -> Fraction:
    """The expected share of the first `n` allocations that the optimal strategy guesses; any arms and ratio.

    Follows every distinct belief of the observer. For blocks of several sizes their number grows
    exponentially with n (about 3,000 at n = 40 for sizes 4 and 6); RandomizationError past `most_beliefs`.
    """
    _require_some(n)
    beliefs: dict[Belief, int] = {((chain.start, 1),): 1}
    expected = Fraction(0)
    for length in range(1, n + 1):
        following: dict[Belief, int] = {}
        hits = 0
        for belief, weight in beliefs.items():
            nexts = branches(chain, belief).values()
            hits += weight * max(branch.mass for branch in nexts)
            _merge(following, nexts, weight)
        expected += Fraction(hits, chain.total**length)
        beliefs = following
        if len(beliefs) > most_beliefs:
            raise RandomizationError(
                f"after {length} allocations there are more than {most_beliefs} beliefs; ask for a smaller n"
            )
    return expected / n


def _require_some(n: int) -> None:
    if n < 1:
        raise RandomizationError(f"no share can be given of n = {n} allocations; ask for at least 1")


def _average(chain: Chain, n: int, value: Callable[[Walk], Fraction]) -> Fraction:
    _require_some(n)
    *before, _ = distributions(chain, n)
    return sum((mean(walks, value) for walks in before), Fraction(0)) / n


def _arm_chances(chain: Chain, state: State) -> tuple[Fraction, ...]:
    weights = [0] * len(chain.arms)
    for move in chain.moves(state):
        weights[move.arm] += move.weight
    return tuple(Fraction(weight, chain.total) for weight in weights)


def _lagging_chance(chain: Chain, walk: Walk) -> Fraction:
    state, lead, _ = walk
    return Fraction(1, 2) if lead == 0 else _arm_chances(chain, state)[lead > 0]


def _next(chain: Chain, possible: Iterable[State]) -> dict[int, frozenset[State]]:
    after: dict[int, set[State]] = {}
    for state in possible:
        for move in chain.moves(state):
            after.setdefault(move.arm, set()).add(move.after)
    return {arm: frozenset(states) for arm, states in after.items()}


def _observed_step(
    chain: Chain, walks: dict[tuple[State, frozenset[State]], int]
) -> dict[tuple[State, frozenset[State]], int]:
    following: dict[tuple[State, frozenset[State]], int] = {}
    for (state, possible), weight in walks.items():
        nexts = _next(chain, possible)
        for move in chain.moves(state):
            key = (move.after, nexts[move.arm])
            following[key] = following.get(key, 0) + weight * move.weight
    return following


def _merge(following: dict[Belief, int], nexts: Iterable[Branch], weight: int) -> None:
    for branch in nexts:
        following[branch.belief] = following.get(branch.belief, 0) + weight * branch.weight
