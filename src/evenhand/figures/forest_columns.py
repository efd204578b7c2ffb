"""The columns of a forest plot: labels, counts, the plot, and the numbers at its right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .drawing import Sheet, leading
from .lettering import width_of, wrapped
from .palette import AXIS

SMALL, ROW, GAP, INDENT, EDGE = 11, 20, 14, 12, 6
WIDEST_LABEL, WIDEST_CELL, WIDEST_TEXT = 0.3, 0.13, 0.24  # of the width; longer text is wrapped
LONGEST_WORD = 0.2  # of the width: the head of a narrow cell is not broken inside a shorter word
NARROW, SMALLEST_PLOT = 480, 96
Told = tuple[str, int, Sequence[str], str]


@dataclass(frozen=True, slots=True)
class Columns:
    """``label``, ``cells`` and ``text`` are widths; ``plot`` is where the plot starts and stops."""

    width: float
    label: float
    cells: tuple[float, ...]
    text: float
    plot: tuple[float, float]

    @classmethod
    def of(cls, rows: Sequence[Told], label: str, columns: Sequence[str], measure: str, width: float) -> Columns:
        """Columns as wide as their texts, up to a share of the width; the plot takes the rest, or widens the paper."""
        names = [width_of(label, SMALL, bold=True)]
        names += [one[1] * INDENT + width_of(one[0], SMALL, bold=True) for one in rows]
        cells = tuple(_column(rows, place, head, width) for place, head in enumerate(columns))
        texts = [width_of(one, SMALL, bold=True) for one in (measure, *(row[3] for row in rows))]
        text = min(max(texts), (WIDEST_TEXT if width >= NARROW else 2 * WIDEST_LABEL - WIDEST_TEXT) * width)
        first = min(max(names), WIDEST_LABEL * width)
        start = EDGE + first + GAP + sum(one + GAP for one in cells) + 4
        whole = max(width, start + SMALLEST_PLOT + GAP + text + EDGE)
        return cls(whole, first, cells, text, (start, whole - EDGE - text - GAP))

    @staticmethod
    def lines_of(text: str, room: float) -> tuple[str, ...]:
        """The text wrapped as if it were bold, for it may be."""
        return wrapped(text, room, SMALL, bold=True)

    def head(self, sheet: Sheet, label: str, columns: Sequence[str], measure: str) -> float:
        """The heads, their last lines level; the line under them comes back."""
        told = [self.lines_of(label, self.label)]
        told += [self.lines_of(one, room) for one, room in zip(columns, self.cells, strict=True)]
        told.append(self.lines_of(measure, self.text))
        most = max(map(len, told))
        places = [(EDGE, "start"), *((x, "end") for x in self._ends()), (self.width - EDGE - self.text, "start")]
        for lines, (x, anchor) in zip(told, places, strict=True):
            for place, line in enumerate(lines):
                y = 14 + (most - len(lines) + place) * leading(SMALL)
                sheet.text((x, y), line, size=SMALL, anchor=anchor, bold=True)
        under = 14 + (most - 1) * leading(SMALL) + 8
        sheet.line((0, under), (self.width, under), AXIS)
        return under

    def below_head(self, under: float) -> float:
        """The first base line."""
        return under + ROW - 3

    def height(self, label: str, indent: int, cells: Sequence[str], text: str) -> float:
        """From a row's base line to the next one's."""
        return ROW + (self._most((label, indent, cells, text)) - 1) * leading(SMALL)

    def row(self, sheet: Sheet, told: Told, y: float, *, bold: bool) -> None:
        """The texts of a row, its first base line at ``y``."""
        _, indent, cells, text = told
        self._put(sheet, self._label_lines(told), (EDGE + indent * INDENT, y), "start", bold)
        for cell, x, room in zip(cells, self._ends(), self.cells, strict=False):
            self._put(sheet, self.lines_of(cell, room), (x, y), "end", bold)
        self._put(sheet, self.lines_of(text, self.text), (self.width - EDGE - self.text, y), "start", bold)

    def _put(self, sheet: Sheet, lines: Sequence[str], at: tuple[float, float], anchor: str, bold: bool) -> None:
        for place, line in enumerate(lines):
            sheet.text((at[0], at[1] + place * leading(SMALL)), line, size=SMALL, anchor=anchor, bold=bold)

    def _label_lines(self, told: Told) -> tuple[str, ...]:
        return self.lines_of(told[0], self.label - told[1] * INDENT)

    def _most(self, told: Told) -> int:
        rooms = zip(told[2], self.cells, strict=False)
        cells = [len(self.lines_of(cell, room)) for cell, room in rooms]
        return max(len(self._label_lines(told)), len(self.lines_of(told[3], self.text)), *cells, 1)

    def _ends(self) -> list[float]:
        """Where each cell ends, for they stand at the right of their column."""
        x, ends = EDGE + self.label, []
        for one in self.cells:
            x += GAP + one
            ends.append(x)
        return ends


def _column(rows: Sequence[Told], place: int, head: str, width: float) -> float:
    cells = [one[2][place] for one in rows if place < len(one[2])]
    words = [width_of(word, SMALL, bold=True) for word in head.split()]
    widest = max([*(width_of(cell, SMALL, bold=True) for cell in cells), *words], default=0)
    return min(widest, max(WIDEST_CELL * width, min(max(words, default=0), LONGEST_WORD * width)))
