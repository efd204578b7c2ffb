"""How sites are compared: p-values against every way to draw people, against scipy, and under chance alone."""

from itertools import combinations
from random import Random

import numpy as np
import pytest
from scipy.stats import false_discovery_control, mannwhitneyu, rankdata

from evenhand.analysis.monitoring.chances import MANY, MOST_DRAWN, Draws, adjusted, shrunken
from evenhand.analysis.monitoring.comparing import Share, digits, mid_ranks, middles, rates
from evenhand.analysis.monitoring.sites import one_by_one

DRAWS = Draws()


def shares(*by_site, of=None):
    """People of sites a, b, ...; each person a tuple of values."""
    found = []
    for site, people in zip("abcdefgh", by_site, strict=False):
        for number, values in enumerate(people):
            found.append(
                Share(f"{site}{number}", site, tuple(map(float, values)), 1.0 if of is None else of[len(found)])
            )
    return found


def exact_p(apart, size):
    """Two-sided, of the first ``size`` people, over every way to choose as many."""
    sums = [sum(apart[place] for place in chosen) for chosen in combinations(range(len(apart)), size)]
    here = sum(apart[:size])
    above = sum(one >= here - 1e-9 for one in sums) / len(sums)
    below = sum(one <= here + 1e-9 for one in sums) / len(sums)
    return min(1.0, 2 * min(above, below))


@pytest.mark.parametrize("seed", range(6))
def test_a_rate_has_the_p_value_of_every_way_to_draw_the_people(seed):
    chance = Random(seed)
    counts = [chance.choice((0, 1, 2, 5, 9)) + (4 if number < 4 else 0) * (seed % 2) for number in range(12)]
    of = [chance.choice((3.0, 6.0, 12.0)) for _ in counts]
    found = {
        one.site: one for one in rates(shares([(n,) for n in counts[:4]], [(n,) for n in counts[4:]], of=of), DRAWS)
    }
    apart = [n - m * sum(counts) / sum(of) for n, m in zip(counts, of, strict=True)]
    p = exact_p(apart, 4)
    assert found["a"].p == pytest.approx(p, abs=5 * (p / (1000 if p > 0.05 else MANY)) ** 0.5 + 1e-3)
    assert found["a"].told.here == pytest.approx(sum(counts[:4]) / sum(of[:4]))
    assert found["a"].told.elsewhere == pytest.approx(sum(counts[4:]) / sum(of[4:]))
    assert found["a"].told.ratio == pytest.approx(found["a"].told.here / found["a"].told.elsewhere)
    assert found["b"].z == pytest.approx(-found["a"].z)


@pytest.mark.parametrize("seed", range(6))
def test_with_one_value_a_person_medians_are_tested_as_by_mann_and_whitney(seed):
    chance = Random(seed)
    mine, other = ([(chance.gauss(shift, 1),) for _ in range(8)] for shift in (seed / 3, 0))
    (found, _) = middles(shares(mine, other), DRAWS)
    reference = mannwhitneyu([v for (v,) in mine], [v for (v,) in other], method="exact")
    assert found.p == pytest.approx(reference.pvalue, abs=5 * (reference.pvalue / 1000) ** 0.5)
    assert found.told.ratio == pytest.approx((reference.statistic + 0.5) / (64 - reference.statistic + 0.5))


def test_what_one_person_gives_hangs_together():
    """A hundred late entries of one person are one late person, not a hundred late entries."""
    quiet = [[3.0] * 20 for _ in range(7)]
    (one, _) = middles(shares([[40.0] * 100, *quiet[:3]], quiet), DRAWS)
    assert one.p > 0.1
    late = [[30.0 + number] * 20 for number in range(8)]
    (all_of_them, _) = middles(shares(late, [[3.0] * 20 for _ in range(12)]), DRAWS)
    assert all_of_them.p < 0.001


def test_rounded_digits_are_seen_and_even_ones_are_not():
    chance = Random(3)
    even = [[chance.randrange(10) for _ in range(12)] for _ in range(24)]
    rounded = [[chance.choice((0, 0, 0, 5)) for _ in range(12)] for _ in range(8)]
    given = shares(rounded, even[:8], even[8:16], even[16:])
    found = {one.site: one for one in one_by_one(digits, given, DRAWS)}
    assert found["a"].p < 0.001
    assert found["a"].told.digit == 0
    assert found["a"].told.here > 0.5
    assert all(found[site].p > 0.05 for site in "bcd")


