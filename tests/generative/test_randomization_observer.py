"""An observer of an open-label stratum guesses the next allocation no better than the design's rate."""

from collections import defaultdict
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.randomization import (
    Observer,
    PermutedBlocks,
    biased_coin_chain,
    blocks_chain,
    hit_rate,
    metrics,
    optimal_guess_rate,
    sequence,
)
from evenhand.randomization.walks import distributions
from tests.generative.randomization_samples import (
    BLOCK_DESIGNS,
    EVEN,
    FOUR_ERRORS,
    FOUR_OR_SIX,
    TWO_TO_ONE,
    mean_and_error,
    secret,
)

N = 20
SECRETS = 1500


def other(arm):
    return "control" if arm == "experimental" else "experimental"


def lagging(past):
    lead = past.count("control") - past.count("experimental")
    return None if lead == 0 else "experimental" if lead > 0 else "control"


def lagging_in_fours(past):
    """Believes that every block is of 4."""
    return lagging(past[len(past) // 4 * 4 :])


STRATEGIES = {
    "always the same arm": lambda past: "control",
    "the arm with fewer so far": lagging,
    "the arm with more so far": lambda past: lagging(past) and other(lagging(past)),
    "not the last arm": lambda past: other(past[-1]) if past else None,
    "the last arm again": lambda past: past[-1] if past else None,
    "not the last two, when alike": lambda past: (
        other(past[-1]) if len(past) > 1 and past[-1] == past[-2] else lagging(past)
    ),
    "blocks of four": lagging_in_fours,
    "the arm of four places ago": lambda past: past[-4] if len(past) > 3 else None,
}


def score(strategy, arms):
    guesses = [strategy(arms[:place]) for place in range(len(arms))]
    return sum(0.5 if guess is None else guess == arm for guess, arm in zip(guesses, arms, strict=True)) / len(arms)


@cache
def histories(design, n=N):
    return [tuple(one.arm for one in sequence(design, secret(number), "S", "x", n)) for number in range(SECRETS)]


@pytest.mark.parametrize(
    "design", [FOUR_OR_SIX, PermutedBlocks(EVEN, (2, 4), (1, 3)), PermutedBlocks(TWO_TO_ONE, (3, 6))]
)
def test_the_best_observer_s_rate_is_the_theoretical_rate(design):
    chain = blocks_chain(design)
    start = Observer.at_start(chain)
    rates = cache(lambda arms: float(hit_rate(start, arms)))
    mean, error = mean_and_error([rates(arms) for arms in histories(design)])
    assert abs(mean - float(optimal_guess_rate(chain, N))) < FOUR_ERRORS * error


@pytest.mark.parametrize("name", STRATEGIES)
def test_no_simple_strategy_beats_the_theoretical_rate(name):
    best = float(metrics(blocks_chain(FOUR_OR_SIX), N).optimal_guesses)
    mean, error = mean_and_error([score(STRATEGIES[name], arms) for arms in histories(FOUR_OR_SIX)])
    assert mean < best + FOUR_ERRORS * error


def test_a_strategy_can_be_worse_than_the_best():
    """Not all of them guess alike: the comparison above could fail."""
    best = float(metrics(blocks_chain(FOUR_OR_SIX), N).optimal_guesses)
    mean, error = mean_and_error([score(STRATEGIES["not the last arm"], arms) for arms in histories(FOUR_OR_SIX)])
    assert mean < best - FOUR_ERRORS * error


def test_the_share_of_certain_allocations_is_as_computed():
    chain = blocks_chain(FOUR_OR_SIX)
    start = Observer.at_start(chain)
    certain = cache(lambda past: max(start.after(*past).chances().values()) == 1)
    n = 12
    shares = [sum(certain(arms[:place]) for place in range(n)) / n for arms in histories(FOUR_OR_SIX, n)[:600]]
    mean, error = mean_and_error(shares)
    assert abs(mean - float(metrics(chain, n).certain)) < FOUR_ERRORS * error


@pytest.mark.parametrize("design", BLOCK_DESIGNS)
@given(st.integers(0, 10**9), st.integers(0, 30))
def test_the_observer_never_rules_out_what_happens(design, number, length):
    start = Observer.at_start(blocks_chain(design))
    arms = [one.arm for one in sequence(design, secret(number), "S", "x", length + 1)]
    chances = start.after(*arms[:-1]).chances()
    assert sum(chances.values()) == 1
    assert chances[arms[-1]] > 0


@pytest.mark.parametrize("chain", [blocks_chain(FOUR_OR_SIX), biased_coin_chain(Fraction(3, 4))])
def test_the_chances_of_all_histories_add_up_to_the_final_imbalance(chain):
    """The filter, history by history, against the walk over hidden states."""
    n = 8
    *_, final = distributions(chain, n)
    expected = defaultdict(Fraction)
    for (_, lead, _), weight in final.items():
        expected[lead] += Fraction(weight, chain.total**n)
    found = defaultdict(Fraction)
    for history in product(chain.arms, repeat=n):
        found[history.count(chain.arms[0]) - history.count(chain.arms[1])] += chance_of(chain, history)
    assert {lead: chance for lead, chance in found.items() if chance} == expected


def chance_of(chain, history):
    observer, chance = Observer.at_start(chain), Fraction(1)
    for arm in history:
        chance *= observer.chances()[arm]
        if not chance:
            break
        observer = observer.after(arm)
    return chance
