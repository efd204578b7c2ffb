"""The flow of participants after CONSORT 2025: boxes from those assessed to those analysed.

The statement (Hopewell et al., BMJ 2025;389:e081123, figure 1) draws enrolment, allocation, follow-up and analysis from
the top, those excluded at the right, and the arms side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .drawing import Drawing, Sheet
from .flow_boxes import GAP, SIZE, Boxed, arrow, draw_box, measured
from .lettering import width_of
from .palette import AXIS, QUIET
from .widths import also_narrow

NARROW = 480  # px: below it the trunk stands at the left


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A line in a box: a reason and how many. ``indent`` 1 is a part of the line of 0 above it."""

    text: str
    number: int | None = None
    indent: int = 0


@dataclass(frozen=True, slots=True)
class FlowBox:
    """``title`` with its number ("Randomized (n = 147)"), then its lines."""

    title: str
    number: int | None = None
    lines: Sequence[FlowLine] = ()


@dataclass(frozen=True, slots=True)
class FlowStep:
    """A box of the trunk, before the arms part. ``aside``: boxes of people who leave after it, to the right."""

    box: FlowBox
    aside: Sequence[FlowBox] = ()


@dataclass(frozen=True, slots=True)
class FlowArm:
    """An arm: one box for each stage after randomization (None: none there)."""

    name: str
    boxes: Sequence[FlowBox | None]


@dataclass(frozen=True, slots=True)
class Flow:
    """``trunk`` from those assessed to those randomized; ``arms`` side by side (one: everybody pooled); ``stages``
    names the trunk and then each row of boxes: "Enrolment", "Allocation", "Follow-up", "Analysis"."""

    trunk: Sequence[FlowStep]
    arms: Sequence[FlowArm]
    stages: Sequence[str] = ()


@also_narrow
def flow(boxes: Flow, *, prefix: str, label: str = "Flow of participants", width: float = 720) -> Drawing:
    """The diagram."""
    sheet = Sheet(prefix, width)
    has_aside = any(step.aside for step in boxes.trunk)
    y = _trunk(sheet, boxes, has_aside)
    y = _arms(sheet, boxes, y)
    if not (boxes.trunk or boxes.arms):
        y = sheet.lines((2, 14), "Nobody to show", width)
    return sheet.done(y + 4, label, says_of(boxes, label))


def says_of(boxes: Flow, label: str) -> str:
    """The diagram in words, from the top."""
    told = [f"{label}."]
    for step in boxes.trunk:
        told += [_in_words(one) for one in (step.box, *step.aside)]
    for arm in boxes.arms:
        told.append(f"{arm.name}:")
        told += [_in_words(one) for one in arm.boxes if one]
    return " ".join(told)


def _in_words(box: FlowBox) -> str:
    lines = "; ".join(_numbered(line.text, line.number, "{} {}") for line in box.lines)
    title = _numbered(box.title, box.number, "{} {}")
    return f"{title}: {lines}." if lines else f"{title}."


def _numbered(text: str, number: int | None, form: str = "{} (n\u00a0=\u00a0{})") -> str:
    return text if number is None else form.format(text, number)


def _boxed(box: FlowBox, width: float, name: str = "") -> Boxed:
    title = _numbered(box.title, box.number)
    lines = [(_numbered(line.text, line.number), line.indent) for line in box.lines]
    return measured(name, title, lines, width)


def _trunk(sheet: Sheet, boxes: Flow, has_aside: bool) -> float:
    """The boxes before the arms part; the lower edge of the last comes back."""
    left, middle = _left(boxes), _middle(sheet, boxes, has_aside)
    room = min(2 * (middle - left), 2 * (sheet.width - 2 - middle)) if not has_aside else 2 * (middle - left)
    y, top = 2.0, 2.0
    for place, step in enumerate(boxes.trunk):
        box = _boxed(step.box, min(room, 300))
        draw_box(sheet, box, (middle - box.width / 2, y))
        y += box.height
        if step.aside:
            y = _asides(sheet, step.aside, middle, y)
        if place < len(boxes.trunk) - 1:
            y = _down(sheet, middle, y, 0 if step.aside else GAP)
    if boxes.trunk:
        _stage(sheet, boxes, 0, (top, y))
    return y


def _asides(sheet: Sheet, aside: Sequence[FlowBox], middle: float, y: float) -> float:
    """The boxes of those who leave, below one another, each with an arrow from the trunk; where the trunk goes on."""
    start = middle + 28
    top = y
    for one in aside:
        box = _boxed(one, sheet.width - 2 - start)
        top += 12
        draw_box(sheet, box, (start, top))
        arrow(sheet, (middle, top + box.height / 2), (start, top + box.height / 2))
        top += box.height
    sheet.line((middle, y), (middle, top), AXIS, thick=1.2)
    return top


