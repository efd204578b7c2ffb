"""The parts of a participant's page: kept for as long as they say the same, and never a moment longer."""

import re

import pytest
from django.conf import settings

from evenhand.web import store
from evenhand.web.pages.participants import course, fragments
from tests.web.desks_help import STUDY, Made, Somebody, ago, form_of


@pytest.fixture
def made(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    made = Made(days=200)
    made.subject = made.participant(arm="local")
    made.treats(made.subject)
    made.lesions(made.subject)
    made.scan(made.subject, ago(110), "follow_up.1")
    made.irradiates(made.subject, ago(60), "M1")
    made.event(made.subject, "Nausea", "1", ago(50))
    return made.keep()


def page(user, subject):
    """What the page says about her; what is around it differs from one answer to the next."""
    found = re.search("<main.*</main>", user.sees("participant", subject=subject).content.decode(), re.DOTALL)
    return found[0]


def reports(user, subject):
    """Fill in a safety report: it changes one form and nothing else that the page says."""
    typed = {"f.event": "1", "f.regime": "sponsor", "f.report": "follow_up", "f.sent": ago(3).isoformat()}
    answer = user.fills("form", typed, subject=subject, form="safety_report")
    assert answer.status_code == 302, form_of(answer)
    user.client.get(answer["Location"])  # which says that it is recorded, once


def untreated(user, subject):
    typed = {"f.decided": ago(2).isoformat(), "f.because": "participant", "f.lesions.0.lesion": "M1"}
    answer = user.fills("form", {"rows.lesions": "1", **typed}, subject=subject, form="metastasis_untreated")
    assert answer.status_code == 302, form_of(answer)
    user.client.get(answer["Location"])  # which says that it is recorded, once


def test_an_entry_renders_anew_what_it_changes_and_no_more(made, monkeypatch):
    rendered = []
    render = fragments.render_to_string
    monkeypatch.setattr(fragments, "render_to_string", lambda name, given: rendered.append(name) or render(name, given))
    carl = Somebody("carl")
    page(carl, made.subject)
    assert len(rendered) == 8
    rendered.clear()
    reports(carl, made.subject)
    assert "Safety report" in page(carl, made.subject)
    assert rendered == ["participant/_forms.html"]


@pytest.mark.parametrize("enter", [reports, untreated])
def test_what_is_kept_is_what_would_be_rendered_anew(made, enter):
    carl, mona = Somebody("carl"), Somebody("mona")
    for _ in range(2):
        kept = [page(user, made.subject) for user in (carl, mona)]
        course.forget()
        assert [page(user, made.subject) for user in (carl, mona)] == kept
        enter(carl, made.subject)
    assert store.current(STUDY).subject(made.subject).entries[-1].kind in ("form_entered", "query_opened")
