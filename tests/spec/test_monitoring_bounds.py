"""Stopping rules for events: their bounds and what they do, against scipy and against every course by itself."""

from decimal import Decimal
from itertools import pairwise, product

import pytest
from scipy.stats import beta, binom

from evenhand.analysis.monitoring.boundaries import Bound, bounds_of, operating
from evenhand.protocol.monitoring import Boundary

EXACT = [
    (0.25, 0.05, (10, 20, 40, 60, 80)), (0.05, 0.1, (10, 20, 40)), (0.5, 0.2, (3, 6)), (0.03, 0.05, (5,)),
    (0.2, 0.01, (4, 9, 30)),
]  # fmt: skip


def exact(error):
    return Boundary("exact", Decimal(str(error)))


def bayes(events, people, probable):
    return Boundary("beta_binomial", None, Decimal(str(events)), Decimal(str(people)), Decimal(str(probable)))


@pytest.mark.parametrize(("tolerated", "error", "looks"), EXACT)
def test_an_exact_rule_keeps_its_error_and_could_not_be_stricter_at_one_level(tolerated, error, looks):
    bounds = bounds_of(exact(error), tolerated, looks)
    (found,) = operating(bounds, [tolerated])
    assert found.stopped <= error
    # The next larger nominal level, the same at every look, spends too much.
    lower = [(one.people, (one.events or one.people + 1) - 1) for one in bounds]
    level = min(binom.sf(events - 1, people, tolerated) for people, events in lower)
    wider = [
        next((k for k in range(1, n + 1) if binom.sf(k - 1, n, tolerated) <= level * (1 + 1e-12)), None) for n in looks
    ]
    (more,) = operating([Bound(n, k) for n, k in zip(looks, wider, strict=True)], [tolerated])
    assert more.stopped > error


@pytest.mark.parametrize(("tolerated", "error", "looks"), EXACT)
def test_every_look_of_an_exact_rule_has_the_same_nominal_level(tolerated, error, looks):
    bounds = bounds_of(exact(error), tolerated, looks)
    reached = [binom.sf(one.events - 1, one.people, tolerated) for one in bounds if one.events]
    for one in bounds:
        if one.events and one.events > 1:
            assert binom.sf(one.events - 2, one.people, tolerated) > max(reached)


@pytest.mark.parametrize("prior", [(0.3, 10), (1, 4), (0.5, 1)])
@pytest.mark.parametrize("probable", [0.8, 0.9, 0.975])
@pytest.mark.parametrize("tolerated", [0.03, 0.25])
def test_a_posterior_rule_stops_just_where_the_beta_distribution_says(prior, probable, tolerated):
    events, people = prior
    for one in bounds_of(bayes(events, people, probable), tolerated, (1, 5, 10, 20, 40)):
        above = [
            beta.sf(tolerated, events + k, people - events + one.people - k) > probable for k in range(one.people + 1)
        ]
        assert one.events == (above.index(True) if any(above) else None)


BOUNDS = (Bound(2, 2), Bound(5, 3), Bound(9, 4))


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.37, 0.9, 1.0])
def test_what_a_rule_does_is_the_sum_over_every_course_of_nine_people(rate):
    stopped, people = [0.0] * len(BOUNDS), 0.0
    for course in product((0, 1), repeat=9):
        chance = 1.0
        for one in course:
            chance *= rate if one else 1 - rate
        first = next((i for i, b in enumerate(BOUNDS) if sum(course[: b.people]) >= b.events), None)
        if first is not None:
            stopped[first] += chance
        people += chance * BOUNDS[2 if first is None else first].people
    (found,) = operating(BOUNDS, [rate])
    assert found.at_look == pytest.approx(stopped, abs=1e-12)
    assert found.stopped == pytest.approx(sum(stopped), abs=1e-12)
    assert found.people == pytest.approx(people, abs=1e-11)


def test_a_look_that_nothing_crosses_has_no_bound_and_stops_nobody():
    (bound,) = bounds_of(bayes(0.1, 100, 0.99), 0.5, (3,))
    assert bound == Bound(3, None)
    (found,) = operating([bound], [0.9])
    assert (found.stopped, found.people) == (0, 3)
    (strict,) = bounds_of(exact(0.001), 0.5, (5,))
    assert strict.events is None


def test_the_higher_the_rate_the_sooner_it_stops():
    bounds = bounds_of(exact(0.05), 0.25, (10, 20, 40, 80))
    found = operating(bounds, [rate / 100 for rate in range(0, 101, 5)])
    for lower, higher in pairwise(found):
        assert higher.stopped >= lower.stopped - 1e-12
        assert higher.people <= lower.people + 1e-9
    assert found[0].stopped == 0
    assert found[-1].stopped == pytest.approx(1)


@pytest.mark.parametrize(
    ("looks", "tolerated", "said"),
    [
        ((), 0.2, "do not rise"),
        ((0, 3), 0.2, "do not rise"),
        ((4, 4), 0.2, "do not rise"),
        ((4,), 1.0, "between 0 and 1"),
    ],
)
def test_what_is_no_rule_is_refused(looks, tolerated, said):
    with pytest.raises(ValueError, match=said):
        bounds_of(exact(0.05), tolerated, looks)
