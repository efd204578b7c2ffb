"""Exact numbers, bounds and units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.logic import NO, YES, Unknown
from evenhand.units import Range, as_range, bounded, compare_numbers, convert, exact, parse_measured, scale

OPERATORS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.8", Decimal("1.8")),
        ("2.0", 2),
        ("greater than 1.8", Range(low=Decimal("1.8"), low_open=True)),
        ("Less than 1.8", Range(high=Decimal("1.8"), high_open=True)),
        (">= 3", Range(low=3)),
        ("≤5", Range(high=5)),
        ("at least 3", Range(low=3)),
        ("at most 4", Range(high=4)),
        ("2 to 4", Range(2, 4)),
        ("2-4", Range(2, 4)),
        ("at least 2 and at most 4", Range(2, 4)),
    ],
)
def test_reading_a_number_or_a_bound(text, value):
    assert parse_measured(text) == value


@pytest.mark.parametrize("text", ["", "many", "1,8", "greater than", "4 to 2", "less than 2 to 4", "1e5x", "∞"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError):
        parse_measured(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_exact_numbers_stay_exact(number):
    assert exact(str(number)) == number
    assert exact(float(number)) == Decimal(repr(float(number)))


@pytest.mark.parametrize("junk", ["NaN", "Infinity", "x", float("nan"), float("inf"), True])
def test_what_is_no_finite_number_is_refused(junk):
    with pytest.raises(ValueError):
        exact(junk)


bounds = st.tuples(st.integers(-3, 3), st.integers(0, 3), st.booleans(), st.booleans())


def _range(low, length, low_open, high_open):
    return Range(low, low + length, low_open and length > 0, high_open and length > 0)


def _samples(value):
    """Quarter steps inside the range."""
    low, high = int(value.low) * 4, int(value.high) * 4
    inside = range(low + value.low_open, high + 1 - value.high_open)
    return [Decimal(quarter) / 4 for quarter in inside]


@given(bounds, bounds, st.sampled_from(list(OPERATORS)))
def test_comparing_ranges_agrees_with_comparing_every_pair(one, other, operator):
    left, right = _range(*one), _range(*other)
    outcomes = {OPERATORS[operator](a, b) for a in _samples(left) for b in _samples(right)}
    answer = compare_numbers(left, operator, right)
    assert (answer is YES, answer is NO) == (outcomes == {True}, outcomes == {False})
    assert isinstance(answer, Unknown) == (len(outcomes) == 2)


@pytest.mark.parametrize(
    ("left", "operator", "right", "answer"),
    [
        ("greater than 1.8", ">=", "1.5", YES),
        ("greater than 1.8", ">=", "1.8", YES),
        ("greater than 1.8", ">", "1.8", YES),
        ("greater than 1.8", "<=", "1.8", NO),
        ("at least 3", "<=", "2", NO),
        ("less than 1.8", ">=", "2.0", NO),
        ("at least 3", "!=", "2", YES),
    ],
)
def test_a_bound_decides_what_it_can(left, operator, right, answer):
    assert compare_numbers(parse_measured(left), operator, parse_measured(right)) is answer


def test_a_bound_leaves_open_what_it_cannot_decide():
    assert isinstance(compare_numbers(Range(low=Decimal("1.8"), low_open=True), ">=", 2), Unknown)
    assert isinstance(compare_numbers(Range(), "<", 2), Unknown)


def test_no_number_lies_in_an_empty_range():
    for ends in ((2, 1), (1, 1)):
        with pytest.raises(ValueError, match="no number lies between"):
            Range(*ends, low_open=True)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Range(1, 3), "at least 1 and at most 3"),
        (Range(2, 2), "2"),
        (Range(low=1, low_open=True), "more than 1"),
        (Range(high=3, high_open=True), "less than 3"),
        (Range(), "any"),
    ],
)
def test_a_range_says_itself(value, said):
    assert str(value) == said


def test_units_convert_within_their_family():
    assert convert(Decimal("1.8"), "cm", "mm") == 18
    assert convert(Range(low=1, low_open=True), "cm", "mm") == Range(low=10, low_open=True)
    assert convert(3000, "cGy", "Gy") == 30
    assert convert(7, "mm", "mm") == 7
    assert scale(Range(high=2), Decimal("0.5")) == Range(high=1)
    assert as_range(3) == Range(3, 3)
    with pytest.raises(ValueError, match="cannot be converted"):
        convert(1, "cm", "Gy")
    with pytest.raises(ValueError, match="no comparator"):
        bounded(1, "~")
