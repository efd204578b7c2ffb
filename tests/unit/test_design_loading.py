"""``design.yaml``: what it says, what it may get wrong, and where it is read: check, render, compare, amendments."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from evenhand.protocol import StudyError, load_protocol
from evenhand.protocol.amending import amendment_faults
from evenhand.protocol.compare import compare
from evenhand.protocol.design import FromMonth, PlannedLook, Portion, Spend, design_findings
from evenhand.protocol.render import render_markdown
from tests.command_line import Run
from tests.studies_here import TINY, protocol_of

DESIGN = """\
primary:
  endpoint: discharge
  label: Time to discharge
  test: log_rank
  assumed: a test
follow_up:
  each: days(30)
  assumed: a test
control:
  arm: leaflet
  hazards:
    - {from_month: 0, monthly: 0.02}
    - {from_month: 6, monthly: 0.03}
  assumed: a test
effect:
  hazard_ratio:
    - {from_month: 0, ratio: 1}
    - {from_month: 3, ratio: 0.6}
  assumed: a test
drift: {yearly: 0.9, assumed: a test}
dropout: {yearly: 0.1, assumed: a test}
detection: {every: months(3), assumed: a test}
strata:
  factors:
    smoking:
      yes_smoker: {share: 0.25, hazard_factor: 1.5}
      no_smoker: {share: 0.75}
    side:
      left: {share: 0.5}
      right: {share: 0.5}
  assumed: a test
error: {alpha: 0.05, sided: 2, assumed: a test}
power: {wanted: 0.9, assumed: a test}
monitoring:
  events: 20
  looks:
    - {information: 0.5}
    - {events: 15}
    - {complete: true}
  efficacy: {spending: pocock}
  futility: {spending: hwang_shih_decani, gamma: -4, binding: true}
  assumed: a test
