"""Permuted blocks over many secrets: balance as theory says, every order as likely, strata apart."""

from collections import Counter
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.randomization import Arms, PermutedBlocks, allocation_at, sequence
from tests.generative.randomization_samples import (
    BLOCK_DESIGNS,
    EVEN,
    FOUR_ERRORS,
    FOUR_OR_SIX,
    THREE_ARMS,
    TWO_TO_ONE,
    chi_square,
    chi_square_limit,
    mean_and_error,
    secret,
)

secrets = st.binary(min_size=32, max_size=64)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@st.composite
def designs(draw):
    ratio = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    arms = Arms(tuple("abcd"[: len(ratio)]), (*ratio[:-1], 1))
    multiples = sorted(draw(st.sets(st.integers(1, 4), min_size=1, max_size=3)))
    weights = draw(st.lists(st.integers(1, 5), min_size=len(multiples), max_size=len(multiples)))
    return PermutedBlocks(arms, tuple(arms.total * multiple for multiple in multiples), tuple(weights))


@given(designs(), secrets, names, names)
def test_the_ratio_is_exact_at_every_block_end(design, key, study, stratum):
    counts = Counter()
    for one in sequence(design, key, study, stratum, 60):
        counts[one.arm] += 1
        if one.place_in_block + 1 == one.block_size:
            assert len({Fraction(counts[arm], share) for arm, share in design.arms.in_order}) == 1


@given(designs(), secrets, names)
def test_no_arm_strays_further_than_the_largest_block_lets_it(design, key, stratum):
    counts = Counter()
    largest = max(design.sizes)
    for total, one in enumerate(sequence(design, key, "S", stratum, 60), start=1):
        counts[one.arm] += 1
        for arm, share in design.arms.in_order:
            # In a block of size b an arm has b * share / sum places: first or last of all, at worst.
            room = Fraction(share, design.arms.total)
            assert abs(counts[arm] - total * room) <= largest * room * (1 - room)


@given(secrets, names)
def test_two_even_arms_differ_by_at_most_half_the_largest_block(key, stratum):
    lead = 0
    for one in sequence(FOUR_OR_SIX, key, "S", stratum, 80):
        lead += 1 if one.arm == "control" else -1
        assert abs(lead) <= 3


def test_half_the_largest_block_is_reached():
    runs = (sequence(FOUR_OR_SIX, secret(number), "S", "x", 3) for number in range(200))
    assert any(len({one.arm for one in run}) == 1 for run in runs)


@given(designs(), secrets, names, names, st.integers(0, 80))
def test_an_allocation_depends_on_nothing_but_secret_study_stratum_and_position(design, key, study, stratum, place):
    before = allocation_at(design, key, study, stratum, place)
    for other in ("", stratum + "x", "x" + stratum):
        sequence(design, key, study, other, place + 1)
        sequence(design, key, other + "y", stratum, place + 1)
    assert allocation_at(design, key, study, stratum, place) == before
    assert sequence(design, key, study, stratum, place + 1)[place] == before


@pytest.mark.parametrize(
    ("arms", "size"),
    [(EVEN, 4), (EVEN, 6), (TWO_TO_ONE, 3), (TWO_TO_ONE, 6), (THREE_ARMS, 4)],
    ids=lambda value: getattr(value, "ids", value),
)
def test_every_order_of_a_block_is_as_likely(arms, size):
    places = [arm for arm, share in arms.in_order for _ in range(share * size // arms.total)]
    orders = sorted(set(permutations(places)))
    design = PermutedBlocks(arms, (size,))
    seen = Counter(tuple(one.arm for one in sequence(design, secret(number), "S", "x", size)) for number in range(4000))
    assert set(seen) <= set(orders)
    assert chi_square([seen[order] for order in orders]) < chi_square_limit(len(orders))


def test_the_sizes_are_drawn_by_their_weights():
    design = PermutedBlocks(EVEN, (2, 4, 8), (1, 2, 3))
    sizes = Counter(allocation_at(design, secret(number), "S", "x", 0).block_size for number in range(6000))
    parts = [sizes[2], sizes[4] / 2, sizes[8] / 3]
    assert all(abs(part - 1000) < 5 * 30 for part in parts)  # standard errors about 29, 26 and 13


def test_a_block_s_size_tells_nothing_of_the_next():
    drawn = Counter()
    for number in range(4000):
        sizes = {one.block: one.block_size for one in sequence(FOUR_OR_SIX, secret(number), "S", "x", 12)}
        drawn[sizes[0], sizes[1]] += 1
    assert chi_square(list(drawn.values())) < chi_square_limit(4)


@pytest.mark.parametrize("design", BLOCK_DESIGNS)
def test_any_bit_of_the_secret_changes_the_allocations(design):
    key = secret(0)
    whole = [one.arm for one in sequence(design, key, "S", "x", 64)]
    for bit in range(8 * len(key)):
        flipped = (int.from_bytes(key) ^ (1 << bit)).to_bytes(len(key))
        assert [one.arm for one in sequence(design, flipped, "S", "x", 64)] != whole


def flip_a_bit(key):
    return bytes([key[0] ^ 1]) + key[1:]


@pytest.mark.parametrize(
    "of_other",
    [
        lambda key: (key, "S", "y"),
        lambda key: (key, "T", "x"),
        lambda key: (key, "Sx", ""),
        lambda key: (flip_a_bit(key), "S", "x"),
    ],
    ids=["another stratum", "another study", "the same letters", "a bit of the secret"],
)
def test_other_strata_studies_and_secrets_give_unrelated_lists(of_other):
    """Two unrelated lists agree at half their positions on average."""
    shares = []
    for number in range(1500):
        one = sequence(FOUR_OR_SIX, secret(number), "S", "x", 24)
        key, study, stratum = of_other(secret(number))
        other = sequence(FOUR_OR_SIX, key, study, stratum, 24)
        shares.append(sum(a.arm == b.arm for a, b in zip(one, other, strict=True)) / 24)
    mean, error = mean_and_error(shares)
    assert abs(mean - 0.5) < FOUR_ERRORS * error
