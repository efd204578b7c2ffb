"""The columns of a bar chart: labels, then the plot of each series with room for the text at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .drawing import Sheet, leading
from .lettering import width_of, wrapped
from .palette import AXIS

SMALL, ROW, EDGE = 11, 21, 4
WIDEST_LABEL = 0.32  # of the width; longer labels are wrapped
SMALLEST_PLOT = 100  # px: where less would be left, the texts at the ends of the bars go


@dataclass(frozen=True, slots=True)
class Columns:
    """``plots``: where the bars of each series start (at 0) and stop; those of two stand back to back.
    ``texts``: whether there is room for those at the ends of the bars."""

    width: float
    label_width: float
    plots: tuple[tuple[float, float], ...]
    texts: bool

    @classmethod
    def of(
        cls, labels: Sequence[str], head: str, series: Sequence[str], texts: Sequence[Sequence[str]], width: float
    ) -> Columns:
        """Labels and texts as wide as they need; the bars take the rest, in equal parts."""
        widest = max([width_of(one, SMALL, bold=True) for one in (head, *labels)])
        first = min(widest, WIDEST_LABEL * width)
        start, stop = EDGE + first + 10, width - EDGE
        ends = [max([width_of(one, SMALL) for one in column], default=0) + 9 for column in texts]
        taken = sum(ends) if len(series) == 2 else max(ends, default=0)
        shown = stop - start - taken >= SMALLEST_PLOT
        if not shown:
            ends, taken = [9.0] * len(series), 18.0
        if len(series) != 2:
            return cls(width, first, ((start, stop - taken),) * len(series), shown)
        room = (stop - start - taken) / 2
        middle = start + ends[0] + room
        return cls(width, first, ((middle, middle - room), (middle, middle + room)), shown)

    def label_lines(self, text: str, *, heading: bool) -> tuple[str, ...]:
        return wrapped(text, self.width - 2 * EDGE if heading else self.label_width, SMALL, bold=True)

    def label(self, sheet: Sheet, text: str, middle: float, *, heading: bool) -> None:
        """A row's label, its lines around the middle."""
        lines = self.label_lines(text, heading=heading)
        first = middle - (len(lines) - 1) * leading(SMALL) / 2 + 4
        for place, line in enumerate(lines):
            sheet.text((EDGE, first + place * leading(SMALL)), line, size=SMALL, bold=heading)

    def head(self, sheet: Sheet, label: str, series: Sequence[str], y: float) -> float:
        """The head of the labels, and the names of the series over their bars; the edge below comes back."""
        told = [wrapped(label, self.label_width, SMALL, bold=True)]
        start = self.plots[0][0] if self.plots else EDGE
        right = self.width - EDGE - start - 8
        if len(series) == 2:
            rooms = (start - EDGE - self.label_width - 16, right)
            told += [wrapped(name, room, SMALL, bold=True) for name, room in zip(series, rooms, strict=True)]
        elif len(series) == 1:
            told += [("",), wrapped(series[0], right, SMALL, bold=True)]
        most = max(map(len, told))
        places = ((EDGE, "start"), (start - 8, "end"), (start + 8, "start"))
        for lines, (x, anchor) in zip(told, places, strict=False):
            for place, line in enumerate(lines):
                here = y + (most - len(lines) + place) * leading(SMALL)
                sheet.text((x, here), line, size=SMALL, anchor=anchor, bold=True)
        under = y + (most - 1) * leading(SMALL) + 7
        sheet.line((0, under), (self.width, under), AXIS)
        return under
