"""The worklist: each situation's window, standing and tasks, and the order of urgency."""

from datetime import date

import pytest

from evenhand import steps
from evenhand.dates import DateSpan, on_day
from evenhand.eligibility import Calendar
from evenhand.eligibility.verdict import Assessor
from evenhand.refusal import Refusal
from evenhand.worklist import judged_ahead, listing, worklist
from tests.eligible import SECRET
from tests.waiting_people import (
    PROTOCOL,
    SIGNATURES,
    Scene,
    closing,
    days,
    everybody,
    fact,
    opening,
    person,
)

TODAY = date(2026, 7, 1)
SIGN = ("her2_determined_positive", "locally_treatable", "progression_free", "can_receive_all_treatments")
ALL_SIGNED = tuple(("sign", name) for name in SIGN)


def rows_of(scene, today=TODAY):
    return {row.subject: row for row in worklist(PROTOCOL, scene.history, {None: today}).rows}


@pytest.fixture(scope="module")
def here():
    scene, who = everybody(TODAY)
    rows = rows_of(scene)
    return {name: rows[subject] for name, subject in who.items() if subject in rows}


# situation: place, stage, standing, days left, days until it opens, tasks that are due
SITUATIONS = {
    "far": ("open", "consented", "eligible", 200, None, [("register", "")]),
    "last day": ("open", "consented", "undetermined", 0, None, ALL_SIGNED),
    "five days": (
        "open", "consented", "undetermined", 5, None,
        [("record", "ecog"), ("record", "kps"), *(one for one in ALL_SIGNED if one[1] != "progression_free")],
    ),
    "twelve days": ("open", "screened", "undetermined", 12, None, [("consent", ""), *ALL_SIGNED]),
    "forty days": ("open", "consented", "eligible", 40, None, [("register", "")]),
    "registered": ("open", "registered", "eligible", 90, None, [("randomize", "")]),
    "lapsed": ("open", "consented", "undetermined", 120, None, [("sign", "progression_free")]),
    "lapsing": ("open", "consented", "eligible", 130, None, [("register", "")]),
    "receptors unknown": (
        "open", "consented", "eligible", 150, None, [("register", ""), ("record", "estrogen_receptor")]
    ),
    "partial start": ("open", "consented", "undetermined", -2, None, [("record", "first_line.start")]),
    "unknown start": ("open", "consented", "undetermined", None, None, [("record", "first_line"), *ALL_SIGNED]),
    "opens in 4 days": ("opens", "consented", "ineligible", None, 4, ALL_SIGNED),
    "opens in 60 days": ("opens", "consented", "ineligible", None, 60, []),
    "closed yesterday": ("over", "consented", "ineligible", None, None, []),
    "too many lesions": ("over", "consented", "ineligible", None, None, []),
    "withdrawn": ("over", "screened", "eligible", None, None, []),
}  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_row_says_how_things_stand(here, situation):
    row = here[situation]
    place, stage, standing, left, until, tasks = SITUATIONS[situation]
    assert (row.place, row.stage, row.standing) == (place, stage, standing)
    assert (row.days_left, row.days_until) == (left, until)
    assert sorted((task.act, task.about) for task in row.due) == sorted(tasks)


def test_nobody_but_the_randomized_is_left_out(here):
    assert set(here) == set(SITUATIONS)
    scene, _ = everybody(TODAY)
    assert worklist(PROTOCOL, scene.history, {None: TODAY}).randomized == {"north": 1}


def test_who_is_called_first():
    scene, who = everybody(TODAY)
    names = {subject: name for name, subject in who.items()}
    assert [names[row.subject] for row in worklist(PROTOCOL, scene.history, {None: TODAY}).rows] == [
        "partial start",  # may have closed already
        "last day",
        "five days",
        "twelve days",
        "unknown start",  # counts as 30 days
        "forty days",
        "registered",
        "lapsed",
        "lapsing",
        "receptors unknown",
        "far",
        "opens in 4 days",
        "opens in 60 days",
        "closed yesterday",
        "withdrawn",
        "too many lesions",
    ]


