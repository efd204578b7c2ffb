"""Designs that are valid once they exist."""

from fractions import Fraction

import pytest

from evenhand.randomization import Arms, DesignError, Factor, Measure, Minimization, PermutedBlocks

EVEN = Arms.from_ratio({"A": 1, "B": 1})
ONE_TO_TWO = Arms.from_ratio({"A": 1, "B": 2})
SEX = Factor("sex", ("f", "m"))
P = Fraction(4, 5)


def test_sizes_without_weights_are_drawn_equally_often():
    assert PermutedBlocks(EVEN, (4, 6)) == PermutedBlocks(EVEN, (4, 6), (1, 1))


def test_exact_numbers_may_be_written_as_whole_numbers_or_text():
    written = {"preferred_probability": "0.8", "overall_weight": 1}
    factor = {"weight": "3/2"}
    design = Minimization(EVEN, (Factor("sex", ("f", "m"), **factor),), **written)
    assert design.preferred_probability == P
    assert design.factors[0].weight == Fraction(3, 2)
    assert design.overall_weight == Fraction(1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((),), "sizes: no block size is given; name multiples of 3"),
        (((3, 4),), "sizes: a block of 4 cannot hold the ratio 1:2; use multiples of 3"),
        (((0,),), "sizes: 0 is not a whole number of at least 1"),
        (((3.0,),), "sizes: 3.0 is not a whole number"),
        (((6, 3),), r"sizes: \[6, 3\] is not in ascending order, each size once; write \[3, 6\]"),
        (((3, 3),), r"write \[3\]"),
        (((3, 6), (1,)), "weights: 2 sizes but 1 weights"),
        (((3, 6), (1, 0)), "weights: 0 is not a whole number of at least 1"),
    ],
)
def test_blocks_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(DesignError, match=message):
        PermutedBlocks(ONE_TO_TWO, *arguments)


@pytest.mark.parametrize(
    ("arms", "arguments", "message"),
    [
        (EVEN, ((), P), "factors: there is nothing to balance; name a factor or set overall_weight to 1"),
        (EVEN, ((SEX, SEX), P), "factors: a name occurs twice"),
        (
            EVEN,
            ((SEX,), 0.8),
            'preferred_probability: 0.8 is a binary number and not exact; write it in quotes: "0.8"',
        ),
        (EVEN, ((SEX,), Fraction(1, 2)), "preferred_probability: 1/2 does not lie above 1/2"),
        (EVEN, ((SEX,), Fraction(6, 5)), "preferred_probability: 6/5 does not lie"),
        (ONE_TO_TWO, ((SEX,), Fraction(1, 3)), "does not lie above 1/3, the smallest arm's share"),
        (EVEN, ((SEX,), "most"), "preferred_probability: 'most' is not a number"),
        (EVEN, ((SEX,), "1/0"), "preferred_probability: '1/0' is not a number"),
        (EVEN, ((SEX,), True), "preferred_probability: True is not a number"),
        (
            EVEN,
            ((SEX,), P, "spread"),
            "measure: 'spread' is unknown; use one of range, variance, standard_deviation",
        ),
        (EVEN, ((SEX,), P, Measure.RANGE, Fraction(-1)), "overall_weight: -1 is negative"),
    ],
)
def test_minimizations_that_cannot_be_are_refused(arms, arguments, message):
    with pytest.raises(DesignError, match=message):
        Minimization(arms, *arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("", ("f", "m")), "factors: '' is not a name"),
        (("sex", ("f",)), r"factors.sex.levels: \['f'\] has fewer than 2 names"),
        (("sex", ("f", "f")), "factors.sex.levels: a name occurs twice"),
        (("sex", ("f", "m"), 0), "factors.sex.weight: is 0; leave the factor out or weigh it above 0"),
        (("sex", ("f", "m"), -1), "factors.sex.weight: -1 is negative"),
        (("sex", ("f", "m"), 0.5), "factors.sex.weight: 0.5 is a binary number"),
    ],
)
def test_factors_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(DesignError, match=message):
        Factor(*arguments)


def test_an_error_can_be_taken_apart():
    with pytest.raises(DesignError) as caught:
        PermutedBlocks(EVEN, (3,))
    assert (caught.value.field, caught.value.mend) == ("sizes", "use multiples of 2")
