"""What a form's page suggests: whatever the study's forms name as a source is known of, and no page fails for want
of it."""

import re

import pytest
from django.conf import settings

from evenhand.web.pages.participants.offered import SOURCES
from tests.eligible import PROTOCOL
from tests.web import participant_help
from tests.web.desks_help import LIVER, Made, Somebody, ago
from tests.web.participant_help import participant


def offers(answer, name):
    """The values of one list of suggestions, with what is said beside them; None where the page has no such list."""
    found = re.search(f'<datalist id="offered-{name}">(.*?)</datalist>', answer.content.decode())
    return dict(re.findall('<option value="(.*?)">(.*?)</option>', found[1])) if found else None


def named(plan):
    """The sources that the questions of a plan's forms name."""
    asked = (one for form in plan.forms.values() for field in form.fields.values() for one in _each(field))
    return {one.offered for one in asked if one.offered}


def _each(field):
    return (field, *(field.columns or {}).values())


@pytest.fixture
def carl(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    made = Made()
    subject = made.participant(arm="local")
    made.lesions(subject)
    made.irradiates(subject, ago(60), "M1")
    made.event(subject, "Nausea", onset=ago(30))
    made.event(subject, "Fever", onset=ago(12))
    made.keep()
    carl = Somebody("carl")
    carl.opens = lambda form, page="form": carl.sees(page, subject=subject, form=form)
    return carl


def test_every_source_that_the_shipped_study_names_is_known():
    assert named(PROTOCOL.plan) <= SOURCES.keys()


def test_a_plan_is_offered_the_courses_by_label(carl):
    assert offers(carl.opens("radiation_plan"), "courses") == {"S1": ""}


def test_a_report_is_offered_the_events_by_number_and_says_which_they_are(carl):
    found = offers(carl.opens("safety_report"), "adverse_events")
    assert list(found) == ["1", "2"]
    assert found["1"] == f"Nausea, {ago(30):%-d %b %Y}"


def test_a_condition_is_offered_the_terms_of_the_dictionary_those_that_are_expected_first(carl):
    found = list(offers(carl.opens("baseline_condition"), "ctcae_terms"))
    assert len(found) > 800
    expected = PROTOCOL.plan.safety.expected_terms
    assert set(found[: len(expected)]) == expected


def test_treatment_of_a_metastasis_is_offered_the_lesions(carl):
    assert LIVER["lesion"] in offers(carl.opens("metastasis_untreated"), "lesions")


def test_a_form_carries_no_list_that_it_does_not_ask_for(carl):
    assert offers(carl.opens("safety_report"), "ctcae_terms") is None
    assert offers(carl.opens("adverse_event", "adverse-event"), "ctcae_terms") is None  # the page has a search


@pytest.mark.parametrize("source", SOURCES)
def test_a_study_without_treatment_and_safety_is_offered_nothing_and_the_page_stands(
    database, tmp_path, monkeypatch, source
):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    monkeypatch.setattr(
        participant_help, "EVERYTHING", participant_help.EVERYTHING.replace("from: labels", f"from: {source}")
    )
    subject = participant(tmp_path / "study")
    answer = participant_help.Somebody("nina", subject).sees("form", form=participant_help.FORM)
    assert (answer.status_code, offers(answer, source)) == (200, {})
