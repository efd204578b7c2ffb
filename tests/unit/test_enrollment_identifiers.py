"""Identifiers with a check digit."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenhand.enrollment import check_digit, checked, participant_number, screening_number

numbers = st.integers(1, 99999)


@given(numbers)
def test_every_identifier_checks(number):
    assert checked(screening_number(number)) == screening_number(number)
    assert checked(participant_number(number)) == participant_number(number)


@given(numbers, st.data())
def test_one_wrong_digit_is_found(number, data):
    good = participant_number(number)
    place = data.draw(st.sampled_from([i for i, sign in enumerate(good) if sign.isdigit()]))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(digit != good[place])
    with pytest.raises(ValueError, match="check digit does not fit"):
        checked(good[:place] + digit + good[place + 1 :])


@given(numbers, st.data())
def test_two_swapped_neighbours_are_found(number, data):
    good = screening_number(number)
    digits = good[1:-2]
    place = data.draw(st.integers(0, len(digits) - 2))
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assume(swapped != digits)
    with pytest.raises(ValueError, match="check digit does not fit"):
        checked(f"S{swapped}-{good[-1]}")


def test_the_check_digit_is_that_of_damm():
    assert check_digit("572") == 4  # the worked example of Damm's scheme


@pytest.mark.parametrize("junk", ["", "S1-2", "s0001-3", "S0001", "S0001-33", "0001-3"])
def test_what_is_no_identifier_is_refused(junk):
    with pytest.raises(ValueError, match="is no identifier"):
        checked(junk)
