"""What was computed from a participant's record is remembered as long as the record is the same object.

Several pages and steps ask for the same thing in one request; a record that has grown is a new object.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar

from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

Result = TypeVar("Result")
_MOST_SUBJECTS: Final = 2_000  # assumed: what one process looks at again soon


def remembered(
    compute: Callable[[Protocol, SubjectHistory], Result],
) -> Callable[[Protocol, SubjectHistory], Result]:
    """A function of protocol and participant that computes anew only when one of the two is another object."""
    held: dict[tuple[str, str | None], tuple[Protocol, SubjectHistory, Result]] = {}

    @wraps(compute)
    def recalled(protocol: Protocol, known: SubjectHistory) -> Result:
        key = (protocol.digest, known.subject)
        found = held.get(key)
        if found is not None and found[0] is protocol and found[1] is known:
            return found[2]
        result = compute(protocol, known)
        if len(held) >= _MOST_SUBJECTS:
            held.clear()
        held[key] = protocol, known, result
        return result

    return recalled
