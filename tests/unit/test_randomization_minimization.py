"""The probabilities of minimization, and single allocations."""

from fractions import Fraction

import pytest

from evenhand.randomization import (
    Arms,
    Assigned,
    Factor,
    Minimization,
    RandomizationError,
    minimize,
    minimized_sequence,
)
from evenhand.randomization.minimization import arm_probabilities

SECRET = bytes(range(32))
SEX = Factor("sex", ("f", "m"))
EVEN = {"A": 1, "B": 1}


@pytest.mark.parametrize(
    ("ratio", "p", "preferred", "expected"),
    [
        (EVEN, Fraction(4, 5), "A", {"A": Fraction(4, 5), "B": Fraction(1, 5)}),
        (EVEN, Fraction(4, 5), "B", {"A": Fraction(1, 5), "B": Fraction(4, 5)}),
        (EVEN, Fraction(4, 5), "AB", {"A": Fraction(1, 2), "B": Fraction(1, 2)}),
        (EVEN, Fraction(1), "B", {"A": Fraction(0), "B": Fraction(1)}),
        # 1:2, p = 0.8 for the small arm; the large one is preferred with 1 - 1/2 * 0.2 = 0.9.
        ({"A": 1, "B": 2}, Fraction(4, 5), "A", {"A": Fraction(4, 5), "B": Fraction(1, 5)}),
        ({"A": 1, "B": 2}, Fraction(4, 5), "B", {"A": Fraction(1, 10), "B": Fraction(9, 10)}),
        ({"A": 1, "B": 2}, Fraction(4, 5), "AB", {"A": Fraction(1, 3), "B": Fraction(2, 3)}),
        ({"A": 1, "B": 2}, Fraction(1), "AB", {"A": Fraction(1, 3), "B": Fraction(2, 3)}),
        # 1:1:2, p = 0.7: not preferred arms share by 1:2, and C preferred has 1 - 2/3 * 0.3 = 0.8.
        (
            {"A": 1, "B": 1, "C": 2},
            Fraction(7, 10),
            "A",
            {"A": Fraction(7, 10), "B": Fraction(1, 10), "C": Fraction(1, 5)},
        ),
        (
            {"A": 1, "B": 1, "C": 2},
            Fraction(7, 10),
            "C",
            {"A": Fraction(1, 10), "B": Fraction(1, 10), "C": Fraction(4, 5)},
        ),
        # A and C tie: one third of A's case and two thirds of C's.
        (
            {"A": 1, "B": 1, "C": 2},
            Fraction(7, 10),
            "AC",
            {"A": Fraction(3, 10), "B": Fraction(1, 10), "C": Fraction(3, 5)},
        ),
        (
            {"A": 1, "B": 1, "C": 1},
            Fraction(4, 5),
            "AB",
            {"A": Fraction(9, 20), "B": Fraction(9, 20), "C": Fraction(1, 10)},
        ),
    ],
)
def test_the_arms_probabilities(ratio, p, preferred, expected):
    design = Minimization(Arms.from_ratio(ratio), (SEX,), p)
    assert arm_probabilities(design, preferred) == expected


def test_the_arm_that_is_behind_in_the_persons_levels_is_preferred():
    design = Minimization(Arms.from_ratio(EVEN), (SEX,), Fraction(1))
    previous = [Assigned({"sex": "f"}, "A"), Assigned({"sex": "m"}, "B")]
    woman = minimize(design, SECRET, "S", previous, {"sex": "f"})
    man = minimize(design, SECRET, "S", previous, {"sex": "m"})
    assert (woman.arm, woman.preferred) == ("B", ("B",))
    assert woman.probability == 1
    assert (man.arm, man.preferred) == ("A", ("A",))
    assert man.position == 2
    assert woman.imbalances == {"A": 2, "B": 0}


def test_the_first_person_is_allocated_by_the_ratio():
    first = minimize(Minimization(Arms.from_ratio(EVEN), (SEX,), Fraction(1)), SECRET, "S", [], {"sex": "f"})
    assert (first.position, first.preferred, first.probability) == (0, ("A", "B"), Fraction(1, 2))


def test_the_order_of_earlier_allocations_does_not_matter():
    design = Minimization(Arms.from_ratio(EVEN), (SEX,), Fraction(2, 3))
    previous = [Assigned({"sex": "f"}, "A"), Assigned({"sex": "m"}, "B"), Assigned({"sex": "f"}, "B")]
    one, other = (minimize(design, SECRET, "S", people, {"sex": "f"}) for people in (previous, previous[::-1]))
    assert one == other


@pytest.mark.parametrize(
    ("previous", "levels", "message"),
    [
        ([], {}, "give exactly the factors"),
        ([], {"sex": "unknown"}, "no level 'unknown'"),
        ([Assigned({"sex": "f"}, "C")], {"sex": "f"}, "arm 'C' is unknown"),
        ([Assigned({}, "A")], {"sex": "f"}, "give exactly the factors"),
    ],
)
def test_unknown_levels_and_arms_are_refused(previous, levels, message):
    design = Minimization(Arms.from_ratio(EVEN), (SEX,), Fraction(2, 3))
    with pytest.raises(RandomizationError, match=message):
        minimize(design, SECRET, "S", previous, levels)


def test_a_sequence_allocates_nobody_when_nobody_comes():
    assert list(minimized_sequence(Minimization(Arms.from_ratio(EVEN), (SEX,), Fraction(2, 3)), SECRET, "S", [])) == []
