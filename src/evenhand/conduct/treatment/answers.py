"""What an entry answers, by type. None is "not recorded", and so is what is less exact than asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from evenhand.conduct.forms import Answer
from evenhand.dates import DateSpan
from evenhand.units import Number

Answers = Mapping[str, Answer]


def day(values: Answers, name: str) -> date | None:
    """A full date."""
    found = values.get(name)
    return found.first if isinstance(found, DateSpan) and found.exact else None


def number(values: Answers, name: str) -> Number | None:
    """An exact number."""
    found = values.get(name)
    return found if isinstance(found, Number) and not isinstance(found, bool) else None


def whole(values: Answers, name: str) -> int | None:
    """An exact whole number."""
    found = number(values, name)
    return int(found) if found is not None and found == int(found) else None


def word(values: Answers, name: str) -> str | None:
    """A code or a text."""
    found = values.get(name)
    return found.strip() or None if isinstance(found, str) else None
