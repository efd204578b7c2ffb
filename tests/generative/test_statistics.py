"""Properties of designs, whatever their looks and assumptions."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.statistics.boundaries import bounds
from evenhand.statistics.crossing import crossing
from evenhand.statistics.events import Course, expected_events, expected_lost, expected_total
from evenhand.statistics.power import drift, power_under
from evenhand.statistics.spending import Spending, spent

FUNCTIONS = st.one_of(
    st.sampled_from([Spending("obrien_fleming"), Spending("pocock"), Spending("none")]),
    st.floats(-8, 4).map(lambda gamma: Spending("hwang_shih_decani", gamma)),
    st.floats(0.3, 5).map(lambda gamma: Spending("kim_demets", gamma)),
)
OTHERS = st.one_of(
    st.sampled_from([Spending("haybittle_peto", 3.2), Spending("classical_pocock")]),
    st.floats(-0.5, 0.7).map(lambda delta: Spending("wang_tsiatis", delta)),
)
ALPHA = st.sampled_from([0.01, 0.025, 0.05, 0.1])


@st.composite
def looks(draw, most=4):
    """Shares of information that rise to 1, at least 0.02 apart."""
    parts = draw(st.lists(st.integers(1, 30), min_size=1, max_size=most))
    return [sum(parts[: end + 1]) / sum(parts) for end in range(len(parts))]


@st.composite
def courses(draw):
    rates = st.floats(0.2, 10)
    hazards = st.floats(0.0, 0.2)
    return Course(
        draw(st.integers(10, 400)),
        ((0.0, draw(rates)), (draw(st.floats(1, 30)), draw(rates))),
        ((0.0, draw(st.floats(0.01, 0.2))), (draw(st.floats(1, 20)), draw(hazards))),
        ((0.0, draw(st.floats(0.3, 2))), (draw(st.floats(1, 20)), draw(st.floats(0.3, 2)))),
        draw(hazards),
        cap=draw(st.none() | st.floats(3, 60)),
        after_last=draw(st.floats(0, 60)),
        allocation=draw(st.sampled_from([(1, 1), (1, 2), (3, 2)])),
        strata=draw(st.sampled_from([((1.0, 1.0),), ((0.25, 2.0), (0.75, 0.5))])),
        yearly_drift=draw(st.sampled_from([1.0, 0.85])),
    )


@given(FUNCTIONS, ALPHA, st.floats(0, 1), st.floats(0, 1))
def test_spending_rises_and_never_exceeds_alpha(one, alpha, first, second):
    early, late = sorted((first, second))
    assert 0 <= spent(one, alpha, early) <= spent(one, alpha, late) * (1 + 1e-12) <= alpha * (1 + 2e-12)


@settings(max_examples=40)
@given(looks(), FUNCTIONS | OTHERS, ALPHA, st.sampled_from([1, 2]))
def test_bounds_spend_alpha_and_no_more(times, one, alpha, sided):
    found = bounds(times, alpha=alpha, sided=sided, efficacy=one)
    assert found.alpha_spent[-1] == pytest.approx(alpha, rel=1e-8)
    assert all(
        before <= after * (1 + 1e-9) for before, after in zip(found.alpha_spent, found.alpha_spent[1:], strict=False)
    )
    finer = bounds(times, alpha=alpha, sided=sided, efficacy=one, nodes=32)
    for ours, theirs in zip(found.efficacy, finer.efficacy, strict=True):
        assert ours == theirs or abs(ours - theirs) < 1e-9


@settings(max_examples=25)
@given(looks(3), st.sampled_from(["obrien_fleming", "pocock"]), st.booleans(), st.sampled_from([0.1, 0.2]))
def test_futility_spends_beta_and_keeps_alpha(times, kind, binding, beta):
    one = Spending("obrien_fleming")
    found = bounds(times, alpha=0.025, sided=1, efficacy=one, futility=Spending(kind), beta=beta, binding=binding)
    assert found.alpha_spent[-1] == pytest.approx(0.025, rel=1e-8)
    assert found.beta_spent[-1] == pytest.approx(beta, rel=1e-8)
    assert found.inflation >= 1 - 1e-9
    assert found.crossing(0.0).power <= 0.025 * (1 + 1e-8)


@settings(max_examples=40)
@given(looks(), st.floats(-3, 5), st.data())
def test_crossing_probabilities_share_out_what_there_is(times, moved, data):
    uppers = data.draw(st.lists(st.floats(-1, 5), min_size=len(times), max_size=len(times)))
    lowers = [z - data.draw(st.floats(0, 5)) for z in uppers]
    found = crossing(times, moved, uppers, lowers)
    assert min(*found.upper, *found.lower, found.none) >= 0
    assert math.fsum((*found.upper, *found.lower, found.none)) == pytest.approx(1, rel=1e-9)
    mirrored = crossing(times, -moved, [-z for z in lowers], [-z for z in uppers])
    assert mirrored.lower == pytest.approx(found.upper, abs=1e-12)


@settings(max_examples=40)
@given(looks(), FUNCTIONS, st.floats(0.3, 0.95), st.integers(20, 500))
def test_power_rises_with_effect_and_events(times, one, ratio, events):
    found = bounds(times, alpha=0.025, sided=1, efficacy=one)
    here = found.crossing(drift(ratio, events)).power
    assert found.crossing(drift(ratio, events * 1.2)).power >= here - 1e-12
    assert found.crossing(drift(ratio * 0.9, events)).power >= here - 1e-12
    assert here > 0.025


@settings(max_examples=40)
@given(courses(), st.floats(0, 150), st.floats(0, 150))
def test_events_and_losses_rise_and_are_of_people(one, first, second):
    early, late = sorted((first, second))
    before, after = (sum(expected_events(one, month)) for month in (early, late))
    assert -1e-9 <= before <= after + 1e-9
    for arm in (0, 1):
        people = one.people * one.shares[arm]
        assert expected_events(one, late)[arm] + expected_lost(one, late)[arm] <= people * (1 + 1e-9)
    assert expected_events(one, late + one.end) == expected_total(one)


@settings(max_examples=25)
@given(st.integers(40, 400), st.floats(0.4, 0.9), st.floats(0, 0.02))
def test_power_rises_with_people_and_falls_with_losses(people, ratio, dropout):
    design = bounds([0.5, 1], alpha=0.025, sided=1, efficacy=Spending("obrien_fleming"))
    one = Course(people, ((0.0, people / 36),), ((0.0, 0.04),), ((0.0, ratio),), dropout, cap=36.0)
    more = replace(one, people=people * 1.3, accrual=((0.0, people * 1.3 / 36),))
    here = power_under(one, design).power
    assert power_under(more, design).power > here
    assert power_under(replace(one, dropout=dropout + 0.01), design).power < here
