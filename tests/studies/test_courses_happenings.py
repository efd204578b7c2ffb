"""What befalls made-up participants of the shipped studies, one thing at a time: a fatal side effect, a progression
that no scan shows, side effects that nobody reports, a reaction that nobody expects."""

from functools import cache

import pytest

from evenhand.conduct import forms, treatment
from evenhand.oncology.radiation import Outcome
from evenhand.protocol import load_protocol
from evenhand.record import dump
from evenhand.replay import verify_record
from evenhand.simulation import load_scenario, walk
from evenhand.simulation.courses.sheet import Clinical, Dying, SideEffect
from tests.studies_here import SHIPPED

FOLLOWED = [folder for folder in SHIPPED if load_scenario(folder, load_protocol(folder).version.id).after_randomization]
each = pytest.mark.parametrize("folder", FOLLOWED, ids=lambda folder: folder.name)


@cache
def study(folder):
    protocol = load_protocol(folder)
    return protocol, load_scenario(folder, protocol.version.id)


def walked(folder, people=10, seed=4, **changes):
    protocol, scenario = study(folder)
    section = scenario.after_randomization.model_copy(update=changes)
    made = walk(protocol, scenario.model_copy(update={"after_randomization": section}), people=people, seed=seed)
    assert verify_record(dump(made.history.entries), protocol, secret=made.secret).findings == ()
    assert not made.report.followed.refused
    return protocol, [made.history.subject(name) for name in made.history.subjects]


def entered(protocol, people, role):
    return [
        (known, entry)
        for known in people
        if known.allocation is not None
        for entry in forms.entries_reading(protocol, known, role)
    ]


def effect(**more):
    known = {"term": "Pneumonitis", "days": [20, 40], "grades": {"3": 1}, "lasts": [10, 20]}
    return SideEffect(**{**known, "related": {"her2_antibodies": "probable"}, **more})


@each
def test_everything_that_happens_says_why_so_often(folder):
    section = study(folder)[1].after_randomization
    for what in (*section.happenings, *section.side_effects):
        assert what.source or what.assumed, what


@each
@pytest.mark.parametrize(("related", "cause"), [("her2_antibodies", "treatment"), ("other", "unknown")])
def test_a_fatal_side_effect_ends_a_life_and_is_its_cause_if_it_is_laid_upon_a_treatment(folder, related, cause):
    fatal = effect(grades={"5": 1}, related={related: "probable"})
    regimen = [what for what in study(folder)[1].after_randomization.happenings if what.id == "regimen"]
    none = Dying(causes={"before": {"unknown": 1}, "after": {"unknown": 1}})
    protocol, people = walked(folder, side_effects=[fatal], happenings=regimen, leaving=[], death=none)
    events, deaths = entered(protocol, people, "adverse_event"), entered(protocol, people, "death")
    assert len(events) == len(deaths) > 2
    died = {known.subject: entry.values["died"].first for known, entry in deaths}
    for known, entry in events:
        assert (entry.values["outcome"], entry.values["serious"], entry.values["death"]) == ("fatal", True, True)
        assert entry.values["ended"].first == died[known.subject]
        assert [row["grade"] for row in entry.rows("course")][-1] == 5
    assert {entry.values["cause"] for _, entry in deaths} == {cause}


@each
def test_a_progression_that_no_scan_shows_is_determined_clinically(folder):
    section = study(folder)[1].after_randomization
    clinical = Clinical(share=1, because={"made up: no scan": 1})
    progression = section.progression.model_copy(update={"clinical": clinical, "otherwise": 0})
    protocol, people = walked(folder, people=16, progression=progression, happenings=[], side_effects=[])
    found = [entry for _, entry in entered(protocol, people, "response") if entry.values.get("progressed") is True]
    assert found and {entry.values["basis"] for entry in found} == {"clinical"}
    scans = {(known.subject, entry.visit): entry for known, entry in entered(protocol, people, "scan")}
    said = [one.not_done for known in people if known.allocation for one in forms.entries(protocol, known)]
    assert said.count("made up: no scan") >= len(found) and scans


@each
def test_what_a_site_does_not_report_is_not_in_the_record_unless_it_is_serious(folder):
    desk = study(folder)[1].after_randomization.desk.model_copy(update={"unreported": 1})
    mild, grave = effect(grades={"2": 1}), effect(term="Thromboembolic event", serious={"3": 1})
    protocol, people = walked(folder, side_effects=[mild, grave], happenings=[], desk=desk, sites={})
    terms = {entry.values["term"] for _, entry in entered(protocol, people, "adverse_event")}
    assert terms == {"Thromboembolic event"}


@each
@pytest.mark.parametrize(("term", "expected"), [("Ejection fraction decreased", True), ("Gastric ulcer", False)])
def test_what_is_known_of_a_treatment_is_expected_and_else_the_review_board_hears_of_it(folder, term, expected):
    section = study(folder)[1].after_randomization
    regimen = [what for what in section.happenings if what.id == "regimen"]
    grave = effect(term=term, serious={"3": 1})
    protocol, people = walked(folder, side_effects=[grave], happenings=regimen)
    events = entered(protocol, people, "adverse_event")
    assert events and {entry.values["expected"] for _, entry in events} == {expected}
    boards = [entry for _, entry in entered(protocol, people, "safety_report") if entry.values["regime"] == "irb"]
    assert bool(boards) is not expected


@each
def test_radiation_is_given_as_its_forms_say_and_most_plans_can_be_judged(folder):
    protocol, people = walked(folder, people=28, side_effects=[])
    here = [known for known in people if known.allocation is not None]
    courses = [course for known in here for course in treatment.courses(protocol, known) if course.ended]
    assert len(courses) > 5
    assert not any(course.unexplained_days for course in courses if course.role == "locoregional_radiation")
    assert all(day.weekday() < 5 for course in courses for day in (course.started, course.ended))
    plans = [
        {check.answer.outcome for check in plan.checks}
        for known in here
        for plan in treatment.checked_plans(protocol, known)
    ]
    assert len(plans) > 5
    assert sum(Outcome.NOT_ASSESSABLE in plan for plan in plans) <= len(plans) / 4
