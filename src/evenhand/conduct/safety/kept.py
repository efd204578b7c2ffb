"""What was found about an entry, kept for as long as it is looked at again: entries never change under their hash."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

Found = TypeVar("Found")
_MOST: Final = 50_000  # assumed: the entries that one process looks at again soon


class Kept(Generic[Found]):
    """A memory that forgets everything when it is full."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Found] = {}

    def of(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """What was found under a key, or is found now."""
        held = self._found.get(key)
        if held is None:
            if len(self._found) >= _MOST:
                self._found.clear()
            held = self._found[key] = find()
        return held
