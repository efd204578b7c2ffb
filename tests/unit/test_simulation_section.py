"""The section of a scenario about the time after randomization: what does not fit is refused, with its place."""

import shutil

import pytest

from evenhand.protocol import StudyError, load_protocol
from evenhand.simulation import load_scenario, walk
from tests.studies_here import ROOT, TINY

ORCHARD = ROOT / "tests" / "studies" / "orchard"

FAULTS = [
    ("fact: teeth", "fact: toes", "lesions.fact: 'toes' is no list of facts of this study"),
    ("fact: teeth", "fact: birth_date", "lesions.fact: 'birth_date' is no list of facts of this study"),
    ("size: size}\n", "size: weight}\n", "lesions: 'weight' is no field of teeth"),
    ("ending: moved", "ending: flown", "leaving.flown: people leave in one of these ways: no_consent, moved"),
    ("ending: moved", "ending: died", "leaving.died: people leave in one of these ways"),
    ("    everything:\n", "    anything:\n", "forms.anything: there is no form 'anything'"),
    ("happy: {choice", "happier: {choice", "forms.everything.happier: there is no such field"),
    ("{yes: 2, no: 1}", "{often: 2, no: 1}", "forms.everything.happy: 'often' is neither yes nor no"),
    ("weight: {normal: {mean: 75, people: 9, noise: 2}, stays: 0.1}", "colour: {normal: {mean: 1}}",
     "forms.everything.colour: a code is no number"),
    ("bites: {rows", "weight: 5000\n      bites: {rows", "the key 'weight' stands here a second time"),
    ("{tooth: T1, depth: {between: [1, 3]}}", "{tooth: T1, length: 2}", "forms.everything.bites.length: there is no"),
    ("bites: {rows: [", "colour: {rows: [", "forms.everything.colour: a table is drawn by its `rows`, and"),
    ("arms: [apples]\n      each", "arms: [plums]\n      each", "happenings.dentist.arms: 'plums' is no arm: apples"),
    ("after: dentist", "after: doctor", "happenings.second_look.after: nothing is called 'doctor'"),
    ("form: dentist, lasts", "form: everything, lasts", "'everything' is filled in at visits: say it under `forms`"),
    ("procedure: pulled", "procedure: kissed", "happenings.dentist.manners.0.procedure: 'kissed' is none of"),
    ("procedure: pulled", "procedure: {ended: true}", "happenings.dentist.manners.0.procedure: a code is no date"),
    ("      days: [20, 60]\n", "", "it begins some `days` later, or at a `monthly` rate"),
    ("days: [20, 60]\n", "days: [60, 20]\n", "the ends are written from low to high"),
    ("procedure: filled", "procedure: {choice: {filled: 1}, fixed: filled}", "an answer is one of fixed, choice"),
    ("missed: 0.15", "missed: 0.15, left_out: {nothing: {chance: 0.1, because: {why: 1}}}",
     "visits.left_out.nothing: there is no form 'nothing' at visits"),
    ("form: dentist, lasts", "form: dentist, having: {toes: [one]}, lasts", "having: 'toes' is no fact of this study"),
    ("form: dentist, lasts", "form: dentist, having: {teeth.toe: [one]}, lasts", "'teeth.toe' is no fact of this"),
    ("form: dentist, lasts", "form: dentist, had: [nobody], lasts", "manners.0.had: nothing is called 'nobody'"),
    ("form: dentist, lasts", "form: dentist, fractions: {count: 3, gap: 0.1}, lasts", "'dentist' has no table of gaps"),
    ("procedure: filled", "procedure: {fact: toes}", "procedure: 'toes' is no fact of this study"),
    ("procedure: filled", "procedure: {fact: teeth, fixed: filled}", "an answer is one of fixed, choice"),
    ("missed: 0.15", "missed: 1.5", "Input should be less than or equal to 1"),
    ("monthly: 0.06, found", "monthly: -1, found", "Input should be greater than or equal to 0"),
]  # fmt: skip


def changed(tmp_path, old, new):
    """A copy of the study with one place of its scenario changed."""
    study = shutil.copytree(ORCHARD, tmp_path / "orchard")
    file = study / "v1" / "scenario.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return study


@pytest.mark.parametrize(("old", "new", "said"), FAULTS, ids=lambda value: value[:30])
def test_what_does_not_fit_is_refused_with_its_place(tmp_path, old, new, said):
    study = changed(tmp_path, old, new)
    with pytest.raises(StudyError) as refused:
        walk(load_protocol(study), load_scenario(study, "v1"), people=1, seed=1)
    assert said in str(refused.value)


def test_a_study_without_forms_has_no_such_section(tmp_path):
    study = shutil.copytree(TINY, tmp_path / "tiny")
    file = study / "v2" / "scenario.yaml"
    file.write_text(file.read_text("utf-8") + "\nafter_randomization: {assumed: a test}\n", "utf-8")
    with pytest.raises(StudyError, match="this study plans nothing after randomization: it has no forms"):
        walk(load_protocol(study), load_scenario(study, "v2"), people=1, seed=1)


def test_a_value_by_itself_is_a_fixed_one(tmp_path):
    short = load_scenario(ORCHARD, "v1").after_randomization
    long = load_scenario(changed(tmp_path, "procedure: filled", "procedure: {fixed: filled}"), "v1").after_randomization
    assert short == long
