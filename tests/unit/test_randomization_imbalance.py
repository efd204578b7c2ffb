"""Marginal imbalance, worked by hand."""

from fractions import Fraction

import pytest

from evenhand.randomization import Arms, Factor, Measure, Minimization, RandomizationError
from evenhand.randomization.imbalance import Tally, spread

SEX = Factor("sex", ("f", "m"))
SITE = Factor("site", ("1", "2", "3"), Fraction(2))
EVEN = Arms.from_ratio({"A": 1, "B": 1})


@pytest.mark.parametrize(
    ("measure", "counts", "shares", "expected"),
    [
        (Measure.RANGE, (3, 1, 2), (1, 1, 1), Fraction(2)),
        (Measure.RANGE, (3, 1), (2, 1), Fraction(1, 2)),
        (Measure.RANGE, (3, 2, 5), (3, 2, 5), Fraction(0)),
        (Measure.VARIANCE, (3, 1), (1, 1), Fraction(1)),
        (Measure.VARIANCE, (3, 1, 2), (1, 1, 1), Fraction(2, 3)),
        (Measure.VARIANCE, (3, 1), (2, 1), Fraction(1, 16)),
        (Measure.STANDARD_DEVIATION, (3, 1), (1, 1), Fraction(1)),
        (Measure.STANDARD_DEVIATION, (3, 1), (2, 1), Fraction(1, 4)),
        (Measure.STANDARD_DEVIATION, (0, 0), (1, 1), Fraction(0)),
        (Measure.STANDARD_DEVIATION, (3, 6), (1, 1), Fraction(3, 2)),
    ],
)
def test_the_spread_of_counts(measure, counts, shares, expected):
    assert spread(measure, counts, shares) == expected


def test_a_standard_deviation_is_good_to_40_decimals():
    root = spread(Measure.STANDARD_DEVIATION, (0, 1, 2), (1, 1, 1))  # the root of 2/3
    assert root**2 < Fraction(2, 3) < (root + Fraction(1, 10**40)) ** 2


def tally(design, *people):
    counted = Tally(design)
    for sex, site, arm in people:
        counted.add({"sex": sex, "site": site}, arm)
    return counted


PEOPLE = [("f", "1", "A"), ("f", "2", "A"), ("m", "1", "B"), ("f", "1", "A"), ("m", "3", "B")]


@pytest.mark.parametrize(
    ("measure", "levels", "if_a", "if_b"),
    [
        # women 3:0, site 1 2:1. With A: 4:0 and 3:1, so 4 + 2*2; with B: 3:1 and 2:2, so 2 + 2*0.
        (Measure.RANGE, ("f", "1"), Fraction(8), Fraction(2)),
        (Measure.VARIANCE, ("f", "1"), Fraction(4 + 2 * 1), Fraction(1)),
        (Measure.STANDARD_DEVIATION, ("f", "1"), Fraction(2 + 2 * 1), Fraction(1)),
        # men 0:2, site 2 1:0. With A: 1:2 and 2:0, so 1 + 2*2; with B: 0:3 and 1:1, so 3 + 0.
        (Measure.RANGE, ("m", "2"), Fraction(5), Fraction(3)),
    ],
)
def test_each_arm_is_tried_on_the_new_person(measure, levels, if_a, if_b):
    design = Minimization(EVEN, (SEX, SITE), Fraction(4, 5), measure)
    sex, site = levels
    assert tally(design, *PEOPLE).imbalances({"sex": sex, "site": site}) == {"A": if_a, "B": if_b}


def test_counts_are_divided_by_the_arms_shares():
    design = Minimization(Arms.from_ratio({"A": 1, "B": 2}), (SEX,), Fraction(4, 5))
    counted = Tally(design)
    assert counted.imbalances({"sex": "f"}) == {"A": Fraction(1), "B": Fraction(1, 2)}
    counted.add({"sex": "f"}, "B")
    # With A: 1 and 1/2; with B: 0 and 1.
    assert counted.imbalances({"sex": "f"}) == {"A": Fraction(1, 2), "B": Fraction(1)}


def test_overall_counts_weigh_when_the_design_says_so():
    design = Minimization(EVEN, (SEX,), Fraction(4, 5), overall_weight=Fraction(3))
    counted = Tally(design)
    counted.add({"sex": "m"}, "A")
    # Women 0:0; overall 1:0. With A: 1 + 3*2; with B: 1 + 3*0.
    assert counted.imbalances({"sex": "f"}) == {"A": Fraction(7), "B": Fraction(1)}


def test_asking_counts_nobody():
    counted = tally(Minimization(EVEN, (SEX, SITE), Fraction(4, 5)), *PEOPLE)
    before = counted.imbalances({"sex": "f", "site": "1"})
    assert counted.imbalances({"sex": "f", "site": "1"}) == before
    assert counted.size == len(PEOPLE)


@pytest.mark.parametrize(
    ("levels", "arm", "message"),
    [
        ({"sex": "f"}, "A", r"levels name \['sex'\]; give exactly the factors \['sex', 'site'\]"),
        ({"sex": "f", "site": "1", "age": "50"}, "A", "give exactly the factors"),
        ({"sex": "x", "site": "1"}, "A", r"factor 'sex' has no level 'x'; use one of \['f', 'm'\]"),
        ({"sex": None, "site": "1"}, "A", "factor 'sex' has no level None"),
        ({"sex": "f", "site": "1"}, "C", r"arm 'C' is unknown; the design has \['A', 'B'\]"),
    ],
)
def test_what_the_design_does_not_know_is_refused_and_not_counted(levels, arm, message):
    counted = Tally(Minimization(EVEN, (SEX, SITE), Fraction(4, 5)))
    with pytest.raises(RandomizationError, match=message):
        counted.add(levels, arm)
    assert counted.size == 0
