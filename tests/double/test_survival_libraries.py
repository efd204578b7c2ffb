"""Against two libraries that agree with R and share nothing with our code: SurPyval and statsmodels.

They are used here only; without them these tests are skipped.
"""

import warnings

import numpy as np
import pytest

from evenhand.statistics.survival import (
    gray_test,
    hazard_ratio,
    proportion_difference,
    proportional_hazards,
    weighted_log_rank,
)

near = pytest.approx


def library(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of others' making, when they are imported
        return pytest.importorskip(name)


@pytest.fixture(params=[1, 2, 3])
def trial(request):
    """(time in whole months, cause, arm, stratum, age) of 120 made-up people, with many ties."""
    chance = np.random.default_rng(request.param)
    arm, stratum = chance.integers(0, 2, 120), chance.integers(0, 3, 120)
    latent = chance.exponential([12, 30], (120, 2)) * np.exp(0.4 * arm + 0.2 * stratum)[:, None]
    end = chance.uniform(3, 36, 120)
    first = np.minimum(latent.min(axis=1), end)
    cause = np.where(first == end, 0, latent.argmin(axis=1) + 1)
    return np.ceil(first), cause, arm, stratum, chance.integers(40, 90, 120).astype(float)


@pytest.mark.parametrize("of", [1, 2])
def test_gray(trial, of):
    surpyval = library("surpyval")
    time, cause, arm, _, _ = trial
    theirs = surpyval.gray_test(time, [int(one) or None for one in cause], arm, event=of)
    assert gray_test(time, cause, arm, of).test.statistic == near(theirs.statistic, rel=1e-9)


@pytest.mark.parametrize(("rho", "gamma"), [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)])
def test_weighted_log_rank(trial, rho, gamma):
    surpyval = library("surpyval")
    time, cause, arm, stratum, _ = trial
    event = (cause > 0).astype(int)
    weights = {"weighting": "fleming-harrington", "rho": rho, "gamma": gamma}
    theirs = surpyval.logrank(time, arm, c=1 - event, strata=stratum, **weights)
    ours = weighted_log_rank(time, event, arm, stratum, rho=rho, gamma=gamma)
    assert ours.test.statistic == near(theirs.statistic, rel=1e-9)


def test_stratified_cox(trial):
    statsmodels = library("statsmodels.duration.hazard_regression")
    time, cause, arm, stratum, age = trial
    event = (cause > 0).astype(float)
    columns = np.stack([arm, (age - 65) / 10], axis=1)
    theirs = statsmodels.PHReg(time, columns, status=event, strata=stratum, ties="efron").fit()
    ours = hazard_ratio(time, event, arm, stratum, {"age": columns[:, 1]})
    assert [one.coefficient for one in ours.terms] == near(list(theirs.params), rel=1e-7)
    assert [one.se for one in ours.terms] == near(list(theirs.bse), rel=1e-7)


@pytest.mark.parametrize("scale", ["km", "identity", "log", "rank"])
def test_proportional_hazards(trial, scale):
    surpyval = library("surpyval")
    time, cause, arm, _, age = trial
    event = (cause > 0).astype(int)
    model = surpyval.CoxPH.fit(time, np.stack([arm, age], axis=1), c=1 - event)
    theirs = list(model.check_ph(transform=scale)["statistic"])
    ours = proportional_hazards(time, event, {"arm": arm, "age": age}, scale=scale)
    assert [*(test.statistic for _, test in ours.terms), ours.together.statistic] == near(theirs, rel=1e-8)


def test_newcombe():
    proportions = library("statsmodels.stats.proportion")
    for one, other in (((3, 40), (10, 41)), ((1, 20), (19, 20)), ((5, 81), (17, 81))):
        theirs = proportions.confint_proportions_2indep(*other, *one, method="newcomb", compare="diff")
        ours = proportion_difference(one, other)
        assert [ours.low, ours.high] == near(list(theirs), rel=1e-10)
