"""Dates as people write them in a form, turned into the way in which the record has them."""

from __future__ import annotations

import re
from typing import Final

from evenhand.dates import DateSpan, parse_date

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_IN_WORDS: Final = re.compile(r"(?:(\d{1,2})\.?\s+)?([a-z]{3,9})\.?,?\s+(\d{4})", re.IGNORECASE)
_SHORTEST: Final = 3  # letters that tell every month from the others


def written_date(text: str) -> DateSpan:
    """A date as written: ``2026-05-03``, ``3 May 2026``, ``May 2026``, ``2026-05`` or ``2026``.

    Raises ValueError with what would be right. Days between slashes or dots are refused, since 3/5/2026 is a day in
    March to some and in May to others.
    """
    plain = " ".join(text.split())
    match = _IN_WORDS.fullmatch(plain)
    month = _month(match[2]) if match else None
    if match is not None and month is not None:
        plain = f"{match[3]}-{month:02d}" + (f"-{int(match[1]):02d}" if match[1] else "")
    try:
        return parse_date(plain)
    except ValueError:
        shown = repr(text if len(text) <= 40 else text[:37] + "...")
        raise ValueError(f"{shown} is no date: write 2026-05-03 or 3 May 2026, 2026-05 or 2026") from None


def _month(word: str) -> int | None:
    found = [number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word.lower())]
    if word.lower() == "sept":
        return 9
    return found[0] if len(found) == 1 and len(word) >= _SHORTEST else None
