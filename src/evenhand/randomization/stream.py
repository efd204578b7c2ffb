"""Random draws that anyone who holds the secret can repeat: the derivation, in full.

**A digest.** `digest = HMAC-SHA-256(key = secret, message)`. The message is seven fields one after the
other, each as its length in bytes (8 bytes, big-endian) and then its bytes:

    "evenhand randomization", "1", purpose, study id, stratum id, index, counter

Texts are UTF-8, as they stand in the record; index and counter are decimal digits ("0", "17"). Because every
field carries its length, no two different lists of fields give the same message.

**A whole number below n.** For counter = 0, 1, 2, ... read the digest as a big-endian integer x. Take the
first x below floor(2^256 / n) * n, and return x mod n: all n results are then equally likely. Each x tried
uses up one counter value; the next draw of the same (purpose, study, stratum, index) goes on from there.

**A choice by weights w1, w2, ...** Draw r below their sum; take the first item whose running sum exceeds r.

**An order (Fisher-Yates).** For i from the last place down to 1, draw j below i + 1 and swap places i and j.

**Permuted blocks.** Block b = 0, 1, ... of a stratum has a size chosen by weights among the sizes in
ascending order, with purpose "block size" and index b (a design of one size needs no draw). Its places start
as the arms sorted by id, each repeated size * share / sum of shares times, and are put in order with purpose
"block order" and index b. Position p of the stratum, counted from 0, is the p-th place of the blocks laid
end to end.

**Minimization.** The person at position p of the whole study (counted from 0) draws r below the least common
denominator of the arms' probabilities, with purpose "minimization", stratum id "" and index p; the arm is
chosen by weights (probability * denominator), arms sorted by id.

Sources: HMAC, RFC 2104; rejection against modulo bias and the shuffle, Knuth, The Art of Computer
Programming, volume 2, 3.4.1 and 3.4.2.
"""

import hmac
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from evenhand.randomization.commitment import require_secret
from evenhand.randomization.errors import RandomizationError

DOMAIN = "evenhand randomization"
DERIVATION = "1"
RANGE = 1 << 256


class Purpose(StrEnum):
    """What a draw decides; draws for different purposes never share a digest."""

    BLOCK_SIZE = "block size"
    BLOCK_ORDER = "block order"
    MINIMIZATION = "minimization"


def framed(*fields: str) -> bytes:
    """The fields in UTF-8, each after its length in bytes: different lists never give the same bytes."""
    encoded = [field.encode() for field in fields]
    return b"".join(len(field).to_bytes(8) + field for field in encoded)


@lru_cache(maxsize=256)
def _bound_to(purpose: Purpose, study: str, stratum: str) -> bytes:
    return framed(DOMAIN, DERIVATION, purpose, study, stratum)


@lru_cache(maxsize=1024)
def _framed_number(number: int) -> bytes:
    return framed(str(number))


class Stream:
    """The draws of one (secret, purpose, study, stratum, index), in their order.

    Raises RandomizationError for an unfit secret, an empty study id or a negative index.
    """

    __slots__ = ("_counter", "_prefix", "_secret")

    def __init__(self, secret: bytes, purpose: Purpose, study: str, stratum: str, index: int) -> None:
        require_secret(secret)
        if not study:
            raise RandomizationError("the study id is empty; allocations are bound to a study, so name it")
        if index < 0:
            raise RandomizationError(f"index {index} is negative; positions and blocks are counted from 0")
        self._secret = secret
        self._prefix = _bound_to(purpose, study, stratum) + _framed_number(index)
        self._counter = 0

    def _next(self) -> int:
        message = self._prefix + _framed_number(self._counter)
        self._counter += 1
        return int.from_bytes(hmac.digest(self._secret, message, "sha256"))

    def below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1, each with exactly the same probability."""
        if not 1 <= bound <= RANGE:
            raise RandomizationError(f"cannot draw below {bound}; the bound must lie between 1 and 2^256")
        accepted = RANGE - RANGE % bound
        while (drawn := self._next()) >= accepted:
            pass
        return drawn % bound

    def choice(self, weights: Sequence[int]) -> int:
        """The place of one item, drawn in proportion to the whole-number `weights`."""
        if min(weights, default=0) < 0:
            raise RandomizationError(f"the weights {list(weights)} have a negative member; give none below 0")
        drawn = self.below(sum(weights))
        return next(place for place, reached in enumerate(accumulate(weights)) if drawn < reached)

    def shuffled(self, items: Sequence[str]) -> tuple[str, ...]:
        """`items` in an order drawn uniformly from all orders."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return tuple(order)
