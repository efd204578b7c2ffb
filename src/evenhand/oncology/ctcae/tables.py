"""The tables of this folder: text files whose cells stand between bars, in sections named in brackets.

A line that begins with ``#`` is a remark. Kept this plain so that a clinician can read and correct them.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def rows(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each row of a table as its section and its cells; FileNotFoundError when this folder has no such table."""
    section = ""
    for line in files(__package__).joinpath(name).read_text("utf-8").splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("[") and text.endswith("]"):
            section = text[1:-1]
        else:
            yield section, tuple(cell.strip() for cell in text.split("|"))
