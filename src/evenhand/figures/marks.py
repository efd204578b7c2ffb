"""Small signs that differ in shape, so that they need no colour."""

from __future__ import annotations

from .drawing import Point, Sheet
from .palette import INK, PAPER, Role

SIZE = 4.0
HALO = 1.3  # px of paper around a sign, so that it shows on any ground


def draw_mark(sheet: Sheet, at: Point, place: int, ink: Role = INK, size: float = SIZE) -> None:
    """The sign in this place: circle, diamond, square, triangle, cross, then the same hollow; ten in all."""
    kind, hollow, halo = place % 5, place % 10 >= 5, HALO * size / SIZE
    if kind == 4:
        _cross(sheet, at, ink, size, upright=hollow)
        return
    _sign(sheet, at, kind, size + halo, PAPER)
    _sign(sheet, at, kind, size, ink)
    if hollow:
        _sign(sheet, at, kind, size - 1.6 * size / SIZE, PAPER)


def _sign(sheet: Sheet, at: Point, kind: int, size: float, role: Role) -> None:
    if kind == 0:
        sheet.dot(at, size, role)
    else:
        sheet.shape(_corners(kind, at, size), role)


def _corners(kind: int, at: Point, size: float) -> list[Point]:
    x, y = at
    if kind == 1:
        size *= 1.25
        return [(x, y - size), (x + size, y), (x, y + size), (x - size, y)]
    if kind == 2:
        size *= 0.9
        return [(x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + size)]
    size *= 1.2
    return [(x, y - size), (x + size, y + 0.8 * size), (x - size, y + 0.8 * size)]


def _cross(sheet: Sheet, at: Point, ink: Role, whole: float, *, upright: bool) -> None:
    (x, y), size, share = at, whole if upright else 0.85 * whole, whole / SIZE
    ends = [((x - size, y - size), (x + size, y + size)), ((x - size, y + size), (x + size, y - size))]
    if upright:
        ends = [((x - size, y), (x + size, y)), ((x, y - size), (x, y + size))]
    sheet.strokes(ends, PAPER, thick=(2 + 2 * HALO) * share)
    sheet.strokes(ends, ink, thick=2 * share)
