"""Exact metrics against those of an independent program, kept beside the repository."""

import json
from fractions import Fraction
from functools import cache

import pytest

from evenhand.randomization import (
    Arms,
    PermutedBlocks,
    biased_coin_chain,
    blocks_chain,
    complete_chain,
    metrics,
)
from tests.shared_data import shared

EVEN = Arms.from_ratio({"A": 1, "B": 1})
CHAINS = {
    "CR": complete_chain(),
    "PBR(4)": blocks_chain(PermutedBlocks(EVEN, (4,))),
    "PBR(6)": blocks_chain(PermutedBlocks(EVEN, (6,))),
    "EBC(2/3)": biased_coin_chain(Fraction(2, 3)),
}
FIELDS = {
    "expected_correct_guess_fraction_convergence": "convergence_guesses",
    "expected_correct_guess_fraction_optimal": "optimal_guesses",
    "expected_fraction_deterministic": "forced",
    "mean_abs_final_imbalance": "mean_absolute_imbalance",
    "prob_final_balance": "balance_probability",
    "mean_max_abs_imbalance": "mean_largest_imbalance",
    "var_final_imbalance": "imbalance_variance",
}


@cache
def exact(procedure, n):
    return metrics(CHAINS[procedure], n)


@pytest.mark.parametrize(
    ("procedure", "n"),
    [("CR", 12), ("PBR(4)", 12), ("PBR(6)", 12), ("EBC(2/3)", 12), ("PBR(4)", 162), ("EBC(2/3)", 162)],
)
def test_metrics_agree_with_the_reference(procedure, n):
    reference = json.loads(shared("statistics/randomization_reference.json").read_text())["results"]
    (theirs,) = (one for one in reference if (one["procedure"], one["N"]) == (procedure, n))
    ours = exact(procedure, n)
    found = {field: float(getattr(ours, name)) for field, name in FIELDS.items()}
    assert found == pytest.approx({field: theirs[field] for field in FIELDS}, rel=1e-12, abs=0)
    assert ours.certain == ours.forced


@pytest.mark.parametrize(
    ("procedure", "guesses", "forced", "largest"),
    [("PBR(4)", 0.707, 0.329, 2.0), ("PBR(6)", 0.683, 0.250, 2.9), ("EBC(2/3)", 0.624, 0.0, 5.8)],
)
def test_metrics_agree_with_the_printed_table_at_162(procedure, guesses, forced, largest):
    """The reference's table of exact predictability, rounded as printed."""
    ours = exact(procedure, 162)
    assert round(float(ours.convergence_guesses), 3) == guesses
    assert round(float(ours.forced), 3) == forced
    assert round(float(ours.mean_largest_imbalance), 1) == largest
