"""Laws of HER2 status and lesion counting: knowing more never undoes an answer, and bounds are exactly right."""

from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from evenhand.logic import Unknown
from evenhand.oncology import specimen_status
from evenhand.oncology.her2_figures import dual_group, dual_groups, single_probe_findings
from evenhand.units import Range, as_range
from tests.spec.oncology_people import with_lesions, with_tests

DECIDED = ("positive", "negative")

# ---- HER2: thresholds -----------------------------------------------------------------------------

# Thousandths around the thresholds, so that equality happens.
ratios = st.integers(1500, 2500).map(lambda n: Decimal(n) / 1000) | st.sampled_from([Decimal("2.0"), 2])
copies = st.integers(3000, 7000).map(lambda n: Decimal(n) / 1000) | st.sampled_from([4, Decimal("6.00")])


def between(numbers):
    """Ranges, open or closed at either end, unbounded too."""

    @st.composite
    def ranges(draw):
        low, high = sorted((draw(numbers), draw(numbers)))
        if low == high:
            return Range(low, high)
        ends = st.booleans()
        return Range(draw(st.sampled_from([low, None])), draw(st.sampled_from([high, None])), draw(ends), draw(ends))

    return ranges()


@given(ratios, copies)
def test_groups_are_cut_exactly(ratio, copy_number):
    thousandths = int(copy_number * 1000)
    row = int(ratio * 1000) >= 2000
    column = (thousandths >= 4000) + (thousandths >= 6000)
    assert dual_group(ratio, copy_number) == (("group 2", "group 1", "group 1") if row else
                                              ("group 5", "group 4", "group 3"))[column]  # fmt: skip
    assert dual_groups(ratio, copy_number) == (dual_group(ratio, copy_number),)


def inside(bounds, limits, numbers):
    """Numbers of a range: its own ends where closed, the limits, and a little to each side of all of them."""
    near = {limit + step for limit in limits for step in (Decimal("-0.0001"), 0, Decimal("0.0001"))}
    for end in (bounds.low, bounds.high):
        near |= set() if end is None else {end, end + Decimal("0.0001"), end - Decimal("0.0001")}
    return [number for number in near | numbers if contains(bounds, number)]


def contains(bounds, number):
    above = bounds.low is None or number > bounds.low or (number == bounds.low and not bounds.low_open)
    below = bounds.high is None or number < bounds.high or (number == bounds.high and not bounds.high_open)
    return above and below


@given(ratios | between(ratios), copies | between(copies))
def test_a_range_is_in_every_group_that_one_of_its_numbers_is_in(ratio, copy_number):
    possible_ratios = inside(as_range(ratio), [2], {Decimal(1), Decimal(3)})
    possible_copies = inside(as_range(copy_number), [4, 6], {Decimal(1), Decimal(9)})
    groups = {dual_group(r, c) for r, c in product(possible_ratios, possible_copies)}
    assert set(dual_groups(ratio, copy_number)) == groups
    arms = {single_probe_findings(c) for c in possible_copies}
    assert set(single_probe_findings(copy_number)) == {arm for (arm,) in arms}


# ---- HER2: knowing more ---------------------------------------------------------------------------

scores = st.integers(0, 3)
cells = st.integers(18, 22)
NUMBERS = {
    "ihc": (scores, st.tuples(scores, scores).map(lambda ends: Range(min(ends), max(ends)))),
    "ratio": (ratios, between(ratios)),
    "copies": (copies, between(copies)),
    "recount_ratio": (ratios, between(ratios)),
    "recount_copies": (copies, between(copies)),
    "recount_cells": (cells, between(cells)),
}
WORDS = {
    "probe": st.sampled_from(["dual", "single"]),
    "adjudicated": st.sampled_from(DECIDED),
    "reported": st.sampled_from([*DECIDED, "equivocal", "indeterminate"]),
    "discordance_reviewed": st.booleans(),
    "of": st.sampled_from(["primary", "metastasis"]),
}
FIELDS = {name: exact | ranges for name, (exact, ranges) in NUMBERS.items()} | WORDS
specimens = st.fixed_dictionaries({}, optional=FIELDS)


@st.composite
def refined(draw):
    """A specimen, and the same one with one more field or one narrower number; and whether it is a narrower one."""
    specimen = draw(specimens)
    name = draw(st.sampled_from(sorted(FIELDS)))
    if name not in specimen:
        return specimen, specimen | {name: draw(FIELDS[name])}, False
    if name in NUMBERS and isinstance(specimen[name], Range):
        candidates = draw(st.lists(NUMBERS[name][0], min_size=1, max_size=20))
        fitting = [number for number in candidates if contains(specimen[name], number)]
        return specimen, specimen | ({name: fitting[0]} if fitting else {}), True
    return specimen, specimen, True


