"""The part ``baseline:`` of ``endpoints.yaml``: what it says, what it may get wrong, and where it is read."""

import shutil
from pathlib import Path

import pytest

from evenhand.protocol import StudyError, load_protocol
from evenhand.protocol.compare import compare
from evenhand.protocol.render import render_markdown
from tests.studies_here import SHIPPED, protocol_of

STUDY = SHIPPED[0]
TEXT = (STUDY / "v1" / "endpoints.yaml").read_text("utf-8")


def written(tmp_path, text=TEXT):
    study = Path(shutil.copytree(STUDY, tmp_path / STUDY.name))
    (study / "v1" / "endpoints.yaml").write_text(text, "utf-8")
    return study


def test_the_part_is_read():
    found = protocol_of(STUDY).endpoints.baseline
    assert (found.age.fact, found.age.groups, found.sex, found.asked_as) == (
        "birth_date", (50, 65, 75), "sex", "omb_1997",
    )  # fmt: skip
    asked = {one.id: (one.kind, one.fact, one.field, one.show) for one in found.characteristics}
    assert asked["performance_status"] == ("fact", "ecog", "", "values")
    assert asked["sites"] == ("fact", "metastases", "site", "values")
    assert asked["first_line_months"] == ("since", "first_line", "start", "median")
    assert asked["her2"][0] == "levels"
    labels = {one.id: one.label for one in found.characteristics}
    assert labels["estrogen_receptor"] == protocol_of(STUDY).vocabulary.facts["estrogen_receptor"].label


def test_a_study_may_leave_it_out(tmp_path):
    text = TEXT.partition("# Who takes part")[0].replace(", {baseline: age}", "")
    found = load_protocol(written(tmp_path, text))
    assert found.endpoints.baseline is None
    assert "### Baseline" not in render_markdown(found)


BROKEN = [
    ("  sex: sex\n", "  sex: gender\n", "'gender' is no fact of facts.yaml"),
    ("{fact: birth_date, groups", "{fact: ecog, groups", "'ecog' is no date of birth"),
    ("groups: [50, 65, 75]", "groups: [65, 50]", "`groups` are ages that rise"),
    ("{fact: estrogen_receptor}", "{fact: oestrogen}", "'oestrogen' is no fact of facts.yaml"),
    ("fact: metastases, field: site}", "fact: metastases, field: place}", "'metastases' has no field 'place'"),
    ("fact: metastases, field: site}", "fact: metastases}", "'metastases' is a record: name one of its fields"),
    ("{fact: estrogen_receptor}", "{fact: estrogen_receptor, show: median}", "is no number, so it has no median"),
    ("since: first_line.start}", "since: first_line.regimen}", "'first_line.regimen' is no date"),
    ("since: first_line.start}", "since: first_line.start, fact: ecog}", "one of `fact`, `since` and `levels`"),
    ("since: first_line.start}", "since: first_line.start, field: start}", "`field` and `show` belong to a `fact`"),
    ("{label: Months since first-line therapy began, since", "{since", "without a `fact` it needs a `label`"),
    ("rule: her2 == negative}", "rule: sex == female}", "rule: "),
    ("asked_as: omb_1997", "asked_as: guessed", "Input should be 'omb_1997' or 'spd_15_2024'"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN, ids=[new for _, new, _ in BROKEN])
def test_what_it_gets_wrong_is_said_with_its_place(tmp_path, old, new, said):
    assert TEXT.count(old) == 1
    with pytest.raises(StudyError) as refused:
        load_protocol(written(tmp_path, TEXT.replace(old, new)))
    assert any(fault.startswith("endpoints.yaml:") and said in fault for fault in refused.value.faults)


def test_no_rule_may_ask_for_what_is_recorded_for_reports_alone(tmp_path):
    text = TEXT.replace("rule: her2 == negative}", "rule: sex == female}")
    with pytest.raises(StudyError, match="sex"):
        load_protocol(written(tmp_path, text))


def test_it_is_rendered_and_compared_and_its_assumptions_are_told(tmp_path):
    before = protocol_of(STUDY)
    after = load_protocol(written(tmp_path, TEXT.replace("groups: [50, 65, 75]", "groups: [50, 70]")))
    assert before.digest != after.digest
    (change,) = [one for one in compare(before, after) if one.section == "Endpoints"]
    assert (change.name, change.before, change.after) == ("baseline age groups", "50, 65, 75", "50, 70")
    assert "groups that begin at 50, 65 and 75 years" in render_markdown(before)
    assert any(one.about == "baseline age" for one in before.assumptions)
