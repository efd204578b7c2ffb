"""The forms of treatment of the shipped study: what they refuse, what they ask about, and what they take as it is."""

from datetime import date

import pytest

from evenhand import steps
from evenhand.conduct import forms, treatment
from evenhand.oncology.clavien_dindo import GRADES
from evenhand.oncology.radiation import TableId, limit_table
from evenhand.protocol.plan import ROLES
from evenhand.refusal import Refusal
from tests.treatment_entries import (
    LATE,
    change,
    complication,
    everything,
    locoregional,
    of,
    plan,
    point,
    regimen,
    resection,
    sbrt,
    surgery,
    untreated,
    volume,
)

ROLES_HERE = [
    "systemic_therapy",
    "therapy_change",
    "surgery",
    "surgical_complication",
    "locoregional_radiation",
    "metastasis_radiation",
    "metastasis_resection",
    "metastasis_untreated",
    "radiation_plan",
]
GAP = {"began": "2026-08-20", "missed": "2", "because": "machine"}


def asked(who):
    """The doubts about the last entry, by their ids."""
    last = max(forms.entries(who.protocol, who.known), key=lambda entry: entry.seq)
    others = tuple(forms.entries(who.protocol, who.known))
    scene = forms.scene(last.form, last.values, forms.context(who.known), others, LATE)
    return [doubt.id for doubt in forms.doubts(last.form, last.values, scene)]


REFUSED = [
    (lambda who: surgery(who, "2026-06-30"), "dated before randomization"),
    (lambda who: surgery(who, nodes_positive="3"), "More nodes have tumour than were examined"),
    (lambda who: surgery(who, axilla="none"), "Lymph nodes examined is not asked for here"),
    (lambda who: surgery(who, nodes_examined=None), "Lymph nodes examined is missing"),
    (lambda who: surgery(who, margin=None), "Margins is missing"),
    (lambda who: surgery(who, discharged="2026-07-19"), "Discharge is dated before surgery"),
    (lambda who: surgery(who, reconstruction="implant"), "Reconstruction is not asked for here"),
    (
        lambda who: surgery(who, procedure="axilla_only", axilla="none", nodes_examined=None, nodes_positive=None),
        "the axilla was not operated",
    ),
    (lambda who: surgery(who, "2030-01-01"), "lies in the future"),
    (lambda who: complication(who, "2026-08-01", ended="2026-07-31"), "The last day is before the first"),
    (lambda who: locoregional(who, started="2026-06-30"), "dated before randomization"),
    (lambda who: locoregional(who, ended="2026-08-16"), "The last fraction is before the first"),
    (lambda who: locoregional(who, gaps=[{**GAP, "began": "2026-08-16"}]), "A gap lies outside of the course"),
    (lambda who: locoregional(who, gaps=[{**GAP, "began": "2026-09-05"}]), "A gap lies outside of the course"),
    (lambda who: locoregional(who, volumes=[volume(), volume()]), "breast stands in two rows"),
    (lambda who: locoregional(who, volumes=[]), "Volumes is missing"),
    (lambda who: sbrt(who, started="2026-06-30"), "dated before randomization"),
    (lambda who: sbrt(who, ended="2026-09-13"), "The last fraction is before the first"),
    (lambda who: sbrt(who, delivered_gy=None), "Dose delivered is missing"),
    (lambda who: sbrt(who, ended=None, delivered_gy="45"), "is not asked for here"),
    (lambda who: sbrt(who, "M1", "M1"), "M1 stands in two rows"),
    (lambda who: sbrt(who, lesions=[]), "Metastases in the target is missing"),
    (lambda who: resection(who, performed="2026-06-30"), "dated before randomization"),
    (lambda who: untreated(who, decided="2026-06-30"), "dated before randomization"),
    (lambda who: untreated(who, because="other"), "In words is missing"),
    (lambda who: plan(who, point("liver", "spared", "701", "15", "700")), "larger than the organ"),
    (lambda who: plan(who, d95_percent="99", d99_percent="99.1"), "cannot receive more"),
    (lambda who: regimen(who, "2026-08-01", stopped="2026-07-31", stopped_because="toxicity"), "before the first"),
    (lambda who: regimen(who, "2026-08-01", stopped="2026-08-31"), "Why it was stopped is missing"),
    (lambda who: regimen(who, "2026-08-01", stopped_because="toxicity"), "is not asked for here"),
    (lambda who: regimen(who, "2026-08-01", "other"), "Which other regimen is missing"),
    (lambda who: change(who, "2026-08-01", resumed="2026-07-31"), "given again before it was held"),
    (lambda who: change(who, "2026-08-01", "reduced"), "New dose is missing"),
]


