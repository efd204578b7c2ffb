"""Arithmetic and comparisons of rule values, with bounds."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dates import Period, on_day, parse_date
from evenhand.logic import NO, YES, Reason, Unknown
from evenhand.rules.judging.compare import compare
from evenhand.rules.judging.values import AgeOf, Elapsed, calculated, known_value
from evenhand.units import Range, as_range

ON = date(2026, 7, 1)
MISSING = Unknown(Reason("missing", "ecog"))
OTHER = Unknown(Reason("missing", "kps"))
ends = st.tuples(st.integers(-4, 4), st.integers(0, 3))


def between(pair):
    low, length = pair
    return Range(low, low + length)


def samples(value):
    found = as_range(value)
    return [Decimal(half) / 2 for half in range(int(found.low) * 2, int(found.high) * 2 + 1)]


@given(ends, ends, st.sampled_from("+-"))
def test_sums_and_differences_of_bounds_are_the_bounds_of_sums_and_differences(one, other, operator):
    left, right = between(one), between(other)
    result = as_range(calculated(operator, left, right))
    found = [a + b if operator == "+" else a - b for a, b in product(samples(left), samples(right))]
    assert (result.low, result.high) == (min(found), max(found))


@given(ends, st.integers(-3, 3), st.booleans())
def test_products_with_a_number_are_the_bounds_of_products(pair, factor, factor_first):
    value = between(pair)
    result = as_range(calculated("*", *((factor, value) if factor_first else (value, factor))))
    found = [number * factor for number in samples(value)]
    assert (result.low, result.high) == (min(found), max(found))


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        ("+", 1, Decimal("0.5"), Decimal("1.5")),
        ("-", 5, Range(low=1, low_open=True), Range(high=4, high_open=True)),
        ("-", Range(low=2), Range(low=1), Range()),
        ("*", -2, Range(low=1, low_open=True), Range(high=-2, high_open=True)),
        ("*", 0, Range(low=1), 0),
    ],
)
def test_open_and_missing_ends_go_along(operator, left, right, result):
    assert calculated(operator, left, right) == result


def test_what_is_unknown_stays_unknown_with_all_reasons():
    assert calculated("+", MISSING, 1) == MISSING
    assert calculated("+", MISSING, OTHER).reasons == MISSING.reasons + OTHER.reasons
    assert compare(MISSING, "<", OTHER, "ecog", "ecog < kps").reasons == MISSING.reasons + OTHER.reasons
    assert compare(1, "<", OTHER, "ecog", "1 < kps") is OTHER
    assert Elapsed.of(MISSING, ON) is MISSING
    assert AgeOf.of(MISSING, ON) is MISSING


def test_ages_of_partial_birth_dates_are_ranges():
    assert AgeOf.of(parse_date("2008"), ON) == AgeOf(Range(17, 18))
    assert AgeOf.of(parse_date("2008-07-01"), ON) == AgeOf(18)
    assert known_value(AgeOf(18)) == "18 years"
    assert known_value(Elapsed(parse_date("2026-03"), ON)) == "since 2026-03"
    assert known_value(True) == "yes"


@pytest.mark.parametrize(
    ("left", "operator", "right", "answer"),
    [
        (Elapsed(on_day(date(2026, 3, 1)), ON), ">=", Period(4, "months"), YES),
        (Elapsed(on_day(date(2026, 3, 1)), ON), ">", Period(4, "months"), NO),
        (Period(4, "months"), "<=", Elapsed(on_day(date(2026, 3, 1)), ON), YES),
        (AgeOf(18), ">=", Period(18, "years"), YES),
        (Period(18, "years"), ">", AgeOf(18), NO),
        (parse_date("2026-03"), "<", parse_date("2026-04"), YES),
    ],
)
def test_comparisons_with_time(left, operator, right, answer):
    assert compare(left, operator, right, "it", "it") is answer


def test_an_open_comparison_names_the_fact_and_what_was_recorded():
    (reason,) = compare(Range(low=1), "<=", 2, "ecog", "ecog <= 2").reasons
    assert reason == Reason("imprecise", "ecog", "recorded as at least 1, which leaves `ecog <= 2` open")
    (other,) = compare(Period(3, "months"), "<=", Elapsed(parse_date("2026-04"), ON), "first_line.start", "…").reasons
    assert "since 2026-04" in other.detail


@pytest.mark.parametrize(("left", "right"), [(1, "liver"), (on_day(ON), Period(3, "months")), (True, on_day(ON))])
def test_what_the_type_check_refuses_is_a_type_error_here(left, right):
    with pytest.raises(TypeError, match="cannot compare"):
        compare(left, "<", right, "it", "it")


@pytest.mark.parametrize("work", [lambda: calculated("+", "liver", 1), lambda: AgeOf.of(3, ON)])
def test_values_of_the_wrong_kind_are_a_type_error(work):
    with pytest.raises(TypeError, match="was expected"):
        work()
