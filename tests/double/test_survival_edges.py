"""Degenerate data give a clear result or a clear refusal; the order of people and the unit of time change nothing."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.statistics.survival import (
    cox,
    cumulative_incidence,
    fisher,
    gray_test,
    hazard_ratio,
    kaplan_meier,
    log_rank,
    proportion,
    proportion_difference,
    proportional_hazards,
    quantile_of,
    quartiles,
    rate,
    rate_ratio,
    restricted_mean,
    restricted_mean_difference,
    survival_difference,
    weighted_log_rank,
)
from evenhand.statistics.survival.maximum import maximum
from evenhand.statistics.survival.partial_likelihood import Slope, partial_likelihood
from evenhand.statistics.survival.proportional import Scale
from evenhand.statistics.survival.proportions import wilson

SCALES: tuple[Scale, ...] = ("km", "identity", "log", "rank")
UNKNOWN: Any = None  # what no type would let through


def results(time, event, arm, stratum=None, at=2.0):
    """Everything that can be said of two arms."""
    curve = kaplan_meier(time, event)
    return {
        "curve": curve,
        "at": curve.at(at),
        "quartiles": quartiles(curve),
        "difference": survival_difference(time, event, arm, at),
        "log-rank": log_rank(time, event, arm, stratum),
        "late": weighted_log_rank(time, event, arm, stratum, gamma=1),
        "cox": hazard_ratio(time, event, arm, stratum),
        "ph": [proportional_hazards(time, event, {"arm": arm}, stratum, scale=scale) for scale in SCALES],
        "rmst": restricted_mean_difference(time, event, arm, at),
        "incidence": cumulative_incidence(time, event, 1),
        "incidence at": cumulative_incidence(time, event, 1).at(at),
        "gray": gray_test(time, event, arm, 1, stratum),
    }


def numbers_in(value):
    if dataclasses.is_dataclass(value):
        value = dataclasses.asdict(value)
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [number for one in value for number in numbers_in(one)]
    return [value] if isinstance(value, float) else []


DEGENERATE = {
    "nobody": ([], [], []),
    "one person, an event": ([3], [1], [1]),
    "one person, censored": ([3], [0], [0]),
    "no event": ([1, 2, 3, 4], [0, 0, 0, 0], [0, 1, 0, 1]),
    "an arm missing": ([1, 2, 3, 4], [1, 0, 1, 1], [1, 1, 1, 1]),
    "an arm censored": ([1, 2, 3, 4, 5, 6], [1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1]),
    "one event": ([1, 2, 3, 4], [0, 1, 0, 0], [0, 1, 0, 1]),
    "all at one time": ([2, 2, 2, 2], [1, 1, 1, 1], [0, 1, 0, 1]),
    "all tied, some censored": ([2, 2, 2, 2, 2, 2], [1, 1, 0, 0, 1, 0], [0, 1, 0, 1, 1, 0]),
    "all at time 0": ([0, 0, 0], [1, 0, 1], [0, 1, 1]),
    "one arm always first": ([1, 2, 3, 4, 5, 6], [1] * 6, [0, 0, 0, 1, 1, 1]),
    "arms never together": ([1, 1, 5, 6], [0, 0, 1, 1], [0, 0, 1, 1]),
    "last of all dies": ([1, 2, 3, 3], [0, 0, 1, 1], [0, 1, 0, 1]),
    "two people": ([1, 2], [1, 1], [0, 1]),
    "very long times": ([1e97, 1e98, 1e99, 1e100], [1, 1, 1, 0], [0, 1, 1, 0]),
    "very short times": ([1e-300, 2e-300, 3e-300, 4e-300], [1, 1, 0, 1], [0, 1, 1, 0]),
}


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("at", [1e-300, 0.5, 2.0, 5e98])
def test_degenerate_data_give_numbers_or_a_reason(name, at):
    time, event, arm = DEGENERATE[name]
    for stratum in (None, [one % 2 for one in range(len(time))], list(range(len(time)))):
        found = results(time, event, arm, stratum, at)
        assert all(math.isfinite(one) for one in numbers_in(found))
        for one in ("at", "difference", "rmst", "incidence at"):
            assert bool(found[one].reason) == (None in dataclasses.astuple(found[one])), found[one]
        assert bool(found["log-rank"].reason) == (found["log-rank"].z is None)
        assert bool(found["cox"].reason) == (found["cox"].terms == ())
        assert bool(found["gray"].reason) == (found["gray"].test is None)
        assert all(bool(one.reason) == (one.together is None) for one in found["ph"])


@pytest.mark.parametrize(
    ("name", "log_rank_reason", "cox_reason"),
    [
        ("nobody", "nobody was followed", "nobody was followed"),
        ("no event", "nobody had the event", "nobody had the event"),
        ("an arm missing", "nobody was followed in arm 0", "arm is the same for everybody"),
        ("an arm censored", "", "the likelihood has no finite maximum: the hazard ratio of arm tends to 0"),
        ("one event", "", "the likelihood has no finite maximum: the hazard ratio of arm tends to infinity"),
        ("one arm always first", "", "the likelihood has no finite maximum: the hazard ratio of arm tends to 0"),
        (
            "arms never together",
            "no event happened while both arms were at risk",
            "arm does not vary among those at risk when an event happened",
        ),
    ],
)
def test_the_reasons(name, log_rank_reason, cox_reason):
    assert log_rank(*DEGENERATE[name]).reason == log_rank_reason
    assert hazard_ratio(*DEGENERATE[name]).reason == cox_reason


def test_covariates_that_cannot_be_told_apart_are_named():
    time, event, arm = [1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 0], [0, 1, 0, 1, 0, 1]
    same = hazard_ratio(time, event, arm, None, {"side": [1 - one for one in arm]})
    assert same.reason == "side says nothing beyond what the covariates before it say"
    fixed = hazard_ratio(time, event, arm, None, {"age": [50] * 6})
    assert fixed.reason == "age is the same for everybody"
    by_stratum = hazard_ratio(time, event, arm, [0, 0, 0, 1, 1, 1], {"age": [50, 50, 50, 60, 60, 60]})
    assert by_stratum.reason == "age does not vary among those at risk when an event happened"


def test_a_hazard_ratio_too_large_for_a_number_is_said_to_be():
    time, event = [1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 0]
    term = cox(time, event, {"tiny": [2e-6, 3e-6, 1e-6, 2e-6, 2e-6, 1e-6]}).terms[0]
    assert (term.high, term.reason) == (None, "too large for a number; measure tiny in a larger unit")
    assert all(math.isfinite(one) for one in numbers_in(term))


def test_values_too_far_apart_are_named():
    """A finite maximum there is, but one person's hazard would be less than e to the -300 of another's."""
    fit = cox([1, 2, 3, 4, 5, 6, 7, 8], [1] * 7 + [0], {"far": [0, 2, 1, 0, 3, 2, 1, 1e4]})
    named = "the likelihood has no finite maximum, or values very far apart: the hazard ratio of far tends to 0"
    assert (fit.reason, fit.terms) == (named, ())
    assert fit.score is not None


def test_a_climb_that_cannot_go_on_says_so():
    likelihood = partial_likelihood(np.array([1.0, 2.0]), np.ones(2), np.array([[-1.0], [1.0]]), np.zeros(2, dtype=int))
    assert likelihood.at(np.array([1000.0])) is None
    assert maximum(likelihood, Slope(0.0, np.zeros(1), np.zeros((1, 1)))).reason == "the likelihood is flat"
    nowhere = maximum(likelihood, Slope(1e9, np.ones(1), np.ones((1, 1))))
    assert (nowhere.coefficients, nowhere.reason) == (0, "no maximum was found in 60 steps")
    with pytest.raises(ArithmeticError, match="not those of a maximum"):
        likelihood.over_time(np.array([1000.0]), np.ones(2))


def test_strata_may_have_labels_of_any_kind():
    time, event, arm = [1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 0], [0, 1, 0, 1, 0, 1]
    numbered = log_rank(time, event, arm, [0, 0, 0, 1, 1, 1])
    for labels in (["a"] * 3 + ["b"] * 3, [1, 1, 1, "1", "1", "1"], [2.5, 2.5, 2.5, "x", "x", "x"]):
        mixed = np.empty(6, dtype=object)
        mixed[:] = labels
        assert log_rank(time, event, arm, mixed) == numbered


def test_beyond_the_longest_follow_up_nothing_is_known():
    assert kaplan_meier([1, 5], [1, 0]).at(6).reason == "nobody was followed until 6; the longest follow-up is 5"
    assert kaplan_meier([1, 5], [1, 1]).at(6).survival == 0
    assert restricted_mean([1, 5], [1, 0], 6).reason == "the curve is known up to 5 only, before the horizon 6"
    assert restricted_mean([1, 5], [1, 1], 6).mean == 3
    assert cumulative_incidence([1, 5], [1, 0], 1).at(6).incidence is None
    assert cumulative_incidence([1, 5], [1, 2], 1).at(6).incidence == 0.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kaplan_meier([1, -1], [1, 1]), "below 0"),
        (lambda: kaplan_meier([1, float("nan")], [1, 1]), "missing or not finite"),
        (lambda: kaplan_meier([1, UNKNOWN], [1, 1]), "missing or not finite"),
        (lambda: kaplan_meier([1, float("inf")], [1, 1]), "missing or not finite"),
        (lambda: kaplan_meier([1, 1e101], [1, 1]), "larger unit"),
        (lambda: kaplan_meier(["soon"], [1]), "must be a list of numbers"),
        (lambda: kaplan_meier([1, 2], [1]), "one value a person"),
        (lambda: kaplan_meier([[1]], [[1]]), "one value a person"),
        (lambda: kaplan_meier([1, 2], [1, UNKNOWN]), "event is missing"),
        (lambda: kaplan_meier([1, 2], [1, 2]), "event must be 0 or 1"),
        (lambda: kaplan_meier([1], [1], confidence=95), "confidence is 95"),
        (lambda: kaplan_meier([1], [1]).at(-1), "from 0 on"),
        (lambda: quantile_of(kaplan_meier([1], [1]), 1), "between 0 and 1"),
        (lambda: log_rank([1, 2], [1, 1], [1, 2]), "arm must be 0 or 1"),
        (lambda: log_rank([1, 2], [1, 1], [0, 1], ["a", UNKNOWN]), "stratum is unknown"),
        (lambda: log_rank([1, 2], [1, 1], [0, 1], [1.0, float("nan")]), "stratum is unknown"),
        (lambda: log_rank([1, 2], [1, 1], [0, 1], ["a"]), "stratum has the shape"),
        (lambda: weighted_log_rank([1, 2], [1, 1], [0, 1], rho=-1), "from 0 on"),
        (lambda: cox([1, 2], [1, 1], {}), "no covariate"),
        (lambda: cox([1, 2], [1, 1], {"age": [50, UNKNOWN]}), "age is missing"),
        (lambda: hazard_ratio([1, 2], [1, 1], [0, 1], None, {"arm": [1, 2]}), "another name"),
        (lambda: proportional_hazards([1, 2], [1, 1], {"arm": [0, 1]}, scale=UNKNOWN), "give one of km"),
        (lambda: restricted_mean([1], [1], 0), "horizon is 0"),
        (lambda: cumulative_incidence([1], [0.5], 1), "whole number"),
        (lambda: cumulative_incidence([1], [1], 0), "from 1 on"),
        (lambda: cumulative_incidence([1], [1], 1).at(-1), "from 0 on"),
        (lambda: gray_test([1], [-1], [0], 1), "whole number"),
        (lambda: proportion(3, 2), "3 of 2"),
        (lambda: fisher((1, 2), (3, 2)), "3 of 2"),
        (lambda: wilson(0, 0, 0.95), "nobody"),
        (lambda: rate(-1, 5), "whole number"),
        (lambda: rate(1, 0), "exposure is 0"),
    ],
)
def test_what_means_nothing_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(("count", "people"), [(0, 0), (0, 1), (1, 1), (0, 10**6), (10**6, 10**6), (1, 10**6)])
def test_counts_at_their_ends(count, people):
    ours = [proportion(count, people), proportion_difference((count, people), (0, 5)), fisher((count, people), (0, 5))]
    assert all(math.isfinite(one) for one in numbers_in(ours))
    assert proportion_difference((0, 0), (1, 2)).reason == "there is nobody in arm 0"
    assert (proportion(0, 0).proportion, proportion(0, 0).reason) == (None, "there is nobody")


def test_rates_without_events():
    assert rate_ratio((0, 5), (0, 5)).reason == "nobody had an event"
    assert rate_ratio((0, 5), (2, 5)).high is None
    assert rate_ratio((2, 5), (0, 5)).low == 0
    assert all(math.isfinite(one) for one in numbers_in([rate_ratio((0, 5), (2, 5)), rate_ratio((0, 5), (0, 5))]))


person = st.tuples(st.integers(0, 9), st.integers(0, 1), st.integers(0, 1), st.integers(0, 1))
trial = st.lists(person, max_size=14)


def said(people, at, factor=1.0):
    time, event, arm, stratum = map(list, zip(*people, strict=True)) if people else ([], [], [], [])
    return results([one * factor for one in time], event, arm, stratum, at * factor)


def without_time(found):
    """All numbers that have no unit of time."""
    kept = [found[one] for one in ("log-rank", "late", "cox", "gray")]
    curve, at, difference, incidence = (found[one] for one in ("curve", "at", "difference", "incidence"))
    tests = [test for one in found["ph"] for test in (one.terms, one.together)]
    return numbers_in(
        [kept, curve.survival, curve.low, curve.high, at.survival, at.low, difference.p, incidence.incidence, tests]
    )


def with_time(found):
    rmst = found["rmst"]
    return numbers_in(
        [found["curve"].time, [[one.time, one.low, one.high] for one in found["quartiles"]]]
    ) + numbers_in([rmst.difference, rmst.se, rmst.low, [one.mean for one in rmst.arms]])


near = {"rel": 1e-7, "abs": 1e-10}


@given(trial, st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_people_does_not_matter(people, chance):
    before = said(people, 3.0)
    chance.shuffle(people)
    after = said(people, 3.0)
    assert before["curve"] == after["curve"]
    assert without_time(before) == pytest.approx(without_time(after), **near)
    assert with_time(before) == pytest.approx(with_time(after), **near)


@given(trial, st.sampled_from([1 / 30.4375, 7.0, 365.25, 1e-9]))
@settings(max_examples=25)
def test_the_unit_of_time_does_not_matter(people, factor):
    one, other = said(people, 3.0), said(people, 3.0, factor)
    assert without_time(one) == pytest.approx(without_time(other), **near)
    assert [factor * value for value in with_time(one)] == pytest.approx(with_time(other), rel=1e-7, abs=1e-10 * factor)


@given(trial)
@settings(max_examples=25)
def test_the_other_arm_has_the_other_side(people):
    time, event, arm, stratum = map(list, zip(*people, strict=True)) if people else ([], [], [], [])
    other = [1 - one for one in arm]
    one, two = log_rank(time, event, arm, stratum), log_rank(time, event, other, stratum)
    assert (one.z or 0.0) == pytest.approx(-(two.z or 0.0), **near)
    a, b = hazard_ratio(time, event, arm, stratum), hazard_ratio(time, event, other, stratum)
    assert len(a.terms) == len(b.terms)
    assert all(
        x.hazard_ratio * y.hazard_ratio == pytest.approx(1, **near) for x, y in zip(a.terms, b.terms, strict=True)
    )
    x, y = (gray_test(time, event, side, 1, stratum) for side in (arm, other))
    assert x.score == pytest.approx(-y.score, **near)
    assert x.variance == pytest.approx(y.variance, **near)


def test_an_incidence_that_misses_one_by_rounding_has_no_interval():
    found = cumulative_incidence(range(1, 10), [1, 1, 1, 0, 1, 0, 0, 0, 1], 1).at(9)
    assert found.incidence == pytest.approx(1, abs=1e-12)
    assert found.incidence < 1
    assert (found.low, found.high, found.reason) == (None, None, "the error is unknown where the incidence is 1")
