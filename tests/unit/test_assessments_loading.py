"""What a file of assessments may get wrong, one thing at a time: refused with its place and a plain reason."""

import shutil
from pathlib import Path

import pytest

from evenhand.dates import Period
from evenhand.oncology.recist import LesionState
from evenhand.protocol import StudyError, load_protocol
from evenhand.protocol.plan.assessments import Again
from tests.studies_here import TINY

FORMS = {
    "lesions": """
        id: lesions
        title: Lesions
        domain: TU
        reads: lesion_list
        entered_by: [coordinator]
        day: imaged
        fields:
          imaged: {kind: date, label: day}
          lesions:
            kind: record
            many: true
            label: lesions
            fields:
              lesion: {kind: text, label: label}
              site: {kind: code, label: site, codes: {breast: breast, liver: liver, axilla: axilla}}
              nature: {kind: code, label: kind, codes: {solid: solid, node: node}}
              size: {kind: number, label: size, unit: mm}
              followed: {kind: code, label: as, codes: {target: target, non_target: non-target}}
    """,
    "operation": """
        id: operation
        title: Operation
        domain: PR
        reads: surgery
        entered_by: [surgeon]
        fields:
          performed: {kind: date, label: day}
          procedure: {kind: code, label: procedure, codes: {open: open}}
    """,
    "removal": """
        id: removal
        title: Removal
        domain: PR
        reads: metastasis_resection
        entered_by: [surgeon]
        fields:
          performed: {kind: date, label: day}
          lesions:
            kind: record
            many: true
            label: lesions
            fields:
              lesion: {kind: text, label: label}
              margin: {kind: code, label: margin, codes: {clear: clear, visible: visible}}
    """,
}
ASSESSMENTS = """
criteria: {version: RECIST 1.1, assumed: a test}
organs:
  of: {axilla: nodes}
  assumed: a test
region: {primary: [breast], regional: [breast, axilla], assumed: a test}
best_response:
  confirmed: true
  stable_from: days(56)
  confirm_after: days(28)
  unevaluable_between: 2
  stable_between: true
  assumed: a test
treated_lesions:
  excluded: false
  growth_percent: 25
  growth_mm: 4.5
  not_before: months(4)
  confirm_after: days(30)
  confirmed_by: [biopsy]
  left_behind: [visible]
  assumed: a test
reaches:
  - {role: surgery, field: procedure, codes: [open], sites: [breast], state: resected, assumed: a test}
second_baseline:
  leaflet: {after: randomization, offset: months(2), assumed: a test}
"""


def load(tmp_path, assessments, forms=None):
    """The tiny study with these assessments."""
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    for version in sorted(folder.glob("v*")):
        shutil.rmtree(version / "forms", ignore_errors=True)
        (version / "forms").mkdir()
        (version / "assessments.yaml").write_text(assessments, "utf-8")
        for name, text in (forms or FORMS).items():
            (version / "forms" / f"{name}.yaml").write_text(_dedented(text), "utf-8")
    return load_protocol(Path(folder)).plan.assessments


def _dedented(text):
    return "\n".join(line[8:] for line in text.splitlines())


def test_a_file_becomes_its_model(tmp_path):
    found = load(tmp_path, ASSESSMENTS)
    assert (found.organ_of("axilla"), found.organ_of("liver")) == ("nodes", "liver")
    assert (found.primary, found.regional) == ({"breast"}, {"breast", "axilla"})
    best = found.best
    assert (best.stable_from, best.confirm_after, best.unevaluable_between, best.stable_between) == (56, 28, 2, True)
    treated = found.treated
    assert (treated.excluded, treated.growth, treated.growth_size, treated.confirm_after) == (False, 25, 4500, 30)
    assert (treated.not_before, treated.confirmed_by) == (Period(4, "months"), {"biopsy"})
    assert (found.confirmed, found.left_behind) == (True, {"visible"})
    (reach,) = found.reaches
    assert (reach.role, reach.codes, reach.sites, reach.state) == (
        "surgery",
        {"open"},
        {"breast"},
        LesionState.RESECTED,
    )
    assert found.second_baseline == {"leaflet": Again("randomization", Period(2, "months"))}


MISTAKES = [
    ("of: {axilla: nodes}", "of: {axila: nodes}", "'axila' is no site of the forms: axilla, breast, liver"),
    ("primary: [breast]", "primary: [brest]", "'brest' is no site of the forms"),
    ("regional: [breast, axilla]", "regional: [breast, neck]", "'neck' is no site of the forms"),
    ("sites: [breast], state", "sites: [brain], state", "'brain' is no site of the forms"),
    ("codes: [open]", "codes: [closed]", "'closed' is no code of procedure in forms of surgery: open"),
    ("left_behind: [visible]", "left_behind: [some]", "'some' is no margin of the forms: clear, visible"),
    ("leaflet: {after", "nobody: {after", "'nobody' is no arm: "),
    ("stable_from: days(56)", "stable_from: months(2)", "months(2) is not counted in days"),
    ("confirm_after: days(30)", "confirm_after: soon", "'soon' is no period"),
    ("not_before: months(4)", "not_before: later", "'later' is no period"),
    ("growth_mm: 4.5", "growth_mm: 4.5005", "4.5005 mm is finer than 0.001 mm"),
    ("growth_mm: 4.5", "growth_mm: 0", "greater than 0"),
    ("version: RECIST 1.1", "version: RECIST 1.0", "RECIST 1.1"),
    ("after: randomization", "after: christmas", "local_therapy"),
    ("offset: months(2)", "offset: some time", "'some time' is no period"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES, ids=[wrong for _, wrong, _ in MISTAKES])
def test_a_mistake_is_refused_with_its_place(tmp_path, right, wrong, said):
    assert ASSESSMENTS.count(right) == 1
    with pytest.raises(StudyError) as error:
        load(tmp_path, ASSESSMENTS.replace(right, wrong))
    (fault,) = [fault for fault in error.value.faults if said in fault]
    assert fault.startswith("assessments.yaml:")


def test_a_study_without_lesions_has_nothing_to_assess(tmp_path):
    forms = {name: text for name, text in FORMS.items() if name != "lesions"}
    with pytest.raises(StudyError, match="no form reads as lesion_list or scan"):
        load(tmp_path, ASSESSMENTS, forms)


def test_a_treatment_that_no_form_records_reaches_nothing(tmp_path):
    forms = {name: text for name, text in FORMS.items() if name != "operation"}
    assert len(load(tmp_path, ASSESSMENTS, forms).reaches) == 1