def test_the_window_names_the_criteria_that_open_and_close_it(here):
    window = here["forty days"].window
    assert (window.last, window.opened_by, window.closed_by) == (TODAY + days(40), ("I6",), ("I6",))
    assert window.exact
    assert window.known


def test_a_window_that_closed_is_said_with_its_last_day(here):
    row = here["closed yesterday"]
    assert row.window.last == TODAY - days(1)
    assert row.failed == ("I6",)


def test_no_window_was_ever_there_for_too_many_lesions_but_before_they_were_seen():
    scene = Scene(TODAY)
    images = fact("imaging", {"date": on_day(TODAY), "metastases": 7})
    subject = scene.ready(person(TODAY, closing(TODAY + days(90)), images))
    row = rows_of(scene)[subject]
    assert row.window is None
    assert (row.place, row.failed) == ("over", ("I3",))


def test_a_missing_date_leaves_the_window_unknown(here):
    window = here["unknown start"].window
    assert (window.first, window.last, window.known) == (None, None, False)


@pytest.mark.parametrize(
    ("start", "first", "sure_first", "sure_last", "last"),
    [
        # 3 and 12 months after the first and after the last day that it may have been
        (DateSpan(date(2025, 11, 1), date(2025, 11, 30)), (2026, 2, 1), (2026, 2, 28), (2026, 11, 1), (2026, 11, 30)),
        (DateSpan(date(2025, 11, 5), date(2025, 11, 8)), (2026, 2, 5), (2026, 2, 8), (2026, 11, 5), (2026, 11, 8)),
        (on_day(date(2025, 11, 5)), (2026, 2, 5), (2026, 2, 5), (2026, 11, 5), (2026, 11, 5)),
    ],
)
def test_a_partial_date_gives_the_days_that_are_sure(start, first, sure_first, sure_last, last):
    scene = Scene(TODAY)
    subject = scene.ready(person(TODAY, start))
    row = rows_of(scene)[subject]
    window = row.window
    assert (window.first, window.last) == (date(*first), date(*last))
    assert (window.sure_first, window.sure_last) == (date(*sure_first), date(*sure_last))
    assert row.days_left == (date(*sure_last) - TODAY).days


def test_a_date_known_to_the_year_leaves_no_day_sure():
    scene = Scene(TODAY)
    subject = scene.ready(person(TODAY, DateSpan(date(2025, 1, 1), date(2025, 12, 31))))
    row = rows_of(scene)[subject]
    assert (row.window.sure_first, row.window.sure_last, row.window.known) == (None, None, False)
    assert (row.window.first, row.window.last) == (date(2025, 4, 1), date(2026, 12, 31))
    assert [task.about for task in row.due] == ["first_line.start"]


def test_a_window_that_may_have_closed_already_has_less_than_no_days_left():
    scene = Scene(TODAY)
    subject = scene.ready(person(TODAY, DateSpan(date(2025, 6, 1), date(2025, 7, 31))))
    row = rows_of(scene)[subject]
    assert (row.place, row.days_left) == ("open", -30)


def test_what_would_lapse_before_the_window_opens_is_signed_later(here):
    row = here["opens in 60 days"]
    opens = TODAY + days(60)
    (task,) = row.tasks  # the others hold for 3 months
    assert (task.act, task.about, task.start) == ("sign", "progression_free", opens - days(28))
    assert row.due == ()


def test_registering_waits_until_the_window_opens():
    scene = Scene(TODAY)
    subject = scene.ready(person(TODAY, opening(TODAY + days(4))))
    row = rows_of(scene)[subject]
    assert [(task.act, task.start) for task in row.tasks] == [("register", TODAY + days(4))]
    assert row.due == ()


