"""The assumptions of a design: read from a protocol, varied by name, said in words with where they come from."""

import math
from dataclasses import fields, replace

import pytest

from evenhand.design.assumptions import Assumptions, Look, Stratum, assumptions_of, described, varied
from evenhand.design.lengths import accrual_months, completion_month, control_median
from evenhand.design.varying import NAMES
from evenhand.protocol import load_protocol
from evenhand.protocol.render import render_markdown
from evenhand.refusal import Refusal
from evenhand.statistics.spending import Spending
from tests.studies_here import SHIPPED, TINY, protocol_of
from tests.unit.test_design_loading import DESIGN, written

SHIPPED_DESIGNS = [folder for folder in SHIPPED if protocol_of(folder).design is not None]


@pytest.fixture(scope="module")
def protocol(tmp_path_factory):
    """The tiny study with a design: arms 2:1 for the experimental one, minimized, in two factors."""
    return load_protocol(written(tmp_path_factory.mktemp("design")))


@pytest.fixture(scope="module")
def assumptions(protocol):
    return assumptions_of(protocol)


def test_they_are_read_from_the_protocol(assumptions):
    assert assumptions == Assumptions(
        sample_size=30,
        allocation=(1, 2),  # leaflet is the control arm, though exercises comes first
        accrual=((0.0, 3.0),),
        control_hazard=((0.0, 0.02), (6.0, 0.03)),
        hazard_ratio=((0.0, 1.0), (3.0, 0.6)),
        drift_yearly=0.9,
        dropout_yearly=0.1,
        cap_months=30 / (365.25 / 12),
        after_last_months=None,
        detection_months=3.0,
        strata=(Stratum(0.125, 1.5), Stratum(0.125, 1.5), Stratum(0.375), Stratum(0.375)),
        stratified_test=False,
        block_sizes=(),
        alpha=0.05,
        sided=2,
        looks=(Look(events=10), Look(events=15), Look(complete=True)),
        efficacy=Spending("pocock"),
        futility=Spending("hwang_shih_decani", -4.0),
        binding=True,
        beta=pytest.approx(0.1),
        planned_events=20,
    )


def test_a_study_without_a_design_has_none():
    with pytest.raises(Refusal, match="has no design") as refused:
        assumptions_of(protocol_of(TINY))
    assert "Write design.yaml" in refused.value.mend


@pytest.mark.parametrize("folder", SHIPPED_DESIGNS, ids=lambda folder: folder.name)
def test_every_assumption_of_a_shipped_study_says_where_it_comes_from(folder):
    told = described(assumptions_of(protocol_of(folder)), protocol_of(folder))
    assert [one.name for one in told if not (one.source or one.assumed)] == []
    assert [one.name for one in told if one.changed] == []


SET = [
    ({"sample_size": "60"}, "sample_size", 60),
    ({"allocation": "1:1"}, "allocation", (1, 1)),
    ({"accrual": "2@0,5@6"}, "accrual", ((0.0, 2.0), (6.0, 5.0))),
    ({"accrual_months": "15"}, "accrual", ((0.0, 2.0),)),
    ({"accrual_months": "15", "sample_size": "60"}, "accrual", ((0.0, 4.0),)),  # the size first, in any order
    ({"control_median": "24"}, "control_hazard", ((0.0, math.log(2) / 24),)),
    ({"control_hazard": "0.02@0,0.04@12"}, "control_hazard", ((0.0, 0.02), (12.0, 0.04))),
    ({"hazard_ratio": "0.7"}, "hazard_ratio", ((0.0, 0.7),)),
    ({"hazard_ratio": "1@0,0.6@6"}, "hazard_ratio", ((0.0, 1.0), (6.0, 0.6))),
    ({"drift_yearly": "1"}, "drift_yearly", 1.0),
    ({"dropout_yearly": "5%"}, "dropout_yearly", 0.05),
    ({"cap_months": "36"}, "cap_months", 36.0),
    ({"after_last_months": "24"}, "after_last_months", 24.0),
    ({"after_last_months": "24"}, "cap_months", None),
    ({"detection_months": "none"}, "detection_months", None),
    ({"strata": "none"}, "strata", ()),
    ({"strata": "0.4:1,0.6:1.5"}, "strata", (Stratum(0.4, 1.0), Stratum(0.6, 1.5))),
    ({"stratified_test": "yes"}, "stratified_test", True),
    ({"block_sizes": "3,6"}, "block_sizes", (3, 6)),
    ({"alpha": "0.01"}, "alpha", 0.01),
    ({"sided": "1"}, "sided", 1),
    ({"power": "0.8"}, "beta", pytest.approx(0.2)),
    ({"planned_events": "none"}, "planned_events", None),
    ({"looks": "5,20"}, "looks", (Look(events=5), Look(events=20))),
    ({"looks": "50%,36m,complete"}, "looks", (Look(events=10), Look(month=36.0), Look(complete=True))),
    ({"efficacy": "obrien_fleming"}, "efficacy", Spending("obrien_fleming")),
    ({"futility": "none"}, "futility", None),
    ({"futility": "hwang_shih_decani(-2)"}, "futility", Spending("hwang_shih_decani", -2.0)),
    ({"binding": "no"}, "binding", False),
]


