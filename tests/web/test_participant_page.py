"""The list of participants and the page of one: what is due, what happened, drawn and in words; who sees whom."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from evenhand import steps
from evenhand.conduct.entering import Given
from evenhand.conduct.forms import read_typed
from evenhand.record import Actor
from evenhand.web import store
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.course import course_of
from evenhand.web.pages.participants.timeline import _label_anchor
from tests.web.candidate_help import Visitor, address
from tests.web.enrol_help import text
from tests.web.trial_here import COORDINATOR, NORTH, SOUTH, STUDY, Making, eligible_now


class Following(Making):
    """A record in the making whose participants have something entered."""

    def enter(self, subject, form, visit=None, **typed):
        read = read_typed(self.protocol.plan.forms[form], typed)
        assert not read.faults, read.faults
        given = Given(form, read.values, None, visit)
        self.take(steps.enter, COORDINATOR, subject=subject, given=given, on=self.at.date())


@pytest.fixture(autouse=True)
def without_second_factor(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)


def randomized(making, site=NORTH):
    subject = making.candidate("registered", site, who=eligible_now(making.at.date()))
    by = Actor(COORDINATOR.user, "coordinator", site)
    making.take(steps.randomize, by, subject=subject, secret=bytes(range(32)), on=making.at.date())
    return subject


def the_list(visitor, query=""):
    return visitor.client.get(reverse("participants", kwargs={"study": STUDY}) + query)


def number(subject):
    return str(store.current(STUDY).subject(subject).registration.body["participant"])


def test_the_list_shows_the_participants_of_ones_own_sites():
    making = Following()
    north, south = randomized(making), randomized(making, SOUTH)
    candidate = making.candidate("registered")
    making.keep()
    shown = text(the_list(Visitor("nora", "coordinator", NORTH)))
    assert number(north) in shown
    assert number(south) not in shown
    assert number(candidate) not in shown
    everybody = text(the_list(Visitor("mona", "monitor", None)))
    assert number(north) in everybody
    assert number(south) in everybody
    assert "2 shown of 2 participants" in everybody


def test_the_list_can_be_narrowed_down():
    making = Following()
    north, south = randomized(making), randomized(making, SOUTH)
    making.keep()
    mona = Visitor("mona", "monitor", None)
    assert number(south) not in text(the_list(mona, "?site=north"))
    assert "No participant fits" in text(the_list(mona, "?show=over"))
    assert number(north) in text(the_list(mona, "?show=nonsense&page=x&site="))


def test_an_empty_list_says_so():
    Following().keep()
    assert "Nobody has been randomized at your sites yet" in text(the_list(Visitor()))


def test_the_page_says_who_where_and_what_is_due():
    making = Following()
    subject = randomized(making)
    making.keep()
    shown = text(Visitor().sees("participant", subject))
    allocation = store.current(STUDY).subject(subject).allocation
    protocol = store.protocol_of(STUDY)
    assert protocol.arm(allocation.arm).label in shown
    assert "in follow-up" in shown
    for visit in protocol.plan.schedule.visits.values():
        if visit.anchor.kind == "randomization" and not visit.series and not visit.arms:
            assert visit.label in shown


def test_somebody_of_another_site_and_a_candidate_have_no_page():
    making = Following()
    subject, candidate = randomized(making), making.candidate("registered")
    making.keep()
    assert Visitor("sören", "coordinator", SOUTH).sees("participant", subject).status_code == 404
    assert Visitor().sees("participant", candidate).status_code == 404
    assert Visitor().sees("participant", "S9999-9").status_code == 404


def test_a_visit_entered_is_shown_as_done_and_what_is_missing_of_it():
    making = Following()
    subject = randomized(making)
    visit = making.protocol.plan.reading("visit")[0]
    name = next(one.id for one in making.protocol.plan.schedule.visits.values() if not one.series and not one.arms)
    on = making.at.date()
    making.enter(subject, visit.id, visit=name, date=on.isoformat(), way="in_person")
    making.keep()
    page = Visitor().sees("participant", subject)
    assert "took place" in text(page)
    assert "missing" in text(page)
    assert re.search(r'class="sign done"', page.content.decode())


def test_what_is_drawn_is_said_in_words():
    """Everything in the drawing has a line in the list beside it."""
    making = Following()
    subject = randomized(making)
    (therapy,) = making.protocol.plan.reading("systemic_therapy")
    (event,) = making.protocol.plan.reading("adverse_event")
    start, on = making.at.date() - timedelta(days=100), making.at.date()
    making.enter(subject, therapy.id, started=str(start), regimen="thp_hp", because="first_treatment")
    making.enter(
        subject, event.id, term="Nausea", onset=str(on), outcome="recovering", serious="no",
        course=[{"day": str(on), "grade": "2"}], attribution=[{"intervention": "disease", "relation": "unlikely"}],
    )  # fmt: skip
    making.keep()
    page = Visitor().sees("participant", subject).content.decode()
    drawing, words = page[page.index('class="scroll lanes"') :].split("<summary>The same in words</summary>")
    said = re.findall(r"<title>([^<]*)</title>", drawing)
    assert len(said) >= 3
    assert "G2 Nausea" in drawing
    assert "Nausea, worst grade 2" in words
    assert "line 1" in words
    for one in said:
        days, _, what = one.partition(": ")
        assert days in words, one
        assert what in words, one


@pytest.mark.parametrize(("part", "anchor"), [(0, "start"), (14, "start"), (50, "middle"), (90, "end")])
def test_a_label_near_an_edge_is_not_cut_off(part, anchor):
    assert _label_anchor(part) == anchor


def test_the_day_of_randomization_is_labelled_within_the_drawing():
    making = Following()
    subject = randomized(making)
    making.keep()
    html = Visitor().sees("participant", subject).content.decode()
    assert re.search(r'<text class="here"[^>]*text-anchor="start">randomized', html)


def test_what_one_may_not_fill_in_is_no_link():
    making = Following()
    subject = randomized(making)
    making.keep()
    plan = store.protocol_of(STUDY).plan
    page = Visitor("mona", "monitor", None).sees("participant", subject).content.decode()
    assert not [one for one in plan.forms.values() if links.new_address(STUDY, subject, one) in page]
    page = Visitor().sees("participant", subject).content.decode()
    arm = store.current(STUDY).subject(subject).allocation.arm
    for form in plan.forms.values():
        if not form.visits and "coordinator" in form.entered_by and (not form.arms or arm in form.arms):
            assert f'href="{links.new_address(STUDY, subject, form)}"' in page, form.id


def test_the_page_is_the_same_after_the_day_has_changed():
    """What is remembered of a participant is of one day."""
    making = Following()
    subject = randomized(making)
    known, today = making.history.subject(subject), date.today()
    first = course_of(making.protocol, known, today)
    assert course_of(making.protocol, known, today) is first
    later = course_of(making.protocol, known, today + timedelta(days=400))
    assert [one.state for one in later.visits] != [one.state for one in first.visits]


def test_the_candidates_page_leads_to_the_participant():
    making = Following()
    subject = randomized(making)
    making.keep()
    assert f'href="{address("participant", subject)}"' in Visitor().sees("candidate", subject).content.decode()


def test_what_is_remembered_of_a_page_is_not_shown_to_other_roles():
    """Parts are rendered once for each set of roles: a monitor sees no link that a coordinator's page left behind."""
    making = Following()
    subject = randomized(making)
    making.keep()
    carl, mona = Visitor(), Visitor("mona", "monitor", None)
    form = store.protocol_of(STUDY).plan.reading("systemic_therapy")[0]
    address = links.new_address(STUDY, subject, form)
    offered = [address in one.sees("participant", subject).content.decode() for one in (carl, mona, carl, mona)]
    assert offered == [True, False, True, False]


