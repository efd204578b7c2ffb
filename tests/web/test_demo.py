"""The demonstration: a trial of made-up people that looks alive on whatever day it is made."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from django.contrib.auth import get_user_model

from evenhand.administration import grants, site_of, sites
from evenhand.conduct import forms, quality, safety, schedule
from evenhand.conduct.ending import ends_of
from evenhand.dates import DateSpan
from evenhand.eligibility import assessor_of
from evenhand.protocol import load_protocol
from evenhand.record import dump
from evenhand.record.facts import recorded_person
from evenhand.replay import verify_record
from evenhand.web import access, store
from evenhand.web.demo import make_demonstration, people
from evenhand.web.demo.patients import own_patients
from evenhand.web.demo.record import living_trial
from evenhand.worklist import worklist
from tests.studies_here import SHIPPED

LIVING = [folder for folder in SHIPPED if list(folder.glob("*/scenario.yaml"))]
LEAP_DAY, NEW_YEAR, SUMMER = date(2028, 2, 29), date(2027, 1, 1), date(2026, 8, 15)
PASSWORD = "abcd-efgh-jkmn"


# ---- the record --------------------------------------------------------------------------------


@pytest.mark.parametrize("today", [datetime.now(UTC).date(), LEAP_DAY, NEW_YEAR, SUMMER], ids=str)
@pytest.mark.parametrize("folder", LIVING, ids=lambda folder: folder.name)
def test_on_any_day_the_trial_is_under_way(folder, today):
    protocol = load_protocol(folder)
    made = living_trial(protocol, folder, people=100, today=today)
    history = made.history
    assert 60 <= len(history.subjects) <= 115
    assert 25 <= sum(made.report.randomized.values()) <= 55
    assert history.state.accrual_open
    assert max(entry.recorded_at for entry in history.entries).date() < today
    assert timedelta(days=750) < today - history.entries[0].effective < timedelta(days=1100)
    found = verify_record(dump(history.entries), protocol, secret=made.secret)
    assert (found.findings, found.arms) == ((), "derived again")
    rows = worklist(protocol, history, {None: today, **{site.code: today for site in sites(history)}}).rows
    open_now = [row for row in rows if row.place == "open"]
    assert 10 <= len(open_now) <= 40
    assert {row.stage for row in open_now} == {"screened", "consented", "registered"}
    assert any(row.place == "opens" for row in rows)
    assert any(row.days_left is not None and row.days_left <= 14 for row in open_now)
    roles = {role for row in open_now for task in row.tasks for role in task.roles}
    assert roles >= {judgement.roles[0] for judgement in protocol.judgements.values()}


@pytest.mark.parametrize("folder", LIVING, ids=lambda folder: folder.name)
def test_years_of_it_can_be_looked_at_and_there_is_work_to_do_today(folder):
    today = datetime.now(UTC).date()
    protocol = load_protocol(folder)
    made = living_trial(protocol, folder, people=100, today=today)
    if not made.report.followed.entries:
        pytest.skip("this study plans nothing after randomization")
    assert not made.report.followed.refused
    people = [made.history.subject(name) for name in made.history.subjects]
    people = [known for known in people if known.allocation is not None]
    for arm in protocol.arms:  # each arm has somebody with a long story
        assert max(len(known.entries) for known in people if known.allocation.arm == arm.id) > 60
    ended = [ends_of(protocol, known) for known in people]
    assert sum(one.over(today) for one in ended) >= 3
    assert any(one.over(today) and one.follow_up.ending.by == "progression" for one in ended)
    assert sum(len(quality.open_queries(known)) for known in people) >= 1
    late = [one for known, end in zip(people, ended, strict=True) for one in schedule.due(protocol, known, today, end)]
    assert any(one.when == "late" for one in late)
    owed = [one for known in people for one in safety.obligations(protocol, known)]
    assert any(one.state(datetime.now(UTC)) in ("open", "overdue") for one in owed)
    waiting = [
        entry
        for known in people
        for entry in forms.entries(protocol, known)
        if quality.wants_signature(entry, forms.marks_of(known, entry.seq))
    ]
    assert len(waiting) >= 5


def test_the_secret_is_drawn_anew_each_time():
    protocol = load_protocol(LIVING[0])
    one, other = (living_trial(protocol, LIVING[0], people=2, today=SUMMER) for _ in range(2))
    assert one.secret != other.secret


# ---- the study's own patients ------------------------------------------------------------------


@pytest.mark.parametrize("folder", LIVING, ids=lambda folder: folder.name)
def test_own_patients_stand_today_as_they_stood_on_their_day(folder):
    protocol = load_protocol(folder)
    assessor = assessor_of(protocol)
    theirs = date(2026, 11, 23)
    then = {person.id: assessor.assess(person, theirs).standing for person in own_patients(protocol, folder, theirs)}
    assert len(then) >= 2
    for days in (1, 28, 365):  # by whole days: months differ in length, so a criterion may turn, but not for most
        later = own_patients(protocol, folder, theirs + timedelta(days=days))
        now = {person.id: assessor.assess(person, theirs + timedelta(days=days)).standing for person in later}
        assert sum(then[name] == now[name] for name in then) >= len(then) - 1
        assert not any(person.attestations for person in later)


@pytest.mark.parametrize("folder", LIVING, ids=lambda folder: folder.name)
def test_every_date_of_a_patient_moves(folder):
    protocol = load_protocol(folder)
    day, later = date(2026, 11, 23), timedelta(days=40)
    before, after = (own_patients(protocol, folder, on) for on in (day, day + later))
    for one, other in zip(before, after, strict=True):
        spans = list(spans_in(one.facts))
        assert len(spans) > 5
        assert [DateSpan(span.first + later, span.last + later) for span in spans] == list(spans_in(other.facts))


def spans_in(facts):
    """Every date of a person's facts, in order."""
    for fact in (fact for some in facts.values() for fact in some):
        values = fact.value.values() if isinstance(fact.value, dict) else [fact.value]
        yield from (value for value in (fact.date, *values) if isinstance(value, DateSpan))