def test_a_signature_that_lapses_before_the_window_closes_is_said(here):
    first = here["lapsing"].lapsing[0]
    assert (first.judgement, first.until) == ("progression_free", TODAY + days(4))
    assert here["five days"].lapsing == ()  # it holds longer than the window


def test_the_renewed_signature_counts():
    scene = Scene(TODAY)
    subject = scene.ready(person(TODAY, closing(TODAY + days(200))))
    scene.signed(subject, "progression_free", on=TODAY - days(1))
    lapsing = {one.judgement: one.until for one in rows_of(scene)[subject].lapsing}
    assert lapsing["progression_free"] == TODAY + days(27)


def test_every_lesion_is_named_in_one_task():
    scene = Scene(TODAY)
    lesions = [
        fact("metastases", {"lesion": name, "site": "liver", "confirmed_by": "pathology"}) for name in ("M1", "M2")
    ]
    complete = person(TODAY, closing(TODAY)).facts["metastases"][-1]
    subject = scene.consented(scene.screened(person(TODAY, closing(TODAY + days(9)), *lesions, complete)))
    (task,) = [task for task in rows_of(scene)[subject].due if task.about == "locally_treatable"]
    assert task.items == ("M1", "M2")
    assert task.roles == PROTOCOL.judgements["locally_treatable"].roles
    assert task.criteria == ("I5",)


def test_one_task_for_one_thing_that_several_criteria_wait_for(here):
    (task,) = [task for task in here["last day"].due if task.about == "progression_free"]
    assert task.criteria == ("I6", "E1")
    assert task.said == ("to be signed by the treating clinician",)


def test_a_derived_fact_is_recorded_by_what_it_is_computed_from():
    scene = Scene(TODAY)
    subject = scene.ready(person(TODAY, closing(TODAY + days(9)), without=["her2_tests"]))
    task = rows_of(scene)[subject].due[0]
    assert (task.act, task.label, task.facts, task.roles) == (
        "record",
        "HER2 status",
        ("her2_tests",),
        ("pathologist",),
    )


def test_a_code_that_says_too_little_leads_to_the_facts_that_the_rule_reads():
    scene = Scene(TODAY)
    vague = fact("metastases", {"lesion": "M1", "site": "nervous_system", "confirmed_by": "pathology"})
    complete = person(TODAY, closing(TODAY)).facts["metastases"][-1]
    subject = scene.ready(person(TODAY, closing(TODAY + days(9)), vague, complete))
    tasks = [task for task in rows_of(scene)[subject].due if task.act == "record"]
    assert all("metastases" in task.facts for task in tasks)
    assert any("does not say whether it belongs to cns" in said for task in tasks for said in task.said)


def test_a_stratum_that_is_not_known_is_asked_for(here):
    register, task = here["receptors unknown"].due  # registering does not wait for it
    assert (register.act, task.act) == ("register", "record")
    assert task.criteria == tuple(f"stratum {one.id}" for one in PROTOCOL.randomization.strata if "receptor" in one.id)


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        (None, []),
        ("0.9", [("consent", "given to participant-information 0.9; participant-information 1.0 is current")]),
    ],
)
def test_consent_to_an_older_version_is_renewed(version, wanted):
    scene = Scene(TODAY)
    subject = scene.signed(scene.screened(person(TODAY, closing(TODAY + days(9)))))
    scene.consented(subject, version=version)
    row = rows_of(scene)[subject]
    assert [(task.act, *task.said) for task in row.due if task.act == "consent"] == wanted
    assert row.stage == "consented"


def test_who_consents_again_is_back():
    scene = Scene(TODAY)
    subject = scene.withdrawn(scene.ready(person(TODAY, closing(TODAY + days(9)))), on=TODAY - days(3))
    assert (rows_of(scene)[subject].place, rows_of(scene)[subject].withdrawn) == ("over", TODAY - days(3))
    scene.consented(subject, on=TODAY - days(2))
    row = rows_of(scene)[subject]
    assert (row.place, row.withdrawn, [task.act for task in row.due]) == ("open", None, ["register"])


