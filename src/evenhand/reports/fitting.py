"""How a table is set on paper: which side each column is set to, how wide it is, how large the letters are.

Widths are counted in characters, which is near enough for a text font: half of its size each, on average.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from evenhand.analysis.tables import Table

PAGE: Final = 482.0  # points between the margins of A4
SIDEWAYS: Final = 728.0  # points between the margins of A4 on its side
_LEGIBLE: Final = 7.0  # points, assumed: a table with smaller letters is set on a page on its side
_ASIDE: Final = 8.0  # points, assumed: a page on its side is short, and its notes are to stay on it
_SIZES: Final = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)  # points; below 6 nobody reads it
_CHARACTER: Final = 0.48  # of the size of the letters: a little more than figures of the text font take
_APART: Final = 6.0  # points between two columns
_NARROW: Final = 40  # characters of the longest cell of a column that is set to the right
_WORDS: Final = 36  # characters of a line that a column of words is given, however long some of them are
_SHORT: Final = 16  # characters of a number that is never broken
_LABEL: Final = 20  # characters that a label has at least
_LABELS: Final = 44  # characters of a line that a column of labels is given, assumed: longer ones take two lines
_HEADS: Final = (3, 6)  # lines that a head may take, assumed: more of them before a page is put on its side
_DEEP: Final = 10  # lines of the fullest cell, assumed: with more of them a row is read more easily on a wider page
_NUMBER: Final = re.compile(r"^[-\u2212+<>=\u2264\u2265~ ]*\d")
_MONTH: Final = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """``sides`` and ``shares`` of each column, the labels first; ``size`` of the letters in points; ``sideways``: the
    page is on its side."""

    sides: tuple[Side, ...]
    shares: tuple[float, ...]
    size: float
    sideways: bool


@dataclass(frozen=True, slots=True)
class _Column:
    """Characters: at least, so that no word and no number breaks; and in one line."""

    least: int
    most: int


def aligned(table: Table) -> tuple[Side, ...]:
    """How each column after the labels is set: numbers to the right, words to the left."""
    return tuple(_side(_texts(table, place)) for place in range(len(table.head) - 1))


def fitted(table: Table) -> Fitted:
    """The largest letters that leave half of what could be in one line in one line; where these are small, heads of
    more lines, then cells of more lines, and where these do not help, those of a page on its side: it leaves a gap on
    the page before it."""
    few, many = (_fitted(table, PAGE, lines) for lines in _HEADS)
    upright = few if few.size >= _LEGIBLE else many
    if upright.size >= _LEGIBLE:
        return upright
    return _deep(table) or replace(_fitted(table, SIDEWAYS, _HEADS[0]), sideways=True)


def _fitted(table: Table, across: float, lines: int) -> Fitted:
    columns = _columns(table, lines)
    size = min(_size(columns, across), _ASIDE if across == SIDEWAYS else _SIZES[0])
    return Fitted(_sides(table), _shares(columns, _room(size, len(columns), across)), size, sideways=False)


def _deep(table: Table) -> Fitted | None:
    """Upright, in the smallest legible letters, with cells of several lines; None where a word would break, or a cell
    would take too many lines."""
    columns = _columns(table, _HEADS[0])
    room = _room(_LEGIBLE, len(columns), PAGE)
    if sum(one.least for one in columns) > room:
        return None
    shares = _shares(columns, room)
    lines = (len(cell) / share for texts, share in zip(_by_column(table), shares, strict=True) for cell in texts)
    return Fitted(_sides(table), shares, _LEGIBLE, sideways=False) if max(lines, default=0) <= _DEEP else None


def _sides(table: Table) -> tuple[Side, ...]:
    return ("left", *aligned(table))


def _by_column(table: Table) -> list[list[str]]:
    labels = [" " * (2 * row.indent) + row.label for row in table.rows if row.cells]
    return [labels, *(_texts(table, place) for place in range(len(table.head) - 1))]


def _columns(table: Table, lines: int) -> list[_Column]:
    return [
        _column(head, cells, side, lines, labels=not place)
        for place, (head, cells, side) in enumerate(zip(table.head, _by_column(table), _sides(table), strict=True))
    ]


def _size(columns: list[_Column], across: float) -> float:
    wanted = sum((one.least + one.most) / 2 for one in columns)
    return next((one for one in _SIZES if wanted <= _room(one, len(columns), across)), _SIZES[-1])


def _side(texts: list[str]) -> Side:
    told = [text for text in texts if text]
    if not told or max(map(len, told)) > _NARROW:
        return "left"
    return "right" if sum(map(_is_number, told)) * 2 >= len(told) else "left"


def _is_number(text: str) -> bool:
    """Whether a text is a number, maybe with its share or interval; two days with words between them are none."""
    return bool(_NUMBER.match(text)) and not (len(text) > _SHORT and len(_MONTH.findall(text)) > 1)


def _texts(table: Table, place: int) -> list[str]:
    return [row.cells[place].text for row in table.rows if len(row.cells) > place]


def _column(head: str, cells: list[str], side: Side, lines: int, *, labels: bool) -> _Column:
    """A short number stays whole, a long one (an estimate with its interval) may take two lines."""
    longest = max(map(len, cells), default=0)
    word = max((len(word) for text in (unbroken(head), *cells) for word in text.split(" ")), default=0)
    least = word
    if side == "right":
        least = max(word, longest if longest <= _SHORT else longest // 2 + 1)
    if labels:
        least = max(word, min(longest, _LABEL))
    whole = longest if side == "right" else min(longest, _LABELS if labels else _WORDS)
    return _Column(least + 1, max(least, whole, -(-len(head) // lines)) + 1)


def unbroken(head: str) -> str:
    """A head, or a population, in which "n = 81" stays on one line."""
    return head.replace("n = ", "n\u00a0=\u00a0")


def _room(size: float, columns: int, across: float) -> float:
    """How many characters of a size a line holds, besides what is between the columns."""
    return (across - _APART * columns) / (_CHARACTER * size)


def _shares(columns: list[_Column], room: float) -> tuple[float, ...]:
    """Each column has what it needs; what is left goes where lines would break, then to all alike."""
    least, most = sum(one.least for one in columns), sum(one.most for one in columns)
    given = min(1.0, max(0.0, (room - least) / (most - least))) if most > least else 1.0
    widths = [one.least + given * (one.most - one.least) + _APART / 4 for one in columns]
    return tuple(round(one, 2) for one in widths)