@given(refined())
def test_knowing_more_of_a_specimen_undoes_its_status_only_by_a_conflict(pair):
    before, after, narrower = pair
    old, new = specimen_status(before), specimen_status(after)
    if old.status in DECIDED and new.status not in DECIDED:
        assert new.why == "conflicting"
    if narrower and old.status in DECIDED and new.status in DECIDED:
        assert new.status == old.status


@given(specimens)
def test_a_specimen_has_a_result_or_something_to_do(specimen):
    result = specimen_status(specimen)
    assert (result.status in DECIDED) == (result.next_step == "") == (result.why is None)


days = st.sampled_from([None, "2024", "2025-01", "2025-01-10", "2025-02-01", "2025-03-01"])
people = st.lists(st.tuples(specimens, days), max_size=4).map(
    lambda tests: [({"specimen": f"S{number}"} | specimen, day) for number, (specimen, day) in enumerate(tests)]
)


@given(people, st.tuples(specimens, days))
def test_another_specimen_undoes_a_persons_status_only_by_a_conflict(tests, more):
    before = with_tests(tests).one("her2")
    after = with_tests([*tests, ({"specimen": "new"} | more[0], more[1])]).one("her2")
    if before in DECIDED and isinstance(after, Unknown):
        assert "conflicting" in {reason.why for reason in after.reasons}


@given(people, st.randoms(use_true_random=False))
def test_a_persons_status_does_not_depend_on_the_order_of_tests(tests, random):
    turned = random.sample(tests, len(tests))
    status, other = with_tests(tests).one("her2"), with_tests(turned).one("her2")
    assert isinstance(status, Unknown) == isinstance(other, Unknown)
    if status in DECIDED:
        assert status == other


# ---- lesions: bounds against all possible worlds --------------------------------------------------

KINDS = ("node_cluster", "contiguous_vertebrae", "neighbours")
entries = st.fixed_dictionaries(
    {"site": st.sampled_from(["liver", "axillary_node", "unspecified_node"])},
    optional={
        "side": st.sampled_from(["same", "other"]),
        "discrete": st.integers(1, 3) | st.sampled_from([Range(1, 2), Range(2, 3)]),
        "unit": st.sampled_from(["U", "V"]),
        "unit_kind": st.sampled_from(KINDS),
    },
)


def worlds(entry):
    """Every entry without a gap that this one may be."""
    sites = ["axillary_node", "distant_node"] if entry["site"] == "unspecified_node" else [entry["site"]]
    sides = [entry["side"]] if "side" in entry else ["same", "other"]
    number = as_range(entry.get("discrete", 1))
    kinds = KINDS if "unit" in entry and "unit_kind" not in entry else [entry.get("unit_kind")]
    for site, side, discrete, kind in product(sites, sides, range(number.low, number.high + 1), kinds):
        yield site, side, discrete, entry.get("unit"), kind


def plain_count(world):
    """The number of metastases in a world without gaps: lesions that count, each merged unit once."""
    alone, merged = 0, set()
    for site, side, discrete, unit, kind in world:
        if site == "axillary_node" and side == "same":
            continue
        if unit is not None and kind != "neighbours":
            merged.add((unit, kind))
        else:
            alone += discrete
    return alone + len(merged)


def bounds(value):
    both = as_range(value)
    return both.low, both.high


@given(st.lists(entries, max_size=3))
def test_the_bounds_are_those_of_all_possible_worlds(metastases):
    counts = [plain_count(world) for world in product(*map(worlds, metastases))]
    found = with_lesions(metastases, all_metastases=True).one("count")
    assert bounds(found) == (min(counts), max(counts))


reported = st.integers(0, 6) | st.sampled_from([Range(low=2), Range(1, 3)])
totals = st.lists(st.fixed_dictionaries({}, optional={"metastases": reported}), max_size=3)


@given(st.lists(entries, max_size=3), totals, st.booleans(), st.booleans(), st.integers(0, 6))
def test_another_total_narrows_the_number_or_contradicts_it(metastases, imaging, all_m, all_i, total):
    before = with_lesions(metastases, imaging, all_metastases=all_m, all_imaging=all_i).one("count")
    after = with_lesions(metastases, [*imaging, {"metastases": total}], all_metastases=all_m, all_imaging=all_i).one(
        "count"
    )
    low, high = (0, None) if isinstance(before, Unknown) else bounds(before)
    new_low, new_high = bounds(after)
    assert new_low == max(low, total)
    if high is not None:
        assert new_high is not None
        assert new_high <= max(high, total)


@given(st.lists(entries, max_size=3), totals, entries)
def test_another_lesion_of_an_open_list_never_lowers_the_number(metastases, imaging, more):
    before = with_lesions(metastases, imaging).one("count")
    after = with_lesions([*metastases, more], imaging).one("count")
    assert bounds(after)[1] is None
    if not isinstance(before, Unknown):
        assert bounds(after)[0] >= bounds(before)[0]
