"""Values that anybody can check by hand or in a book, so that the project is tested without any shared file.

The remission times (weeks) of 42 children with leukaemia: Freireich and others, Blood 1963;21:699-716; with the values
worked out from them in Kleinbaum and Klein, Survival Analysis, 3rd ed. 2012, chapters 2 and 3, Kalbfleisch and
Prentice, The Statistical Analysis of Failure Time Data 2002, and by hand in fractions.
"""

import math
from fractions import Fraction as F

import pytest

from evenhand.statistics.survival import (
    cumulative_incidence,
    fisher,
    gray_test,
    hazard_ratio,
    kaplan_meier,
    log_rank,
    proportion,
    proportion_difference,
    quartiles,
    rate,
    restricted_mean,
    survival_difference,
    weighted_log_rank,
)

TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
UNTREATED = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
TIME = [*TREATED[0], *TREATED[1], *UNTREATED]
EVENT = [1] * 9 + [0] * 12 + [1] * 21
ARM = [1] * 21 + [0] * 21

close = pytest.approx


@pytest.fixture
def treated():
    return kaplan_meier(TIME[:21], EVENT[:21])


@pytest.mark.parametrize(
    ("week", "at_risk", "survival", "error"),
    [
        (6, 21, F(18, 21), 0.0764),
        (7, 17, F(18, 21) * F(16, 17), 0.0869),
        (10, 15, F(18, 21) * F(16, 17) * F(14, 15), 0.0963),
        (13, 12, F(18, 21) * F(16, 17) * F(14, 15) * F(11, 12), 0.1068),
        (16, 11, F(18, 21) * F(16, 17) * F(14, 15) * F(11, 12) * F(10, 11), 0.1141),
        (22, 7, F(18, 21) * F(16, 17) * F(14, 15) * F(10, 12) * F(6, 7), 0.1282),
        (23, 6, F(18, 21) * F(16, 17) * F(14, 15) * F(10, 12) * F(5, 7), 0.1346),
    ],
)
def test_the_treated_curve(treated, week, at_risk, survival, error):
    at = treated.at(week)
    assert at.at_risk == at_risk
    assert at.survival == close(float(survival), rel=1e-14)
    assert at.se == close(error, abs=5e-5)


def test_a_band_by_hand(treated):
    """At week 6: Greenwood's sum is 3 / (21 * 18)."""
    survival, error = 18 / 21, math.sqrt(3 / (21 * 18))
    width = 1.959963984540054 * error / math.log(survival)
    at = treated.at(6)
    assert (at.low, at.high) == close((survival ** math.exp(-width), survival ** math.exp(width)), rel=1e-14)


def test_quartiles(treated):
    median = quartiles(treated)[1]
    assert (median.time, median.low, median.high) == (23, 13, None)
    assert median.reason == "the upper limit is not reached by the band"
    assert quartiles(treated)[2].reason.startswith("the estimate never came down to 0.25")
    assert [one.time for one in quartiles(kaplan_meier(UNTREATED, [1] * 21))] == [4, 8, 12]


def test_the_median_is_the_middle_of_a_flat_piece():
    median = quartiles(kaplan_meier([1, 2, 5, 9], [1, 1, 1, 1]))[1]
    assert median.time == 3.5


def test_marks_and_numbers_at_risk(treated):
    assert [time for time, _ in treated.censor_marks()] == sorted(set(TREATED[1]))
    assert treated.numbers_at_risk([0, 10, 20, 30, 40]) == (21, 15, 8, 4, 0)


def test_log_rank():
    found = log_rank(TIME, EVENT, ARM)
    assert found.observed == (21, 9)
    assert found.expected == close((10.75, 19.25), abs=0.005)
    assert found.variance == close(6.2570, abs=5e-5)
    assert found.test.statistic == close(16.793, abs=5e-4)
    assert found.z > 0 and found.p_better == close(found.test.p / 2, rel=1e-12)


def test_late_weights_ask_for_less():
    assert weighted_log_rank(TIME, EVENT, ARM, gamma=1).test.statistic < log_rank(TIME, EVENT, ARM).test.statistic


