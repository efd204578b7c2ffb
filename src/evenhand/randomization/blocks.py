"""Stratified permuted blocks: each allocation is a function of secret, study, stratum and position alone."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from threading import Lock

from evenhand.randomization.design import PermutedBlocks
from evenhand.randomization.errors import RandomizationError
from evenhand.randomization.stream import Purpose, Stream


@dataclass(frozen=True, slots=True)
class BlockAllocation:
    """The arm at one position, and where in its stratum's blocks it stands; all counted from 0.

    Block, size and place must stay as hidden as the secret while the study allocates: they tell the end of
    a block, and with it allocations to come.
    """

    arm: str
    block: int
    block_size: int
    place_in_block: int


@dataclass(frozen=True, slots=True)
class StratumList:
    """The endless allocation list of one stratum of one study."""

    design: PermutedBlocks
    secret: bytes = field(repr=False)
    study: str
    stratum: str

    def size(self, block: int) -> int:
        """The size of the block with this number."""
        if len(self.design.sizes) == 1:
            return self.design.sizes[0]
        return self.design.sizes[self._stream(Purpose.BLOCK_SIZE, block).choice(self.design.weights)]

    def order(self, block: int, size: int) -> tuple[str, ...]:
        """The arms of the block with this number and size, in the order of allocation."""
        arms = self.design.arms
        copies = size // arms.total
        places = [arm for arm, share in arms.in_order for _ in range(share * copies)]
        return self._stream(Purpose.BLOCK_ORDER, block).shuffled(places)

    def allocations(self) -> Iterator[BlockAllocation]:
        """All allocations from position 0 on, without end."""
        block = 0
        while True:
            size = self.size(block)
            for place, arm in enumerate(self.order(block, size)):
                yield BlockAllocation(arm, block, size, place)
            block += 1

    def _stream(self, purpose: Purpose, block: int) -> Stream:
        return Stream(self.secret, purpose, self.study, self.stratum, block)


def allocation_at(design: PermutedBlocks, secret: bytes, study: str, stratum: str, position: int) -> BlockAllocation:
    """The allocation at `position` (counted from 0) of `stratum`; time linear in the number of blocks before
    when asked for the first time, and constant from then on.

    Raises RandomizationError for a negative position, an unfit secret or an empty study id.
    """
    if position < 0:
        raise RandomizationError(f"position {position} is negative; positions are counted from 0 in each stratum")
    stratum_list = StratumList(design, secret, study, stratum)
    with _COUNTING:
        starts = _known_starts(stratum_list)
        while starts[-1] <= position:
            starts.append(starts[-1] + stratum_list.size(len(starts) - 1))
        block = bisect_right(starts, position) - 1
    size, place = starts[block + 1] - starts[block], position - starts[block]
    return BlockAllocation(_known_order(stratum_list, block, size)[place], block, size, place)


_COUNTING = Lock()
_FEW = 256  # lists whose blocks are remembered; each costs one number a block


@lru_cache(_FEW)
def _known_starts(stratum_list: StratumList) -> list[int]:
    """The positions at which this list's blocks start, as far as they were asked for; it grows under the lock."""
    return [0]


@lru_cache(_FEW)
def _known_order(stratum_list: StratumList, block: int, size: int) -> tuple[str, ...]:
    """The block that is being filled: its order is asked for at every place of it."""
    return stratum_list.order(block, size)


def sequence(design: PermutedBlocks, secret: bytes, study: str, stratum: str, n: int) -> tuple[BlockAllocation, ...]:
    """The first `n` allocations of `stratum`: `allocation_at` for 0 to n - 1, in time linear in n."""
    return tuple(islice(StratumList(design, secret, study, stratum).allocations(), n))