def test_a_study_without_patients_has_none(tmp_path):
    assert own_patients(load_protocol(LIVING[0]), tmp_path, SUMMER) == []


# ---- names -------------------------------------------------------------------------------------


def test_every_name_is_another_one_and_says_that_nobody_bears_it():
    some = list(islice(people.names(), 1_000))
    assert len(set(some)) == len(some)
    assert all(name.startswith("Demo ") for name in some)


def test_every_role_is_held_and_one_coordinator_works_at_two_sites():
    places = people.sites_of(["north", "south-east"])
    held = people.grants_of(places)
    assert len(set(held)) == len(held) == 6 + 2 * 5 + 1
    at = Counter(grant.user for grant in held)
    assert [user for user, count in at.items() if count > 1] == ["demo-coordinator-north"]
    assert places[1].name == "Demo Hospital South East"
    assert people.staff("coordinator", "south-east").printed == "Demo Coordinator South-East"


def test_one_site_is_enough():
    assert len(people.grants_of(people.sites_of(["here"]))) == 6 + 5


# ---- in the database ---------------------------------------------------------------------------


def test_the_demonstration_in_the_database(database):
    (study, *_) = make_demonstration(people=30, password=PASSWORD)
    history = store.current(study)
    found = store.verified(study)
    assert (found.findings, found.arms) == ((), "derived again")
    assert history.entries[-1].recorded_at <= datetime.now(UTC)
    _everybody_has_a_made_up_name(study, history)
    _whoever_wrote_held_the_role(history)
    _accounts_are_those_of_the_roles(history)
    _all_sign_with_the_one_password()
    assert {site.time_zone for site in sites(history)} != {"UTC"}


def _everybody_has_a_made_up_name(study, history):
    known = store.identity_of(study, history.subjects)
    assert list(known) == list(history.subjects)
    protocol = store.protocol_of(study)
    (birth,) = [name for name, kind in protocol.vocabulary.facts.items() if kind.identifying]
    for subject, found in known.items():
        assert found.who.name.startswith("Demo ")
        assert found.site == site_of(history, subject)
        recorded = recorded_person(history.subject(subject), protocol.vocabulary).facts[birth][-1].value
        assert recorded.first <= found.who.birth_date <= recorded.last


def _whoever_wrote_held_the_role(history):
    held = {(grant.user, grant.role, grant.site) for grant in grants(history)}
    first, *rest = history.entries
    assert (first.kind, first.by.user) == ("role_granted", "installer")
    assert [entry for entry in rest if (entry.by.user, entry.by.role, entry.by.site) not in held] == []


def _accounts_are_those_of_the_roles(history):
    accounts = {account.username: account for account in access.accounts()}
    assert set(accounts) == {grant.user for grant in grants(history)}
    assert all(account.printed_name.startswith("Demo ") for account in accounts.values())


def _all_sign_with_the_one_password():
    users = get_user_model().objects.all()
    assert len({user.password for user in users}) == 1
    assert users[0].check_password(PASSWORD)
    assert all(user.demo for user in users)