"""
ACCRUAL = "accrual: {months: 10, assumed: a test}\n"


def written(tmp_path, text=DESIGN, accrual=ACCRUAL):
    study = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    (study / "v2" / "design.yaml").write_text(text, "utf-8")
    enrollment = study / "v2" / "enrollment.yaml"
    enrollment.write_text(enrollment.read_text("utf-8") + accrual, "utf-8")
    return study


def test_a_design_is_read(tmp_path):
    design = load_protocol(written(tmp_path)).design
    assert (design.endpoint, design.test, design.stratified) == ("discharge", "log_rank", False)
    assert (str(design.follow_up), design.each, str(design.detection)) == ("30 days", True, "3 months")
    assert design.control == "leaflet"
    assert design.control_median is None
    assert design.control_hazards == (FromMonth(0, Decimal("0.02")), FromMonth(6, Decimal("0.03")))
    assert design.hazard_ratio == (FromMonth(0, 1), FromMonth(3, Decimal("0.6")))
    assert design.strata["smoking"]["yes_smoker"] == Portion(Decimal("0.25"), Decimal("1.5"))
    assert (design.alpha, design.sided, design.power) == (Decimal("0.05"), 2, Decimal("0.9"))
    assert design.looks == (PlannedLook(information=Decimal("0.5")), PlannedLook(events=15), PlannedLook(complete=True))
    assert (design.efficacy, design.futility) == (Spend("pocock"), Spend("hwang_shih_decani", -4))
    assert design.binding is True


def test_a_study_may_have_none():
    assert protocol_of(TINY).design is None
    assert design_findings(None, protocol_of(TINY).enrollment.follow_up_at_most) == []


BROKEN = [
    ("test: log_rank", "test: t_test", "design.yaml:4:9: Input should be 'log_rank'"),
    ("each: days(30)", "each: 30 days", "design.yaml:7:9: '30 days' is no period"),
    ("each: days(30)", "each: days(30)\n  after_last_entry: days(30)", "for so long `each`, or all until"),
    ("arm: leaflet", "arm: nobody", "design.yaml:10:8: 'nobody' is no arm: exercises, leaflet"),
    ("arm: leaflet", "arm: leaflet\n  median_months: 18", "`median_months` (a constant hazard) or the `hazards`"),
    ("from_month: 0, monthly", "from_month: 1, monthly", "the first piece is `from_month: 0`"),
    ("from_month: 3, ratio: 0.6", "from_month: 0, ratio: 0.6", "each begins later than the one before"),
    ("ratio: 0.6", "ratio: 0", "greater than 0"),
    ("yearly: 0.1", "yearly: 1", "less than 1"),
    ("every: months(3)", "every: often", "'often' is no period"),
    ("smoking:", "weather:", "'weather' is no factor of randomization.yaml: smoking, side"),
    ("no_smoker:", "pipe:", "'pipe' is no level of it: yes_smoker, no_smoker"),
    ("      right: {share: 0.5}\n", "", "right is missing here"),
    ("left: {share: 0.5}", "left: {share: 0.4}", "the shares of the levels of a factor make 1 together"),
    ("alpha: 0.05", "alpha: 0.5", "less than"),
    ("sided: 2", "sided: 3", "Input should be 1 or 2"),
    ("wanted: 0.9", "wanted: 90", "less than 1"),
    ("  events: 20\n", "", "needs `monitoring: events`"),
    ("    - {complete: true}\n", "    - {information: 0.9}\n", "the last look has all the information"),
    ("- {information: 0.5}", "- {complete: true}", "there is nothing more to look at"),
    ("- {information: 0.5}", "- {events: 18}", "the looks stand in the order"),
    ("- {information: 0.5}", "- {information: 0.5, events: 3}", "a look is at a share of `information`, at `events`"),
    ("{spending: pocock}", "{spending: pocock, gamma: 1}", "pocock has no `gamma`"),
    ("gamma: -4, ", "", "hwang_shih_decani needs its gamma"),
    ("power:", "strength:", "'strength' is no key here"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN, ids=[said for _, _, said in BROKEN])
def test_what_a_design_gets_wrong_is_said_with_its_place(tmp_path, old, new, said):
    assert DESIGN.count(old) >= 1
    with pytest.raises(StudyError) as refused:
        load_protocol(written(tmp_path, DESIGN.replace(old, new, 1)))
    assert any(fault.startswith("design.yaml:") and said in fault for fault in refused.value.faults)


def test_it_needs_the_months_of_accrual(tmp_path):
    with pytest.raises(StudyError, match=r"a design needs `accrual: months` in enrollment\.yaml"):
        load_protocol(written(tmp_path, accrual=""))


def test_it_counts_in_the_digest(tmp_path):
    first = load_protocol(written(tmp_path / "a")).digest
    assert load_protocol(written(tmp_path / "b", DESIGN.replace("0.6", "0.7"))).digest != first
    assert load_protocol(written(tmp_path / "c")).digest == first


def test_another_follow_up_than_enrollment_has_is_a_finding(tmp_path, capsys):
    same, other = written(tmp_path / "a"), written(tmp_path / "b", DESIGN.replace("days(30)", "years(1)"))
    assert Run(capsys, ["check", same]).code == 0
    found = Run(capsys, ["check", other])
    assert found.code == 1
    assert "each person is followed for 1 year, and by enrollment.yaml for 30 days" in found.flat


@pytest.mark.parametrize(("each", "found"), [("months(36)", 0), ("years(3)", 0), ("months(35)", 1), ("days(1095)", 1)])
def test_years_and_months_are_the_same_when_they_are(tmp_path, each, found):
    study = written(tmp_path, DESIGN.replace("days(30)", each))
    enrollment = study / "v2" / "enrollment.yaml"
    enrollment.write_text(enrollment.read_text("utf-8").replace("days(30)", "years(3)"), "utf-8")
    protocol = load_protocol(study)
    assert len(design_findings(protocol.design, protocol.enrollment.follow_up_at_most)) == found


def test_follow_up_after_the_last_entry_is_another_convention(tmp_path):
    protocol = load_protocol(written(tmp_path, DESIGN.replace("each: days(30)", "after_last_entry: months(24)")))
    assert protocol.design.each is False
    assert design_findings(protocol.design, protocol.enrollment.follow_up_at_most) == []
    assert "24 months after the last entry, for everybody" in render_markdown(protocol)


def test_its_assumptions_are_listed_and_it_is_rendered(tmp_path):
    protocol = load_protocol(written(tmp_path))
    assert "design effect" in [origin.about for origin in protocol.assumptions]
    text = render_markdown(protocol)
    for said in (
        "| Type I error | 5 %, two-sided |",
        "| Control arm | `leaflet`: hazard a month 0.02 until month 6, then 0.03 |",
        "| Hazard ratio | 1 until month 3, then 0.6 |",
        "| Progression is found | at visits every 3 months |",
        "| Smoking | smoker 25 % (hazards times 1.5); no smoker 75 % |",
        "| Looks | at 50 % of 20 events, at 15 events and when nobody is followed any more |",
        "| Stopping for futility | by the function of Hwang, Shih and DeCani, gamma -4, binding |",
    ):
        assert said in text


def test_an_amendment_may_change_it_and_compare_says_so(tmp_path):
    old = load_protocol(written(tmp_path / "a"))
    new = load_protocol(written(tmp_path / "b", DESIGN.replace("ratio: 0.6", "ratio: 0.7")))
    changed = {(one.section, one.name): (one.before, one.after) for one in compare(old, new)}
    assert changed == {("Statistical design", "hazard_ratio 2 value"): ("0.6", "0.7")}
    assert [fault for fault in amendment_faults(old, new) if "not newer" not in fault] == []
