"""The one error of this room."""

from __future__ import annotations


class RecordError(ValueError):
    """Something is wrong with a record, or with what somebody wants to append to it.

    ``what`` says what is wrong, ``where`` names the place (an entry, a file with line and column), ``mend``
    says what to do about it. ``line`` and ``column`` (both from 1, columns in characters) are set for damaged
    text.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        mend: str = "",
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        place = f"line {line}, column {column}" if line is not None else ""
        where = ", ".join(part for part in (where, place) if part)
        super().__init__(" ".join(part for part in (f"{where}:" if where else "", what, mend) if part))
        self.what = what
        self.where = where
        self.mend = mend
        self.line = line
        self.column = column