def test_the_same_candidate_is_over_when_the_last_day_has_passed():
    scene = Scene(TODAY)
    subject = scene.ready(person(TODAY, closing(TODAY + days(9))))
    assert rows_of(scene, TODAY + days(9))[subject].days_left == 0
    assert rows_of(scene, TODAY + days(10))[subject].place == "over"


def test_the_day_is_the_sites():
    scene = Scene(TODAY)
    north = scene.ready(person(TODAY, closing(TODAY)))
    south = scene.ready(person(TODAY, closing(TODAY)), "south")
    list_ = worklist(PROTOCOL, scene.history, {None: TODAY, "south": TODAY + days(1)})
    assert {row.subject: row.place for row in list_.rows} == {north: "open", south: "over"}


def test_what_did_not_change_is_not_judged_again():
    scene = Scene(TODAY)
    one, other = (scene.ready(person(TODAY, closing(TODAY + days(left)))) for left in (9, 5))
    before = rows_of(scene)
    assert rows_of(scene)[one] is before[one]
    scene.signed(other, "progression_free", on=TODAY)
    after = rows_of(scene)
    assert after[one] is before[one]
    assert after[other] is not before[other]
    assert rows_of(scene, TODAY + days(1))[one] is not before[one]


def takes(scene, step, subject, **given):
    """Whether the step is taken rather than refused."""
    try:
        step(PROTOCOL, scene.history, subject=subject, on=TODAY, by=None, at=scene._at, **given)
    except Refusal:
        return False
    return True


def test_the_list_says_register_or_randomize_just_when_the_step_is_taken():
    scene, who = everybody(TODAY)
    rows = rows_of(scene)
    for name, subject in who.items():
        if subject in rows:
            said = {task.act for task in rows[subject].due}
            assert ("register" in said) == takes(scene, steps.register, subject), name
            assert ("randomize" in said) == takes(scene, steps.randomize, subject, secret=SECRET), name


def test_the_signatures_of_the_scene_are_all_of_the_protocol():
    assert {name for name, *_ in SIGNATURES} == set(PROTOCOL.judgements) == set(SIGN)


def test_only_the_people_of_the_sites_asked_for_are_judged_and_counted():
    scene, _ = everybody(TODAY)
    whole = worklist(PROTOCOL, scene.history, {None: TODAY})
    for sites in (("north",), ("south",), ("north", "south"), (None,), ()):
        part = worklist(PROTOCOL, scene.history, {None: TODAY}, sites)
        assert part.rows == tuple(row for row in whole.rows if row.site in sites)
        assert part.randomized == {site: count for site, count in whole.randomized.items() if site in sites}
    assert worklist(PROTOCOL, scene.history, {None: TODAY}) is whole  # kept apart from those of some sites


def test_who_has_no_window_any_more_is_not_judged_on_another_day(monkeypatch):
    scene, who = everybody(TODAY)
    rows_of(scene)
    judged = []
    assess = Assessor.assess

    def watched(self, person, on):
        judged.append(person.id)
        return assess(self, person, on)

    monkeypatch.setattr(Assessor, "assess", watched)
    monkeypatch.setattr(Calendar, "of", None)  # what time alone brings is known
    rows = rows_of(scene, TODAY + days(1))
    assert set(judged) == {subject for subject, row in rows.items() if row.place != "over"}
    assert who["closed yesterday"] not in judged


def test_candidates_may_be_judged_ahead_and_no_further_than_wanted(monkeypatch):
    monkeypatch.setattr(listing, "_ROWS", {})
    scene, _ = everybody(TODAY)
    ahead = judged_ahead(PROTOCOL, scene.history, {None: TODAY})
    for _ in range(3):
        next(ahead)
    assert len(listing._ROWS) == 3
    for _ in ahead:
        pass
    monkeypatch.setattr(listing, "_judged", None)  # nothing is left to be judged
    assert len(rows_of(scene)) == len(SITUATIONS)
