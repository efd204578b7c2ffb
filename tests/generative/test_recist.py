"""RECIST against a plain second telling of it: every small world, and random larger ones; and its laws."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.oncology.recist import (
    Assessed,
    Baseline,
    BestRules,
    Candidate,
    Finding,
    Look,
    NewLesion,
    NonTargetState,
    Response,
    Scan,
    Target,
    best_response,
    confirmed_response,
    evaluate,
    explain,
    faults_of_choice,
    irradiated_course,
    micrometres,
    millimetres,
    propose,
)
from tests.generative.naive_recist import Seen, overall_responses

DAY = date(2026, 1, 5)
WORDS = [str(state) for state in NonTargetState]


def baseline_of(sizes, nodes, others=0):
    targets = (Target(f"T{number}", micrometres(size), node)
               for number, (size, node) in enumerate(zip(sizes, nodes, strict=True)))  # fmt: skip
    return Baseline(DAY, tuple(targets), tuple(f"NT{number}" for number in range(others)))


def scan_of(number, seen):
    sizes = tuple(None if size is None else micrometres(size) for size in seen.sizes)
    new = tuple(NewLesion(f"X{place}", certainty) for place, certainty in enumerate(seen.new))
    day = DAY + timedelta(weeks=8 * (number + 1))
    return Scan(day, sizes, tuple(map(NonTargetState, seen.non_targets)), new, seen.searched)


def course_of(sizes, nodes, seen):
    baseline = baseline_of(sizes, nodes, len(seen[0].non_targets) if seen else 0)
    return evaluate(baseline, [scan_of(number, one) for number, one in enumerate(seen)])


def assert_same(sizes, nodes, seen):
    answers = [point.overall for point in course_of(sizes, nodes, seen).points]
    assert answers == overall_responses(sizes, nodes, seen), seen


# ---- every small world ------------------------------------------------------------------------------


def test_every_small_world_of_two_targets_and_three_scans():
    # Sizes around every limit: 0, 30 % and 20 % of 10 + 15 mm, 5 mm, the limit of a node.
    shown = [Seen(sizes) for sizes in product((None, 0, 3, 10, 15), (None, 0, 9, 15))]
    for seen in product(shown, repeat=3):
        assert_same((10, 15), (False, True), seen)


def test_every_small_world_of_one_target_with_all_that_can_be_seen_beside_it():
    news = [((), True), (("equivocal",), True), (("unequivocal",), True), ((), False)]
    shown = [Seen((size,), (word,), *new) for size, word, new in product((None, 0, 6, 12), WORDS, news)]
    for seen in product(shown, repeat=2):
        assert_same((10,), (False,), seen)


def test_every_small_world_without_targets():
    news = [((), True), (("equivocal",), True), (("unequivocal",), True), ((), False)]
    for words in ((), WORDS):
        shown = [Seen((), (word,) if word else (), *new) for word, new in product(words or [""], news)]
        for seen in product(shown, repeat=3):
            assert_same((), (), seen)


# ---- random worlds ----------------------------------------------------------------------------------

tenths = st.integers(0, 400).map(lambda tenth: millimetres(tenth * 100))
seen_sizes = st.none() | tenths | st.sampled_from([0, 5, 7, 10, 12])
certainties = st.sampled_from(["equivocal", "unequivocal", "cleared"])


@st.composite
def worlds(draw):
    count, others = draw(st.integers(0, 4)), draw(st.integers(0, 2))
    nodes = tuple(draw(st.booleans()) for _ in range(count))
    sizes = tuple(draw(tenths.filter(bool)) for _ in range(count))
    one = st.builds(
        Seen,
        st.tuples(*[seen_sizes] * count),
        st.tuples(*[st.sampled_from(WORDS)] * others),
        st.lists(certainties, max_size=1).map(tuple),
        st.sampled_from([True, True, True, False]),
    )
    return sizes, nodes, draw(st.lists(one, max_size=6))


@given(worlds())
def test_random_worlds(world):
    assert_same(*world)


@given(worlds())
def test_every_point_is_explained_and_every_progression_dated(world):
    course = course_of(*world)
    progressed = [point for point in course.points if point.overall == "PD"]
    for point in course.points:
        assert all(sentence.endswith(".") for sentence in explain(point, course.baseline))
        assert (point.progressed is None) == (point.overall != "PD")
    assert (course.progression is None) == (not progressed)
    if course.progression:
        assert course.progression.day == min(point.progressed for point in progressed)
        assert course.progression.day <= course.progression.declared


@given(worlds())
def test_the_past_does_not_change_when_a_scan_is_added(world):
    sizes, nodes, seen = world
    whole = course_of(sizes, nodes, seen).points
    for number in range(1, len(seen) + 1):
        assert course_of(sizes, nodes, seen[:number]).points == whole[:number]


@given(worlds())
def test_sums_are_exact(world):
    sizes, nodes, seen = world
    for point, scan in zip(course_of(sizes, nodes, seen).points, seen, strict=True):
        known = [Fraction(size) for size in scan.sizes if size is not None]
        if point.target is not None:
            assert point.target.measured == sum(known) * 1000
            assert (point.target.total is None) == (len(known) < len(sizes))


# ---- selection --------------------------------------------------------------------------------------

candidates = st.builds(
    Candidate,
    st.text("ABC", min_size=1, max_size=3),
    st.sampled_from(["liver", "lung", "bone", "skin", "axilla", "neck"]),
    st.sampled_from(["solid", "node", "cystic_metastasis", "never_measurable"]),
    st.none() | st.integers(0, 60_000),
    st.sampled_from(["ct", "mri", "calipers", "xray", "other"]),
    st.none() | st.integers(1_000, 10_000),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(candidates, max_size=12, unique_by=lambda one: one.label))
def test_a_proposal_breaks_no_rule_and_forgets_no_lesion(lesions):
    selection = propose(lesions)
    assert faults_of_choice(lesions, selection.targets) == []
    left = [choice for choice in selection.choices if choice.role == "not recorded"]
    assert len(selection.targets) + len(selection.non_targets) + len(left) == len(lesions)
    assert {choice.measurability.standing for choice in left} <= {"normal node"}


@given(st.lists(candidates, max_size=12, unique_by=lambda one: one.label), st.randoms(use_true_random=False))
def test_the_order_of_the_list_does_not_matter(lesions, shuffle):
    turned = list(lesions)
    shuffle.shuffle(turned)
    assert set(propose(lesions).targets) == set(propose(turned).targets)


# ---- best response ----------------------------------------------------------------------------------

histories = st.lists(
    st.tuples(st.integers(1, 400), st.sampled_from([one for one in Response if one != "NED"])),
    max_size=7,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: [Assessed(DAY + timedelta(days=day), response) for day, response in pairs])
ORDER = ["CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE"]


@given(histories)
def test_confirmation_never_makes_a_response_better(history):
    plain, confirmed = best_response(history, DAY), confirmed_response(history, DAY)
    assert ORDER.index(plain.response) <= ORDER.index(confirmed.response)


@given(histories, st.integers(0, 3))
def test_more_patience_never_makes_a_response_worse(history, patience):
    """More NE allowed between a response and its confirmation."""
    strict = confirmed_response(history, DAY, BestRules(unevaluable_between=patience))
    lenient = confirmed_response(history, DAY, BestRules(unevaluable_between=patience + 1, stable_between=True))
    assert ORDER.index(lenient.response) <= ORDER.index(strict.response)


@given(histories)
def test_nothing_after_the_first_progression_counts(history):
    ordered = sorted(history)
    ends = next((place + 1 for place, one in enumerate(ordered) if one.response == "PD"), len(ordered))
    for best in (best_response, confirmed_response):
        assert best(history, DAY) == best(ordered[:ends], DAY)


# ---- irradiated lesions -----------------------------------------------------------------------------

findings: st.SearchStrategy[Finding | None] = st.sampled_from([None, "positive", "negative"])
looks = st.lists(
    st.tuples(st.integers(1, 700), st.none() | st.integers(0, 40), findings),
    max_size=8,
    unique_by=lambda one: one[0],
).map(lambda some: [Look(DAY + timedelta(days=day), None if size is None else size * 1000, pet)
                    for day, size, pet in sorted(some)])  # fmt: skip


@given(looks)
def test_an_irradiated_lesion_progresses_only_by_growth_that_is_late_and_confirmed(some):
    course = irradiated_course(DAY, some)
    assert len(course.statuses) == len(some)
    if course.progression is None:
        assert "progressed" not in course.statuses
        return
    day, declared = course.progression
    by_day = {look.day: look for look in some}
    smallest = min(look.size for look in some if look.day < day and look.size is not None)
    assert by_day[day].size >= smallest + 5000
    assert by_day[day].size * 10 >= smallest * 12
    assert day >= date(2026, 4, 5)
    assert by_day[declared].pet == "positive" or (declared - day).days >= 56


@pytest.mark.parametrize("growth", [4, 5])
@given(st.integers(1, 25))
def test_small_lesions_need_five_millimetres(growth, size):
    scans = [Look(DAY + timedelta(days=days), mm * 1000) for days, mm in ((60, size), (120, size + growth))]
    assert irradiated_course(DAY, scans).statuses[-1] == ("controlled" if growth < 5 else "progression suspected")
