"""Balance and predictability, worked by hand for short sequences."""

from fractions import Fraction

import pytest

from evenhand.randomization import (
    Arms,
    Factor,
    Metrics,
    Minimization,
    PermutedBlocks,
    RandomizationError,
    biased_coin_chain,
    blocks_chain,
    chain_of,
    complete_chain,
    metrics,
    optimal_guess_rate,
)
from evenhand.randomization.metrics import optimal_rate
from evenhand.randomization.predictability import convergence_rate, informed_rate

EVEN = Arms.from_ratio({"A": 1, "B": 1})
ONE_TO_TWO = Arms.from_ratio({"A": 1, "B": 2})


def blocks(*sizes, weights=(), arms=EVEN):
    return blocks_chain(PermutedBlocks(arms, sizes, weights))


@pytest.mark.parametrize(
    ("chain", "n", "expected"),
    [
        # convergence, optimal, forced, certain, E|D|, P(D=0), E max|D|, Var D
        (
            complete_chain(),
            1,
            Metrics(
                Fraction(1, 2),
                Fraction(1, 2),
                Fraction(0),
                Fraction(0),
                Fraction(1),
                Fraction(0),
                Fraction(1),
                Fraction(1),
            ),
        ),
        (
            complete_chain(),
            2,
            Metrics(
                Fraction(1, 2),
                Fraction(1, 2),
                Fraction(0),
                Fraction(0),
                Fraction(1),
                Fraction(1, 2),
                Fraction(3, 2),
                Fraction(2),
            ),
        ),
        (
            blocks(2),
            2,
            Metrics(
                Fraction(3, 4),
                Fraction(3, 4),
                Fraction(1, 2),
                Fraction(1, 2),
                Fraction(0),
                Fraction(1),
                Fraction(1),
                Fraction(0),
            ),
        ),
        # AABB has its last two forced, ABAB and ABBA the last one; a third of all runs begin with a pair.
        (
            blocks(4),
            4,
            Metrics(
                Fraction(17, 24),
                Fraction(17, 24),
                Fraction(1, 3),
                Fraction(1, 3),
                Fraction(0),
                Fraction(1),
                Fraction(4, 3),
                Fraction(0),
            ),
        ),
        # The second is the opposite arm with 2/3; then D is 0.
        (
            biased_coin_chain(Fraction(2, 3)),
            2,
            Metrics(
                Fraction(7, 12),
                Fraction(7, 12),
                Fraction(0),
                Fraction(0),
                Fraction(2, 3),
                Fraction(2, 3),
                Fraction(4, 3),
                Fraction(4, 3),
            ),
        ),
        (
            biased_coin_chain(Fraction(1)),
            4,
            Metrics(
                Fraction(3, 4),
                Fraction(3, 4),
                Fraction(1, 2),
                Fraction(1, 2),
                Fraction(0),
                Fraction(1),
                Fraction(1),
                Fraction(0),
            ),
        ),
        # After the first, a block of 2 forces the second, a block of 4 gives the other arm 2/3: 5/6 together.
        # Nobody can be certain, since the block may be either.
        (
            blocks(2, 4),
            2,
            Metrics(
                Fraction(2, 3),
                Fraction(2, 3),
                Fraction(1, 4),
                Fraction(0),
                Fraction(1, 3),
                Fraction(5, 6),
                Fraction(7, 6),
                Fraction(2, 3),
            ),
        ),
        # Weighed 1 to 3, the block of 2 comes a quarter of the time: 1/4 + 3/4 * 2/3 = 3/4.
        (
            blocks(2, 4, weights=(1, 3)),
            2,
            Metrics(
                Fraction(5, 8),
                Fraction(5, 8),
                Fraction(1, 8),
                Fraction(0),
                Fraction(1, 2),
                Fraction(3, 4),
                Fraction(5, 4),
                Fraction(1),
            ),
        ),
        # The third is forced, and certain, after two alike (1/6 of runs); else it is even.
        (
            blocks(2, 4),
            3,
            Metrics(
                Fraction(23, 36),
                Fraction(23, 36),
                Fraction(2, 9),
                Fraction(1, 18),
                Fraction(1),
                Fraction(0),
                Fraction(7, 6),
                Fraction(1),
            ),
        ),
    ],
)
def test_metrics_by_hand(chain, n, expected):
    assert metrics(chain, n) == expected


@pytest.mark.parametrize("n", [1, 2, 3, 7, 24, 40])
@pytest.mark.parametrize("sizes", [(2,), (4,), (6,), (4, 6), (2, 4, 6)])
def test_the_bounds_of_the_optimal_rate_agree_with_following_every_belief(sizes, n):
    if (sizes, n) == ((2, 4, 6), 40):
        n = 30
    assert optimal_rate(blocks(*sizes), n) == optimal_guess_rate(blocks(*sizes), n)


def test_biased_coins_are_followed_alike():
    for chain in (complete_chain(), biased_coin_chain(Fraction(2, 3)), biased_coin_chain(Fraction(1))):
        assert optimal_rate(chain, 25) == optimal_guess_rate(chain, 25)


def test_with_an_unequal_ratio_knowing_the_block_helps():
    chain = blocks(3, 9, arms=ONE_TO_TWO)
    assert informed_rate(chain, 12) > optimal_guess_rate(chain, 12) > convergence_rate(chain, 12)
    assert optimal_rate(chain, 12) == optimal_guess_rate(chain, 12)


def test_the_optimal_rate_of_1_to_2_blocks_of_three_by_hand():
    # ABB, BAB, BBA: guess B (2/3), then B after A (1) and either after B (1/2), then the last is known.
    assert (
        optimal_guess_rate(blocks(3, arms=ONE_TO_TWO), 3)
        == (Fraction(2, 3) + (Fraction(1, 3) + Fraction(1, 3)) + 1) / 3
    )


def test_a_design_has_its_chain():
    coin = Minimization(EVEN, (), Fraction(2, 3), overall_weight=Fraction(1))
    assert metrics(chain_of(coin), 12) == metrics(biased_coin_chain(Fraction(2, 3)), 12)
    assert metrics(chain_of(PermutedBlocks(EVEN, (4, 6))), 12) == metrics(blocks(4, 6), 12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics(blocks(3, arms=ONE_TO_TWO), 3), "two arms 1:1"),
        (lambda: metrics(blocks(3, arms=Arms(("a", "b", "c"), (1, 1, 1))), 3), "two arms 1:1"),
        (lambda: metrics(blocks(4), 0), "n of at least 1"),
        (
            lambda: optimal_guess_rate(blocks(4, 6), 40, most_beliefs=100),
            "more than 100 beliefs; ask for a smaller n",
        ),
        (lambda: optimal_guess_rate(blocks(4, 6), 0), "n = 0"),
        (lambda: biased_coin_chain(Fraction(1, 3)), "1/3 does not lie between 1/2 and 1"),
        (
            lambda: chain_of(Minimization(EVEN, (Factor("sex", ("f", "m")),), Fraction(2, 3))),
            "simulate this design",
        ),
        (
            lambda: chain_of(Minimization(ONE_TO_TWO, (), Fraction(2, 3), overall_weight=Fraction(1))),
            "simulate this design",
        ),
    ],
)
def test_what_has_no_exact_metrics_is_refused(call, message):
    with pytest.raises(RandomizationError, match=message):
        call()
