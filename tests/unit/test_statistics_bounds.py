"""Bounds and crossing probabilities: identities, a small table of our own, and what is refused."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from evenhand.statistics.boundaries import bounds
from evenhand.statistics.crossing import crossing
from evenhand.statistics.normal import quantile
from evenhand.statistics.power import needed_drift
from evenhand.statistics.roots import root
from evenhand.statistics.spending import Spending, spent
from evenhand.statistics.walk import Step, start

OBF = Spending("obrien_fleming")
POCOCK = Spending("pocock")
EVEN = Spending("hwang_shih_decani", 0)
NORMAL = NormalDist()

# kind, gamma, fraction, alpha, spent: from the formulas of Lan and DeMets 1983, Kim and DeMets 1987, Hwang et al. 1990
SPENT = [
    ("obrien_fleming", None, 0.5, 0.025, 2 * (1 - NORMAL.cdf(NORMAL.inv_cdf(0.9875) / math.sqrt(0.5)))),
    ("pocock", None, 0.5, 0.025, 0.025 * math.log(1 + (math.e - 1) / 2)),
    ("hwang_shih_decani", -4, 0.5, 0.025, 0.025 * (1 - math.exp(2)) / (1 - math.exp(4))),
    ("hwang_shih_decani", 0, 0.3, 0.05, 0.015),
    ("kim_demets", 3, 0.4, 0.025, 0.0016),
    ("none", None, 0.99, 0.025, 0.0),
]


@pytest.mark.parametrize(("kind", "gamma", "fraction", "alpha", "expected"), SPENT)
def test_what_is_spent(kind, gamma, fraction, alpha, expected):
    one = Spending(kind, gamma)
    assert spent(one, alpha, fraction) == pytest.approx(expected, rel=1e-9, abs=1e-15)
    assert (spent(one, alpha, 0), spent(one, alpha, -1), spent(one, alpha, 1), spent(one, alpha, 1.2)) == (
        0,
        0,
        alpha,
        alpha,
    )


@pytest.mark.parametrize(("alpha", "sided"), [(0.025, 1), (0.05, 2), (0.1, 1), (0.2, 2)])
def test_one_look_is_the_quantile_of_the_normal_distribution(alpha, sided):
    found = bounds([1], alpha=alpha, sided=sided, efficacy=OBF, beta=0.2)
    assert found.efficacy == pytest.approx((NORMAL.inv_cdf(1 - alpha / sided),), abs=1e-12)
    assert found.alpha_spent == pytest.approx((alpha,), rel=1e-12)
    assert found.nominal == pytest.approx((alpha,), rel=1e-12)
    assert found.inflation == pytest.approx(1, rel=1e-9)


# Printed constants: Jennison and Turnbull 1999, tables 2.1 (Pocock) and 2.3 (O'Brien and Fleming), two-sided 0.05
PRINTED = [
    ("classical_pocock", 2, 2.178),
    ("classical_pocock", 5, 2.413),
    ("classical_obrien_fleming", 2, 1.977),
    ("classical_obrien_fleming", 5, 2.040),
]


@pytest.mark.parametrize(("kind", "looks", "constant"), PRINTED)
def test_classical_bounds_are_as_printed(kind, looks, constant):
    times = [look / looks for look in range(1, looks + 1)]
    found = bounds(times, alpha=0.05, sided=2, efficacy=Spending(kind))
    assert found.efficacy[-1] == pytest.approx(constant, abs=5e-4)
    shape = 0.0 if kind == "classical_pocock" else 0.5
    assert found.efficacy == pytest.approx([found.efficacy[-1] * time**-shape for time in times], rel=1e-12)


def test_the_first_bound_spends_what_the_function_says_and_all_of_them_spend_alpha():
    found = bounds([0.25, 0.5, 0.75, 1], alpha=0.025, sided=1, efficacy=OBF)
    wanted = [spent(OBF, 0.025, time) for time in found.information]
    assert found.alpha_spent == pytest.approx(wanted, rel=1e-9)
    assert found.efficacy[0] == pytest.approx(NORMAL.inv_cdf(1 - wanted[0]), abs=1e-9)


def test_two_looks_agree_with_the_bivariate_normal_distribution():
    from scipy.stats import multivariate_normal  # noqa: PLC0415 - slow to import, and needed here alone

    upper, share = (2.5, 2.0), 0.4
    found = crossing([share, 1], 0.0, upper)
    joint = multivariate_normal([0, 0], [[1, math.sqrt(share)], [math.sqrt(share), 1]])
    assert found.none == pytest.approx(joint.cdf(upper), abs=1e-7)
    assert found.upper[0] == pytest.approx(1 - NORMAL.cdf(2.5), rel=1e-9)


def test_crossing_agrees_with_simulated_paths():
    times, drift, upper, lower = np.array([0.3, 0.7, 1.0]), 2.0, (2.8, 2.2, 2.0), (-0.5, 0.6, 2.0)
    draws = np.random.default_rng(20261123).normal(size=(400_000, 3)) * np.sqrt(np.diff(times, prepend=0))
    z = (np.cumsum(draws, axis=1) + drift * times) / np.sqrt(times)
    going = np.ones(len(z), dtype=bool)
    found = crossing(times, drift, upper, lower)
    for look in range(3):
        above, below = going & (z[:, look] > upper[look]), going & (z[:, look] < lower[look])
        assert above.mean() == pytest.approx(found.upper[look], abs=0.0032)  # 4 Monte-Carlo errors at most
        assert below.mean() == pytest.approx(found.lower[look], abs=0.0032)
        going &= ~(above | below)


def test_expected_z_at_each_look_is_the_same_as_a_drift():
    times, upper = [0.5, 1.0], [2.5, 2.0]
    by_drift = crossing(times, 2.0, upper)
    by_look = crossing(times, [2 * math.sqrt(0.5), 2.0], upper)
    assert by_look.upper == pytest.approx(by_drift.upper, rel=1e-12)


def test_nonbinding_futility_leaves_efficacy_alone_and_binding_futility_eases_it():
    plan = {"alpha": 0.025, "sided": 1, "efficacy": OBF, "beta": 0.2}
    alone = bounds([0.5, 1], **plan)
    free = bounds([0.5, 1], **plan, futility=POCOCK)
    bound = bounds([0.5, 1], **plan, futility=POCOCK, binding=True)
    assert free.efficacy == alone.efficacy
    assert bound.efficacy[1] < alone.efficacy[1]
    assert free.alpha_spent[-1] == pytest.approx(0.025, rel=1e-9) == bound.alpha_spent[-1]
    for one in (free, bound):
        assert one.beta_spent == pytest.approx([spent(POCOCK, 0.2, 0.5), 0.2], rel=1e-8)
        assert one.crossing(math.sqrt(one.shift)).power == pytest.approx(0.8, rel=1e-9)
        assert one.futility[-1] == one.efficacy[-1]
    overruled = crossing([0.5, 1], 0.0, bound.efficacy)
    assert overruled.power > 0.025  # the price of overruling a binding bound


def test_fixed_futility_stands_where_it_is_said_to_and_needs_no_beta():
    found = bounds([0.5, 1], alpha=0.025, sided=1, efficacy=OBF, futility=Spending("fixed", 0.3))
    assert found.futility == (0.3, found.efficacy[1])
    assert (found.shift, found.inflation, found.beta_spent) == (None, None, None)


def test_haybittle_peto_stands_at_three_or_where_it_is_said_to():
    three = bounds([0.3, 0.6, 1], alpha=0.025, sided=1, efficacy=Spending("haybittle_peto"))
    higher = bounds([0.3, 0.6, 1], alpha=0.025, sided=1, efficacy=Spending("haybittle_peto", 3.5))
    assert three.efficacy[:2] == (3, 3)
    assert higher.efficacy[:2] == (3.5, 3.5)
    assert NORMAL.inv_cdf(0.975) < higher.efficacy[2] < three.efficacy[2]


def test_spending_all_at_the_end_has_no_interim_bound():
    found = bounds([0.5, 1], alpha=0.025, sided=1, efficacy=Spending("none"), futility=Spending("none"), beta=0.1)
    assert found.efficacy == (math.inf, pytest.approx(NORMAL.inv_cdf(0.975), abs=1e-9))
    assert found.futility is None
    assert found.lower == (-math.inf, -math.inf)
    assert found.inflation == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("times", [[0.98, 1], [0.5, 0.998, 1], [0.05, 1], [0.01, 0.02, 0.03, 1]])
def test_early_and_close_looks_are_computed_as_well(times):
    coarse = bounds(times, alpha=0.025, sided=1, efficacy=POCOCK, beta=0.2)
    fine = bounds(times, alpha=0.025, sided=1, efficacy=POCOCK, beta=0.2, nodes=32)
    assert coarse.efficacy == pytest.approx(fine.efficacy, abs=1e-9)
    assert coarse.shift == pytest.approx(fine.shift, abs=1e-9)
    assert coarse.alpha_spent[-1] == pytest.approx(0.025, rel=1e-9)


def test_stopping_adds_up_to_one():
    found = bounds([0.5, 1], alpha=0.025, sided=1, efficacy=OBF, futility=EVEN, beta=0.2).crossing(1.0)
    assert math.fsum(found.stopping()) == pytest.approx(1, rel=1e-12)
    assert found.by_look()[-1] == pytest.approx(found.power, rel=1e-15)


def test_the_needed_drift_gives_the_power():
    one = bounds([0.5, 1], alpha=0.025, sided=1, efficacy=OBF, beta=0.2)
    assert needed_drift(one, 0.8) == pytest.approx(math.sqrt(one.shift), rel=1e-9)


PLAN = {"alpha": 0.025, "sided": 1, "efficacy": OBF}
REFUSED = [
    ([], {}, "there is no look"),
    ([0, 1], {}, "must be finite and above 0"),
    ([0.5, 0.5], {}, "must rise from look to look"),
    ([0.8, 0.5], {}, "must rise from look to look"),
    ([0.5, math.inf], {}, "must be finite"),
    ([0.5, 0.5001, 1], {}, "lie too close"),
    ([0.5, 1.1], {}, "use monitoring.observed_bounds"),
    ([0.5, 1], {"alpha": 0}, "give an error between 0 and 0.5"),
    ([0.5, 1], {"alpha": 0.5}, "give an error between 0 and 0.5"),
    ([0.5, 1], {"sided": 3}, "1 or 2 sides"),
    ([0.5, 1], {"beta": 0.98}, "the power is"),
    ([0.5, 1], {"beta": 0}, "the power is"),
    ([0.5, 1], {"efficacy": Spending("fixed", 2)}, "fixed bounds are for futility"),
    ([0.5, 1], {"futility": OBF}, "give beta"),
    ([0.5, 1], {"futility": OBF, "beta": 0.2, "sided": 2}, "state it one-sided"),
    ([0.5, 1], {"futility": Spending("haybittle_peto"), "beta": 0.2}, "futility cannot be haybittle_peto"),
    (
        [0.5, 1],
        {"efficacy": Spending("classical_pocock"), "futility": OBF, "beta": 0.2, "binding": True},
        "binding futility needs efficacy that spends",
    ),
    ([0.2, 0.4, 1], {"efficacy": Spending("haybittle_peto", 1.5)}, "spend all the error"),
    ([0.5, 1], {"futility": Spending("fixed", 3)}, "futility meets efficacy"),
]


@pytest.mark.parametrize(("times", "change", "said"), REFUSED)
def test_what_means_nothing_is_refused(times, change, said):
    with pytest.raises(ValueError, match=said):
        bounds(times, **{**PLAN, **change})


@pytest.mark.parametrize(
    ("kind", "gamma", "said"),
    [
        ("bayes", None, "there is no spending 'bayes'"),
        ("hwang_shih_decani", None, "needs its gamma"),
        ("wang_tsiatis", math.nan, "give a finite number"),
        ("kim_demets", 0, "give one above 0"),
        ("hwang_shih_decani", 400, "between -50 and 50"),
    ],
)
def test_a_spending_that_cannot_be_is_refused(kind, gamma, said):
    with pytest.raises(ValueError, match=said):
        Spending(kind, gamma)


@pytest.mark.parametrize(
    ("one", "alpha", "fraction", "said"),
    [
        (OBF, 0, 0.5, "between 0 and 1"),
        (Spending("haybittle_peto"), 0.025, 0.5, "spends by no function"),
        (OBF, 0.025, math.nan, "not a number"),
    ],
)
def test_spending_that_means_nothing_is_refused(one, alpha, fraction, said):
    with pytest.raises(ValueError, match=said):
        spent(one, alpha, fraction)


@pytest.mark.parametrize(
    ("drift", "upper", "lower", "said"),
    [
        ([1.0], [2, 2], None, "give one a look"),
        (math.nan, [2, 2], None, "not finite"),
        (0, [2], None, "give as many of each"),
        (0, [2, 2], [3, 1], "not at or below"),
    ],
)
def test_crossing_of_what_does_not_fit_is_refused(drift, upper, lower, said):
    with pytest.raises(ValueError, match=said):
        crossing([0.5, 1], drift, upper, lower)


def test_a_root_is_found_and_none_is_said():
    assert root(lambda x: x**3 - 2, 0, 2) == pytest.approx(2 ** (1 / 3), rel=1e-12)
    assert root(lambda x: x, 0, 1) == 0
    assert root(lambda x: math.atan(x - 1) if abs(x - 1) > 1e-3 else (x - 1) ** 3, -50, 60) == pytest.approx(
        1, abs=1e-4
    )
    with pytest.raises(ValueError, match="no change of sign"):
        root(lambda x: x**2 + 1, -1, 1)


def test_a_bound_far_out_where_doubles_end_is_found_or_infinite():
    far = bounds([0.02, 1], alpha=0.025, sided=1, efficacy=OBF)
    assert 15 < far.efficacy[0] < 16
    further = bounds([0.001, 1], alpha=0.025, sided=1, efficacy=OBF)
    assert further.efficacy[0] == math.inf
    assert further.alpha_spent == pytest.approx((0, 0.025), rel=1e-9)


@pytest.mark.parametrize("probability", [0, 1, -0.1, math.nan])
def test_a_quantile_of_no_probability_is_refused(probability):
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile(probability)


def test_futility_that_stops_all_leaves_no_power():
    with pytest.raises(ValueError, match="never reach the power"):
        bounds([0.5, 1], alpha=0.025, sided=1, efficacy=Spending("none"), futility=Spending("fixed", 1e4), beta=0.2)


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("probability", [1e-3, 1e-9, 1e-30, 1e-200])
def test_a_quantile_is_found_however_far_the_start_is(side, probability):
    walk = start().onward(Step(0.9, 0.0, 0.95), -3.0, -2.0)
    step, wanted = Step(0.95, 0.0), probability * walk.remaining()
    assert walk.beyond(step, walk.quantile(step, wanted, side), side) == pytest.approx(wanted, rel=1e-9)
    assert walk.quantile(step, 1.0, side) == -side * math.inf
