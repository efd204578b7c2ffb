"""The answer of a step that may not be taken."""

from __future__ import annotations


class Refusal(Exception):
    """A step was not taken, and nothing was recorded.

    ``reason`` says what stands in the way, ``clause`` which rule of the protocol or of the record asks for it, and
    ``mend`` what to do about it.
    """

    def __init__(self, reason: str, clause: str, mend: str = "") -> None:
        super().__init__(f"{reason} [{clause}]{f' {mend}' if mend else ''}")
        self.reason = reason
        self.clause = clause
        self.mend = mend
