"""The numbers at risk under a plot of curves, one row a curve, each number under its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .curves import Steps
from .drawing import Sheet, leading
from .lettering import width_of, wrapped
from .palette import INK
from .scales import Scale

SMALL = 11
WIDEST_NAME = 118  # px: a longer name stands above its row instead of before it
ROW = 17


@dataclass(frozen=True, slots=True)
class RiskTable:
    """The rows of those curves that tell how many are at risk; ``beside``: the names stand before their numbers."""

    curves: tuple[Steps, ...]
    beside: bool

    @classmethod
    def of(cls, curves: Sequence[Steps]) -> RiskTable:
        telling = tuple(curve for curve in curves if curve.at_risk is not None)
        return cls(telling, all(width_of(one.name, SMALL, bold=True) <= WIDEST_NAME for one in telling))

    @property
    def left(self) -> float:
        """The width that the names take before the first number."""
        if not self.curves:
            return 0
        first = max(width_of(_text(curve, 0), SMALL) for curve in self.curves) / 2
        names = max(width_of(curve.name, SMALL, bold=True) for curve in self.curves) + 14 if self.beside else 6
        return first + names

    def over(self, last: float) -> float:
        """How far the last number reaches beyond the end of the axis."""
        return 4 + max((width_of(_text(curve, last), SMALL) for curve in self.curves), default=20) / 2

    def step_that_fits(self, step: float, last: float, room: float) -> float:
        """The smallest multiple of a step at which neighbouring numbers do not meet."""
        cells = [_text(curve, place * step) for curve in self.curves for place in range(int(last / step) + 1)]
        widest = max([width_of(cell, SMALL) for cell in cells] + [width_of(f"{last:g}", SMALL)]) + 7
        times = 1
        while times * step < last and room * times * step / last < widest:
            times += 1
        return step * times

    def draw(self, sheet: Sheet, marks: Sequence[float], x: Scale, top: float) -> float:
        """The table from its first base line on; the lower edge comes back."""
        if not self.curves:
            return top - 18
        counted = any(curve.events is not None for curve in self.curves)
        head = "Number at risk (cumulative number of events)" if counted else "Number at risk"
        y = sheet.lines((4, top), head, sheet.width - 8, size=SMALL, bold=True) + 2
        for curve in self.curves:
            y = self._row(sheet, curve, marks, x, y)
        return y - ROW + 6

    def _row(self, sheet: Sheet, curve: Steps, marks: Sequence[float], x: Scale, y: float) -> float:
        lines = (curve.name,) if self.beside else wrapped(curve.name, sheet.width - 8, SMALL, bold=True)
        for place, line in enumerate(lines):
            sheet.text((4, y + place * leading(SMALL)), line, curve.role, size=SMALL, bold=True)
        if not self.beside:
            y += len(lines) * leading(SMALL)
        for mark in marks:
            sheet.text((x.at(mark), y), _text(curve, mark), INK, size=SMALL, anchor="middle")
        return y + ROW + (0 if self.beside else 3)


def _text(curve: Steps, time: float) -> str:
    risk, events = curve.risk_at(time), curve.events_at(time)
    return f"{risk}" if events is None else f"{risk} ({events})"