def test_cox_with_efrons_ties():
    """Untreated against treated: 1.572 with an error of 0.412, a ratio of 4.82 (2.15 to 10.81)."""
    fit = hazard_ratio(TIME, EVENT, [1 - one for one in ARM])
    term = fit.terms[0]
    assert (term.coefficient, term.se) == close((1.5721, 0.4124), abs=5e-5)
    assert (term.hazard_ratio, term.low, term.high) == close((4.817, 2.147, 10.81), abs=5e-3)
    assert fit.likelihood_ratio.statistic == close(16.35, abs=5e-3)


def test_restricted_mean_by_hand():
    """Of 1, 2+, 3: one, then two thirds up to 3, nothing beyond; Greenwood's term at 1 has the area of 4/3 ahead."""
    found = restricted_mean([1, 2, 3], [1, 0, 1], 4)
    assert found.mean == close(1 + 2 * 2 / 3, rel=1e-15)
    assert found.se == close(math.sqrt((4 / 3) ** 2 / (3 * 2)), rel=1e-15)


def test_difference_at_a_landmark_by_hand():
    found = survival_difference([1, 3, 3, 3, 1, 1, 3, 3], [1, 0, 0, 0, 1, 1, 0, 0], [1] * 4 + [0] * 4, 2)
    assert found.difference == 0.25
    assert found.se == close(math.sqrt(0.75 * 0.25 / 4 + 0.5 * 0.5 / 4), rel=1e-15)


def test_cumulative_incidence_by_hand():
    found = cumulative_incidence([1, 2, 3, 4], [1, 2, 0, 1], 1)
    assert found.incidence == close((1 / 4, 1 / 4, 3 / 4), rel=1e-15)
    assert found.at(1).se == close(math.sqrt(1 / 4 * 3 / 4 / 4), rel=1e-15)


def test_cumulative_incidence_of_one_cause_is_what_survival_leaves():
    curve, found = kaplan_meier(TIME, EVENT), cumulative_incidence(TIME, EVENT, 1)
    for time, incidence, se in zip(found.time, found.incidence, found.se, strict=True):
        assert incidence == close(1 - curve.at(time).survival, rel=1e-12)
        assert se == close(curve.at(time).se, rel=1e-12)


def test_gray_by_hand():
    """One of four has the event, two at risk in each arm: 1 seen, 1/2 expected; a step of 1/4 among 2, for each arm."""
    found = gray_test([1, 2, 2, 2], [1, 0, 0, 0], [1, 1, 0, 0], 1)
    assert (found.score, found.variance) == close((0.5, 0.25), rel=1e-15)


@pytest.mark.parametrize("people", [1, 10, 81, 1000])
def test_nobody_of_n(people):
    """The upper limit is 1 less the n-th root of 0.025; three over n is its rule of thumb."""
    found = proportion(0, people)
    assert (found.low, found.high) == (0, close(1 - 0.025 ** (1 / people), rel=1e-12))


@pytest.mark.parametrize(
    ("control", "experimental", "low", "high"),
    [
        ((48, 80), (56, 70), 0.0524, 0.3339),
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((2, 7), (6, 7), 0.0582, 0.8062),
        ((0, 29), (5, 56), -0.0381, 0.1926),
        ((0, 20), (0, 10), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((0, 20), (10, 10), 0.6791, 1.0000),
        ((0, 10), (10, 10), 0.6075, 1.0000),
    ],
)
def test_newcombes_own_table(control, experimental, low, high):
    """Statistics in Medicine 1998;17:873-890, Table II, method 10."""
    found = proportion_difference(control, experimental)
    assert (found.low, found.high) == close((low, high), abs=5.1e-5)


def test_the_lady_tasting_tea():
    """Fisher, The Design of Experiments 1935: 3 of 4 right; 34 of 70 ways are at least as striking."""
    found = fisher((1, 4), (3, 4))
    assert found.p == close(34 / 70, rel=1e-13)
    assert found.odds_ratio == close(6.408309, abs=1e-3)


def test_no_event_in_a_time_at_risk():
    assert rate(0, 80).high == close(-math.log(0.025) / 80, rel=1e-13)
