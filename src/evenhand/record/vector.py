"""A sequence of entries that is cheap to extend and never changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import overload

from evenhand.record.entry import Entry

_BLOCK = 64  # an append copies the references of half a block on average


@dataclass(frozen=True, slots=True)
class Entries(Sequence[Entry]):
    """Entries in order. Two values share the full blocks they have in common, so that appending one entry to
    a hundred thousand copies some dozens of references, and the old value stays as it was.
    """

    _full: tuple[tuple[Entry, ...], ...] = ()
    _tail: tuple[Entry, ...] = ()

    def extended(self, entries: Iterable[Entry]) -> Entries:
        """These entries, then ``entries``."""
        tail = (*self._tail, *entries)
        if len(tail) < _BLOCK:
            return Entries(self._full, tail)
        cut = len(tail) // _BLOCK * _BLOCK
        blocks = (tail[start : start + _BLOCK] for start in range(0, cut, _BLOCK))
        return Entries((*self._full, *blocks), tail[cut:])

    @property
    def last(self) -> Entry | None:
        """The last one, None where there is none."""
        return self._tail[-1] if self._tail else self._full[-1][-1] if self._full else None

    def __len__(self) -> int:
        return len(self._full) * _BLOCK + len(self._tail)

    def __iter__(self) -> Iterator[Entry]:
        return chain(*self._full, self._tail)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(f"There is no entry at {index} among {len(self)}.")
        block, inside = divmod(place, _BLOCK)
        return self._full[block][inside] if block < len(self._full) else self._tail[inside]
