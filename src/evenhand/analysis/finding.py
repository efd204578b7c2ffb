"""A mistake in the record, as it is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something about one person that cannot be as recorded: ``id`` is its sort, ``seqs`` the entries that say it."""

    subject: str
    id: str
    say: str
    seqs: tuple[int, ...]


def present(*seqs: int | None) -> tuple[int, ...]:
    """The numbers of entries, what has none left out."""
    return tuple(seq for seq in seqs if seq is not None)
