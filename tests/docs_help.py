"""What the tests of the manuals share: the keys that a file may have, and the words that a page explains."""

import re
import typing

from pydantic import BaseModel


def keys_of(*models):
    """Every key that files of these shapes may have, wherever in them."""
    seen: set[type[BaseModel]] = set()
    for model in models:
        _gather(model, seen)
    return sorted({field.alias or name for sheet in seen for name, field in sheet.model_fields.items()})


def _gather(of, seen):
    """A sheet and every one within it, each once."""
    if isinstance(of, type) and issubclass(of, BaseModel) and of not in seen:
        seen.add(of)
        for field in of.model_fields.values():
            _gather(field.annotation, seen)
    for part in typing.get_args(of):
        _gather(part, seen)


def words_of(page):
    """The words that stand between backquotes in a page."""
    text = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    return {word for said in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"\w+", said)}