def _down(sheet: Sheet, x: float, y: float, more: float) -> float:
    arrow(sheet, (x, y), (x, y + max(more, GAP)))
    return y + max(more, GAP)


def _arms(sheet: Sheet, boxes: Flow, y: float) -> float:
    """The rows of boxes side by side; the lower edge of the last row comes back."""
    rows = max((len(arm.boxes) for arm in boxes.arms), default=0)
    middles, width = _arm_places(sheet, boxes)
    if rows:
        y = _branch(sheet, boxes, middles, y)
    for place in range(rows):
        height = _row(sheet, boxes, place, (middles, width), y)
        _stage(sheet, boxes, place + 1, (y, y + height))
        y += height + (GAP if place < rows - 1 else 0)
    return y


def _row(sheet: Sheet, boxes: Flow, place: int, places: tuple[Sequence[float], float], y: float) -> float:
    """The boxes of one stage, all as high as the fullest; their height comes back."""
    middles, width = places
    found = [_at(arm, place) for arm in boxes.arms]
    row = [
        _boxed(one, width, "" if place else arm.name) if one else None
        for arm, one in zip(boxes.arms, found, strict=True)
    ]
    height = max([one.height for one in row if one] + [_stage_height(boxes, place + 1)])
    for arm, box, middle in zip(boxes.arms, row, middles, strict=True):
        if box:
            draw_box(sheet, box, (middle - width / 2, y), height)
        elif any(arm.boxes[place:]):
            sheet.line((middle, y), (middle, y + height), AXIS, thick=1.2)
        if _at(arm, place + 1):
            arrow(sheet, (middle, y + height), (middle, y + height + GAP))
        elif any(arm.boxes[place + 1 :]):
            sheet.line((middle, y + height), (middle, y + height + GAP), AXIS, thick=1.2)
    return height


def _branch(sheet: Sheet, boxes: Flow, middles: Sequence[float], y: float) -> float:
    """From the last box of the trunk to each arm."""
    middle = _middle(sheet, boxes, any(step.aside for step in boxes.trunk))
    turn, tips = y + GAP * 0.6, y + GAP * 1.6
    if not boxes.trunk:
        return y
    if len(middles) == 1 and abs(middles[0] - middle) < 1:
        arrow(sheet, (middle, y), (middle, tips))
        return tips
    sheet.line((middle, y), (middle, turn), AXIS, thick=1.2)
    ends = min(*middles, middle), max(*middles, middle)
    sheet.line((ends[0], turn), (ends[1], turn), AXIS, thick=1.2)
    for one in middles:
        arrow(sheet, (one, turn), (one, tips))
    return tips


def _at(arm: FlowArm, place: int) -> FlowBox | None:
    return arm.boxes[place] if place < len(arm.boxes) else None


def _left(boxes: Flow) -> float:
    """Where the boxes begin: right of the names of the stages."""
    return 34.0 if boxes.stages else 2.0


def _middle(sheet: Sheet, boxes: Flow, has_aside: bool) -> float:
    """The middle of the trunk: the paper's over arms that part, else left of it if people leave to the right."""
    left = _left(boxes)
    apart = sheet.width >= NARROW and len(boxes.arms) > 1
    return left + (sheet.width - 2 - left) * (0.5 if apart or not has_aside else 0.29)


def _arm_places(sheet: Sheet, boxes: Flow) -> tuple[list[float], float]:
    """The middles of the arms, and the width of their boxes."""
    many, left = max(len(boxes.arms), 1), _left(boxes)
    gap = 24.0 if sheet.width >= NARROW else 12.0
    width = (sheet.width - 2 - left - gap * (many - 1)) / many
    if many == 1:
        middle = _middle(sheet, boxes, any(step.aside for step in boxes.trunk))
        width = min(width, 2 * (middle - left))
        return [middle], width
    return [left + width / 2 + place * (width + gap) for place in range(len(boxes.arms))], width


def _stage_height(boxes: Flow, place: int) -> float:
    """How high a row must be for the name of its stage."""
    return width_of(boxes.stages[place], SIZE, bold=True) + 6 if place < len(boxes.stages) else 0


def _stage(sheet: Sheet, boxes: Flow, place: int, sides: tuple[float, float]) -> None:
    """The name of a stage, upright at the left of its boxes."""
    if place < len(boxes.stages) and boxes.stages[place]:
        sheet.upright((14, (sides[0] + sides[1]) / 2), boxes.stages[place], sides[1] - sides[0], QUIET)
        sheet.line((22, sides[0]), (22, sides[1]), AXIS, thick=2)
