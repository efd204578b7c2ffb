"""Every number that efficacy reports, against SurPyval or statsmodels, on a made-up trial in whole days.

What is compared is what stands in the tables, so that a column in the wrong place or an arm the wrong way round shows
as well as a wrong formula. Without the libraries these tests are skipped.
"""

import math
import warnings

import numpy as np
import pytest

from evenhand.analysis.efficacy.cases import Cases
from evenhand.analysis.efficacy.comparing import Adjustment, comparison_table
from evenhand.analysis.efficacy.distant import incidence_table
from evenhand.analysis.efficacy.estimates import estimates_table
from evenhand.analysis.efficacy.lesions import incidence_by_lesion
from evenhand.analysis.efficacy.people import Grouping
from evenhand.analysis.efficacy.responses import Best, response_table
from evenhand.analysis.efficacy.subgroups import subgroup_table
from evenhand.oncology.recist import Response
from tests.analysis_help import PFS
from tests.efficacy_help import ARMS, case, value

near = pytest.approx
ABOUT = {"id": "x", "population": "Everybody"}
SAME = 1e-9  # one algorithm, another program
FITTED = 1e-7  # where theirs stops its search earlier


def library(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of others' making, when they are imported
        return pytest.importorskip(name)


class Trial:
    """162 made-up people with two causes, three strata and an age; visits every 90 days make many ties."""

    def __init__(self, seed):
        chance = np.random.default_rng(seed)
        self.arm, self.stratum = chance.integers(0, 2, 162), chance.integers(0, 3, 162)
        self.age = chance.integers(35, 85, 162).astype(float)
        rates = np.array([500, 1500]) * np.exp(0.5 * self.arm + 0.2 * self.stratum)[:, None]
        latent = chance.exponential(rates)
        latent[:, 0] = 90 * np.ceil(latent[:, 0] / 90)
        end = np.where(chance.random(162) < 0.25, chance.uniform(30, 1097, 162), 1097)
        latent, end = np.ceil(latent), np.ceil(end)
        self.days = np.minimum(latent.min(axis=1), end).astype(int)
        self.cause = np.where(self.days == end, 0, latent.argmin(axis=1) + 1)
        self.event = (self.cause == 1).astype(int)
        self.months = self.days / 30.4375
        self.cases = Cases(ARMS, tuple(self._case(number) for number in range(162)))

    def _case(self, number):
        stratum = (str(self.stratum[number]),)
        return case(int(self.arm[number]), int(self.days[number]), int(self.cause[number]), f"P-{number}", stratum)

    def of_arm(self, arm):
        return self.arm == arm


@pytest.fixture(params=[11, 12, 13], scope="module")
def trial(request):
    return Trial(request.param)


@pytest.fixture(scope="module")
def estimates(trial):
    return estimates_table(trial.cases, PFS, landmarks=(12.0, 24.0, 36.0), horizon=36.0, **ABOUT)


@pytest.fixture(scope="module")
def comparison(trial):
    adjusted = Adjustment({"age": trial.age.tolist()}, trial.cases, "age")
    return comparison_table(trial.cases, PFS, stratified=False, sided=1, adjusted=adjusted, **ABOUT)


def curve_of(trial, arm, event=None):
    here = trial.of_arm(arm)
    known = trial.event if event is None else event
    return library("surpyval").KaplanMeier.fit(trial.months[here], c=1 - known[here])


@pytest.mark.parametrize("arm", [0, 1])
def test_curves_and_medians(trial, estimates, arm):
    theirs = curve_of(trial, arm)
    for at in (12, 24, 36):
        low, high = theirs.cb([at])[0]
        row = f"at_{at}"
        ours = [value(estimates, row, arm, name) for name in ("estimate", "low", "high")]
        assert ours == near([theirs.sf([at])[0], low, high], rel=SAME)
    for row, found in (("median", theirs), ("follow_up", curve_of(trial, arm, 1 - trial.event))):
        middle, (low, high) = found.qf(0.5), found.quantile_cb([0.5])[0]
        for name, other in (("estimate", middle), ("low", low), ("high", high)):
            ours = value(estimates, row, arm, name)
            assert (ours is None and not np.isfinite(other)) or ours == near(float(other), rel=SAME)


def test_differences_at_landmarks_and_of_restricted_means(trial, estimates):
    both = [curve_of(trial, arm) for arm in (0, 1)]
    statsmodels = library("statsmodels.duration.survfunc")
    for at in (12, 24, 36):
        difference, variance = 0.0, 0.0
        for arm, sign in ((0, -1), (1, 1)):
            here = trial.of_arm(arm)
            found = statsmodels.SurvfuncRight(trial.months[here], trial.event[here])
            place = np.searchsorted(found.surv_times, at, side="right") - 1
            difference += sign * found.surv_prob[place]
            variance += found.surv_prob_se[place] ** 2
        expected = [difference, difference - 1.959963984540054 * math.sqrt(variance)]
        assert [value(estimates, f"at_{at}", 2, name) for name in ("estimate", "low")] == near(expected, rel=SAME)
    theirs = library("surpyval").rmst_diff(both[1], both[0], tau=36.0)
    ours = [value(estimates, "rmst", 2, name) for name in ("estimate", "low", "high", "p")]
    assert ours == near([theirs[name] for name in ("difference", "lower", "upper", "p_value")], rel=SAME)
    for arm in (0, 1):
        means = both[arm].rmst(36.0)
        ours = [value(estimates, "rmst", arm, name) for name in ("estimate", "low", "high")]
        assert ours == near([means[name] for name in ("rmst", "lower", "upper")], rel=SAME)


@pytest.mark.parametrize("row", ["log_rank", "log_rank_stratified"])
def test_log_rank(trial, comparison, row):
    strata = trial.stratum if row.endswith("stratified") else None
    theirs = library("surpyval").logrank(trial.months, trial.arm, c=1 - trial.event, strata=strata)
    assert value(comparison, row, 0, "chi_square") == near(theirs.statistic, rel=SAME)
    assert value(comparison, row, 2, "p") == near(theirs.p_value, rel=SAME)
    better = value(comparison, row, 0, "z") > 0
    assert value(comparison, row, 1, "p") == near(theirs.p_value / 2 if better else 1 - theirs.p_value / 2, rel=SAME)


@pytest.mark.parametrize("row", ["cox", "cox_stratified", "cox_adjusted"])
def test_hazard_ratios(trial, comparison, row):
    statsmodels = library("statsmodels.duration.hazard_regression")
    columns = [trial.arm.astype(float), *([(trial.age - 60) / 10] if row == "cox_adjusted" else [])]
    strata = trial.stratum if row == "cox_stratified" else None
    theirs = statsmodels.PHReg(
        trial.months, np.stack(columns, axis=1), status=trial.event, strata=strata, ties="efron"
    ).fit()
    assert value(comparison, row, 0, "coefficient") == near(theirs.params[0], rel=FITTED)
    assert value(comparison, row, 0, "se") == near(theirs.bse[0], rel=FITTED)
    low, high = np.exp(theirs.conf_int()[0])
    assert [value(comparison, row, 0, name) for name in ("low", "high")] == near([low, high], rel=FITTED)
    assert value(comparison, row, 2, "p") == near(theirs.pvalues[0], rel=1e-6)


def test_proportional_hazards(trial, comparison):
    model = library("surpyval").CoxPH.fit(trial.months, trial.arm[:, None].astype(float), c=1 - trial.event)
    theirs = list(model.check_ph(transform="km")["statistic"])
    assert value(comparison, "proportional_hazards", 0, "chi_square") == near(float(theirs[0]), rel=1e-8)


def test_incidence_and_its_comparison(trial):
    table = incidence_table(trial.cases, PFS, landmarks=(12.0, 24.0, 36.0), **ABOUT)
    surpyval, survfunc = library("surpyval"), library("statsmodels.duration.survfunc")
    causes = [int(one) or None for one in trial.cause]
    theirs = surpyval.gray_test(trial.months, causes, trial.arm, event=1)
    assert value(table, "gray", 2, "chi_square") == near(theirs.statistic, rel=SAME)
    for arm in (0, 1):
        here = trial.of_arm(arm)
        found = survfunc.CumIncidenceRight(trial.months[here], trial.cause[here])
        for cause, name in ((0, "event"), (1, "competing")):
            for at in (12, 24, 36):
                place = np.searchsorted(found.times, at, side="right") - 1
                assert value(table, f"{name}_{at}", arm) == near(found.cinc[cause][place], rel=SAME)
    model = library("statsmodels.duration.hazard_regression").PHReg(
        trial.months, trial.arm.astype(float), status=trial.event, ties="efron"
    )
    assert value(table, "cause_specific", 2, "coefficient") == near(model.fit().params[0], rel=FITTED)


def test_subgroups_and_interaction(trial):
    level = {f"P-{number}": str(one) for number, one in enumerate(trial.stratum)}
    grouping = Grouping("stratum", "Stratum", level, {one: one for one in "012"})
    table = subgroup_table(trial.cases, [grouping], PFS, fewest=10, **ABOUT)
    regression = library("statsmodels.duration.hazard_regression").PHReg
    for number in range(3):
        here = trial.stratum == number
        model = regression(trial.months[here], trial.arm[here].astype(float), status=trial.event[here], ties="efron")
        assert value(table, f"stratum_{number}", 2, "coefficient") == near(model.fit().params[0], rel=FITTED)
    groups = [(trial.stratum == number).astype(float) for number in (1, 2)]
    alone = np.stack([trial.arm.astype(float), *groups], axis=1)
    crossed = np.concatenate([alone, alone[:, 1:] * trial.arm[:, None]], axis=1)
    fits = [regression(trial.months, one, status=trial.event, ties="efron").fit() for one in (alone, crossed)]
    assert value(table, "stratum", 3, "chi_square") == near(2 * (fits[1].llf - fits[0].llf), rel=1e-6)


def test_the_jackknife_over_people(trial):
    """The lesions of one person: those of neighbouring rows; each person left out by a plain loop over their code."""
    survfunc = library("statsmodels.duration.survfunc")
    person = np.arange(162) // 3
    lesions = Cases(
        ARMS,
        tuple(
            case(1, int(trial.days[row]), int(trial.cause[row]), f"P-{person[row]}", item=f"M{row}")
            for row in range(162)
        ),
    )

    def theirs(keep):
        found = survfunc.CumIncidenceRight(trial.months[keep], trial.cause[keep])
        return found.cinc[0][np.searchsorted(found.times, 12, side="right") - 1]

    without = np.array([theirs(person != one) for one in range(54)])
    ours = incidence_by_lesion(lesions, 12)
    assert ours.incidence == near(theirs(person >= 0), rel=SAME)
    assert ours.se == near(math.sqrt(((without - without.mean()) ** 2).sum() * 53 / 54), rel=SAME)


def test_response_rates(trial):
    proportions = library("statsmodels.stats.proportion")
    response = [Response.PR if one else Response.SD for one in trial.event]
    found = tuple(
        Best(f"P-{row}", int(trial.arm[row]), response[row], bool(row % 7)) for row in range(162)
    )  # fmt: skip
    table = response_table(found, ARMS, PFS, **ABOUT)
    for arm in (0, 1):
        here = [one for one in found if one.arm == arm and one.measurable]
        many = sum(one.response is Response.PR for one in here)
        low, high = proportions.proportion_confint(many, len(here), method="beta")
        ours = [value(table, "objective_response", arm, name) for name in ("estimate", "low", "high")]
        assert ours == near([many / len(here), low, high], rel=SAME)
