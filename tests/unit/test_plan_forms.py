"""The files of forms: one thing broken is one thing named, with its place."""

import shutil
from pathlib import Path

import pytest

from evenhand.protocol import StudyError, load_protocol
from evenhand.protocol.plan import ROLES
from tests.course_help import COURSE
from tests.studies_here import SHIPPED, protocol_of


def faults(folder):
    with pytest.raises(StudyError) as caught:
        load_protocol(folder)
    return caught.value.faults


BROKEN = [
    ("fall", "arms: [walking]", "arms: [flying]", "fall.yaml:5:8: 'flying' is no arm: walking, resting"),
    ("fall", "id: fall", "id: tumble", "the form 'tumble' stands in fall.yaml: name it tumble.yaml"),
    ("fall", "repeats: true", "repeats: true\nvisits: true", "a form either repeats or belongs to visits"),
    ("fall", "day: fell", "day: hurt", "'hurt' is no date of this form"),
    ("fall", "day: fell", "day: nothing", "'nothing' is no date of this form"),
    ("fall", "day: fell", "day: fell\nreads: cooking", "nothing reads forms as 'cooking'"),
    ("fall", "day: fell", "day: fell\nreads: death", "to be read as 'death' it needs the field 'died' (date)"),
    ("fall", "  hurt: {", "  arm: {kind: text, label: Arm}\n  hurt: {", "'arm' is a name that the rules of"),
    ("fall", "  hurt: {", "  since: {kind: text, label: S}\n  hurt: {", "'since' is a word of the rule language"),
    ("fall", ", codes: {arm: Arm, leg: Leg}", "", "a code needs its `codes`"),
    ("fall", "key: place", "key: colour", "its key 'colour' is none of its columns"),
    ("fall", "many: true", "many: false", "a table is a record with `many: true` and columns"),
    ("fall", "kind: yes_no, label: Hurt", "kind: yes_no, label: Hurt, partial: true", "only a date can be partial"),
    ("fall", "kind: yes_no, label: Hurt", "kind: yes_no, label: Hurt, expected_low: 1", "only a number has `bounds`"),
    ("fall", "unit: cm, low", "unit: cm, asked_when: hurt == yes, low", "a column has no `asked_when`"),
    ("fall", "fields: [healed, fell]", "fields: [healed, colour]", "'colour' is no field of this form"),
    ("fall", "id: F2", "id: F1", "the id 'F1' stands here a second time"),
    ("fall", "healed < fell", "healed < felt", "felt"),
    ("fall", "asked_when: hurt == yes", "asked_when: hurt == 3", "hurt"),
    ("fall", "domain: AE", "domain: adverse", "fall.yaml:3:9: "),
    ("fall", "domain: AE", "domain: AE\ncolour: blue", "colour"),
    ("summary", "any(f.hurt for f in fall_entries)", "any(f.hurt for f in summary_entries)", "summary_entries"),
    ("summary", "any(f.hurt for f in fall_entries)", "any(f.bruises for f in fall_entries)", "bruises"),
    ("weight", "entered_by: [coordinator]", "entered_by: []", "weight.yaml:5:13: "),
    ("weight", "assumed: a form of visits", "title2: a form of visits", "title2"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "old", "new", "said"), BROKEN, ids=[new for _, _, new, _ in BROKEN])
def test_what_is_broken_is_named_with_its_place(tmp_path, form, old, new, said):
    folder = Path(shutil.copytree(COURSE, tmp_path / "course"))
    file = folder / "v1" / "forms" / f"{form}.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    found = faults(folder)
    assert any(said in fault for fault in found), found
    assert all(f"{form}.yaml" in fault for fault in found if said in fault)


def test_a_study_without_forms_has_no_plan(tmp_path):
    folder = Path(shutil.copytree(COURSE, tmp_path / "course"))
    shutil.rmtree(folder / "v1" / "forms")
    assert load_protocol(folder).plan is None


def test_a_form_changes_the_digest(tmp_path):
    folder = Path(shutil.copytree(COURSE, tmp_path / "course"))
    before = load_protocol(folder).digest
    file = folder / "v1" / "forms" / "fall.yaml"
    file.write_text(file.read_text("utf-8").replace("Healed before the fall.", "Healed first."), "utf-8")
    assert load_protocol(folder).digest != before


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_every_role_that_something_reads_is_played_by_a_form(folder):
    assert [role for role in ROLES if not protocol_of(folder).plan.reading(role)] == []
