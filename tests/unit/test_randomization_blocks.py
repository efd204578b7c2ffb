"""Permuted blocks: positions, blocks and places."""

from itertools import pairwise

import pytest

from evenhand.randomization import (
    Arms,
    BlockAllocation,
    PermutedBlocks,
    RandomizationError,
    allocation_at,
    sequence,
)
from evenhand.randomization.blocks import StratumList

SECRET = bytes(range(32))
EVEN = Arms.from_ratio({"A": 1, "B": 1})
DESIGN = PermutedBlocks(EVEN, (4, 6))


def test_places_and_blocks_are_counted_from_0_without_a_gap():
    allocations = sequence(DESIGN, SECRET, "S", "x", 60)
    assert (allocations[0].block, allocations[0].place_in_block) == (0, 0)
    for one, following in pairwise(allocations):
        if one.place_in_block + 1 < one.block_size:
            assert (following.block, following.block_size) == (one.block, one.block_size)
            assert following.place_in_block == one.place_in_block + 1
        else:
            assert (following.block, following.place_in_block) == (one.block + 1, 0)


def test_a_single_position_agrees_with_the_sequence():
    allocations = sequence(DESIGN, SECRET, "S", "x", 60)
    assert allocations == tuple(allocation_at(DESIGN, SECRET, "S", "x", position) for position in range(60))


def test_a_shorter_sequence_is_the_start_of_a_longer_one():
    assert sequence(DESIGN, SECRET, "S", "x", 0) == ()
    assert sequence(DESIGN, SECRET, "S", "x", 17) == sequence(DESIGN, SECRET, "S", "x", 40)[:17]


def test_the_order_in_which_arms_are_written_does_not_matter():
    turned = PermutedBlocks(Arms.from_ratio({"B": 1, "A": 1}), (4, 6))
    assert sequence(turned, SECRET, "S", "x", 40) == sequence(DESIGN, SECRET, "S", "x", 40)


def test_a_block_of_the_ratio_s_sum_alternates_at_every_block_end():
    pairs = sequence(PermutedBlocks(EVEN, (2,)), SECRET, "S", "x", 40)
    assert all({first.arm, second.arm} == {"A", "B"} for first, second in zip(pairs[::2], pairs[1::2], strict=True))


def test_an_allocation_is_a_value():
    assert allocation_at(PermutedBlocks(EVEN, (2,)), SECRET, "S", "x", 3) in {
        BlockAllocation(arm, block=1, block_size=2, place_in_block=1) for arm in "AB"
    }


def test_a_list_does_not_show_its_secret():
    assert repr(SECRET) not in repr(StratumList(DESIGN, SECRET, "S", "x"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((SECRET, "S", "x", -1), "position -1 is negative"),
        ((SECRET[:31], "S", "x", 0), "31 bytes"),
        ((SECRET, "", "x", 0), "study id is empty"),
    ],
)
def test_what_cannot_be_allocated_is_refused(arguments, message):
    with pytest.raises(RandomizationError, match=message):
        allocation_at(DESIGN, *arguments)
