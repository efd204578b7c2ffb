"""Where a part of local treatment stands: complete, open, closed with a reason, or not applicable.

Each part is in exactly one state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

State = Literal["complete", "open", "closed with a reason", "not applicable"]


@dataclass(frozen=True, slots=True)
class Treated:
    """``on``: since when it stands so (None: since the beginning); ``what``: what was done, lacks, or why it was not.

    ``seqs`` are the numbers of the entries that it rests on. ``doubt``: what is not known that says whether the part
    applies at all; empty where that is known.
    """

    state: State
    on: date | None
    what: str
    seqs: tuple[int, ...] = ()
    doubt: str = ""

    @property
    def settled(self) -> bool:
        """Whether nothing more is awaited."""
        return self.state != "open"
