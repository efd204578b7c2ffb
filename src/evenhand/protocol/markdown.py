"""What a protocol as Markdown is put together from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evenhand.dates import DateSpan

Lines = Iterator[str]
_PIPE = "\\|"  # in a cell of a table


def row(*cells: str) -> str:
    """A row of a table; what a cell says cannot end the cell."""
    return f"| {' | '.join(flat(cell).replace('|', _PIPE) for cell in cells)} |"


def flat(text: str) -> str:
    """A text of the protocol on one line: a line of its own could begin something else in Markdown."""
    return " ".join(text.split())


def words(name: str) -> str:
    """A name of the protocol in words."""
    return name.replace("_", " ")


def small(label: str) -> str:
    """A label within a sentence; abbreviations keep their capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def listed(given: Iterable[str]) -> str:
    """One, two and three."""
    *most, last = given
    return f"{', '.join(most)} and {last}" if most else last


def said_date(span: DateSpan) -> str:
    """A date that nobody can misread: 30 Apr 2026."""
    if span.exact:
        return f"{span.first.day} {span.first:%b %Y}"
    return str(span)
