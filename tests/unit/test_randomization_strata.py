"""The id of a stratum."""

import pytest

from evenhand.randomization import RandomizationError, stratum_id


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({}, ""),
        ({"receptor": "positive", "burden": "1-3"}, "burden=1-3;receptor=positive"),
        ({"burden": "1-3", "receptor": "positive"}, "burden=1-3;receptor=positive"),
    ],
)
def test_a_stratum_is_named_by_its_levels_in_the_order_of_the_factors_names(levels, expected):
    assert stratum_id(levels) == expected


@pytest.mark.parametrize("levels", [{"a=b": "c"}, {"a": "b=c"}, {"a": "b;c=d"}, {"": "b"}, {"a": ""}])
def test_names_that_could_be_mistaken_for_another_stratum_are_refused(levels):
    with pytest.raises(RandomizationError, match="rename it"):
        stratum_id(levels)
