"""Minimization over many secrets: margins balanced, ratio kept in the long run, chance where it belongs."""

import random
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.randomization import (
    Arms,
    Assigned,
    Factor,
    Measure,
    Minimization,
    biased_coin_chain,
    metrics,
    minimize,
    minimized_sequence,
)
from evenhand.randomization.minimization import arm_probabilities
from tests.generative.randomization_samples import (
    EVEN,
    FOUR_ERRORS,
    THREE_ARMS,
    TWO_TO_ONE,
    mean_and_error,
    secret,
)

RECEPTOR = Factor("receptor", ("negative", "positive"))
BURDEN = Factor("burden", ("1-3", "4-5"), Fraction(2))
SITE = Factor("site", tuple("abcdef"))
FACTORS = (RECEPTOR, BURDEN, SITE)
P = Fraction(4, 5)


def people(design, number, n):
    chance = random.Random(number)
    return [{factor.name: chance.choice(factor.levels) for factor in design.factors} for _ in range(n)]


def arms_of(design, number, n):
    return [one.arm for one in minimized_sequence(design, secret(number), "S", people(design, number, n))]


def marginal_range(design, number, arms):
    """The sum over all factors and levels of the difference between the arms' counts."""
    counts = Counter()
    for levels, arm in zip(people(design, number, len(arms)), arms, strict=True):
        counts.update(dict.fromkeys(levels.items(), 1 if arm == "control" else -1))
    return sum(abs(count) for count in counts.values())


@pytest.mark.parametrize("measure", Measure)
def test_margins_are_far_better_balanced_than_by_tossing_coins(measure):
    design = Minimization(EVEN, FACTORS, P, measure)
    minimized, tossed = [], []
    for number in range(25):
        minimized.append(marginal_range(design, number, arms_of(design, number, 160)))
        coin = random.Random(-number - 1)
        tossed.append(marginal_range(design, number, [coin.choice(EVEN.ids) for _ in range(160)]))
    assert sum(minimized) < sum(tossed) / 2.5


@pytest.mark.parametrize(
    "design",
    [
        Minimization(TWO_TO_ONE, (RECEPTOR,), P),
        Minimization(TWO_TO_ONE, FACTORS, P, Measure.VARIANCE),
        Minimization(TWO_TO_ONE, (), Fraction(2, 3), overall_weight=Fraction(1)),
        Minimization(THREE_ARMS, (RECEPTOR, BURDEN), P, Measure.STANDARD_DEVIATION),
        Minimization(EVEN, FACTORS, P),
    ],
    ids=["2:1, one factor", "2:1, three factors", "2:1, overall", "2:1:1", "1:1"],
)
def test_the_ratio_is_kept_in_the_long_run(design):
    """After a start of 60 people, which the ratio itself makes uneven (Kuznetsova and Tymofyeyev 2012)."""
    shares = {arm: [] for arm in design.arms.ids}
    for number in range(30):
        late = arms_of(design, number, 240)[60:]
        for arm, found in shares.items():
            found.append(late.count(arm) / len(late))
    for arm, share in design.arms.in_order:
        mean, error = mean_and_error(shares[arm])
        assert abs(mean - share / design.arms.total) < FOUR_ERRORS * error


def test_without_factors_it_is_efron_s_biased_coin():
    design = Minimization(EVEN, (), Fraction(2, 3), overall_weight=Fraction(1))
    n = 12
    figures = {
        "convergence_guesses": [],
        "mean_absolute_imbalance": [],
        "mean_largest_imbalance": [],
    }
    balanced = []
    for number in range(1500):
        leads = [0]
        for arm in arms_of(design, number, n):
            leads.append(leads[-1] + (1 if arm == "control" else -1))
        steps = list(pairwise(leads))
        hits = sum(0.5 if before == 0 else abs(after) < abs(before) for before, after in steps)
        figures["convergence_guesses"].append(hits / n)
        figures["mean_absolute_imbalance"].append(abs(leads[-1]))
        figures["mean_largest_imbalance"].append(max(map(abs, leads)))
        balanced.append(leads[-1] == 0)
    exact = metrics(biased_coin_chain(Fraction(2, 3)), n)
    for name, values in (figures | {"balance_probability": balanced}).items():
        mean, error = mean_and_error(values)
        assert abs(mean - float(getattr(exact, name))) < FOUR_ERRORS * error, name


@given(st.binary(min_size=32, max_size=64), st.integers(0, 1000))
def test_certain_preference_leaves_nothing_to_chance_but_ties(key, number):
    design = Minimization(THREE_ARMS, FACTORS, Fraction(1))
    for one in minimized_sequence(design, key, "S", people(design, number, 25)):
        assert one.arm in one.preferred
        if len(one.preferred) == 1:
            assert one.probability == 1


@given(st.integers(0, 1000), st.sampled_from(list(Measure)), st.sampled_from([EVEN, TWO_TO_ONE, THREE_ARMS]))
def test_replay_gives_the_same_allocations_one_by_one(number, measure, arms):
    design = Minimization(arms, FACTORS, P, measure)
    previous = []
    coming = people(design, number, 15)
    for levels, whole in zip(coming, minimized_sequence(design, secret(number), "S", coming), strict=True):
        assert minimize(design, secret(number), "S", previous, levels) == whole
        previous.append(Assigned(levels, whole.arm))


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=4),
    st.fractions(0, 1, max_denominator=100),
    st.sets(st.integers(0, 4), min_size=1),
)
def test_probabilities_are_probabilities_and_average_to_the_ratio(more, towards_one, tied):
    arms = Arms(tuple("abcde"[: len(more) + 1]), (1, *more))
    floor = Fraction(1, arms.total)
    p = 1 - (1 - floor) * towards_one
    if p == floor:
        return
    design = Minimization(arms, FACTORS, p)
    preferred = {arms.ids[place % len(arms.ids)] for place in tied}
    chances = arm_probabilities(design, preferred)
    assert sum(chances.values()) == 1
    assert all(0 <= chance <= 1 for chance in chances.values())
    for arm, share in arms.in_order:
        target = Fraction(share, arms.total)
        assert chances[arm] >= target if arm in preferred else chances[arm] <= target
        cases = ((other_share, arm_probabilities(design, {one})) for one, other_share in arms.in_order)
        assert sum(weight * case[arm] for weight, case in cases) == share


def test_the_scale_of_weights_and_the_order_of_factors_do_not_matter():
    doubled = tuple(Factor(one.name, one.levels, one.weight * 2) for one in reversed(FACTORS))
    one, other = (Minimization(EVEN, factors, P) for factors in (FACTORS, doubled))
    coming = people(one, 3, 80)
    ours, theirs = ([x.arm for x in minimized_sequence(d, secret(3), "S", coming)] for d in (one, other))
    assert ours == theirs