def test_the_page_is_that_of_the_record_as_it_is_now():
    making = Following()
    subject = randomized(making)
    making.keep()
    carl = Visitor()
    assert "another regimen" not in text(carl.sees("participant", subject))
    (therapy,) = making.protocol.plan.reading("systemic_therapy")
    values = {"started": str(making.at.date()), "regimen": "other", "because": "first_treatment"}
    given = Given(therapy.id, {**values, "other_regimen": "a made-up regimen"})
    store.perform(STUDY, steps.enter, by=COORDINATOR, subject=subject, given=given)
    page = carl.sees("participant", subject).content.decode()
    assert "another regimen, line 1" in page


def test_how_somebody_left_is_said_with_its_day():
    making = Following()
    subject = randomized(making)
    on = making.at.date()
    (death,) = making.protocol.plan.reading("death")
    code = next(iter(death.fields["cause"].type.codes))
    values = {
        name: code if name == "cause" else str(on) if asked.type.kind == "date" else "known"
        for name, asked in death.fields.items()
        if name in ("died", "cause")
    }
    making.enter(subject, death.id, **values)
    making.keep()
    shown = text(Visitor().sees("participant", subject))
    ending = next(one for one in making.protocol.plan.schedule.endings.by_id.values() if one.by == "death")
    assert f"{ending.label} {on.day} {on:%b %Y}" in shown
    assert "at the latest" not in shown
    assert number(subject) in text(the_list(Visitor(), "?show=over"))
    before = text(Visitor().sees("candidate", subject))  # whoever opens this page first is told too
    assert before.count(f"{ending.label}") == 2 and f"{ending.label} {on.day} {on:%b %Y}" in before
