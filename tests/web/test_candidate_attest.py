"""Signing judgements: each answer under its own signature, all of a ceremony or none."""

from dataclasses import replace

import pytest

from evenhand import steps
from evenhand.facts import Fact, Person, Source
from evenhand.web import store
from evenhand.web.pages.candidates.answer_form import prefix_of
from tests.eligible import signed
from tests.web.candidate_help import Visitor, fields_of, form_of, text
from tests.web.trial_here import COORDINATOR, PASSWORD, SOUTH, STUDY, Making, eligible_now, today, trial

FREE, LESION, HER2 = "progression_free", "locally_treatable", "her2_determined_positive"
M1, M2, M3 = (f"M{number}" for number in (1, 2, 3))
SIGNED = {"password": PASSWORD}
YES = {"about-answer": "yes"}


def three_lesions():
    """The eligible person with two more metastases, neither of which is looked at yet."""
    who = eligible_now()
    more = [Fact("metastases", {"lesion": name, "site": "lung"}, None, Source("form")) for name in (M2, M3)]
    return replace(who, facts={**who.facts, "metastases": (*who.facts["metastases"], *more)})


@pytest.fixture
def subject(database):
    making = Making()
    one = making.candidate("screened", who=three_lesions())
    making.keep()
    return one


def clinician():
    return Visitor("clin", "treating_clinician")


def about(item, **answers):
    return {f"{prefix_of(item)}-{name.replace('detail_', 'detail.')}": value for name, value in answers.items()}


def looked_at(item, answer="yes", **more):
    given = {"detail_method": "sbrt", "detail_size": "12", "detail_site": "segment VII", **more}
    return about(item, answer=answer, **given)


def attested(subject):
    return [entry for entry in store.current(STUDY).subject(subject).entries if entry.kind == "attested"]


def sign(visitor, subject, judgement, answers, query=""):
    form = {"user_name": visitor.name, **SIGNED, **answers}
    return visitor.fills("attest", form, subject, query, judgement=judgement)


def test_a_signature_binds_the_answer_the_name_the_role_and_the_day(subject):
    answer = sign(clinician(), subject, FREE, YES | {"about-reason": "seen today"})
    assert answer.status_code == 302, text(answer)
    (entry,) = attested(subject)
    assert entry.body["judgement"] == FREE
    assert entry.body["answer"] is True
    assert entry.body["role"] == entry.by.role == "treating_clinician"
    assert entry.body["reason"] == "seen today"
    assert entry.signature.signer == entry.body["by"] == "Clin (clin)"
    assert "no progression" in entry.signature.meaning
    assert (today() - entry.effective).days in (-1, 0)  # the site's day may have begun before ours
    assert store.verified(STUDY).findings == ()


def test_several_lesions_are_signed_in_one_ceremony_each_under_its_own_body(subject):
    visitor = Visitor("rad", "radiation_oncologist")
    answers = looked_at(M1) | looked_at(M3, "no", detail_size="60") | about(M2, answer="")
    assert sign(visitor, subject, LESION, answers).status_code == 302
    entries = attested(subject)
    assert [(entry.body["item"], entry.body["answer"]) for entry in entries] == [(M1, True), (M3, False)]
    assert entries[0].body["details"] == {"method": "sbrt", "size": "12", "site": "segment VII"}
    assert entries[0].signature.digest != entries[1].signature.digest
    assert entries[0].recorded_at == entries[1].recorded_at
    assert store.verified(STUDY).findings == ()


def test_one_lesion_can_be_asked_about_alone(subject):
    visitor = Visitor("sur", "surgeon")
    names = fields_of(visitor.sees("attest", subject, "?item=M2", judgement=LESION))
    assert f"{prefix_of(M2)}-answer" in names
    assert f"{prefix_of(M1)}-answer" not in names
    assert sign(visitor, subject, LESION, looked_at(M2), "?item=M2").status_code == 302
    assert [(entry.body["item"], entry.body["role"]) for entry in attested(subject)] == [(M2, "surgeon")]
    assert visitor.sees("attest", subject, "?item=M9", judgement=LESION).status_code == 404


@pytest.mark.parametrize(
    ("judgement", "answers", "said"),
    [
        (LESION, {}, "Nothing was answered"),
        (LESION, about(M1, answer="yes"), "Needed: sign what was looked at"),
        (LESION, looked_at(M1) | about(M2, answer="yes"), "Needed: sign what was looked at"),
        (LESION, looked_at(M1) | about(M2, answer="maybe"), "Select a valid choice"),
        (LESION, looked_at(M1) | {"password": "wrong"}, "The password is not the one"),
        (LESION, looked_at(M1) | {"password": ""}, "required"),
        (LESION, looked_at(M1) | {"user_name": "carl"}, "only rad can sign here"),
    ],
)
def test_a_ceremony_that_is_not_complete_records_nothing_and_loses_nothing(subject, judgement, answers, said):
    visitor = Visitor("rad", "radiation_oncologist")
    answer = sign(visitor, subject, judgement, answers)
    assert answer.status_code == 200
    assert said in text(answer)
    assert not attested(subject)
    shown = form_of(answer)
    kept = {name: value for name, value in answers.items() if name.startswith("about") and value != "maybe"}
    assert {name: shown.get(name) for name in kept} == kept
    assert not shown["password"]


