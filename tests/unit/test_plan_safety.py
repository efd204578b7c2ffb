"""What ``safety.yaml`` may get wrong, one thing at a time: refused with its place and what would be right."""

import shutil
from pathlib import Path

import pytest

from evenhand.protocol import StudyError, load_protocol
from evenhand.protocol.places import read_sheet
from evenhand.protocol.plan import PlanScope
from evenhand.protocol.plan.safety import SafetySheet, resolve_safety
from evenhand.protocol.sheets import validated
from tests.studies_here import SHIPPED, protocol_of

(STUDY,) = (folder for folder in SHIPPED if list(folder.glob("*/safety.yaml")))
SAFETY, EVENT, LABORATORY = "v1/safety.yaml", "v1/forms/adverse_event.yaml", "v1/forms/laboratory.yaml"


@pytest.fixture
def study(tmp_path):
    return Path(shutil.copytree(STUDY, tmp_path / STUDY.name))


def changed(file, old, new):
    text = (STUDY / file).read_text("utf-8")
    assert old in text, "the change has nothing to change"
    return text.replace(old, new, 1)


def faults_of_safety(folder, text):
    """Those of the file alone, against the forms of the shipped study; all files would take seconds."""
    path = folder / "safety.yaml"
    path.write_text(text, "utf-8")
    protocol, found = protocol_of(STUDY), []
    scope = PlanScope(
        tuple(arm.id for arm in protocol.arms), protocol.clauses, protocol.references, protocol.plan.forms
    )
    try:
        file = read_sheet(path)
        resolve_safety(validated(SafetySheet, file), file, scope, found)
    except StudyError as error:
        found += error.faults
    return "\n".join(found)


def faults_of_study(study, file, text):
    (study / file).write_text(text, "utf-8")
    with pytest.raises(StudyError) as caught:
        load_protocol(study)
    return "\n".join(caught.value.faults)


BROKEN = [
    ('version: "5.0"', 'version: "6.0"', "CTCAE '6.0' is not known here: pin 5.0"),
    ("arms: [local]", "arms: [locale]", "'locale' is no arm: usual, local"),
    ("codes: [hp_tucatinib, tucatinib]", "codes: [hp_tucatinib, lapatinib]", "'lapatinib' is no code there"),
    ("given: [{reads: surgery}]", "given: [{reads: operation}]", "no form is read as 'operation'"),
    ("name: America/New_York", "name: New_York", "'New_York' is no time zone"),
    ("name: America/New_York", "name: ../etc", "'../etc' is no time zone"),
    ("within: hours(24)", "within: hours(0)", "String should match pattern"),
    ("within: hours(24)", "within: weeks(2)", "String should match pattern"),
    ("when: {serious: true}", "when: {grave: true}", "'grave' is no key here"),
    ("grades: [4, 5]", "grades: [4, 6]", "less than or equal to 5"),
    ("exempt: [Disease progression]", "exempt: [Progress]", "'Progress' is no term of CTCAE 5.0"),
    ("      active: true\n", "      active: true\n      concerns: [aspirin]\n", "'aspirin' is no intervention"),
    ("      active: true\n", "      active: true\n      concerns: [other]\n", "'other' is no treatment: what is"),
    ("    kind: other_cause\n", "    kind: another\n", "Input should be 'drug', 'surgery', 'radiation', 'procedure'"),
    ("  other:\n    label: Something", "  others:\n    label: Something", "lacks the code others"),
    ("    irb:\n", "    ethics:\n", "the form safety_report, regime: lacks the code ethics"),
    ("report: initial", "report: first", "the form safety_report, report: lacks the code first"),
    (
        "- Heart failure",
        "- Hart failure",
        "'Hart failure' is no term of CTCAE 5.0; is one of these meant: Heart",
    ),
    (
        "suspected_from: possible",
        "suspected_from: maybe",
        "Input should be 'unrelated', 'unlikely', 'possible'",
    ),
]
BROKEN_FORMS = [
    (EVENT, "unlikely: unlikely", "doubtful: doubtful", "attribution.relation: lacks the code unlikely"),
    (EVENT, "{unrelated: unrelated,", "{unrelated: unrelated, sure: sure,", "attribution.relation: sure is not known"),
    (
        LABORATORY,
        "          hemoglobin: Hemoglobin\n",
        "          haemoglobin: Hemoglobin\n",
        "results.test: haemoglobin",
    ),
    (LABORATORY, '"10*9/L": 10^9/L', '"10^9/L": 10^9/L', "results.unit: 10^9/L is not known"),
    (EVENT, "reads: adverse_event", "reads: side_effect", "nothing reads forms as 'side_effect'"),
    (EVENT, "  aware:\n    kind: date", "  aware:\n    kind: text", "its field 'aware' must be of kind date, not text"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN)
def test_each_fault_of_the_file_is_said_with_its_place(tmp_path, old, new, said):
    found = faults_of_safety(tmp_path, changed(SAFETY, old, new))
    assert said in found
    assert all(line.startswith("safety.yaml:") for line in found.splitlines())


def test_the_shipped_file_has_no_fault(tmp_path):
    assert faults_of_safety(tmp_path, (STUDY / SAFETY).read_text("utf-8")) == ""


@pytest.mark.parametrize(("file", "old", "new", "said"), BROKEN_FORMS)
def test_forms_that_do_not_fit_are_said(study, file, old, new, said):
    assert said in faults_of_study(study, file, changed(file, old, new))


def test_the_plan_of_the_shipped_study():
    plan = protocol_of(STUDY).plan.safety
    assert plan.ctcae == "5.0"
    assert (plan.acute_days, plan.suspected_from, plan.suggest_from) == (90, "possible", 3)
    assert [regime.id for regime in plan.regimes if regime.active] == ["sponsor", "irb"]
    assert [plan.suspected(relation) for relation in ("unrelated", "unlikely", "possible", "definite")] == [
        False,
        False,
        True,
        True,
    ]


def test_interventions_of_local_therapy_are_those_of_one_arm():
    plan = protocol_of(STUDY).plan.safety
    everything = {one.id for one in plan.given_in(None)}
    assert {one.id for one in plan.given_in("local")} == everything == set(plan.interventions)
    assert everything - {one.id for one in plan.given_in("usual")} == {
        "surgery",
        "locoregional_radiation",
        "metastasis_radiation",
        "metastasis_resection",
    }


def test_regimes_concern_all_treatments_unless_they_name_some():
    plan = protocol_of(STUDY).plan.safety
    assert plan.regimes[0].concerns == set(plan.interventions) - {"disease", "other"}


def test_every_deadline_says_where_it_comes_from():
    plan = protocol_of(STUDY).plan.safety
    assert [deadline.id for regime in plan.regimes for deadline in regime.deadlines if not deadline.source] == []
