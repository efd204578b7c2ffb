"""Proportions, rates and Fisher's test against R (binom.test, fisher.test, poisson.test), kept beside the repository.

R searches the limits of an odds ratio to a part in ten thousand only; there the comparison is as wide.
"""

import json

import pytest

from evenhand.statistics.survival import fisher, proportion, rate, rate_ratio
from evenhand.statistics.survival.proportions import wilson
from tests.shared_data import shared


def reference(part):
    return json.loads(shared("statistics/ae_reference.json").read_text())[part]


def near(theirs, rel=1e-9):
    return pytest.approx(theirs, rel=rel, abs=1e-15)


def test_proportions():
    for r in reference("one_proportion"):
        ours = proportion(r["x"], r["n"], confidence=r["conf_level"])
        assert [ours.low, ours.high] == near(r["clopper_pearson"])
        assert list(wilson(r["x"], r["n"], r["conf_level"])) == near(r["wilson"])


def test_fisher():
    for r in reference("two_proportions"):
        ours = fisher((r["x2"], r["n2"]), (r["x1"], r["n1"]))
        infinite = r["cond_mle_or"] == "Inf"
        assert ours.p == near(r["fisher_p"])
        assert ours.low == near(r["or_ci95"][0], rel=1e-3)
        assert (ours.odds_ratio is None, ours.high is None) == (infinite, infinite)
        if not infinite:
            assert (ours.odds_ratio, ours.high) == near((r["cond_mle_or"], r["or_ci95"][1]), rel=1e-3)


def test_rates():
    for r in reference("poisson_rate"):
        ours = rate(r["events"], r["exposure"])
        assert [ours.rate, ours.low, ours.high] == near([r["rate"], *r["exact_ci95"]])


def test_ratios_of_rates():
    for r in reference("poisson_ratio"):
        ours = rate_ratio((r["e2"], r["t2"]), (r["e1"], r["t1"]))
        assert [ours.ratio, ours.low, ours.high, ours.p] == near([r["rate_ratio"], *r["exact_ci95"], r["p"]])