@pytest.mark.parametrize(("enter", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_it_is_refused(enter, said):
    with pytest.raises(Refusal, match=said) as refused:
        enter(of())
    assert not refused.value.reason.endswith(".")  # what shows it ends the sentence


ASKED = [
    (lambda who: surgery(who, pathology="complete", yp_t="t1"), ["SU3"]),
    (lambda who: surgery(who, pathology="complete", yp_t="tis"), []),
    (lambda who: surgery(who, pathology="complete", nodes_positive="1"), ["SU4"]),
    (lambda who: surgery(who, pathology="residual", nodes_positive="1"), []),
    (lambda who: surgery(who, margin="involved"), ["SU5"]),
    (lambda who: surgery(who, procedure="re_excision", margin="involved"), []),
    (lambda who: surgery(who, nodes_examined="41"), ["range nodes_examined"]),
    (lambda who: complication(who, "2026-08-01"), ["SC2"]),
    (lambda who: complication(surgery(who), "2026-08-01"), []),
    (lambda who: complication(resection(who, performed="2026-07-30"), "2026-08-01"), []),
    (lambda who: complication(surgery(who), "2026-07-19"), ["SC2"]),
    (locoregional, []),
    (lambda who: locoregional(surgery(who)), []),
    (lambda who: locoregional(surgery(who, "2026-08-18")), ["LR5"]),
    (lambda who: locoregional(who, volumes=[volume(delivered=("41", "15"))]), ["LR3"]),
    (lambda who: locoregional(who, volumes=[volume(delivered=("40.05", "16"))]), ["LR4"]),
    (lambda who: locoregional(who, volumes=[volume(), volume("boost", ("10", "5"), None)]), ["LR6"]),
    (lambda who: locoregional(who, ended=None, volumes=[volume(delivered=None)]), []),
    (sbrt, []),
    (lambda who: sbrt(who, delivered_gy="46"), ["MR3"]),
    (lambda who: sbrt(who, delivered_fractions="4"), ["MR4"]),
    (lambda who: sbrt(who, planned_gy="61", delivered_gy="61"), ["range planned_gy"]),
    (resection, []),
    (lambda who: resection(who, lesions=[{"lesion": "M1", "margin": "visible"}]), ["ME2"]),
    (lambda who: resection(who, lesions=[{"lesion": "M1", "pathology": "benign"}]), ["ME3"]),
    (untreated, []),
    (lambda who: untreated(who, because="unsafe"), ["MU2"]),
    (plan, []),
    (lambda who: plan(who, d95_percent="99.9"), ["range d95_percent"]),
    (lambda who: plan(who, d99_percent="89.9", d95_percent="100"), ["range d99_percent"]),
    (lambda who: plan(who, earlier="yes"), ["RP3"]),
    (lambda who: plan(who, earlier="yes", approved="2020-03-01"), []),
    (lambda who: regimen(who, "2026-03-01"), []),
    (lambda who: regimen(who, "2026-08-01"), ["ST2"]),
    (lambda who: regimen(who, "2026-08-01", "other", "progression", line="1", other_regimen="x"), ["ST3"]),
    (lambda who: change(who, "2026-08-01"), ["TC2"]),
    (lambda who: change(regimen(who, "2026-03-01"), "2026-08-01"), []),
    (lambda who: change(regimen(who, "2026-03-01"), "2026-08-01", "agent_stopped"), ["TC3"]),
]


@pytest.mark.parametrize(("enter", "ids"), ASKED, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_it_is_asked_about(enter, ids):
    assert asked(enter(of())) == ids


def test_every_check_of_the_forms_is_shown_to_fire():
    checks = {check.id: check.hard for form in our_forms() for check in form.checks}
    soft = {name for name, hard in checks.items() if not hard}
    assert soft <= {name for _, ids in ASKED for name in ids}
    says = [check.say for form in our_forms() for check in form.checks if check.hard]
    assert [say for say in says if not any(said in say for _, said in REFUSED)] == []


def our_forms():
    return [form for form in of().protocol.plan.forms.values() if form.reads in ROLES_HERE]


def test_each_role_of_treatment_has_a_form():
    assert sorted(form.reads for form in our_forms()) == sorted(ROLES_HERE)
    assert set(ROLES_HERE) <= set(ROLES)


def test_codes_that_tables_know_are_theirs():
    forms_here = of().protocol.plan.forms
    organs = forms_here["radiation_plan"].fields["organs"].columns["organ"].type.codes
    table = limit_table(TableId("tg101", "2026-1"))
    assert set(organs) == table.organs
    assert organs == {limit.organ: limit.label for limit in table.limits}
    assert tuple(forms_here["surgical_complication"].fields["grade"].type.codes) == tuple(GRADES)


def test_the_metastases_are_those_of_the_vocabulary():
    protocol = of().protocol
    listed = protocol.plan.treatment.lesions
    assert protocol.vocabulary.facts[listed.fact].key
    assert "regional_sites" in protocol.vocabulary.facts[listed.counted_by].parameters


def test_a_whole_course_of_local_therapy_raises_no_question():
    who = everything(regimen(of(), "2026-03-01"))
    for entry in forms.entries(who.protocol, who.known):
        scene = forms.scene(entry.form, entry.values, forms.context(who.known), (), LATE)
        assert [doubt.say for doubt in forms.doubts(entry.form, entry.values, scene)] == []


def test_an_ended_course_is_a_correction_of_the_one_that_ran():
    who = sbrt(of(), ended=None)
    (entry,) = forms.entries(who.protocol, who.known)
    given = {"course": "S1", "lesions": [{"lesion": "M1"}], "site": "liver", "started": "2026-09-14"}
    given |= {"planned_gy": "45", "planned_fractions": "3", "ended": "2026-09-18"}
    given |= {"delivered_gy": "45", "delivered_fractions": "3"}
    who = who.corrected(
        entry.seq, "metastasis_radiation", reason="The course has ended.", on=date(2026, 9, 18), **given
    )
    (entry,) = forms.entries(who.protocol, who.known)
    assert entry.values["ended"].first == date(2026, 9, 18)
    assert len(entry.standing.corrections) == 1


def test_what_was_struck_treats_nothing():
    who = sbrt(surgery(of()))
    for entry in forms.entries(who.protocol, who.known):
        who = who.after(steps.strike, subject=who.subject, seq=entry.seq, reason="Of another person.", on=LATE)
    found = treatment.local_therapy(who.protocol, who.known, ["M1"])
    assert {part.state for part in found.parts} == {"open"}
    assert found.begun is None
