"""The level of a stratification factor is read from facts; where it is not known, it says why."""

import pytest

from evenhand.eligibility import assessor_of, level_of, level_open_because
from tests.eligible import ON, PROTOCOL, changed, person

HORMONES, METASTASES = PROTOCOL.randomization.strata
ER, PR = "estrogen_receptor", "progesterone_receptor"


@pytest.mark.parametrize(
    ("stratum", "who", "level", "open_about"),
    [
        (HORMONES, person(), "positive", []),
        (HORMONES, person(without=(PR,)), "positive", []),  # one positive receptor decides, whatever the other is
        (HORMONES, person(changed(ER, "negative")), "negative", []),
        (HORMONES, person(changed(ER, "negative"), without=(PR,)), None, [PR]),
        (HORMONES, person(without=(ER, PR)), None, [ER, PR]),
        (METASTASES, person(), "one_to_three", []),
    ],
)
def test_a_level_and_what_is_open_about_it(stratum, who, level, open_about):
    assessment = assessor_of(PROTOCOL).assess(who, ON)
    assert level_of(PROTOCOL, stratum, assessment) == level
    assert [reason.about for reason in level_open_because(PROTOCOL, stratum, assessment)] == open_about
