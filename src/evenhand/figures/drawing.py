"""A drawing as SVG text, put together mark by mark.

The same marks give the same bytes: numbers are rounded to 2 decimals, attributes keep their order, ids begin with the
prefix that the caller gives. There is no script, no style attribute and nothing from outside, so that a page with a
strict policy may show it and a typesetter may embed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from xml.sax.saxutils import escape

from .lettering import FAMILY, shortened, width_of, wrapped
from .palette import INK, PAPER, QUIET, Role

Point = tuple[float, float]
Area = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished figure. ``svg`` is the whole document, ``says`` its text for whoever cannot see it; sizes in px.
    ``narrow`` is the same for a phone; empty where ``svg`` is as narrow."""

    svg: str
    says: str
    width: float
    height: float
    narrow: str = ""


def number(value: float) -> str:
    """A coordinate, with at most 2 decimals. Raises ValueError for what is not a finite number."""
    if not isfinite(value):
        raise ValueError(f"{value} cannot be drawn; give finite numbers, and leave out what is unknown")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def finite(where: str, *values: float | None) -> None:
    """Raises ValueError, saying where, if one of the values is not a finite number; None is nothing to draw."""
    bad = next((value for value in values if value is not None and not isfinite(value)), None)
    if bad is not None:
        raise ValueError(f"{where}: {bad} cannot be drawn; give finite numbers, and leave out what is unknown")


