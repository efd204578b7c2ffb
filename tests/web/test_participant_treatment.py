"""Local therapy on a participant's page: held against times, doses and limits of the plan, with their sources."""

import re
from html import unescape

import pytest
from django.conf import settings

from tests.web.browser import DESKTOP, PHONE, faults
from tests.web.desks_help import STUDY, Made, Somebody, ago
from tests.web.test_desks_browser import shot
from tests.web.test_study_in_browser import at_desk


def plans(made, subject, *organs, course="S1", fractions="3"):
    rows = [dict(zip(("organ", "reach", "volume", "dose"), one.split(), strict=True)) for one in organs]
    given = {"approved": ago(70).isoformat(), "fractions": fractions, "organs": rows}
    return made.enters(subject, "radiation_plan", ago(70), course=course, **given)


@pytest.fixture
def made(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    return Made(days=200)


def shown(made, subject):
    """The part of the page about local therapy, without its marks; empty where the page has none."""
    made.keep()
    page = Somebody("carl").sees("participant", subject=subject).content.decode()
    part = re.search('<section class="card" aria-labelledby="local">(.*?)</section>', page, re.DOTALL)
    return (
        " ".join(unescape(re.sub("<[^>]+>", "", re.sub("<(h3|li|summary|p)", r"  <\1", part[1]))).split())
        if part
        else ""
    )


def test_the_windows_of_the_plan_stand_there_with_their_days_and_their_source(made):
    said = shown(made, made.participant(arm="local"))
    first = f"overdue Local therapy begins: from {ago(200):%-d %b %Y} to {ago(144):%-d %b %Y}. Within 8 weeks"
    assert first in said
    assert "not begun Locoregional radiation begins after surgery." in said


def test_a_prescription_of_the_set_is_told_from_another(made):
    subject = made.participant(arm="local")
    made.irradiates(subject, ago(60), "M1")
    dose = {"planned_gy": "30", "planned_fractions": "5"}
    begun = {"started": ago(50).isoformat(), "lesions": [{"lesion": "M1"}]}
    made.enters(subject, "metastasis_radiation", ago(50), course="S2", site="spine", **begun, **dose)
    said = shown(made, subject)
    assert "as planned S1, liver: 45 Gy in 3 fits 45 Gy in 3 (nrg_br001 2026-1, seen). Source: nrg_br001 2026-1" in said
    assert "from PMC8063134 abstract" in said
    assert "another dose S2, spine: 30 Gy in 5 is not 30 Gy in 3" in said


def test_a_limit_that_is_exceeded_is_said_with_its_limit_and_table(made):
    subject = made.participant(arm="local")
    made.irradiates(subject, ago(60), "M1")
    plans(made, subject, "duodenum hot 0.035 30", "liver spared 700 10")
    said = shown(made, subject)
    assert "1 limit exceeded Plan of S1, 3 fractions" in said
    assert "Exceeded: duodenum: the hottest 0.035 cc receive 30 Gy or more; the limit is: hottest 0.035 cc" in said
    assert "Source: tg101 2026-1" in said
    assert "No dose is entered for the stomach" in said  # open, and never called kept
    assert "1 limit kept Liver: the coldest 700 cc receive 10 Gy or less; the limit is:" in said


def test_a_plan_that_keeps_its_limits_and_says_nothing_of_other_organs_is_open(made):
    subject = made.participant(arm="local")
    made.irradiates(subject, ago(60), "M1")
    plans(made, subject, "liver spared 700 10")
    assert "open Plan of S1, 3 fractions" in shown(made, subject)


def test_two_courses_that_dose_one_organ_are_remarked_with_both_entries(made):
    subject = made.participant(arm="local")
    made.irradiates(subject, ago(60), "M1")
    first = plans(made, subject, "liver hot 0.035 10")
    second = plans(made, subject, "liver hot 0.035 5", course="S0")
    said = shown(made, subject)
    assert "To be looked at S1 and S0 give dose to one organ, the liver: at most" in said
    assert f"entry {first} entry {second}" in said
    assert "Plan of S0, a course that is not recorded" in said


def test_without_planned_local_therapy_and_without_remarks_nothing_is_shown(made):
    subject = made.participant(arm="usual")
    assert shown(made, subject) == ""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_has_no_faults(made, server, new_page, size):
    subject = made.participant(arm="local")
    made.treats(subject)
    made.irradiates(subject, ago(60), "M1")
    plans(made, subject, "duodenum hot 0.035 30", "liver spared 700 10")
    plans(made, subject, "liver hot 0.035 5", course="S0")
    made.keep()
    page = new_page(size)
    at_desk(page, server, Somebody("carl"))
    page.goto(f"{server.address}/{STUDY}/participants/{subject}")
    page.get_by_role("heading", name="Doses to organs at risk").wait_for()
    shot(page, "treatment", size)
    assert faults(page) == []
