"""Arms and their ratio."""

import pytest

from evenhand.randomization import Arms, DesignError


def test_arms_are_walked_by_id_whatever_order_the_protocol_names_them_in():
    assert Arms.from_ratio({"b": 1, "a": 2}).in_order == (("a", 2), ("b", 1))
    assert Arms.from_ratio({"a": 2, "b": 1}).in_order == (("a", 2), ("b", 1))


def test_the_total_is_the_smallest_block():
    assert Arms.from_ratio({"a": 2, "b": 1, "c": 1}).total == 4


@pytest.mark.parametrize(
    ("ids", "ratio", "message"),
    [
        (("a",), (1,), "fewer than 2"),
        ((), (), "fewer than 2"),
        (("a", "a"), (1, 1), "occurs twice"),
        (("a", " "), (1, 1), "' ' is not a name"),
        (("a", 1), (1, 1), "1 is not a name"),
        (("a", "b"), (1,), "2 arms but 1 ratio numbers"),
        (("a", "b"), (1, 0), "arms.b: 0 is not a whole number of at least 1"),
        (("a", "b"), (1, 1.5), "arms.b: 1.5 is not a whole number"),
        (("a", "b"), (True, 1), "arms.a: True is not a whole number"),
        (("a", "b"), (2, 4), "common divisor 2; write it as 1:2"),
    ],
)
def test_arms_that_cannot_be_are_refused(ids, ratio, message):
    with pytest.raises(DesignError, match=message):
        Arms(ids, ratio)
