"""Consent, registration and randomization as a coordinator meets them; what is refused leaves no trace."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from evenhand import administration, steps
from evenhand.record import Actor
from evenhand.web import store
from tests.eligible import PROTOCOL, changed
from tests.web.enrol_help import QUICK, Clock, Person, address, entries, kinds, text, withdrawn
from tests.web.trial_here import ADMINISTRATOR, NORTH, SOUTH, STUDY, Making, eligible_now, today, trial, user

pytestmark = pytest.mark.usefixtures("database", "one_factor")
CURRENT = PROTOCOL.enrollment.consent_version
ARMS = [arm.label for arm in PROTOCOL.arms]
STEPS = [("register", "consented"), ("randomize", "registered")]  # a page, and the stage at which it is opened


@pytest.fixture
def one_factor():
    with override_settings(**QUICK):
        yield


def step(taken, **given):
    """Something that another person records meanwhile."""
    by = given.pop("by", Actor("cora", "coordinator", NORTH))
    return store.perform(STUDY, taken, by=by, **given)


def unheld(stage, *changes, without=()):
    """A candidate whose facts are changed; gives the subject."""
    making = Making()
    facts = dict(eligible_now().facts)
    for fact in changes:
        facts[fact.name] = (fact,)
    for name in without:
        del facts[name]
    subject = making.candidate(stage, who=replace(eligible_now(), facts=facts))
    making.keep()
    return subject


# ---- consent -----------------------------------------------------------------------------------


def test_consent_is_recorded_with_the_day_the_version_and_a_signature():
    (subject,) = trial("attested")
    on = today() - timedelta(days=1)
    answer = Person().does("consent", subject, on=on.isoformat(), which=CURRENT)
    assert answer.status_code == 302
    entry = entries()[-1]
    assert (entry.kind, entry.effective, entry.body["version"]) == ("consented", on, CURRENT)
    assert entry.signature.signer == "Carl (carl)"
    assert "obtained this informed consent" in entry.signature.meaning


def test_a_version_signed_on_paper_is_recorded_and_registration_asks_for_the_current_one():
    (subject,) = trial("attested")
    carl = Person()
    answer = carl.does("consent", subject, on=today().isoformat(), which="other", version="0.9")
    assert answer.status_code == 302
    assert entries()[-1].body["version"] == "0.9"
    shown = text(carl.get("register", subject))
    assert f"participant-information {CURRENT} is current" in shown
    assert "Obtain consent to the current version" in shown
    assert "Sign and register" not in shown


WRONG = {
    "a day to come": ({"on": (today() + timedelta(days=3)).isoformat()}, "lies in the future"),
    "a day that may be read two ways": ({"on": "04/05/2026"}, "30 Apr 2026"),
    "no day": ({"on": ""}, "This field is required"),
    "another version without saying which": ({"which": "other", "version": ""}, "Say which version was signed"),
    "a wrong password": ({"password": "wrong"}, "password is not the one"),
    "the name of somebody else": ({"user_name": "cora"}, "only carl can sign here"),
    "no password": ({"password": ""}, "This field is required"),
}


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG)
def test_a_form_of_consent_that_cannot_be_taken_is_shown_again_with_what_was_typed(change, said):
    (subject,) = trial("attested")
    before = kinds()
    given = {"on": today().isoformat(), "which": CURRENT, "version": "typed before", **change}
    answer = Person().does("consent", subject, **given)
    assert answer.status_code == 422
    assert said in text(answer)
    assert f'value="{given["version"]}"' in answer.content.decode() or not given["version"]
    assert kinds() == before


def test_withdrawal_needs_no_reason_and_says_what_it_means():
    (subject,) = trial("consented")
    carl = Person()
    shown = text(carl.get("withdraw", subject))
    assert "Nobody has to say why" in shown
    assert f"{subject} cannot be registered or randomized, unless consent is given anew" in shown
    assert carl.does("withdraw", subject, on=today().isoformat()).status_code == 302
    entry = entries()[-1]
    assert (entry.kind, entry.reason) == ("consent_withdrawn", None)


def test_a_reason_that_is_given_is_kept():
    (subject,) = trial("consented")
    Person().does("withdraw", subject, on=today().isoformat(), reason="moves away ")
    assert entries()[-1].reason == "moves away"


def test_withdrawal_is_not_hindered_by_what_others_recorded_meanwhile():
    (subject,) = trial("consented")
    carl = Person()
    form = carl.opens("withdraw", subject)
    step(steps.screen, subject=subject, person=eligible_now())
    assert carl.posts("withdraw", subject, {**form, "on": today().isoformat()}).status_code == 302
    assert kinds()[-1] == "consent_withdrawn"


def test_withdrawal_after_randomization_says_that_the_allocation_stands():
    (subject,) = trial()
    step(steps.randomize, subject=subject)
    assert "allocation stands" in text(Person().get("withdraw", subject))


def test_without_consent_there_is_nothing_to_withdraw():
    (subject,) = trial("attested")
    shown = text(Person().get("withdraw", subject))
    assert "nothing to withdraw" in shown
    assert "Record the withdrawal" not in shown


def test_a_withdrawal_sent_twice_is_recorded_once():
    (subject,) = trial("consented")
    carl = Person()
    form = {**carl.opens("withdraw", subject), "on": today().isoformat()}
    assert [carl.posts("withdraw", subject, form).status_code for _ in range(2)] == [302, 302]
    assert kinds().count("consent_withdrawn") == 1


# ---- registration ------------------------------------------------------------------------------


def test_registration_shows_what_must_hold_and_gives_the_participant_number():
    (subject,) = trial("consented")
    carl = Person()
    shown = text(carl.get("register", subject))
    for criterion in PROTOCOL.criteria:
        assert f"{criterion.id} {criterion.title}" in shown
    assert "Accrual is open" in shown
    assert "Consent holds" in shown
    answer = carl.does("register", subject)
    assert (answer.status_code, answer.url) == (302, address("register", subject))
    entry = entries()[-1]
    assert entry.signature.meaning.startswith(f"I register {subject}")
    after = text(carl.get("register", subject))
    assert f"{subject} is registered as {entry.body['participant']}" in after
    assert "Go on to randomization" in after
    assert entry.hash in after


def test_an_unknown_stratum_is_said_kindly_at_registration_and_asked_for_at_randomization():
    subject = unheld("consented", without=("estrogen_receptor", "progesterone_receptor"))
    carl = Person()
    shown = text(carl.get("register", subject))
    assert "Hormone receptors: the level is not known yet" in shown
    assert "Registration does not need it, but randomization does" in shown
    assert "Sign and register" in shown
    assert carl.does("register", subject).status_code == 302
    shown = text(carl.get("randomize", subject))
    assert "stratum 'Hormone receptors' is not known" in shown
    assert "Sign and randomize" not in shown


def test_who_is_not_eligible_is_not_registered_and_the_page_says_by_which_clause():
    subject = unheld("consented", changed("ecog", 3, (today() - timedelta(days=3)).isoformat()))
    shown = text(Person().get("register", subject))
    assert "Not eligible on" in shown
    assert "Rule: inclusion/7" in shown
    assert "What to do:" in shown
    assert "Sign and register" not in shown


def test_what_waits_for_a_signature_is_marked_so():
    (subject,) = trial("screened")
    answer = Person().get("register", subject)
    assert "to be signed" in text(answer)
    assert "Sign and register" not in text(answer)


# ---- randomization -----------------------------------------------------------------------------


def test_randomization_restates_everything_and_shows_the_arm_once_it_is_made():
    (subject,) = trial()
    carl = Person()
    shown = text(carl.get("randomize", subject))
    for said in ("P0001-3", "1 to 3 metastases", "Accrual is open", "I ask for the randomization of P0001-3"):
        assert said in shown, said
    for criterion in PROTOCOL.criteria:
        assert f"{criterion.id} {criterion.title}" in shown
    answer = carl.does("randomize", subject)
    assert (answer.status_code, answer.url) == (302, address("allocation", subject))
    entry = entries()[-1]
    arm = PROTOCOL.arm(entry.body["arm"])
    after = text(carl.get("allocation", subject))
    for said in (arm.label, arm.treatment, entry.hash, f"Entry {entry.seq}", "Carl (carl)", "1 to 3 metastases"):
        assert said in after, said
    assert store.verified(STUDY).findings == ()


def test_no_page_tells_the_position_or_the_counts_of_arms():
    subjects = trial(count=3)
    carl = Person()
    for subject in subjects[:2]:
        carl.does("randomize", subject)
    for page, subject in (("randomize", subjects[2]), ("register", subjects[2]), ("allocation", subjects[0])):
        shown = text(carl.get(page, subject)).lower()
        assert "position" not in shown
        assert "block" not in shown
    assert not [label for label in ARMS if label in text(carl.get("randomize", subjects[2]))]


def test_sent_twice_it_is_allocated_once_and_both_answers_lead_to_the_same_page():
    (subject,) = trial()
    carl = Person()
    form = carl.opens("randomize", subject)
    answers = [carl.posts("randomize", subject, form) for _ in range(3)]
    assert {(one.status_code, one.url) for one in answers} == {(302, address("allocation", subject))}
    assert kinds().count("randomized") == 1


def test_the_page_of_a_randomized_participant_leads_to_the_result():
    (subject,) = trial()
    carl = Person()
    carl.does("randomize", subject)
    assert carl.get("randomize", subject).url == address("allocation", subject)


def test_a_new_request_for_a_randomized_participant_is_refused_and_shows_the_arm_that_stands():
    (subject,) = trial()
    carl = Person()
    form = carl.opens("randomize", subject)
    carl.posts("randomize", subject, form)
    again = carl.posts("randomize", subject, {**form, "key": "another", "seen": entries()[-1].seq})
    assert again.status_code == 409
    assert "is randomized already" in text(again)
    assert PROTOCOL.arm(entries()[-1].body["arm"]).label in text(again)
    assert kinds().count("randomized") == 1


# ---- what happens between opening a page and sending it ----------------------------------------


def halt():
    step(steps.halt_accrual, by=ADMINISTRATOR, reason="a safety question")


def close():
    store.close(STUDY, by=ADMINISTRATOR)


def facts_change(subject):
    step(steps.screen, subject=subject, person=eligible_now())


MEANWHILE = {
    "accrual is halted": (lambda _: halt(), "a safety question", "accrual"),
    "the study is closed": (lambda _: close(), "The study is closed", "activation"),
    "consent is withdrawn": (withdrawn, "cora recorded that consent was withdrawn", "stale form"),
    "another coordinator records facts": (facts_change, "cora recorded facts", "stale form"),
}


@pytest.mark.parametrize(("page", "stage"), STEPS)
@pytest.mark.parametrize(("happens", "said", "clause"), MEANWHILE.values(), ids=MEANWHILE)
def test_what_changed_meanwhile_refuses_the_form(page, stage, happens, said, clause):
    (subject,) = trial(stage)
    carl = Person()
    form = carl.opens(page, subject)
    happens(subject)
    before = kinds()
    answer = carl.posts(page, subject, form)
    assert answer.status_code == 409
    shown = text(answer)
    assert "This was not done, and nothing was recorded" in shown
    assert said in shown
    assert f"Rule: {clause}" in shown
    assert kinds() == before


@pytest.mark.parametrize("page", ["register", "randomize"])
def test_consent_withdrawn_before_the_page_is_opened(page):
    (subject,) = trial("consented" if page == "register" else "registered")
    withdrawn(subject)
    shown = text(Person().get(page, subject))
    assert "Consent was withdrawn" in shown
    assert "Sign and" not in shown


@pytest.mark.parametrize(("page", "stage"), STEPS)
@pytest.mark.parametrize(
    ("days", "said"),
    [(29, "still open: I6 progression_free"), (240, "Not eligible on")],
    ids=["an attestation expires", "the window closes"],
)
def test_time_passes_between_opening_and_sending(page, stage, days, said, monkeypatch):
    (subject,) = trial(stage)
    carl = Person()
    clock = Clock(monkeypatch)
    form = carl.opens(page, subject)
    clock.later(days=days)
    before = kinds()
    answer = carl.posts(page, subject, form)
    assert answer.status_code == 409
    assert said in text(answer)
    assert "What to do:" in text(answer)
    assert kinds() == before


def test_two_coordinators_at_one_candidate():
    (subject,) = trial()
    carl, cora = Person(), Person("cora")
    hers, his = cora.opens("randomize", subject), carl.opens("randomize", subject)
    assert cora.posts("randomize", subject, hers).status_code == 302
    answer = carl.posts("randomize", subject, his)
    assert answer.status_code == 409
    assert "cora randomized the participant" in text(answer)
    assert PROTOCOL.arm(entries()[-1].body["arm"]).label in text(answer)
    assert kinds().count("randomized") == 1


def test_two_coordinators_registering_one_candidate():
    (subject,) = trial("consented")
    carl, cora = Person(), Person("cora")
    hers, his = cora.opens("register", subject), carl.opens("register", subject)
    assert cora.posts("register", subject, hers).status_code == 302
    answer = carl.posts("register", subject, his)
    assert answer.status_code == 409
    assert f"{subject} is registered as P0001-3" in text(answer)
    assert kinds().count("registered") == 1


@pytest.mark.parametrize(
    ("page", "stage"), [("consent", "attested"), ("register", "consented"), ("randomize", "registered")]
)
def test_a_session_that_ended_leads_to_the_sign_in_and_records_nothing(page, stage):
    (subject,) = trial(stage)
    carl = Person()
    form = carl.opens(page, subject)
    before = kinds()
    carl.client.logout()
    answer = carl.posts(page, subject, form)
    assert answer.status_code == 302
    assert "login" in answer.url
    assert kinds() == before


@pytest.mark.parametrize(("page", "stage"), STEPS)
def test_a_wrong_password_records_nothing_and_the_same_form_may_be_sent_again(page, stage):
    (subject,) = trial(stage)
    carl = Person()
    form = carl.opens(page, subject)
    before = kinds()
    answer = carl.posts(page, subject, {**form, "password": "wrong"})
    assert answer.status_code == 422
    assert "password is not the one" in text(answer)
    assert 'value="wrong"' not in answer.content.decode()
    assert kinds() == before
    assert carl.posts(page, subject, form).status_code == 302


def test_a_password_that_was_kept_by_an_older_rule_does_not_end_the_session_at_a_signature():
    (subject,) = trial()
    carl = Person()
    form = carl.opens("randomize", subject)
    newer = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    with override_settings(PASSWORD_HASHERS=newer):
        assert carl.posts("randomize", subject, form).status_code == 302
        assert carl.get("allocation", subject).status_code == 200


# ---- who may -----------------------------------------------------------------------------------

PAGES = ("consent", "decline", "withdraw", "register", "randomize", "allocation", "confirmation")
ALLOWED = {
    ("coordinator", NORTH): PAGES,
    ("treating_clinician", NORTH): ("consent", "decline", "withdraw", "allocation", "confirmation"),
    ("pathologist", NORTH): ("allocation", "confirmation"),
    ("data_manager", None): ("allocation", "confirmation"),
    ("inspector", None): ("allocation", "confirmation"),
    ("safety_board", None): (),
    ("administrator", None): (),
    ("coordinator", SOUTH): (),
}


@pytest.mark.parametrize(("held", "pages"), ALLOWED.items(), ids=str)
def test_who_may_open_which_page(held, pages):
    (subject,) = trial()
    step(steps.randomize, subject=subject)
    somebody = Person("somebody", *held)
    opened = {page for page in PAGES if somebody.client.get(address(page, subject), follow=True).status_code == 200}
    assert opened == set(pages)


def test_names_are_shown_to_who_may_see_them_alone():
    (subject,) = trial()
    who = store.Who("N-17", "Ada Example", None)
    store.perform(
        STUDY,
        administration.grant_role,
        by=ADMINISTRATOR,
        given=administration.Grant("x", "monitor", None),
        also=lambda _: store.identify(STUDY, NORTH, who)(store.current(STUDY).subject(subject).entries),
    )
    step(steps.randomize, subject=subject)
    assert "Ada Example" in text(Person().get("allocation", subject))
    assert "Ada Example" not in text(Person("dan", "data_manager", None).get("allocation", subject))


def test_nobody_reads_the_arm_where_there_is_none():
    (subject,) = trial()
    carl = Person()
    assert carl.get("allocation", subject).status_code == 404
    assert carl.get("confirmation", subject).status_code == 404


def test_an_account_named_like_markup_stays_text():
    (subject,) = trial()
    user("<b>x</b>", "coordinator", NORTH)
    answer = Person("<b>x</b>").get("randomize", subject)
    assert b"<b>X</B>" not in answer.content
