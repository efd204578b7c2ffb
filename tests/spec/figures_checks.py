"""What must hold of every figure, whatever the numbers: read back from its SVG."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import isfinite
from xml.etree import ElementTree

from evenhand.figures import Drawing
from evenhand.figures.lettering import width_of

SVG = "{http://www.w3.org/2000/svg}"
KNOWN = {"svg", "title", "desc", "line", "path", "rect", "circle", "text"}
CODE = re.compile(r"[MLHVZ]|-?\d+(?:\.\d+)?")
HAIR = 0.02  # px: coordinates are rounded to 2 decimals


@dataclass(frozen=True, slots=True)
class Area:
    """The rectangle of a mark; ``text`` what is written there."""

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    def meets(self, other: "Area") -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > HAIR and min(self.bottom, other.bottom) - max(self.top, other.top) > HAIR


def parsed(drawing: Drawing) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.svg)


def narrow_of(drawing: Drawing) -> Drawing:
    """The form for a phone, as a drawing of its own."""
    _, _, width, height = ElementTree.fromstring(drawing.narrow).attrib["viewBox"].split()
    return Drawing(drawing.narrow, drawing.says, float(width), float(height))


def marks(drawing: Drawing, name: str) -> list[ElementTree.Element]:
    return [one for one in parsed(drawing) if one.tag == SVG + name]


def points(path: str) -> list[tuple[float, float]]:
    """The corners of a path made of M, L, H, V and Z."""
    found, x, y, left = [], 0.0, 0.0, CODE.findall(path)
    assert "".join(left) == path.replace(" ", "").replace(",", ""), path
    while left:
        code = left.pop(0)
        if code in "ML":
            x, y = float(left.pop(0)), float(left.pop(0))
        elif code == "H":
            x = float(left.pop(0))
        elif code == "V":
            y = float(left.pop(0))
        else:
            assert code == "Z", path
        found.append((x, y))
    return found


def texts(drawing: Drawing) -> list[str]:
    return [one.text or "" for one in marks(drawing, "text")]


def text_areas(drawing: Drawing) -> list[Area]:
    """Where each text stands, by the table of widths; capitals and figures are 0.72 of the size high."""
    return [_turned(one) if one.get("transform") else _level(one) for one in marks(drawing, "text")]


def _measured(one: ElementTree.Element) -> tuple[float, float, float, float, str]:
    x, y, size = (float(one.attrib[key]) for key in ("x", "y", "font-size"))
    return x, y, size, width_of(one.text or "", size, bold=one.get("font-weight") == "bold"), one.text or ""


def _level(one: ElementTree.Element) -> Area:
    x, y, size, wide, text = _measured(one)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[one.get("text-anchor", "start")]
    return Area(left, y - 0.72 * size, left + wide, y, text)


def _turned(one: ElementTree.Element) -> Area:
    x, y, size, wide, text = _measured(one)
    assert one.get("text-anchor") == "middle"
    return Area(x - 0.72 * size, y - wide / 2, x, y + wide / 2, text)


def drawn_areas(drawing: Drawing) -> Iterator[Area]:
    """Where each line, box, circle and path stands."""
    for one in parsed(drawing):
        name, get = one.tag.removeprefix(SVG), lambda key, of=one: float(of.attrib[key])
        if name == "line":
            yield Area(
                min(get("x1"), get("x2")),
                min(get("y1"), get("y2")),
                max(get("x1"), get("x2")),
                max(get("y1"), get("y2")),
            )
        elif name == "rect":
            yield Area(get("x"), get("y"), get("x") + get("width"), get("y") + get("height"))
        elif name == "circle":
            yield Area(get("cx") - get("r"), get("cy") - get("r"), get("cx") + get("r"), get("cy") + get("r"))
        elif name == "path":
            xs, ys = zip(*points(one.attrib["d"]), strict=True)
            yield Area(min(xs), min(ys), max(xs), max(ys), one.attrib["d"][:60])


def check(drawing: Drawing, prefix: str, *, apart: bool = True) -> None:
    """Valid, safe, told in words, inside its box; and, where asked, no text over another."""
    root = parsed(drawing)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= KNOWN
    assert all(
        key != "style" and not key.startswith("on") and "href" not in key for one in root.iter() for key in one.attrib
    )
    assert root.get("role") == "img"
    ids = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
    assert ids == root.attrib["aria-labelledby"].split() and all(one.startswith(prefix) for one in ids)
    assert all((root.findtext(SVG + name) or "").strip() for name in ("title", "desc"))
    assert drawing.says.strip() and isfinite(drawing.width) and isfinite(drawing.height)
    assert not re.search(r"\b(nan|inf)\b", " ".join(v for one in root for v in one.attrib.values()), re.IGNORECASE)
    areas = text_areas(drawing)
    outside = [one for one in (*areas, *drawn_areas(drawing)) if not _inside(one, drawing)]
    assert outside == []
    if apart:
        assert [pair for pair in combinations(areas, 2) if pair[0].meets(pair[1])] == []


def _inside(area: Area, drawing: Drawing) -> bool:
    right, bottom = drawing.width + HAIR, drawing.height + HAIR
    return area.left >= -HAIR and area.top >= -HAIR and area.right <= right and area.bottom <= bottom
