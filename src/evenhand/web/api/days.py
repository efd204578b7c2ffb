"""Days in requests: written out in full, and never a number that is taken for one."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written_out(given: Any) -> Any:
    if given is None or isinstance(given, date):
        return given
    if not isinstance(given, str) or not _ISO.fullmatch(given):
        raise ValueError("a day is written YYYY-MM-DD")
    return date.fromisoformat(given)


Day = Annotated[date, BeforeValidator(_written_out)]
