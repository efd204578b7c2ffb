"""Where a part of local treatment stands: complete, open, or closed with a reason; each part in exactly one state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

State = Literal["complete", "open", "closed with a reason"]


@dataclass(frozen=True, slots=True)
class Treated:
    """``on``: since when it stands so (None: since the beginning); ``what``: what was done, lacks, or why it was not.

    ``seqs`` are the numbers of the entries that it rests on.
    """

    state: State
    on: date | None
    what: str
    seqs: tuple[int, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether nothing more is awaited."""
        return self.state != "open"
