"""What a treatment plan may get wrong, one thing at a time: refused with file, line and a plain reason."""

import re
from pathlib import Path

import pytest

from evenhand.protocol import StudyError
from evenhand.protocol.places import read_sheet
from evenhand.protocol.plan import PlanScope
from evenhand.protocol.plan.form_sheets import FormSheet
from evenhand.protocol.plan.resolve_forms import resolve_forms
from evenhand.protocol.plan.treatment import resolve_treatment
from evenhand.protocol.plan.treatment_sheets import TreatmentSheet
from evenhand.protocol.sheets import validated
from tests.studies_here import SHIPPED, protocol_of

PLAN = "treatment.yaml"
FORMS = "forms/"


PROTOCOL = protocol_of(SHIPPED[0])
FOLDER = SHIPPED[0] / PROTOCOL.version.id
ARMS = {arm.id: arm.label for arm in PROTOCOL.arms}


def faults_after(tmp_path, file, old, new):
    """The faults after a change of one file; the other forms stay as they are."""
    text = (FOLDER / file).read_text("utf-8")
    assert old in text, "the change has nothing to change"
    path = tmp_path / Path(file).name
    path.write_text(text.replace(old, new, 1), "utf-8")
    faults = []
    forms = dict(PROTOCOL.plan.forms)
    plan = path if file == PLAN else FOLDER / PLAN
    try:
        if file != PLAN:
            sheet = read_sheet(path)
            forms |= resolve_forms([(validated(FormSheet, sheet), sheet)], ARMS, faults)
        sheet = read_sheet(plan)
        scope = PlanScope(tuple(ARMS), PROTOCOL.clauses, PROTOCOL.references, forms, PROTOCOL.vocabulary.facts)
        resolve_treatment(validated(TreatmentSheet, sheet), sheet, scope, faults)
    except StudyError as error:
        faults += error.faults
    return faults


BROKEN = [
    # tables
    (PLAN, "table: nrg_br001", "table: nrg_br002", "there is no table nrg_br002 2026-1 of prescriptions: there are"),
    (PLAN, 'version: "2026-1"', 'version: "2027-1"', "there is no table nrg_br001 2027-1 of prescriptions: there are"),
    (PLAN, "table: tg101", "table: tg102", "there is no table tg102 2026-1 of organ limits: there are tg101 2026-1"),
    (PLAN, "liver: liver\n", "liver: lever\n", "nrg_br001 2026-1 has no site 'lever': there are"),
    (PLAN, "liver: [liver, duo", "liver: [lever, duo", "tg101 2026-1 has no organ 'lever'"),
    # codes of forms
    (PLAN, "regimens: [thp_hp,", "regimens: [thp,", "'thp' is none of the codes of the forms: thp_hp,"),
    (PLAN, "new_line_for: [progression]", "new_line_for: [regression]", "'regression' is none of the codes"),
    (PLAN, "primary: [breast_conserving,", "primary: [lumpectomy,", "'lumpectomy' is none of the codes"),
    (PLAN, "fact: breast_primary", "fact: brest_primary", "'brest_primary' is no fact of facts.yaml with one"),
    (PLAN, "fact: breast_primary", "fact: primary_cancer", "'primary_cancer' is no fact of facts.yaml with one value"),
    (PLAN, "codes: [removed,", "codes: [gone,", "'gone' is none of the codes of breast_primary: in_breast, removed"),
    (PLAN, "      liver: liver\n", "      lever: liver\n", "'lever' is none of the codes of the forms"),
    (PLAN, "    liver: [liver, duo", "    lever: [liver, duo", "'lever' is none of the codes of the forms"),
    (PLAN, "field: site", "field: place", "no form has the field that these codes belong to"),
    (PLAN, "organs: {spinal_cord: 2}", "organs: {cord: 2}", "'cord' is none of the codes of the forms"),
    (PLAN, "regimens: [tdxd_pertuzumab]", "regimens: [tdxd]", "'tdxd' is none of the codes of the forms"),
    (PLAN, "codes: [lung_peripheral,", "codes: [lung,", "'lung' is none of the codes of the forms"),
    # days, periods, arms
    (PLAN, 'from: "2026-01-01"', 'from: "2024-01-01"', "2024-01-01 is not after the version before it"),
    (PLAN, 'from: "2026-01-01"', 'from: "2026-01"', "2026-01 is not a full day"),
    (PLAN, 'from: "2026-01-01"', 'from: "soon"', "'soon' is no date"),
    (PLAN, "within: days(56)", "within: weeks(8)", "'weeks(8)' is no period"),
    (PLAN, "not_before: days(21)", "not_before: 21", "Input should be a valid string; found 21"),
    (PLAN, "arms: [local]", "arms: [locale]", "'locale' is no arm: usual, local"),
    (PLAN, "of: local_therapy_begun", "of: local_therapy", "Input should be 'randomization', 'surgery'"),
    (PLAN, "complications_within: days(90)", "complications_within: 90 days", "'90 days' is no period"),
    # numbers
    (PLAN, "at_least_percent: 95", "at_least_percent: 101", "Input should be less than or equal to 100; found 101"),
    (PLAN, "alpha_beta_gy: 3", "alpha_beta_gy: 0", "Input should be greater than 0; found 0"),
    # forms that engines read
    (FORMS + "therapy_change.yaml", "      held: held", "      paused: held", "that read as therapy_change lack"),
    (FORMS + "surgical_complication.yaml", "      IVb: IVb", "      IVc: IVc", "lack the code 'IVb' in grade"),
    (FORMS + "surgical_complication.yaml", "      IVb: IVb", "      IVc: IVb", "'IVc' in grade of surgical"),
    (FORMS + "radiation_plan.yaml", "spared: the", "cold: the", "lack the code 'spared' in organs.reach"),
    (FORMS + "metastasis_radiation.yaml", "  site:\n", "  place:\n", "it needs the field 'site' (code)"),
    (FORMS + "metastasis_resection.yaml", "      lesion: {kind: text", "      lesion: {kind: code",
     "its field 'lesions.lesion' must be of kind text, not code"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "fault"), BROKEN, ids=[f"{new}" for _, _, new, _ in BROKEN])
def test_a_mistake_is_found_and_explained(tmp_path, file, old, new, fault):
    said = [one for one in faults_after(tmp_path, file, old, new) if fault in one]
    assert said, faults_after(tmp_path, file, old, new)
    assert all(re.match(r"[a-z_]+\.yaml:\d+:\d+: ", one) for one in said)


def test_the_study_as_it_is_has_none(tmp_path):
    assert faults_after(tmp_path, PLAN, "days(56)", "days(56)") == []


def test_every_part_of_the_plan_says_where_it_comes_from():
    about = {origin.about for origin in PROTOCOL.origins}
    wanted = [
        "treatment usual_approach 2025-1",
        "treatment usual_approach 2026-1",
        "treatment lines",
        "treatment metastases",
        "treatment surgery",
        "treatment surgery no_primary",
        "treatment delivery",
        "treatment prescriptions 1",
        "treatment organ_limits",
        "treatment cumulative",
        "treatment windows begin",
        "treatment cautions pneumonitis",
    ]
    assert [name for name in wanted if name not in about] == []
