"""Several people, or one impatient one, at the same moment, on both engines: one allocation, and all see the same."""

import pytest
from django.test import override_settings

from evenhand.web import store
from tests.web.databases import together
from tests.web.enrol_help import QUICK, Person, address, entries, kinds, text
from tests.web.trial_here import STUDY, trial

pytestmark = pytest.mark.usefixtures("each_database", "one_factor")
STEPS = [("register", "consented", "registered"), ("randomize", "registered", "randomized")]


@pytest.fixture
def one_factor():
    with override_settings(**QUICK):
        yield


@pytest.mark.parametrize(("page", "stage", "kind"), STEPS)
def test_a_form_sent_many_times_at_once_counts_once_and_every_answer_leads_to_the_result(page, stage, kind):
    (subject,) = trial(stage)
    carl = Person()
    form = carl.opens(page, subject)
    answers = together([lambda: carl.copy().posts(page, subject, form)] * 4)
    result = address("register" if page == "register" else "allocation", subject)
    assert [(one.status_code, one.url) for one in answers] == [(302, result)] * 4
    assert kinds().count(kind) == 1
    assert store.verified(STUDY).findings == ()


@pytest.mark.parametrize(("page", "stage", "kind"), STEPS)
def test_of_two_coordinators_one_is_told_that_the_other_came_first(page, stage, kind):
    (subject,) = trial(stage)
    desks = [Person(), Person("cora")]
    forms = [one.opens(page, subject) for one in desks]
    sends = [lambda one=one, form=form: one.posts(page, subject, form) for one, form in zip(desks, forms, strict=True)]
    done, refused = sorted(together(sends), key=lambda answer: answer.status_code)
    assert (done.status_code, refused.status_code) == (302, 409)
    assert kinds().count(kind) == 1
    assert "since you opened this page" in text(refused)
    assert entries()[-1].hash in text(refused)


def test_consent_withdrawn_while_randomization_is_asked_for_leaves_no_half_state():
    (subject,) = trial("registered")
    carl, cora = Person(), Person("cora")
    form, leaving = carl.opens("randomize", subject), cora.opens("withdraw", subject)
    on = store.current(STUDY).subject(subject).consents[0].effective
    answers = together(
        [
            lambda: carl.posts("randomize", subject, form),
            lambda: cora.posts("withdraw", subject, {**leaving, "on": on.isoformat()}),
        ]
    )
    after = kinds()[-2:]
    assert answers[1].status_code == 302
    if answers[0].status_code == 302:
        assert after == ["randomized", "consent_withdrawn"]
    else:
        assert answers[0].status_code == 409
        assert after[-1] == "consent_withdrawn"
        assert "randomized" not in kinds()
    assert store.verified(STUDY).findings == ()
