"""The flow of participants: what each person counts under, by real steps and a real record."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from evenhand import steps
from evenhand.accrual import losses
from evenhand.analysis import analyse, cut
from evenhand.analysis.flow import after, before, flow_section, of_arm, screening_section
from evenhand.protocol import load_versions
from evenhand.record import Actor, Event, append
from tests.amended import Amended, add_version, amended_study
from tests.conduct_help import RANDOMIZED_ON, participant
from tests.eligible import ATTESTED, ON, PROTOCOL, Trial, changed, person
from tests.response_help import Person, followed, month
from tests.walked_help import answer, assert_adds_up, counts, cut_at, part, swapped, walked, with_arms

LATE = date(2027, 6, 1)


def trial():
    return Trial().activated(["north", "idle"])


def cut_of(of, on=ON):
    return cut(PROTOCOL, of.history, effective=on, recorded=datetime.combine(on, time(23), UTC))


def told(of, on=ON):
    """Every part before randomization in which anybody is."""
    return {one.id: one.number for one in before(cut_of(of, on)).within() if one.number}


# ---- before randomization -----------------------------------------------------------------------


def test_somebody_who_fails_a_criterion_is_excluded_under_it():
    of = trial()
    of.screened(person(changed("ecog", 3, "2026-06-20")))
    found = told(of)
    assert found == {"assessed": 1, "excluded": 1, "excluded_not_eligible": 1, "excluded_i7": 1}


def test_who_fails_two_criteria_stands_under_both_and_is_one_person():
    of = trial()
    brain = changed("metastases", {"lesion": "M2", "site": "brain"})
    of.screened(person(*person().facts["metastases"], brain))
    found = told(of)
    assert found["excluded_not_eligible"] == 1
    assert (found["excluded_i3"], found["excluded_e4"]) == (1, 1)


def test_who_may_still_enter_is_in_screening_until_time_runs_out():
    of = trial()
    of.screened()
    assert told(of) == {"assessed": 1, "screening": 1}
    assert told(of, LATE) == {"assessed": 1, "excluded": 1, "excluded_out_of_time": 1, "excluded_met": 1}


def test_whose_signatures_were_missing_when_time_ran_out_left_something_open():
    of = trial()
    of.screened(attested=())
    assert told(of, LATE)["excluded_left_open"] == 1


def test_who_withdrew_consent_is_excluded_for_that_and_the_entry_says_so():
    of = trial()
    subject = of.consented(of.screened())
    of.until(datetime.combine(ON, time(9), UTC))
    (entry,) = of.take(steps.withdraw_consent, subject=subject, on=ON, reason=None)
    found = before(cut_of(of)).find("excluded_withdrew")
    assert [(one.subject, one.seqs) for one in found.people] == [(subject, (entry.seq,))]


def test_who_is_registered_waits_or_is_not_randomized():
    of = trial()
    subject = of.registered()
    assert told(of) == {"assessed": 1, "registered": 1, "awaiting": 1}
    of.until(datetime.combine(ON + timedelta(days=1), time(9), UTC))
    of.take(steps.withdraw_consent, subject=subject, on=ON + timedelta(days=1), reason=None)
    assert told(of, ON + timedelta(days=2)) == {
        "assessed": 1, "registered": 1, "not_randomized": 1, "not_randomized_withdrew": 1,
    }  # fmt: skip


def test_nobody_is_in_screening_once_the_study_is_closed():
    of = trial()
    of.screened()
    of.until(of.at + timedelta(days=5))
    of.take(steps.close, secret=bytes(range(32)), on=of.at.date())
    assert told(of, LATE) == {"assessed": 1, "excluded": 1, "excluded_closed": 1}
    assert told(of, of.at.date() - timedelta(days=3)) == {"assessed": 1, "screening": 1}


def test_who_may_enter_on_the_day_of_a_halt_is_told_by_the_halt_and_not_by_the_time_that_passes_after_it():
    of = trial()
    of.screened()
    of.registered()
    of.screened(person(changed("ecog", 3, "2026-06-20")))
    halted = ON + timedelta(days=1)
    of.until(datetime.combine(halted, time(9), UTC))
    of.take(steps.halt_accrual, reason="the planned number", on=halted)
    expected = {
        "assessed": 3, "excluded": 2, "excluded_not_eligible": 1, "excluded_i7": 1, "excluded_halted": 1,
        "registered": 1, "not_randomized": 1, "not_randomized_halted": 1,
    }  # fmt: skip
    assert told(of, halted) == told(of, LATE) == expected
    assert told(of, ON)["screening"] == 1
    of.until(datetime.combine(halted + timedelta(days=9), time(9), UTC))
    of.take(steps.resume_accrual, reason="the number was raised", on=of.at.date())
    assert told(of, of.at.date())["screening"] == 1


def halted_at(share, later=200):
    """The cut so many days after a halt of accrual at a share of the time."""
    before_halt = cut_at(share)
    history = walked().as_of(None, before_halt.recorded)
    halt = Event("accrual_halted", None, before_halt.effective, {}, reason="a look at the data")
    history = history.extend(append(history, [halt], by=Actor("admin", "administrator", None), at=before_halt.recorded))
    after_it = timedelta(days=later)
    return cut(PROTOCOL, history, effective=before_halt.effective + after_it, recorded=before_halt.recorded + after_it)


@pytest.mark.parametrize(("at", "halted"), [
    (lambda: cut_at(0.05), False), (lambda: cut_at(0.55), False), (cut_at, False), (lambda: halted_at(0.05), True),
])  # fmt: skip
def test_who_was_lost_is_told_alike_by_the_flow_and_by_the_losses(at, halted):
    at = at()
    lost = losses(PROTOCOL, at.history, lambda _site: at.effective)
    flow = {one.id: one.number for one in before(at).within()}
    known = {"not eligible": "not_eligible", "ran out of time": "out_of_time"}
    for ways, here in (("excluded", lost[:2]), ("not_randomized", lost[2:])):
        for fate in {fate for one in here for fate in one.by_fate} - {"open"}:
            row = f"{ways}_{known.get(fate, fate)}"
            assert sum(one.by_fate[fate] for one in here) == flow.get(row, 0), row
    assert sum(one.by_fate["open"] for one in lost) == flow["screening"] + flow["awaiting"]
    assert bool(sum(one.by_fate["halted"] for one in lost)) == halted


def test_a_part_that_is_not_there_is_named():
    with pytest.raises(LookupError, match="there are: assessed, excluded"):
        before(cut_of(trial())).find("nobody")


# ---- from randomization on ----------------------------------------------------------------------


def stages(given, on):
    given = given.given if isinstance(given, Person) else given
    at = max(given.history.head.recorded_at, datetime.combine(on, time(23, 59), UTC))
    found = analyse(cut(given.protocol, given.history, effective=on, recorded=at))
    return after(found, found.people, by_arm=True)


def only(part):
    """The ids of all parts in which the one person stands."""
    return [one.id for one in part.within() if one.number][1:]


def systemic(given):
    return given.entered(
        "systemic_therapy", on=RANDOMIZED_ON, started="2026-03-01", regimen="thp_hp", because="first_treatment"
    )


RECEIVED = [
    ("nothing recorded", lambda: participant("usual"), 2, ["not_received", "not_received_unrecorded"]),
    ("the usual approach", lambda: systemic(participant("usual")), 2, ["received"]),
    ("local therapy is due", lambda: systemic(participant("local")), 1, ["due"]),
    (
        "local therapy is overdue",
        lambda: systemic(participant("local")),
        4,
        ["not_received", "not_received_not_begun"],
    ),
    ("local therapy", lambda: followed("local").irradiated(month(1), month(1, 9), "M1"), 2, ["received"]),
    (
        "the other arm's",
        lambda: followed("usual").irradiated(month(1), month(1, 9), "M1"),
        2,
        ["not_received", "not_received_other"],
    ),
    (
        "death before it began",
        lambda: systemic(participant("local")).entered(
            "death", on=month(1), died=month(1).isoformat(), cause="breast_cancer"
        ),
        4,
        ["not_received", "not_received_ended_death"],
    ),
]


@pytest.mark.parametrize(("what", "who", "months", "expected"), RECEIVED, ids=[one[0] for one in RECEIVED])
def test_whether_the_allocated_treatment_was_received(what, who, months, expected):
    assert only(stages(who(), month(months)).allocation) == expected


def gone(given, ending, on, **more):
    return given.entered("disposition", on=on, ending=ending, ended=on.isoformat(), **more)


TRIED = {"attempts": [{"date": month(2, day).isoformat(), "way": "telephone"} for day in (3, 4, 5)]}
ENDED = [
    ("followed", lambda one: one, ["followed"]),
    ("lost", lambda one: gone(one, "lost", month(2), **TRIED), ["lost"]),
    ("declined", lambda one: gone(one, "follow_up_stopped", month(2)), ["left", "left_follow_up_stopped"]),
    (
        "withdrew",
        lambda one: one.after(steps.withdraw_consent, subject=one.subject, on=month(2), reason=None),
        ["left", "left_consent_withdrawn"],
    ),
    (
        "died",
        lambda one: one.entered("death", on=month(2), died=month(2).isoformat(), cause="breast_cancer"),
        ["ended", "ended_death"],
    ),
    ("stopped treatment alone", lambda one: gone(one, "treatment_stopped", month(2), because="toxicity"), ["followed"]),
]


@pytest.mark.parametrize(("what", "then", "expected"), ENDED, ids=[one[0] for one in ENDED])
def test_how_follow_up_ended(what, then, expected):
    assert only(stages(then(participant("usual")), month(3)).follow_up) == expected


def test_follow_up_ends_with_its_time():
    assert only(stages(participant("usual"), month(40)).follow_up) == ["ended", "ended_completed"]


def test_why_treatment_was_stopped_names_the_form():
    given = gone(participant("usual"), "treatment_stopped", month(2), because="toxicity")
    (part,) = stages(given, month(3)).stopped.parts
    assert (part.id, part.label) == ("stopped_toxicity", "Side effects")
    assert given.history.entry(part.people[0].seqs[0]).body["form"] == "disposition"
    assert stages(given, month(1)).stopped.number == 0


def test_who_is_out_of_a_population_stands_under_each_lack():
    (*_, protocol) = stages(participant("local"), month(12)).analysed
    assert only(protocol) == ["per_protocol_out", "per_protocol_local_therapy", "per_protocol_no_assessment"]


# ---- identities ---------------------------------------------------------------------------------

SHARES = [0.02, 0.2, 0.5, 1.0]


@pytest.mark.parametrize("share", SHARES)
def test_every_stage_adds_up(share):
    found = answer(share)
    first = before(found.cut)
    assert_adds_up(first)
    assert first.subjects == set(found.cut.history.subjects)
    assert first.find("randomized").subjects == {one.person.subject for one in found.people}
    arms = [of_arm(found, arm.id) for arm in PROTOCOL.arms]
    assert sum(map(len, arms)) == len(found.people)
    for some in (*arms, found.people):
        for by_arm in (True, False):
            stages = after(found, some, by_arm=by_arm)
            for stage in (stages.allocation, stages.follow_up, *stages.analysed):
                assert_adds_up(stage)
                assert stage.subjects == {one.person.subject for one in some}


@pytest.mark.parametrize("share", SHARES)
def test_the_tables_say_what_the_parts_say_and_arms_add_up(share):
    found = flow_section(answer(share), by_arm=True)
    table = part(found, "flow_randomized")
    columns = [counts(table, number) for number in range(3)]
    assert columns[0].keys() == columns[1].keys() == columns[2].keys()
    for name, together in columns[2].items():
        assert columns[0][name] + columns[1][name] == together, name
    enrolment = counts(part(found, "flow_enrolment"))
    assert enrolment["assessed"] == enrolment["excluded"] + enrolment["screening"] + enrolment["registered"]
    assert enrolment["randomized"] == columns[2]["allocated"]


def test_every_count_has_its_people_and_their_entries():
    found = answer(0.5)
    for table in flow_section(found, by_arm=True).parts[1:]:
        for cell in (cell for row in table.rows for cell in row.cells):
            assert len({one.subject for one in cell.behind}) == dict(cell.values)["count"]
            for one in cell.behind:
                assert all(found.cut.history.entry(seq).subject == one.subject for seq in one.seqs)


def test_the_numbers_of_the_diagram_are_those_of_the_tables():
    figure, enrolment, *_ = flow_section(answer(0.5), by_arm=True).parts
    (head, *lines) = figure.data
    assert head[-1] == "people"
    boxes = {(arm, box): number for _, arm, box, part, number in lines if not part}
    assert boxes["", "Assessed for eligibility"] == counts(enrolment)["assessed"]
    assert [boxes[arm.label, "Allocated"] for arm in PROTOCOL.arms] == [
        len(of_arm(answer(0.5), arm.id)) for arm in PROTOCOL.arms
    ]


# ---- nothing pooled depends on an arm -----------------------------------------------------------


def test_pooled_nothing_depends_on_an_arm():
    found = answer(0.5)
    pooled = flow_section(found, by_arm=False)
    assert not any(one.by_arm for one in pooled.parts)
    labels = [arm.label for arm in PROTOCOL.arms]
    assert not any(label in str(one) for label in labels for one in pooled.parts)
    other = analyse(with_arms(found.cut, swapped))
    assert flow_section(other, by_arm=False) == pooled
    assert flow_section(other, by_arm=True) != flow_section(found, by_arm=True)


def test_the_same_cut_gives_the_same_section():
    assert flow_section(analyse(cut_at(0.5)), by_arm=True) == flow_section(answer(0.5), by_arm=True)


# ---- screening and sites ------------------------------------------------------------------------


def test_failures_by_criterion_with_clause_and_people():
    of = trial()
    of.randomized()
    failing = of.screened(person(changed("ecog", 3, "2026-06-20")))
    of.screened(attested=ATTESTED[:1])
    table = part(screening_section(cut_of(of)), "screening_criteria")
    row = next(one for one in table.rows if one.id == "criterion_i7")
    assert [one.text for one in row.cells] == ["inclusion/7", "1 (50.0 %)", "1 (50.0 %)", "0 (0.0 %)"]
    assert [one.subject for one in row.cells[1].behind] == [failing]
    together = {one.id: one.cells[1].text for one in table.rows if one.id.startswith("together")}
    assert together == {"together_any": "1 (50.0 %)", "together_open": "1 (50.0 %)", "together_none": "0 (0.0 %)"}


def test_every_site_has_a_row_and_they_add_up():
    of = trial()
    of.randomized()
    of.screened(person(changed("ecog", 3, "2026-06-20")))
    table = part(screening_section(cut_of(of)), "accrual_by_site")
    rows = {one.id: [cell.text for cell in one.cells] for one in table.rows}
    open_for = (ON - of.history.state.activation.effective).days + 1
    assert rows["site_north"][:6] == ["2", "1", "1", "1", "1 (50.0 %)", "0 (0.0 %)"]
    assert rows["site_idle"][:6] == ["0", "0", "0", "0", "0", "0"]
    assert rows["site_north"][6:] == [f"{open_for / 30.4375:.1f}", f"{30.4375 / open_for:.2f}"]
    assert rows["site_all_together"][:4] == ["2", "1", "1", "1"]


def test_a_halt_is_no_time_in_which_a_site_was_open():
    of = trial()
    of.randomized()
    before_it = part(screening_section(cut_of(of, ON + timedelta(days=30))), "accrual_by_site")
    of.until(datetime.combine(ON + timedelta(days=11), time(9), UTC))
    of.take(steps.halt_accrual, reason="a look at the data", on=of.at.date())
    after_it = part(screening_section(cut_of(of, ON + timedelta(days=30))), "accrual_by_site")
    days = [dict(table.rows[0].cells[6].values)["days"] for table in (before_it, after_it)]
    assert days[0] - days[1] == 20


def test_a_trial_of_nobody_has_a_flow():
    of = trial()
    found = cut_of(of)
    section = flow_section(analyse(found), by_arm=True)
    assert counts(part(section, "flow_enrolment")) == dict.fromkeys(counts(part(section, "flow_enrolment")), 0)
    assert screening_section(found).says == (
        "Of 0 candidates not registered, 0 failed a criterion and 0 declined to participate.",
    )


# ---- amendments ---------------------------------------------------------------------------------


def test_everybody_is_judged_by_the_version_that_holds_and_under_its_criteria(tmp_path):
    study = amended_study(tmp_path)
    add_version(study, "v5", consent="1", eligibility=("id: I2", "id: I9"))
    of = Amended(load_versions(study))
    of.adopt("annex", "v5")
    late = {"operated": 17}  # within the 21 days of v5, not within the 14 of v1
    names = [of.screened("ward", **late), of.screened("annex", **late), of.screened("annex", operated=30)]
    found = cut(of.versions, of.history, effective=of.today, recorded=of.at)
    parts = {part.id: part.subjects for part in before(found).within() if part.number}
    assert parts["excluded_i2"] == {names[0]}
    assert parts["excluded_i9"] == {names[2]}
    assert parts["screening"] == {names[1]}
    rows = counts(part(screening_section(found), "screening_criteria"), 1)
    assert (rows["criterion_i2"], rows["criterion_i9"]) == (1, 1)
