"""Two independent implementations agree: each statistic against its definition in plain loops, on any small trial."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.statistics.logrank import logrank
from evenhand.statistics.survival import (
    cumulative_incidence,
    fisher,
    gray_test,
    hazard_ratio,
    kaplan_meier,
    log_rank,
    proportion,
    proportional_hazards,
    rate,
    rate_ratio,
    restricted_mean,
    weighted_log_rank,
)
from tests import survival_plain as plain

close = pytest.approx
person = st.tuples(st.integers(0, 12), st.integers(0, 2), st.integers(0, 1), st.integers(0, 1), st.integers(-3, 3))
trial = st.lists(person, min_size=1, max_size=18).map(lambda people: tuple(map(list, zip(*people, strict=True))))


def events_of(cause):
    return [int(one > 0) for one in cause]


@given(trial)
@settings(max_examples=60)
def test_kaplan_meier(people):
    time, cause, *_ = people
    event = events_of(cause)
    found = kaplan_meier(time, event)
    for t, survival, variance in plain.curve(time, event):
        at = found.at(t)
        assert at.survival == close(float(survival), rel=1e-12)
        assert (at.se is None) == (variance is None)
        assert at.se is None or at.se == close(math.sqrt(variance), rel=1e-12)


@given(trial, st.integers(0, 2), st.integers(0, 2))
@settings(max_examples=60)
def test_log_rank_and_its_kin(people, rho, gamma):
    time, cause, arm, stratum, _ = people
    event = events_of(cause)
    observed, expected, variance = map(float, plain.log_rank(time, event, arm, stratum, rho, gamma))
    found = weighted_log_rank(time, event, arm, stratum, rho=rho, gamma=gamma)
    assert (found.observed[1], found.expected[1]) == close((observed, expected), rel=1e-12, abs=1e-14)
    assert found.variance == close(variance, rel=1e-11, abs=1e-14)
    assert (found.z is None) == (variance == 0) == bool(found.reason)
    assert found.z is None or found.z == close((expected - observed) / math.sqrt(variance), rel=1e-9, abs=1e-12)


@given(trial)
@settings(max_examples=30)
def test_log_rank_is_that_of_the_designs(people):
    time, cause, arm, stratum, _ = people
    found, other = log_rank(time, events_of(cause), arm, stratum), logrank(time, events_of(cause), arm, stratum)
    assert (found.observed[1], found.expected[1]) == close((other.observed, other.expected), rel=1e-12)
    assert found.variance == close(other.variance, rel=1e-12)
    assert math.isnan(other.z) if found.z is None else found.z == close(other.z, rel=1e-12, abs=1e-13)


@given(trial)
@settings(max_examples=60)
def test_cox_has_its_maximum_where_the_gradient_is_zero(people):
    time, cause, arm, stratum, other = people
    event = events_of(cause)
    found = hazard_ratio(time, event, arm, stratum, {"other": other} if np.ptp(other) else None)
    if found.reason:
        return
    rows = list(zip(arm, other, strict=True)) if len(found.terms) == 2 else [(one,) for one in arm]
    beta = [one.coefficient for one in found.terms]
    value, gradient, information = plain.efron(time, event, rows, stratum, beta)
    none, slope, flat = plain.efron(time, event, rows, stratum, [0.0] * len(beta))
    inverse = np.linalg.inv(information)
    assert found.log_likelihood == close(value, rel=1e-11, abs=1e-11)
    assert found.log_likelihood_without == close(none, rel=1e-12, abs=1e-12)
    assert gradient @ inverse @ gradient < 1e-16
    assert np.asarray(found.covariance) == close(inverse, rel=1e-6)
    assert found.score.statistic == close(slope @ np.linalg.solve(flat, slope), rel=1e-8, abs=1e-12)
    assert found.wald.statistic == close(np.asarray(beta) @ information @ beta, rel=1e-8, abs=1e-12)


@given(trial)
@settings(max_examples=100)
def test_the_arm_has_a_finite_hazard_ratio_exactly_where_each_arm_loses_people_the_other_could_have_lost(people):
    time, cause, arm, stratum, _ = people
    rows = list(zip(time, events_of(cause), arm, stratum, strict=True))
    lost = {a for t, e, a, s in rows if e and any(t2 >= t and a2 != a and s2 == s for t2, _, a2, s2 in rows)}
    found = hazard_ratio(time, events_of(cause), arm, stratum)
    assert (found.reason == "") == (lost == {0, 1}), found.reason
    if len(lost) == 1:
        assert found.reason.endswith(f"arm tends to {'infinity' if lost == {1} else '0'}")
        assert found.score is not None


@given(trial, st.sampled_from(["identity", "rank", "km"]))
@settings(max_examples=60)
def test_proportional_hazards_is_the_score_test_of_a_larger_model(people, scale):
    time, cause, arm, stratum, _ = people
    event = events_of(cause)
    found = proportional_hazards(time, event, {"arm": arm}, stratum, scale=scale)
    fit = hazard_ratio(time, event, arm, stratum)
    if found.reason:
        return
    of_time = {
        "identity": float,
        "rank": lambda t: sum(one < t for one in time) + (time.count(t) + 1) / 2,
        "km": lambda t: float(1 - plain.just_before(time, event, t)),
    }[scale]
    middle = sum(of_time(t) for t, e in zip(time, event, strict=True) if e) / sum(event)
    rows, beta = [(one,) for one in arm], [fit.terms[0].coefficient]
    _, gradient, information = plain.efron(time, event, rows, stratum, beta, lambda t: of_time(t) - middle)
    statistic = gradient[1] ** 2 / (information[1, 1] - information[0, 1] ** 2 / information[0, 0])
    assert found.terms[0][1].statistic == close(statistic, rel=1e-6, abs=1e-9)
    assert found.together.statistic == close(statistic, rel=1e-6, abs=1e-9)


@given(trial, st.integers(1, 12))
@settings(max_examples=60)
def test_restricted_mean(people, horizon):
    time, cause, *_ = people
    found = restricted_mean(time, events_of(cause), horizon)
    if found.mean is not None:
        mean, variance = plain.restricted_mean(time, events_of(cause), horizon)
        assert found.mean == close(float(mean), rel=1e-12)
        assert (found.se is None) == (variance == 0)
        assert found.se is None or found.se == close(math.sqrt(variance), rel=1e-10)


@given(trial, st.sampled_from([1, 2]), st.integers(0, 12))
@settings(max_examples=40)
def test_cumulative_incidence(people, of, until):
    time, cause, *_ = people
    found = cumulative_incidence(time, cause, of).at(until)
    if found.incidence is not None:
        value, variance = plain.incidence(time, cause, of, until)
        assert found.incidence == close(float(value), rel=1e-12)
        if 0 < value < 1:
            assert (found.se or 0.0) == close(math.sqrt(variance), rel=1e-9, abs=1e-9)


@given(trial, st.sampled_from([1, 2]))
@settings(max_examples=40)
def test_gray(people, of):
    time, cause, arm, *_ = people
    found = gray_test(time, cause, arm, of)
    score, variance = map(float, plain.gray(time, cause, arm, of))
    assert (found.score, found.variance) == close((score, variance), rel=1e-10, abs=1e-13)
    assert (found.test is None) == (variance == 0) == bool(found.reason)


@given(st.integers(0, 40), st.integers(0, 40), st.sampled_from([0.8, 0.9, 0.95]))
@settings(max_examples=40)
def test_the_exact_interval_of_a_proportion_leaves_half_the_error_in_each_tail(count, others, confidence):
    people = count + others
    found = proportion(count, people, confidence=confidence)
    if people and count:
        assert plain.binomial_upper(count, people, found.low) == close((1 - confidence) / 2, rel=1e-10)
    if people and others:
        assert 1 - plain.binomial_upper(count + 1, people, found.high) == close((1 - confidence) / 2, rel=1e-10)


@given(st.integers(0, 60), st.sampled_from([0.5, 7.0, 120.5]))
@settings(max_examples=30)
def test_the_exact_interval_of_a_rate_leaves_half_the_error_in_each_tail(events, exposure):
    found = rate(events, exposure)
    assert 1 - plain.poisson_upper(events + 1, found.high * exposure) == close(0.025, rel=1e-9)
    assert not events or plain.poisson_upper(events, found.low * exposure) == close(0.025, rel=1e-9)


arm_counts = st.tuples(st.integers(0, 25), st.integers(0, 25)).map(lambda pair: (pair[0], sum(pair)))


@given(arm_counts, arm_counts)
@settings(max_examples=60)
def test_fisher(control, experimental):
    found = fisher(control, experimental)
    assert found.p == close(plain.fisher_p(control, experimental), rel=1e-10)
    other = fisher(experimental, control)
    assert other.p == close(found.p, rel=1e-10)
    if found.high is not None and found.low > 0:
        assert (1 / other.odds_ratio, 1 / other.high, 1 / other.low) == close(
            (found.odds_ratio, found.low, found.high), rel=1e-8
        )


@given(st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=30)
def test_a_ratio_of_rates_turns_over_with_the_arms(events0, events1):
    one, other = rate_ratio((events0, 50.0), (events1, 80.0)), rate_ratio((events1, 80.0), (events0, 50.0))
    assert one.p == close(other.p, rel=1e-10)
    if events0 and events1:
        assert (one.ratio, one.low, one.high) == close((1 / other.ratio, 1 / other.high, 1 / other.low), rel=1e-10)
