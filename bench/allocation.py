"""Allocations by blocks and by minimization, against one SHA-256 HMAC each."""

import hmac

from bench.timing import ratios, report
from evenhand.randomization import Arms, PermutedBlocks, allocation_at

COUNT = 500
SECRET = bytes(range(32))
DESIGN = PermutedBlocks(Arms.from_ratio({"a": 1, "b": 1}), (4, 6))


def main() -> None:
    """Print how many HMACs an allocation costs, at positions up to 81."""

    def allocate() -> None:
        for number in range(COUNT):
            allocation_at(DESIGN, SECRET, "bench", "stratum", number % 81)

    def sign() -> None:
        for number in range(COUNT):
            hmac.new(SECRET, b"%d" % number, "sha256").digest()

    report("an allocation by blocks / one HMAC-SHA-256", ratios(allocate, sign), "-")