@pytest.mark.parametrize("compare", [rates, middles, digits])
def test_under_chance_alone_small_p_values_are_as_rare_as_they_say(compare):
    """No site differs, and people differ much from each other: of 300 comparisons about 5 % are below 0.05."""
    ps = []
    for seed in range(100):
        chance, people = Random(seed), []
        for _ in range(24):
            mean = chance.choice((0.5, 2, 9))
            people.append(
                [chance.randrange(10) if compare is digits else chance.expovariate(1 / mean) for _ in range(5)]
            )
        ps += [one.p for one in compare(shares(people[:8], people[8:16], people[16:]), DRAWS)]
    assert 0.02 <= sum(p <= 0.05 for p in ps) / len(ps) <= 0.085


def test_a_site_that_differs_much_does_not_make_the_others_look_odd():
    """Against all others, site b would lack what a alone has; against c and d, nothing is odd about it."""
    chance = Random(11)
    people = [[(chance.gauss(10, 1),) for _ in range(12)] for _ in range(3)]
    given = shares([(40.0 + number,) for number in range(12)], *people)
    together = {one.site: one.p for one in rates(given, DRAWS)}
    apart = {one.site: one.p for one in one_by_one(rates, given, DRAWS)}
    assert apart["a"] == together["a"] < 0.001
    assert min(together[site] for site in "bcd") < min(apart[site] for site in "bcd")
    assert min(apart[site] for site in "bcd") > 0.05


def test_many_people_have_the_normal_limit_which_is_what_draws_give():
    chance = np.random.RandomState(5)
    apart = chance.normal(size=(MOST_DRAWN, 1))
    here = np.arange(MOST_DRAWN) < 300
    apart[here] += 0.06
    apart -= apart.mean()
    (z, p), _ = DRAWS.chances(apart, [here, ~here])
    doubled = np.concatenate([apart, np.zeros((1, 1))])
    (z_limit, p_limit), _ = DRAWS.chances(doubled, [np.append(here, False), np.append(~here, True)])
    assert z_limit == pytest.approx(z, rel=1e-2)
    assert p_limit == pytest.approx(p, abs=0.04)


def test_nothing_to_compare_is_no_comparison():
    assert rates([], DRAWS) == middles([], DRAWS) == digits([], DRAWS) == ()
    assert rates(shares([(1,), (2,)]), DRAWS) == ()  # one site
    (none, _) = rates(shares([(0,), (0,)], [(0,), (0,)]), DRAWS)
    assert (none.p, none.told.ratio, none.z) == (1.0, 1.0, 0.0)
    (nobody, _) = rates(shares([(0,)] * 6, [(3,)] * 6), DRAWS)
    assert 0 < nobody.told.ratio < 0.1


def test_the_same_people_in_another_order_give_the_same():
    given = shares([(1,), (4,), (2,)], [(9,), (7,), (8,)], [(3,), (3,), (5,)])
    first, again = rates(given, Draws()), rates(given, Draws())
    assert first == again
    turned = {one.site: one.told for one in rates(given[::-1], Draws())}
    assert turned == {one.site: one.told for one in first}


def test_p_values_are_adjusted_as_scipy_does_it():
    chance = Random(8)
    ps = {("m", str(number)): chance.random() ** 3 for number in range(40)} | {("m", "tie"): 0.5, ("m", "tied"): 0.5}
    expected = false_discovery_control(list(ps.values()))
    assert [adjusted(ps)[one] for one in ps] == pytest.approx(list(expected))
    assert adjusted({}) == {}


@pytest.mark.parametrize(("people", "prior", "expected"), [(5, 5, 4**0.5), (15, 5, 4**0.75), (5, 0, 4), (0, 5, 1)])
def test_a_small_site_is_drawn_towards_the_others(people, prior, expected):
    assert shrunken(4.0, people, prior) == pytest.approx(expected)
    assert shrunken(0.25, people, prior) == pytest.approx(1 / expected)


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_ranks_with_ties_are_those_of_scipy_to_the_bit(most):
    random = Random(most)
    values = np.array([random.randrange(most) / 4 for _ in range(200)])
    assert (mid_ranks(values) == rankdata(values)).all()
