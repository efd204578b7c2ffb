"""The arms of a study and the ratio in which participants are allocated to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd

from evenhand.randomization.errors import DesignError
from evenhand.randomization.exact import distinct_names, whole_number

FEWEST_ARMS = 2


@dataclass(frozen=True, slots=True)
class Arms:
    """Arm ids and their allocation ratio: `Arms(("control", "experimental"), (1, 2))`.

    The order in which a protocol names its arms carries no meaning: two `Arms` that differ in order alone
    allocate alike, because every derivation walks `in_order`. Raises DesignError for fewer than two arms,
    a repeated or empty id, a ratio that is not a positive whole number, or one not in lowest terms.
    """

    ids: tuple[str, ...]
    ratio: tuple[int, ...]

    def __post_init__(self) -> None:
        distinct_names("arms", self.ids, at_least=FEWEST_ARMS)
        if len(self.ids) != len(self.ratio):
            problem = f"{len(self.ids)} arms but {len(self.ratio)} ratio numbers"
            raise DesignError("arms", problem, "give each arm one number")
        for arm, share in zip(self.ids, self.ratio, strict=True):
            whole_number(f"arms.{arm}", share, at_least=1)
        divisor = gcd(*self.ratio)
        if divisor > 1:
            lowest = ":".join(str(share // divisor) for share in self.ratio)
            raise DesignError("arms", f"the ratio has the common divisor {divisor}", f"write it as {lowest}")

    @classmethod
    def from_ratio(cls, ratio: Mapping[str, int]) -> "Arms":
        """The arms of a mapping from arm id to its share: `{"control": 1, "experimental": 2}`."""
        return cls(tuple(ratio), tuple(ratio.values()))

    @property
    def total(self) -> int:
        """The sum of the ratio: the smallest block that can hold it."""
        return sum(self.ratio)

    @property
    def in_order(self) -> tuple[tuple[str, int], ...]:
        """(arm id, share) sorted by id (by code point): the order of every derivation."""
        return tuple(sorted(zip(self.ids, self.ratio, strict=True)))
