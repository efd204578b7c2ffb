"""The forecast of accrual and of events: what it rests on, what it says, and how often its intervals hold."""

from bisect import bisect_right
from datetime import date, timedelta
from itertools import accumulate
from math import exp, isclose, log
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand import administration, steps
from evenhand.accrual import forecast
from evenhand.accrual.forecast import forecast_of, foretold
from evenhand.accrual.forecast_design import Expected, expected_by, expected_of
from evenhand.accrual.forecast_draws import draws_for, hazard_of, quantile
from evenhand.accrual.forecast_follow_up import Followed, followed
from evenhand.accrual.forecast_pace import RECENT, SITE_WEIGHT, pace_of, seen_at_sites
from evenhand.design.assumptions import assumptions_of, varied
from evenhand.enrollment.open_days import halts_of
from evenhand.record import History
from tests.conduct_help import RANDOMIZED_ON, participant
from tests.eligible import ON, PROTOCOL, Trial
from tests.schedule_help import iso
from tests.studies_here import TINY, protocol_of

TODAY = date(2027, 1, 1)
NOBODY = Followed((), 0, 0, (), 1096)
FORESEEN = Expected(event=0.001, loss=0.0001, looks=(10, 20))


def told(people=40, days=600, target=100, seed=1, who=None, expected=None, number=400):
    """A forecast after so many people in so many site-days of two sites."""
    pace = pace_of([(people // 2, days // 2), (people - people // 2, days - days // 2)], planned=0.15)
    return foretold([TODAY] * people, target, pace, TODAY, who, expected, random=Random(seed), number=number)


def ordered(interval):
    far = date.max
    return (interval.low or far) <= (interval.middle or far) <= (interval.high or far)


# ---- the pace ----------------------------------------------------------------------------------

PACES = [
    ([(0, 0)], 0.2, 0.2),  # nothing seen: the plan
    ([(0, 0), (0, 0)], 0.2, 0.2),
    ([(10, 100)], 0.1, 12 / 120),  # as planned
    ([(30, 100)], 0.1, 32 / 120),
    ([(0, 100)], 0.1, 2 / 120),  # nobody came: that is seen too
    ([(0, 80), (20, 80)], 0.1, 2 / 120 + 22 / 120),
    ([(20, 100), (0, 0)], None, 22 / 110 + 2 / 10),  # no plan: as seen at all sites
]


@pytest.mark.parametrize(("seen", "planned", "a_day"), PACES)
def test_the_pace_lies_between_the_plan_and_what_was_seen(seen, planned, a_day):
    assert isclose(pace_of(seen, planned).mean, a_day)


@pytest.mark.parametrize(("seen", "planned"), [([], 0.1), ([(0, 50)], None), ([(0, 0)], None)])
def test_without_sites_or_without_plan_and_people_there_is_no_pace(seen, planned):
    assert pace_of(seen, planned) is None


def test_sites_of_equal_days_are_taken_together_and_their_sum_is_the_same():
    pace = pace_of([(3, 50), (5, 50), (1, 70)], 0.3)
    assert len(pace.gammas) == 2
    assert isclose(sum(shape for shape, _ in pace.gammas), 9 + 3 * SITE_WEIGHT)
    drawn = [pace.drawn(Random(seed)) for seed in range(4000)]
    assert abs(sum(drawn) / len(drawn) - pace.mean) < 0.02 * pace.mean


def days_open(of, on):
    return [days for _, days in seen_at_sites(of.history, on)]


def test_days_of_a_halt_are_no_days_on_which_nobody_came():
    of = Trial().activated(["north", "south"])
    start = of.history.state.activation.effective
    assert days_open(of, start) == [1, 1]
    assert days_open(of, start + timedelta(days=9)) == [10, 10]
    of.until(of.at + timedelta(days=4))
    of.take(steps.halt_accrual, reason="a look at the data", on=of.at.date())
    assert days_open(of, start + timedelta(days=9)) == [4, 4]
    of.until(of.at + timedelta(days=3))
    of.take(steps.resume_accrual, reason="all is well", on=of.at.date())
    assert days_open(of, start + timedelta(days=9)) == [7, 7]
    assert halts_of(of.history, TODAY) == [(start + timedelta(days=4), start + timedelta(days=7))]


def test_a_site_counts_from_its_opening_and_only_of_late():
    of = Trial().activated(["north"])
    start = of.history.state.activation.effective
    of.until(of.at + timedelta(days=10))
    of.take(administration.open_site, site="late", name="Late", time_zone="UTC", on=of.at.date())
    assert days_open(of, start + timedelta(days=11)) == [12, 2]
    assert days_open(of, start + timedelta(days=1000)) == [RECENT, RECENT]


# ---- the forecast of accrual -------------------------------------------------------------------


def test_a_finished_accrual_has_a_day_and_no_interval():
    found = told(people=100, target=100).entering
    assert (found.reached, found.when, found.band) == (TODAY, None, ())


def test_who_came_beyond_the_target_does_not_move_the_day_of_reaching_it():
    days = [TODAY - timedelta(days=n) for n in range(5)]
    found = foretold(sorted(days), 3, pace_of([(5, 10)], 0.1), TODAY, random=Random(1))
    assert found.entering.reached == TODAY - timedelta(days=2)


@given(people=st.integers(0, 99), days=st.integers(1, 900), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_intervals_hold_their_middle_and_the_band_never_turns_back(people, days, seed):
    found = told(people, days, seed=seed, number=60).entering
    assert ordered(found.when)
    assert all(ordered(when) and when.low > TODAY for _, when in found.band)
    for (count, one), (more, other) in zip(found.band, found.band[1:], strict=False):
        assert count < more
        assert all(a <= b for a, b in zip((one.low, one.middle), (other.low, other.middle), strict=True) if b)
    assert (found.band[-1][0], found.band[-1][1]) == (100, found.when)


def test_the_more_was_seen_the_narrower_the_interval():
    widths = []
    for much in (1, 4, 16):
        pace = pace_of([(10 * much, 100 * much)], 0.1)
        when = foretold([], 60, pace, TODAY, random=Random(3)).entering.when
        widths.append((when.high - when.low).days)
    assert widths == sorted(widths, reverse=True) and widths[0] > 1.5 * widths[2]


def test_the_same_chance_gives_the_same_forecast():
    assert told(seed=7) == told(seed=7) != told(seed=8)


def test_what_lies_beyond_forty_years_is_not_told():
    found = foretold([], 10**4, pace_of([(0, 3000)], 0.001), TODAY, random=Random(1), number=50).entering
    assert found.when.high is None


# ---- calibration -------------------------------------------------------------------------------


def accrued(seed, sites=3, before=150, target=60, a_day=0.2):
    """Whether the 90 % interval holds the day on which a made-up accrual reached the target."""
    random = Random(seed)
    paces = [random.gammavariate(SITE_WEIGHT, a_day / sites / SITE_WEIGHT) for _ in range(sites)]
    gaps = [random.expovariate(sum(paces)) for _ in range(target)]
    days = list(accumulate(gaps))
    whose = random.choices(range(sites), weights=paces, k=target)
    by_now = bisect_right(days, before)
    if by_now >= target:
        return None
    seen = [(whose[:by_now].count(site), before) for site in range(sites)]
    found = foretold([TODAY] * by_now, target, pace_of(seen, a_day), TODAY, random=Random(seed + 10**6), number=300)
    when, true = found.entering.when, TODAY + timedelta(days=days[-1] - before)
    return when.low <= true <= (when.high or date.max)


def test_nine_intervals_in_ten_hold_the_day_of_the_target():
    held = [one for seed in range(460) if (one := accrued(seed)) is not None][:400]
    assert len(held) == 400
    assert 0.86 <= sum(held) / len(held) <= 0.94


def progressed(seed, people=60, day=300, cap=1000, look=22):
    """Whether the 90 % interval holds the day of the 22nd event of a made-up trial in which all have entered."""
    random = Random(seed)
    event, loss = random.gammavariate(5, FORESEEN.event / 5), random.gammavariate(2, FORESEEN.loss / 2)
    entered = [random.uniform(0, day - 100) for _ in range(people)]
    ends = [(entry, random.expovariate(event), random.expovariate(loss)) for entry in entered]
    stays = [(entry, min(one, other, cap), one < min(other, cap)) for entry, one, other in ends]
    events = sorted(entry + stay for entry, stay, had in stays if had)
    over = [(entry, stay, had) for entry, stay, had in stays if entry + stay <= day]
    who = Followed(
        events=tuple(TODAY - timedelta(days=day - one) for one in events if one <= day),
        left=sum(not had and stay < cap for _, stay, had in over),
        days=round(sum(min(stay, day - entry) for entry, stay, _ in stays)),
        remaining=tuple(round(cap - (day - entry)) for entry, stay, _ in stays if entry + stay > day),
        cap=cap,
    )
    expected = Expected(FORESEEN.event, FORESEEN.loss, (look,))
    found = foretold(
        [TODAY] * people, people, pace_of([(1, 9)], 0.1), TODAY, who, expected, random=Random(seed), number=200
    )
    milestone, total = found.ending.milestones[0], found.ending.total
    when = milestone.reached or milestone.when
    true = TODAY + timedelta(days=events[look - 1] - day) if len(events) >= look else date.max
    held = when == true if milestone.reached else (when.low or date.max) <= true <= (when.high or date.max)
    return (None if milestone.reached else held), total[0] <= len(events) <= total[2]


def test_nine_intervals_in_ten_hold_the_day_of_a_look_and_the_number_of_events():
    found = [progressed(seed) for seed in range(400)]
    held = [one for one, _ in found if one is not None]
    assert len(held) > 250
    assert 0.86 <= sum(held) / len(held) <= 0.95
    assert 0.86 <= sum(total for _, total in found) / len(found) <= 0.97  # whole numbers hold a little more


# ---- the forecast of events --------------------------------------------------------------------


def test_looks_that_were_reached_have_a_day():
    days = tuple(TODAY - timedelta(days=200 - 10 * n) for n in range(12))
    who = Followed(days, 1, 9000, (300,) * 30, 1096)
    found = told(who=who, expected=FORESEEN).ending
    first, second = found.milestones
    assert (first.reached, first.when) == (days[9], None)
    assert second.reached is None and ordered(second.when) and 0 < second.share <= 1
    assert (found.events, found.followed, found.left) == (12, 30, 1)
    assert found.total[0] >= 12


def test_when_nobody_is_followed_any_more_and_nobody_is_to_come_all_is_complete():
    who = Followed((TODAY,), 0, 900, (), 1096, ended=TODAY)
    found = told(people=100, who=who, expected=FORESEEN).ending
    assert (found.complete, found.completed, found.total) == (None, TODAY, (1, 1, 1))
    assert (found.milestones[0].share, found.milestones[0].when.low) == (0, None)


def test_who_is_followed_on_and_can_have_no_event_lengthens_follow_up_and_adds_no_event():
    who = Followed((TODAY,), 1, 900, (), 1096, beside=(700,))
    found = told(people=100, who=who, expected=FORESEEN).ending
    assert (found.followed, found.total, found.completed) == (1, (1, 1, 1), None)
    assert TODAY < found.complete.middle <= found.complete.high <= TODAY + timedelta(days=700)


def test_the_cap_bounds_what_is_still_to_come():
    who = Followed((), 0, 900, (100, 50), 1096)
    found = told(people=100, who=who, expected=Expected(1e-9, 0.0, (1,))).ending
    assert found.complete.high == found.complete.low == TODAY + timedelta(days=100)
    assert found.total == (0, 0, 0)


@pytest.mark.parametrize(("seen", "days", "prior", "mean"), [
    (0, 0, 0.001, 0.001), (5, 5000, 0.001, 0.001), (45, 0, 0.001, 0.01), (0, 5000, 0.001, 0.0005), (3, 300, 0.0, 0.01),
])  # fmt: skip
def test_a_hazard_lies_between_the_design_and_what_was_seen(seen, days, prior, mean):
    found = hazard_of(seen, days, prior, 5.0)
    assert isclose(found.shape / found.days, mean)


def test_a_hazard_of_nothing_is_none():
    assert hazard_of(0, 500, 0.0, 5.0).drawn(Random(1)) == 0.0


def test_quantiles_are_values_that_were_drawn():
    assert [quantile([1, 2, 3, 4], share) for share in (0, 0.25, 0.5, 0.99, 1)] == [1, 2, 3, 4, 4]


# ---- what the design says ----------------------------------------------------------------------


def test_the_prior_is_the_mean_of_both_arms():
    same = varied(assumptions_of(PROTOCOL), {"hazard_ratio": "1", "control_median": "18", "dropout_yearly": "0.05"})
    found = expected_by(same)
    a_month = 365.25 / 12
    assert isclose(found.event * a_month, log(2) / 18, rel_tol=1e-9)
    assert isclose(1 - exp(-found.loss * 365.25), 0.05)
    better = expected_by(varied(same, {"hazard_ratio": "0.5"}))
    assert 0.70 * found.event < better.event < 0.75 * found.event  # the control arm leaves sooner
    worse = expected_by(varied(same, {"strata": "0.5:1,0.5:2"}))
    assert found.event < worse.event < 1.5 * found.event
    assert found.looks == tuple(look.events for look in same.looks if look.events)


def test_a_delayed_effect_lies_between_none_and_all():
    events = [
        expected_by(varied(assumptions_of(PROTOCOL), {"hazard_ratio": ratio})).event
        for ratio in ("1", "1@0,0.5@6", "0.5")
    ]
    assert events == sorted(events, reverse=True) and len(set(events)) == 3


def test_a_study_without_a_design_has_no_forecast_of_events():
    assert expected_of(protocol_of(TINY)) is None


# ---- from the record ---------------------------------------------------------------------------


def test_there_is_no_forecast_before_activation_nor_after_closure():
    assert forecast_of(PROTOCOL, History(PROTOCOL.study), TODAY) is None
    of = Trial().activated()
    of.take(steps.close, secret=bytes(range(32)), on=of.at.date())
    assert forecast_of(PROTOCOL, of.history, TODAY) is None


def test_with_nobody_yet_the_plan_alone_speaks():
    of = Trial().activated(["north", "south"])
    start = of.history.state.activation.effective
    found = forecast_of(PROTOCOL, of.history, start).entering
    assert (found.randomized, found.people, found.target) == (0, 0, PROTOCOL.enrollment.target)
    planned = PROTOCOL.enrollment.target / PROTOCOL.enrollment.accrual_months
    assert 0.95 * planned < found.a_month < planned
    assert abs((found.when.middle - start).days / 365.25 * 12 / PROTOCOL.enrollment.accrual_months - 1) < 0.2


def test_a_halt_is_said():
    of = Trial().activated()
    assert not forecast_of(PROTOCOL, of.history, of.at.date()).entering.halted
    of.take(steps.halt_accrual, reason="a look at the data", on=of.at.date())
    assert forecast_of(PROTOCOL, of.history, of.at.date()).entering.halted


def test_it_is_remembered_while_nothing_is_recorded():
    of = Trial().activated()
    of.randomized()
    assert forecast_of(PROTOCOL, of.history, ON) is forecast_of(PROTOCOL, of.history, ON)
    assert forecast_of(PROTOCOL, of.history, ON) is not forecast_of(PROTOCOL, of.history, ON + timedelta(days=1))


def test_it_is_drawn_again_only_where_what_it_rests_on_has_changed(monkeypatch):
    of = Trial().activated()
    of.randomized()
    first = forecast_of(PROTOCOL, of.history, ON)
    drawn = []
    monkeypatch.setattr(forecast, "foretold", lambda *_, **given: drawn.append(given["number"]) or first)
    of.screened()
    assert forecast_of(PROTOCOL, of.history, ON) is first
    assert drawn == []
    of.take(steps.halt_accrual, reason="a look at the data", on=ON)
    forecast_of(PROTOCOL, of.history, ON)
    of.take(steps.resume_accrual, reason="all is well", on=ON)
    of.randomized()
    forecast_of(PROTOCOL, of.history, ON)
    assert drawn == [2000, 2000]


@pytest.mark.parametrize(
    ("people", "wanted"), [(0, 2000), (1, 2000), (500, 2000), (1000, 1000), (4000, 250), (10**6, 250)]
)
def test_of_many_people_fewer_draws_are_made(people, wanted):
    assert draws_for(people) == wanted


def test_fewer_draws_of_many_people_give_much_the_same_interval():
    many = told(people=4000, target=5000, number=2000).entering.when
    fewer = told(people=4000, target=5000, number=draws_for(4000), seed=2).entering.when
    whole = (many.high - many.low).days
    assert abs((fewer.low - many.low).days) <= max(2, whole // 4)
    assert abs((fewer.high - many.high).days) <= max(2, whole // 4)


LAST = iso("2029-07-01")
WAYS = [
    (None, None, "2027-07-01", (0, 0, 365, (731,))),
    (None, None, "2029-07-01", (0, 0, 1096, (0,))),  # the last day is one of follow-up
    (None, None, "2029-07-02", (0, 0, 1096, ())),  # by time: neither an event nor a loss
    ("progression", "2027-03-04", "2027-07-01", (0, 1, 246, ())),  # said at the end, and determined by nobody
    ("progression", "2027-03-04", "2027-03-03", (0, 0, 245, (1,))),  # as it stood the day before
    ("death", "2027-03-04", "2027-07-01", (0, 1, 246, ())),  # nothing counts without a baseline
    ("lost", "2027-03-04", "2027-07-01", (0, 1, 246, ())),
    ("treatment_stopped", "2027-03-04", "2027-07-01", (0, 0, 365, (731,))),  # followed all the same
]


@pytest.mark.parametrize(("ending", "day", "on", "expected"), WAYS)
def test_how_follow_up_stands(ending, day, on, expected):
    who = participant("usual")
    if ending is not None:
        more = {"because": "toxicity"} if ending == "treatment_stopped" else {}
        who = who.entered("disposition", on=iso(day), ending=ending, ended=day, **more)
    found = followed(PROTOCOL, who.history, iso(on))
    assert (len(found.events), found.left, found.days, found.remaining) == expected


def test_nobody_is_followed_before_randomization():
    found = followed(PROTOCOL, participant("usual").history, RANDOMIZED_ON - timedelta(days=1))
    assert (found.days, found.remaining, found.ended) == (0, (), None)


def test_the_forecast_is_the_same_in_whichever_arm():
    one, other = (participant(arm.id) for arm in PROTOCOL.arms)
    assert followed(PROTOCOL, one.history, TODAY) == followed(PROTOCOL, other.history, TODAY)
