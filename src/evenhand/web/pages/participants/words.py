"""Answers in the words of their forms."""

from __future__ import annotations

from typing import Final

from evenhand.conduct.forms import FormEntry
from evenhand.oncology.recist import Response

_SHORT: Final = {Response.NON_CR_NON_PD: "NN", Response.INDETERMINATE: "?"}
"""Where a drawing has little room; its legend says what NN means."""


def code_words(entry: FormEntry, name: str) -> str:
    """What the code in a field means, or the text in it; empty where there is none."""
    value = entry.values.get(name)
    asked = entry.form.fields.get(name)
    if not isinstance(value, str) or asked is None:
        return ""
    return asked.type.codes.get(value, value)


def capital(text: str) -> str:
    """The same with a capital at its start, unless its first word has a way of its own, as ypT."""
    first, *_ = text.split(maxsplit=1) or [""]
    return f"{text[:1].upper()}{text[1:]}" if first[1:] == first[1:].lower() else text


def short_response(response: Response) -> str:
    """A response in at most three letters."""
    return _SHORT.get(response, str(response))
