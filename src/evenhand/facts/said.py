"""Values as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from evenhand.codes import Unmapped
from evenhand.dates import DateSpan


def said(value: object) -> str:
    """A value in words: yes and no, an unmapped code by its name, a record field by field."""
    if type(value) is str:  # mostly
        return value.replace("_", " ")
    if isinstance(value, dict):
        words = [
            f"{name} {item.replace('_', ' ') if type(item) is str else said(item)}" for name, item in value.items()
        ]
        return ", ".join(words)
    if isinstance(value, str):
        return str(value).replace("_", " ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, DateSpan)):
        return str(value)
    if isinstance(value, Unmapped):
        return f"{value.display or 'code'} ({value.code}, not in the vocabulary)"
    if isinstance(value, Mapping):
        return ", ".join([f"{name} {said(item)}" for name, item in value.items()])
    return str(value)
