"""What the best guesser believes along a history, worked by hand."""

from fractions import Fraction

import pytest

from evenhand.randomization import Arms, Observer, PermutedBlocks, RandomizationError, blocks_chain, hit_rate

EVEN = Arms.from_ratio({"A": 1, "B": 1})


def observer(*sizes, arms=EVEN):
    return Observer.at_start(blocks_chain(PermutedBlocks(arms, sizes)))


@pytest.mark.parametrize(
    ("sizes", "history", "chance_of_b"),
    [
        ((4,), "", Fraction(1, 2)),
        ((4,), "A", Fraction(2, 3)),
        ((4,), "AA", Fraction(1)),
        ((4,), "AAB", Fraction(1)),
        ((4,), "AABB", Fraction(1, 2)),
        ((4,), "AB", Fraction(1, 2)),
        ((4,), "ABB", Fraction(0)),
        # A block of 2 after A leaves B alone; one of 4 leaves two B of three.
        ((2, 4), "A", Fraction(1, 2) + Fraction(1, 2) * Fraction(2, 3)),
        # Two alike: no block of 2.
        ((2, 4), "AA", Fraction(1)),
        # AB: block of 2 with weight 1/2 * 1, or first half of a block of 4 with 1/2 * 2/3; then symmetric.
        ((2, 4), "AB", Fraction(1, 2)),
        # ABA: a new block of 2 (3/5 * 1/2), of 4 (3/5 * 1/2), or the old one's last place (2/5): all but the
        # new block of 4 force B.
        ((2, 4), "ABA", Fraction(3, 10) + Fraction(3, 10) * Fraction(2, 3) + Fraction(2, 5)),
        # Three alike: the block is of 6, and only B is left in it.
        ((4, 6), "AAAB", Fraction(1)),
    ],
)
def test_the_chance_of_the_next_allocation(sizes, history, chance_of_b):
    assert observer(*sizes).after(*history).chances() == {"A": 1 - chance_of_b, "B": chance_of_b}


def test_unequal_ratios_and_three_arms():
    arms = Arms.from_ratio({"low": 1, "none": 1, "high": 2})
    assert observer(4, arms=arms).chances() == {
        "high": Fraction(1, 2),
        "low": Fraction(1, 4),
        "none": Fraction(1, 4),
    }
    assert observer(4, arms=arms).after("high", "high").guesses() == ("low", "none")
    assert observer(4, arms=arms).after("low", "high").chances() == {
        "high": Fraction(1, 2),
        "low": Fraction(0),
        "none": Fraction(1, 2),
    }


def test_a_hit_rate_counts_ties_by_halves():
    # Guess at random, then B (wrong: A), then B, then B.
    assert hit_rate(observer(4), "AABB") == (Fraction(1, 2) + 0 + 1 + 1) / 4


@pytest.mark.parametrize(
    ("history", "message"),
    [
        ("AAA", r"the design cannot give 'A' here \(allocation 3 of this history\)"),
        ("AC", r"cannot give 'C' here \(allocation 2"),
    ],
)
def test_a_history_that_the_design_cannot_give_is_refused(history, message):
    with pytest.raises(RandomizationError, match=message):
        observer(4).after(*history)


def test_an_empty_history_has_no_hit_rate():
    with pytest.raises(RandomizationError, match="history is empty"):
        hit_rate(observer(4), "")
