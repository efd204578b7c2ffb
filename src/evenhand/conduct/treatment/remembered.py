"""What was computed from a participant's record is kept while the record stays the same object."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar

from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

Found = TypeVar("Found")
_MOST: Final = 500  # assumed: participants that one process looks at again soon


def remembered(find: Callable[[Protocol, SubjectHistory], Found]) -> Callable[[Protocol, SubjectHistory], Found]:
    """The same function, which answers again from memory for the same protocol and record; it must not depend on
    anything else, and its answers must not be changed."""
    held: dict[tuple[str, str | None], tuple[Protocol, SubjectHistory, Found]] = {}

    @wraps(find)
    def found(protocol: Protocol, known: SubjectHistory) -> Found:
        key = (protocol.digest, known.subject)
        last = held.get(key)
        if last is not None and last[0] is protocol and last[1] is known:
            return last[2]
        if len(held) >= _MOST:
            held.clear()
        answer = find(protocol, known)
        held[key] = protocol, known, answer
        return answer

    return found