@pytest.mark.parametrize(
    ("earlier", "answer", "against"),
    [
        ([], "no", "the facts on record speak for the statement"),
        ([signed(HER2, "pathologist", answer=False, reason="control failed")], "yes", "signed no on"),
    ],
)
def test_an_answer_against_something_needs_a_reason(subject, earlier, answer, against):
    visitor = Visitor("pat", "pathologist")
    for given in earlier:
        store.perform(STUDY, steps.attest, by=COORDINATOR, subject=subject, given=given)
    refused = sign(visitor, subject, HER2, {"about-answer": answer})
    assert refused.status_code == 200
    assert against in text(refused)
    assert len(attested(subject)) == len(earlier)
    reasoned = sign(visitor, subject, HER2, {"about-answer": answer, "about-reason": "looked at it once more"})
    assert reasoned.status_code == 302
    assert attested(subject)[-1].body["reason"] == "looked at it once more"


@pytest.mark.parametrize(
    ("name", "role", "site", "judgement", "status"),
    [
        ("clin", "treating_clinician", "north", FREE, 200),
        ("clin", "treating_clinician", "north", HER2, 403),
        ("pat", "pathologist", "north", HER2, 200),
        ("sur", "surgeon", "north", LESION, 200),
        ("rad", "radiation_oncologist", "north", FREE, 403),
        ("carl", "coordinator", "north", FREE, 403),
        ("dan", "data_manager", None, FREE, 403),
        ("ines", "inspector", None, FREE, 403),
        ("tara", "treating_clinician", SOUTH, FREE, 404),
        ("clin", "treating_clinician", "north", "nonsense", 404),
    ],
)
def test_who_may_sign(subject, name, role, site, judgement, status):
    visitor = Visitor(name, role, site)
    assert visitor.sees("attest", subject, judgement=judgement).status_code == status
    guards = form_of(Visitor().sees("facts", subject))
    form = {"user_name": name, **SIGNED, "key": guards["key"], "seen": guards["seen"], **YES, **looked_at(M1)}
    sent = visitor.sends("attest", form, subject, judgement=judgement)
    assert sent.status_code == (302 if status == 200 else status)
    assert len(attested(subject)) == (status == 200)


def test_the_same_signature_twice_is_recorded_once(subject):
    visitor = clinician()
    form = form_of(visitor.sees("attest", subject, judgement=FREE)) | {"user_name": "clin", **SIGNED, **YES}
    assert [visitor.sends("attest", form, subject, judgement=FREE).status_code for _ in range(2)] == [302, 302]
    assert len(attested(subject)) == 1


def test_facts_that_came_in_meanwhile_are_to_be_seen_before_anybody_signs(subject):
    visitor = clinician()
    form = form_of(visitor.sees("attest", subject, judgement=FREE)) | {"user_name": "clin", **SIGNED, **YES}
    news = Person(subject, {"race": (Fact("race", "as told", None, Source("form")),)})
    store.perform(STUDY, steps.screen, by=COORDINATOR, person=news, subject=subject)
    answer = visitor.sends("attest", form, subject, judgement=FREE)
    assert answer.status_code == 409
    assert "since you opened this page" in text(answer)
    assert not attested(subject)
    again = form_of(answer)
    assert again["about-answer"] == "yes"
    assert not again["password"]
    again |= {"user_name": "clin", **SIGNED}
    assert visitor.sends("attest", again, subject, judgement=FREE).status_code == 302


def test_a_judgement_about_a_list_with_nothing_in_it_asks_nothing(database):
    making = Making()
    facts = {name: some for name, some in eligible_now().facts.items() if name != "metastases"}
    subject = making.candidate("screened", who=Person("x", facts))
    making.keep()
    answer = Visitor("rad", "radiation_oncologist").sees("attest", subject, judgement=LESION)
    assert "nothing on record yet" in text(answer)
    assert "password" not in fields_of(answer)


def test_a_session_that_ended_signs_nothing(subject):
    visitor = clinician()
    form = form_of(visitor.sees("attest", subject, judgement=FREE)) | {"user_name": "clin", **SIGNED, **YES}
    visitor.client.logout()
    assert visitor.sends("attest", form, subject, judgement=FREE).status_code in (302, 303)
    assert not attested(subject)


def test_evidence_and_earlier_signatures_are_shown_beside_the_question(database):
    (subject,) = trial("attested")
    shown = text(Visitor("pat", "pathologist").sees("attest", subject, judgement=HER2))
    assert "speak for the statement" in shown
    assert "IHC score: 3" in shown
    assert "signed yes on" in shown
