"""Survival statistics against R (survival, nph, survRM2, cmprsk), kept beside the repository: 1e-9 relative.

Where R reports an error of 0 (nobody had the event so far) we say that it is unknown; where R goes on beyond the
longest follow-up, warns that a coefficient may be infinite, or drops an aliased covariate, we say that there is no
estimate.
"""

import csv
import json
from functools import cache

import numpy as np
import pytest

from evenhand.statistics.survival import (
    cumulative_incidence,
    gray_test,
    hazard_ratio,
    kaplan_meier,
    log_rank,
    proportional_hazards,
    quartiles,
    restricted_mean_difference,
    weighted_log_rank,
)
from tests.shared_data import shared

NAMES = [
    *("veteran", "lung", "ovarian", "gbsg", "aml", "mgus2"),
    *("synth162_day_open", "synth162_month_open", "synth162_delayed_open"),
    *("edge_last_event_open", "edge_one_arm_censored_open", "edge_single_event_open"),
]
close = pytest.approx


def near(theirs):
    return pytest.approx(theirs, rel=1e-9, abs=0)


class Trial:
    """One data set and R's values; ``arm`` is 1 for the later label."""

    def __init__(self, name):
        folder = shared("statistics")
        self.r = json.loads((folder / "survival_reference.json").read_text())[name]
        self.rows = list(csv.DictReader((folder / self.r["csv"]).read_text().splitlines()))
        self.time, self.event, self.label = (self.column(self.r[key]) for key in ("time", "status", "arm"))
        self.arm = (self.label == self.label.max()).astype(float)
        self.covariates = {one: self.column(one) for one in self.r["covariates"] or []}
        self.stratum = [row[self.r["strata"]] for row in self.rows] if self.r["strata"] else None

    def column(self, name):
        return np.array([float(row[name]) for row in self.rows])

    def people(self, who):
        return np.full(self.time.size, True) if who == "all" else self.label == float(who.removeprefix("arm_"))


@cache
def loaded(name):
    return Trial(name)


@pytest.fixture(params=NAMES)
def trial(request):
    return loaded(request.param)


def curves(trial):
    for who, theirs in trial.r["km"].items():
        here = trial.people(who)
        yield kaplan_meier(trial.time[here], trial.event[here]), theirs


def test_every_step_of_the_curves(trial):
    for curve, theirs in curves(trial):
        if full := theirs.get("full"):
            rows = full["n_risk"], full["n_event"], full["n_censor"]
            assert (list(curve.at_risk), list(curve.died), list(curve.censored)) == rows
            assert list(curve.time) == full["time"]
            assert list(curve.survival) == near(full["surv"])
            for ours, name in (
                (curve.se, "std_err_greenwood"),
                (curve.low, "lower_loglog"),
                (curve.high, "upper_loglog"),
            ):
                inside = [0 < one < 1 for one in curve.survival]
                assert [one is not None for one in ours] == inside
                assert [a for a, one in zip(ours, inside, strict=True) if one] == near(
                    [a for a, one in zip(full[name], inside, strict=True) if one]
                )


def test_the_curves_at_given_times(trial):
    for curve, theirs in curves(trial):
        at = theirs["at"]
        assert list(curve.numbers_at_risk(at["time"])) == at["n_risk"]
        for row, time in enumerate(at["time"]):
            ours = curve.at(time)
            if ours.survival is None:
                assert time > curve.time[-1]
            elif ours.se is None:
                assert ours.survival == at["surv"][row] in (0, 1)
            else:
                names = "surv", "std_err_greenwood", "lower_loglog", "upper_loglog"
                assert [ours.survival, ours.se, ours.low, ours.high] == near([at[name][row] for name in names])


def test_median_and_quartiles_with_their_intervals(trial):
    for curve, theirs in curves(trial):
        ours, r = quartiles(curve), theirs["quantiles_loglog"]
        assert [one.share for one in ours] == r["prob"]
        assert [[one.time, one.low, one.high] for one in ours] == [
            list(row) for row in zip(r["estimate"], r["lower"], r["upper"], strict=True)
        ]


@pytest.mark.parametrize(
    ("key", "strata", "rho"),
    [("unstratified", False, 0), ("stratified", True, 0), ("peto_rho1", False, 1), ("stratified_rho1", True, 1)],
)
def test_log_rank(trial, key, strata, rho):
    theirs = trial.r["logrank"].get(key)
    if theirs is None:
        assert trial.stratum is None
        return
    ours = weighted_log_rank(trial.time, trial.event, trial.arm, trial.stratum if strata else None, rho=rho)
    assert list(ours.observed) == near(theirs["observed"])
    assert list(ours.expected) == near(theirs["expected"])
    assert ours.variance == near(theirs["var"][0][0])
    assert (ours.test.statistic, ours.test.p) == near((theirs["chisq"], theirs["p"]))


def test_fleming_harrington(trial):
    for theirs in trial.r["fleming_harrington_nph"]:
        ours = weighted_log_rank(trial.time, trial.event, trial.arm, rho=theirs["rho"], gamma=theirs["gamma"])
        if theirs["z"] is None:
            assert (ours.z, ours.reason) == (None, "no event happened while both arms were at risk with weight")
        else:
            assert (ours.z, ours.test.statistic) == near((theirs["z"], theirs["chisq"]))
            assert ours.test.p == near(theirs["p"])