@pytest.mark.parametrize(("given", "field", "value"), SET, ids=[str(given) + field for given, field, _ in SET])
def test_one_is_set(assumptions, given, field, value):
    assert getattr(varied(assumptions, given), field) == value


def test_every_field_can_be_set_and_every_name_is_tried(assumptions):
    changed = {field for _, field, _ in SET}
    assert changed == {field.name for field in fields(Assumptions)}
    assert {name for given, _, _ in SET for name in given} == set(NAMES)


def test_setting_nothing_changes_nothing(assumptions):
    assert varied(assumptions, {}) == assumptions


WRONG = [
    ({"median": "24"}, "There is no assumption 'median'"),
    ({"hazard_ratio": "small"}, "'small' is no number"),
    ({"hazard_ratio": "0"}, "0 is not between 0.001"),
    ({"hazard_ratio": "1@3,0.6@6"}, "the first piece begins at month 0"),
    ({"hazard_ratio": "1@0,0.6@0"}, "each other one later"),
    ({"sample_size": "12.5"}, "is no whole number"),
    ({"sample_size": "nan"}, "is not between"),
    ({"dropout_yearly": "1"}, "is not between 0 and 0.99"),
    ({"stratified_test": "maybe"}, "it is yes or no"),
    ({"efficacy": "early"}, "there is no spending 'early'"),
    ({"efficacy": "4"}, "there are obrien_fleming"),
    ({"efficacy": "hwang_shih_decani"}, "needs its gamma"),
    ({"strata": "0.4,0.4"}, "the shares make 1 together"),
    ({"looks": "50%,complete", "planned_events": "none"}, "a share of the events needs planned_events"),
    ({"looks": "complete,50"}, "nothing more to look at"),
    ({"looks": "100,50"}, "The looks do not come in order"),
    ({"accrual": "3@0,0@6"}, "People must go on entering"),
    ({"block_sizes": "4"}, "Blocks of 4 cannot hold 1:2"),
    ({"allocation": "1"}, "'' is no number"),
    ({"sample_size": "1_0"}, "'1_0' is no number"),
    ({"hazard_ratio": "\u0663"}, "is no number"),  # a digit elsewhere
    ({"control_median": "50%"}, "'50%' is no number"),  # months are no share
    ({"accrual": "1e-6"}, "enters in month 3e+07, beyond 1200"),
    ({"accrual_months": "1e6"}, "is not between 0.1 and 1200"),
    ({"cap_months": "1e6"}, "is not between 0.1 and 1200"),
    ({"after_last_months": "1e5"}, "is not between 0 and 1200"),
    ({"control_hazard": "1e6"}, "is not between 0 and 100"),
    ({"hazard_ratio": "1e6"}, "is not between 0.001 and 1000"),
    ({"looks": "1e6m,complete"}, "is not between 0.01 and 2400"),
    ({"strata": "0:1,1:1"}, "0 is not between 1e-06 and 1"),
    ({"efficacy": "obrien_fleming(3)"}, "obrien_fleming has no gamma"),
    ({"futility": "none(3)"}, "none has no gamma"),
    ({"accrual": "5", "accrual_months": "7"}, "accrual and accrual_months set the same thing"),
    ({"control_median": "9", "control_hazard": "0.1"}, "control_median and control_hazard set the same thing"),
    ({"cap_months": "9", "after_last_months": "7"}, "cap_months and after_last_months set the same thing"),
]


