"""A record that the database holds, but that cannot be read."""

from __future__ import annotations

import re
from typing import Final

from evenhand.record import RecordError

_VALUE: Final = re.compile(r"(must be .+?), not .*", re.DOTALL)


class RecordDamaged(RecordError):
    """The record of ``study`` breaks off at ``line`` (None where no one line is at fault).

    ``why`` leaves out the value that was found, which may be an arm; the log has it. Other RecordErrors are about what
    somebody wanted to append.
    """

    def __init__(self, study: str, line: int | None, error: RecordError) -> None:
        column = None if line is None else error.column or 1
        super().__init__(error.what, where=f"the record of {study}", mend=error.mend, line=line, column=column)
        self.study = study
        self.why = _VALUE.sub(r"\1.", error.what)