def cox_models(trial):
    """(our model, R's), R's aliased covariates left out."""
    for key, theirs in trial.r["cox"].items():
        if key.endswith("_efron"):
            stratum = trial.stratum if "stratified" in key else None
            others = zip(trial.covariates.items(), theirs["coef"][1:], strict=False)
            adjusted = dict(covariate for covariate, coefficient in others if coefficient is not None)
            yield hazard_ratio(trial.time, trial.event, trial.arm, stratum, adjusted), theirs


def test_cox(trial):
    for ours, theirs in cox_models(trial):
        if theirs["warning"]:
            assert ours.reason.startswith("the likelihood has no finite maximum: the hazard ratio of arm tends to")
            assert (ours.terms, ours.wald, ours.likelihood_ratio) == ((), None, None)
        else:
            names = "coefficient", "se", "hazard_ratio", "low", "high", "z", "p"
            keys = "coef", "se", "hr", "lower95", "upper95", "z", "p"
            for name, key in zip(names, keys, strict=True):
                known = [
                    one for one, coefficient in zip(theirs[key], theirs["coef"], strict=True) if coefficient is not None
                ]
                assert [getattr(term, name) for term in ours.terms] == near(known), name
            assert [ours.log_likelihood_without, ours.log_likelihood] == near(theirs["loglik"])
            assert (ours.wald.statistic, ours.likelihood_ratio.statistic) == near(
                (theirs["wald_test"], theirs["lr_test"])
            )
        assert ours.score.statistic == near(theirs["score_test"])


def test_covariance_of_the_coefficients(trial):
    for ours, theirs in cox_models(trial):
        known = [row for row, value in enumerate(theirs["coef"]) if value is not None]
        if ours.terms:
            assert np.asarray(ours.covariance) == near(np.asarray(theirs["var"], dtype=float)[np.ix_(known, known)])


@pytest.mark.parametrize("scale", ["km", "identity", "log", "rank"])
def test_proportional_hazards(trial, scale):
    for key, covariates in (("cox_zph_arm", {}), ("cox_zph_multi", trial.covariates)):
        ours = proportional_hazards(trial.time, trial.event, {"arm": trial.arm, **covariates}, scale=scale)
        if key not in trial.r:
            assert ours.reason or not covariates
            continue
        theirs = trial.r[key][scale]
        tests = [*(test for _, test in ours.terms), ours.together]
        assert [one.statistic for one in tests] == near(theirs["chisq"])
        assert [one.df for one in tests] == theirs["df"]
        assert [one.p for one in tests] == near(theirs["p"])


def test_restricted_means(trial):
    theirs = trial.r["rmst"]
    ours = restricted_mean_difference(trial.time, trial.event, trial.arm, theirs["tau"])
    for one, r in zip(ours.arms, (theirs["arm0"], theirs["arm1"]), strict=True):
        values = (one.mean, one.se, one.low, one.high) if r[1] else (one.mean,)
        assert list(values) == near(r[: len(values)])
        assert (one.se is None) == (r[1] == 0)
    assert ours.difference == near(theirs["diff"][0])
    if ours.se is not None:
        assert [ours.low, ours.high, ours.p] == near(theirs["diff"][1:])


def test_landmark_analysis(trial):
    """Those beyond the landmark, with the clock set anew."""
    if theirs := trial.r.get("landmark"):
        late = trial.time > theirs["landmark"]
        time, event, arm = trial.time[late] - theirs["landmark"], trial.event[late], trial.arm[late]
        test = log_rank(time, event, arm).test
        assert (test.statistic, test.p) == near((theirs["logrank"]["chisq"], theirs["logrank"]["p"]))
        term = hazard_ratio(time, event, arm).terms[0]
        assert [term.coefficient, term.se] == near([theirs["cox"]["coef"][0], theirs["cox"]["se"][0]])


@pytest.mark.parametrize("cause", [1, 2])
def test_cumulative_incidence(cause):
    trial = loaded("mgus2")
    causes = trial.column("event")
    for arm in (0, 1):
        theirs, here = trial.r["competing"]["aalen_johansen"][f"arm_{arm}"], trial.arm == arm
        ours = cumulative_incidence(trial.time[here], causes[here], cause)
        for row, time in enumerate(theirs["time"]):
            at = ours.at(time)
            assert at.incidence == near(theirs["pstate"][row][cause])
            assert (at.se or 0) == near(theirs["std_err_survival_ij"][row][cause])


@pytest.mark.parametrize("cause", [1, 2])
def test_gray(cause):
    trial = loaded("mgus2")
    causes, competing = trial.column("event"), trial.r["competing"]
    for stratum, theirs in ((None, competing["gray"]["tests"]), (trial.stratum, competing["gray_stratified"])):
        ours = gray_test(trial.time, causes, trial.arm, cause, stratum)
        assert [ours.test.statistic, ours.test.p, ours.test.df] == near(theirs[cause - 1])


@pytest.mark.parametrize("cause", [1, 2])
def test_cause_specific_hazard_ratio(cause):
    trial = loaded("mgus2")
    ours = hazard_ratio(trial.time, trial.column("event") == cause, trial.arm).terms[0]
    theirs = trial.r["competing"]["cause_specific_cox"][f"cause{cause}"]
    assert [ours.coefficient, ours.se] == near([theirs["coef"][0], theirs["se"][0]])