@pytest.mark.parametrize(("given", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_cannot_be_set_is_refused_with_what_there_is(assumptions, given, said):
    with pytest.raises(Refusal) as refused:
        varied(assumptions, given)
    assert said in refused.value.reason
    assert refused.value.mend


def test_a_look_is_at_one_time():
    with pytest.raises(ValueError, match="one of the three"):
        Look(events=5, complete=True)
    with pytest.raises(ValueError, match="one of the three"):
        Look()


def test_what_is_set_is_told_apart_from_the_protocol(protocol, assumptions):
    told = {one.name: one for one in described(varied(assumptions, {"hazard_ratio": "0.5"}), protocol)}
    assert (told["hazard_ratio"].value, told["hazard_ratio"].changed) == ("0.5", True)
    assert told["hazard_ratio"].source == told["hazard_ratio"].assumed == ""
    assert told["dropout_yearly"].changed is False
    assert told["dropout_yearly"].assumed == "a test"


def test_they_are_said_in_words(protocol, assumptions):
    told = {one.name: f"{one.value} {one.unit}".strip() for one in described(assumptions, protocol)}
    assert told["allocation"] == "1:2"
    assert told["accrual_months"] == "10 months"
    assert told["control_hazard"] == "0.02 until month 6, then 0.03 a month"
    assert told["hazard_ratio"] == "1 until month 3, then 0.6"
    assert told["drift_yearly"] == "hazards times 0.9 for each year before entry"
    assert told["detection_months"] == "at visits every 3 months"
    assert told["strata"].startswith("share 0.125 with hazard times 1.5; ")
    assert told["looks"] == "at 10 events, at 15 events, when all is complete"
    assert told["alpha"] == "0.05, two-sided"
    assert told["futility"] == "Hwang-Shih-DeCani, gamma -4, binding"
    assert "after_last_months" not in told


@pytest.mark.parametrize(
    ("given", "length", "value"),
    [
        ({"control_median": "18"}, control_median, 18.0),
        ({"control_hazard": "0.1@0,0.2@5"}, control_median, 5 + (math.log(2) - 0.5) / 0.2),
        ({"control_hazard": "0.1@0,0@5"}, control_median, math.inf),
        ({"accrual": "2@0,0@3,4@6"}, accrual_months, 12.0),
        ({"accrual_months": "15", "cap_months": "36"}, completion_month, 51.0),
        ({"accrual_months": "15", "after_last_months": "10"}, completion_month, 25.0),
    ],
)
def test_lengths(assumptions, given, length, value):
    assert length(varied(assumptions, given)) == pytest.approx(value)


def test_nothing_of_a_design_is_left_out_when_it_is_described(assumptions):
    changes = {name: text for given, _, _ in SET for name, text in given.items()}
    for name, text in changes.items():
        if name == "binding":
            continue
        before, after = described(assumptions), described(varied(assumptions, {name: text}))
        assert before != after, f"{name}={text} is not seen"


def test_the_other_ways_of_writing_a_design(tmp_path):
    text = (
        DESIGN.replace("each: days(30)", "after_last_entry: years(2)")
        .replace("  hazards:\n    - {from_month: 0, monthly: 0.02}\n    - {from_month: 6, monthly: 0.03}\n", "")
        .replace("arm: leaflet\n", "arm: leaflet\n  median_months: 12\n")
        .replace("- {information: 0.5}\n    - {events: 15}", "- {month: 6}")
        .replace("  futility: {spending: hwang_shih_decani, gamma: -4, binding: true}\n", "")
    )
    protocol = load_protocol(written(tmp_path, text))
    read = assumptions_of(protocol)
    assert (read.cap_months, read.after_last_months) == (None, 24.0)
    assert control_median(read) == pytest.approx(12)
    assert read.looks == (Look(month=6.0), Look(complete=True))
    assert (read.futility, read.binding) == (None, False)
    assert str(protocol.design.hazard_ratio[1]) == "0.6 from month 3"
    rendered = render_markdown(protocol)
    for said in ("`leaflet`: median 12 months, at a constant hazard", "at month 6 since the start", "futility | none"):
        assert said in rendered


def test_following_people_for_two_lengths_is_refused(assumptions):
    with pytest.raises(ValueError, match="one of the two"):
        replace(assumptions, after_last_months=24.0)
    assert accrual_months(replace(assumptions, accrual=((0.0, 0.0),))) == math.inf