def clean(text: str) -> str:
    """Text that may stand in XML: signs that it forbids become the replacement character."""
    allowed = "\t\n\r"
    return "".join(
        char
        if char in allowed or (char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff")
        else "�"
        for char in text
    )


class Sheet:
    """Paper to draw on, from the upper left corner, in px. Marks lie over one another in the order they were made."""

    def __init__(self, prefix: str, width: float) -> None:
        self.prefix = prefix
        self.width = width
        self._marks: list[str] = []

    def add(self, name: str, attributes: Iterable[tuple[str, str]], inside: str = "") -> None:
        told = "".join(f' {key}="{escape(value, {chr(34): "&quot;"})}"' for key, value in attributes if value)
        self._marks.append(f"<{name}{told}>{inside}</{name}>" if inside else f"<{name}{told}/>")

    def line(self, start: Point, stop: Point, role: Role = INK, *, thick: float = 1, dashes: str = "") -> None:
        """A straight line."""
        ends = zip(("x1", "y1", "x2", "y2"), (*start, *stop), strict=True)
        self.add("line", [*((key, number(value)) for key, value in ends), *_stroke(role, thick, dashes)])

    def path(self, points: Sequence[Point], role: Role = INK, *, thick: float = 1.5, dashes: str = "") -> None:
        """A line through points; of fewer than two nothing is drawn."""
        if len(points) > 1:
            self.add("path", [("d", _through(points)), ("fill", "none"), *_stroke(role, thick, dashes)])

    def strokes(self, ends: Sequence[tuple[Point, Point]], role: Role, *, thick: float = 1) -> None:
        """Many short lines as one mark."""
        if ends:
            d = "".join(_through(pair) for pair in ends)
            self.add("path", [("d", d), ("fill", "none"), *_stroke(role, thick)])

    def shape(self, points: Sequence[Point], role: Role, *, opacity: float = 1, edge: Role | None = None) -> None:
        """A filled polygon; of fewer than three points nothing is drawn."""
        if len(points) > 2:
            self.add("path", [("d", _through(points) + "Z"), *_filled(role, edge, opacity)])

    def box(self, corner: Point, size: Point, role: Role, *, edge: Role | None = None, round_: float = 0) -> None:
        """A rectangle from its upper left corner; of no width or height nothing is drawn."""
        if size[0] <= 0 or size[1] <= 0:
            return
        where = zip(("x", "y", "width", "height"), (*corner, *size), strict=True)
        rounded = [("rx", number(round_))] if round_ else []
        self.add("rect", [*((k, number(v)) for k, v in where), *rounded, *_filled(role, edge)])

    def dot(self, centre: Point, radius: float, role: Role, *, hollow: bool = False) -> None:
        """A circle; hollow ones are filled with paper."""
        where = zip(("cx", "cy", "r"), (*centre, radius), strict=True)
        looks = _filled(PAPER, role) if hollow else _filled(role)
        self.add("circle", [*((k, number(v)) for k, v in where), *looks])

    def text(
        self, at: Point, text: str, role: Role = INK, *, size: float = 12, anchor: str = "start", bold: bool = False
    ) -> None:
        """A line of text, its base line at ``at``. ``anchor``: start, middle or end."""
        if not text:
            return
        place = [("x", number(at[0])), ("y", number(at[1])), ("font-size", number(size)), *_filled(role)]
        turned = [("text-anchor", anchor if anchor != "start" else ""), ("font-weight", "bold" if bold else "")]
        self.add("text", [*place, *turned], escape(clean(text)))

    def tick(self, at: Point, text: str) -> None:
        """The number at a place of an axis below it, kept on the paper."""
        half = width_of(text, 11) / 2
        self.text((min(max(at[0], half), self.width - half), at[1]), text, QUIET, size=11, anchor="middle")

    def upright(self, middle: Point, text: str, room: float, role: Role = INK, *, size: float = 11) -> None:
        """A line of bold text read from below, around its middle, no longer than there is room."""
        shown = shortened(text, room, size, bold=True)
        place = [("x", number(middle[0])), ("y", number(middle[1])), ("font-size", number(size)), *_filled(role)]
        turn = f"rotate(-90 {number(middle[0])} {number(middle[1])})"
        more = [("text-anchor", "middle"), ("font-weight", "bold"), ("transform", turn)]
        self.add("text", [*place, *more], escape(clean(shown)))

    def lines(self, at: Point, text: str, width: float, *, size: float = 12, bold: bool = False) -> float:
        """Text wrapped to a width, its first base line at ``at``; the base line after the last comes back."""
        pieces = wrapped(text, width, size, bold=bold)
        for place, piece in enumerate(pieces):
            self.text((at[0], at[1] + place * leading(size)), piece, size=size, bold=bold)
        return at[1] + len(pieces) * leading(size)

    def done(self, height: float, title: str, says: str) -> Drawing:
        """The finished drawing."""
        ids = f"{self.prefix}-title", f"{self.prefix}-desc"
        title, says = title if title.strip() else "Figure", says if says.strip() else "Figure"
        told = (
            f'<title id="{escape(ids[0])}">{escape(clean(title))}</title>'
            f'<desc id="{escape(ids[1])}">{escape(clean(says))}</desc>'
        )
        w, h = number(self.width), number(height)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
            f'class="ev-figure" role="img" aria-labelledby="{escape(" ".join(ids))}" font-family="{FAMILY}">'
        )
        return Drawing(f"{head}{told}{''.join(self._marks)}</svg>\n", says, self.width, height)


def leading(size: float) -> float:
    """From one base line to the next."""
    return round(size * 1.3, 2)


def _through(points: Sequence[Point]) -> str:
    """A path through points, level and upright pieces in their short form."""
    told = [(number(x), number(y)) for x, y in points]
    path = ["M{} {}".format(*told[0])]
    for before, here in pairwise(told):
        if here[1] == before[1]:
            path.append(f"H{here[0]}")
        else:
            path.append(f"V{here[1]}" if here[0] == before[0] else "L{} {}".format(*here))
    return "".join(path)


def _stroke(role: Role, thick: float, dashes: str = "") -> list[tuple[str, str]]:
    return [
        ("class", f"ev-{role[0]}-l"),
        ("stroke", role[1]),
        ("stroke-width", number(thick)),
        ("stroke-dasharray", dashes),
    ]


def _filled(role: Role, edge: Role | None = None, opacity: float = 1) -> list[tuple[str, str]]:
    classes = f"ev-{role[0]}-f" + (f" ev-{edge[0]}-l" if edge else "")
    shown = [("class", classes), ("fill", role[1]), ("fill-opacity", number(opacity) if opacity < 1 else "")]
    return [*shown, ("stroke", edge[1])] if edge else shown
