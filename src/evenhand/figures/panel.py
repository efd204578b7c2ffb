"""A plot of curves over time as journals print it: axes, curves with names at their ends, numbers at risk below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from .curves import Frame, Steps, draw_band, draw_line, draw_ticks
from .drawing import Drawing, Sheet, finite, leading
from .landmarks import draw_landmarks
from .lettering import wrapped
from .names import LOWEST, beside, draw_names, end_width
from .notes import Notes
from .palette import AXIS, GRID, QUIET
from .risk_table import RiskTable
from .scales import Scale, nice_step, printed, ticks

SMALL = 11
GAP = 8
NOBODY = "Nobody to show"


@dataclass(frozen=True, slots=True)
class Plot:
    """What is to be drawn."""

    kind: str
    label: str
    unit: str
    top: float
    risk_every: float
    landmarks: Sequence[float]
    annotation: Sequence[str]


def draw_curves(curves: Sequence[Steps], plot: Plot, *, prefix: str, width: float) -> Drawing:
    """The whole figure. Raises ValueError for a step of the axis that is not above 0."""
    if not plot.risk_every > 0:
        raise ValueError(f"risk_every is {plot.risk_every}; give the distance of the numbers at risk, above 0")
    for curve in curves:
        finite(curve.name, *curve.times, *curve.values, *curve.lower, *curve.upper, *curve.censored)
    sheet = Sheet(prefix, width)
    step, last = axis_of(max((curve.end for curve in curves), default=0), plot.risk_every)
    table = RiskTable.of(curves)
    left = max(44.0, table.left)
    at_ends = beside(curves, width)
    right = width - (end_width(curves, width) if at_ends else max(14.0, table.over(last)))
    marks = ticks(0, last, table.step_that_fits(step, last, right - left))
    top = sheet.lines((4, 14), _percent(plot.label), width - 8, size=12, bold=True) + 2
    if not at_ends:
        top = _legend(sheet, curves, top)
    frame = _frame(plot, last, (left, right), top)
    notes = Notes.of(plot.annotation, curves, frame)
    if notes.told and notes.at is None:
        for line in plot.annotation:
            top = sheet.lines((4, top), line, width - 8)
        frame = _frame(plot, last, (left, right), top + 2)
    _axes(sheet, frame, marks)
    _draw_all(sheet, curves, plot, frame, notes)
    if at_ends:
        draw_names(sheet, curves, frame, width)
    notes.draw(sheet)
    below = frame.y.start + 20 + leading(12)
    sheet.text(((left + right) / 2, below), _heading(plot.unit), anchor="middle")
    below = table.draw(sheet, marks, frame.x, below + 24)
    return sheet.done(below + 4, _title(plot), says_of(curves, plot, marks))


def _title(plot: Plot) -> str:
    """The kind of the figure and what is on its axis, which may be the same."""
    return plot.kind if plot.label == plot.kind else f"{plot.kind}: {plot.label}"


def _frame(plot: Plot, last: float, sides: tuple[float, float], top: float) -> Frame:
    bottom = top + min(330.0, max(LOWEST, 0.62 * (sides[1] - sides[0])))
    return Frame(Scale(0, last, *sides), Scale(0, plot.top, bottom, top))


def _draw_all(sheet: Sheet, curves: Sequence[Steps], plot: Plot, frame: Frame, notes: Notes) -> None:
    if not curves:
        sheet.text((frame.x.at(frame.x.high / 2), frame.y.at(frame.y.high / 2)), NOBODY, QUIET, anchor="middle")
    shown = [curve.thinned(frame.hair) for curve in curves]
    for curve in shown:
        draw_band(sheet, curve, frame)
    draw_landmarks(sheet, curves, plot.landmarks, frame, (notes.at,) if notes.at else ())
    for curve in shown:
        draw_line(sheet, curve, frame)
        draw_ticks(sheet, curve, frame)


def axis_of(end: float, every: float) -> tuple[float, float]:
    """The distance of the numbers, and the end of the axis: a multiple of it, or the last time a little after one."""
    step = every if end <= 40 * every else every * ceil(end / (40 * every))
    whole = max(step, step * ceil(end / step - 1e-9))
    return step, whole if whole - end <= step / 2 or end < step else end


def says_of(curves: Sequence[Steps], plot: Plot, marks: Sequence[float]) -> str:
    """The figure in words: each curve's value at the landmarks, or else at the numbers of the axis."""
    if not curves:
        return f"{plot.kind}. {plot.label}: nobody to show."
    told = [f"{plot.kind}." if plot.label != plot.kind else "", f"{_percent(plot.label)} by {plot.unit}."]
    for curve in curves:
        times = plot.landmarks or marks[1:]
        values = (f"{_share(curve.at(time))} at {printed(time)}" for time in times if time <= curve.end)
        people = curve.risk_at(0)
        whole = "" if people is None else f" ({people} at risk at the start)"
        told.append(f"{curve.name}{whole}: {', '.join(values) or 'not followed as far as that'}.")
    return " ".join([*told, *(f"{line}." for line in plot.annotation)]).lstrip()


def _axes(sheet: Sheet, frame: Frame, marks: Sequence[float]) -> None:
    x, y = frame.x, frame.y
    for share in ticks(0, y.high, nice_step(y.high, 5)):
        sheet.line((x.start, y.at(share)), (x.stop, y.at(share)), GRID)
        sheet.text((x.start - GAP, y.at(share) + 4), printed(100 * share), QUIET, size=SMALL, anchor="end")
    sheet.line((x.start, y.start), (x.stop, y.start), AXIS)
    sheet.strokes([((x.at(mark), y.start), (x.at(mark), y.start + 4)) for mark in marks], AXIS)
    for mark in marks:
        sheet.tick((x.at(mark), y.start + 17), printed(mark))


def _legend(sheet: Sheet, curves: Sequence[Steps], top: float) -> float:
    for curve in curves:
        for place, line in enumerate(wrapped(curve.name, sheet.width - 44, bold=True)):
            if not place:
                sheet.line((4, top - 4), (28, top - 4), curve.role, thick=2, dashes=curve.dashes)
            sheet.text((36, top), line, curve.role, bold=True)
            top += leading(12)
    return top


def _percent(label: str) -> str:
    return label if "%" in label else f"{label} (%)"


def _heading(unit: str) -> str:
    return unit[:1].upper() + unit[1:]


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
