"""Somebody declines: recorded by who may record consent, without a signature, and shown where consent is."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse

from evenhand import steps
from evenhand.record import Actor
from evenhand.web import store
from tests.eligible import PROTOCOL
from tests.web.enrol_help import QUICK, Person, address, entries, kinds, text, withdrawn
from tests.web.trial_here import NORTH, STUDY, today, trial

pytestmark = pytest.mark.usefixtures("database", "one_factor")


@pytest.fixture
def one_factor():
    with override_settings(**QUICK):
        yield


def filled(**more):
    return {"on": today().isoformat(), "because": "", "words": "", **more}


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ({}, {}, "declined on"),
        ({"because": "burden"}, {"because": "burden"}, "the visits, the way or the time"),
        ({"because": "other", "words": "wants to wait "}, {"because": "other", "words": "wants to wait"}, "to wait"),
    ],
)
def test_a_decline_is_recorded_without_a_signature_and_shown_on_the_candidates_page(typed, kept, shown):
    (subject,) = trial("attested")
    carl = Person()
    assert "Nobody has to give one" in text(carl.get("decline", subject))
    assert carl.does("decline", subject, **filled(**typed)).status_code == 302
    entry = entries()[-1]
    assert (entry.kind, entry.effective, entry.signature) == ("consent_declined", today(), None)
    assert {name: value for name, value in entry.body.items() if name not in ("document", "version")} == kept
    page = text(carl.get("candidate", subject))
    assert shown in page
    assert "Record consent" in page
    assert "The person declined to take part" in page


WRONG = {
    "a day to come": ({"on": (today() + timedelta(days=3)).isoformat()}, "lies in the future"),
    "no day": ({"on": ""}, "This field is required"),
    "another reason without saying which": ({"because": "other"}, "Say the other reason in a few words"),
    "words without the other reason": ({"because": "cost", "words": "it is far"}, "Choose “another reason”"),
    "a reason that is none": ({"because": "weather"}, "Select a valid choice"),
}


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG)
def test_a_form_that_cannot_be_taken_is_shown_again(change, said):
    (subject,) = trial("attested")
    before = kinds()
    answer = Person().does("decline", subject, **filled(**change))
    assert (answer.status_code, kinds()) == (422, before)
    assert said in text(answer)


@pytest.mark.parametrize("stage", ["consented", "registered"])
def test_who_consented_does_not_decline_and_the_page_says_what_to_do(stage):
    (subject,) = trial(stage)
    shown = text(Person().get("decline", subject))
    assert "withdraws consent" in shown
    assert "Record that the person declined" not in shown


def test_a_consent_that_came_meanwhile_refuses_it():
    (subject,) = trial("attested")
    carl = Person()
    form = carl.opens("decline", subject)
    store.perform(STUDY, steps.consent, by=Actor("cora", "coordinator", NORTH), subject=subject)
    answer = carl.posts("decline", subject, {**form, **filled()})
    assert answer.status_code == 409
    assert "consented on" in text(answer)


def test_what_others_recorded_meanwhile_does_not_hinder_it_and_it_counts_once():
    (subject,) = trial("attested")
    carl = Person()
    form = {**carl.opens("decline", subject), **filled()}
    assert [carl.posts("decline", subject, form).status_code for _ in range(2)] == [302, 302]
    assert kinds().count("consent_declined") == 1


def test_who_declined_leaves_the_worklist_and_comes_back_with_consent():
    (subject,) = trial("attested")
    carl = Person()
    open_now, gone = reverse("worklist", args=[STUDY]), f"{reverse('worklist', args=[STUDY])}?show=over"
    assert address("candidate", subject) in carl.client.get(open_now).content.decode()
    carl.does("decline", subject, **filled())
    assert address("candidate", subject) not in carl.client.get(open_now).content.decode()
    shown = text(carl.client.get(gone))
    assert subject in shown
    assert "Declined" in shown
    assert "declined on" in text(carl.get("consent", subject))
    version = PROTOCOL.enrollment.consent_version
    assert carl.does("consent", subject, on=today().isoformat(), which=version).status_code == 302
    assert address("candidate", subject) in carl.client.get(open_now).content.decode()


def test_the_record_and_the_study_page_tell_of_it():
    (subject,) = trial("attested")
    carl = Person()
    carl.does("decline", subject, **filled(because="cost"))
    listed = text(
        Person("mona", "monitor", None).client.get(reverse("record", args=[STUDY]), {"kind": "consent_declined"})
    )
    assert "recorded that consent was declined" in listed
    assert "what it may cost" in listed
    assert "declined" in text(carl.client.get(reverse("study", args=[STUDY])))


def test_who_withdrew_and_is_asked_again_may_decline():
    (subject,) = trial("consented")
    withdrawn(subject)
    carl = Person()
    assert carl.does("decline", subject, **filled()).status_code == 302
    assert address("decline", subject) not in carl.get("candidate", subject).content.decode()
