"""The lesions of a participant as a drawing, sizes by day, and the same as a table with the responses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil
from typing import Final

from evenhand.conduct.forms import FormEntry
from evenhand.conduct.lesions import Life, Sight
from evenhand.conduct.response import Compared
from evenhand.oncology.recist import LesionState, millimetres
from evenhand.units import Number
from evenhand.web.pages.participants.course import Course
from evenhand.web.pages.participants.words import short_response
from evenhand.web.templatetags.evenhand import day

_HEIGHT: Final = 220  # pixels of the field in which sizes are drawn
_LEAST: Final = 20  # mm that the drawing shows at least
_LINES: Final = 7
_STEPS: Final = (5, 10, 20, 50, 100, 200, 500, 1000, 10_000)  # mm between lines
_LOOKS: Final = 6  # looks of lines, told apart by dashes and signs as well as by colour


@dataclass(frozen=True, slots=True)
class Point:
    """One size drawn."""

    x: str
    y: float
    says: str


@dataclass(frozen=True, slots=True)
class Series:
    """One lesion, or the sum of the targets: its points, the lines between them, and its label at the last one."""

    label: str
    look: str
    points: tuple[Point, ...]
    treated: tuple[Point, ...]

    @property
    def lines(self) -> tuple[tuple[Point, Point], ...]:
        """The lines between neighbours."""
        return tuple(pairwise(self.points))


@dataclass(frozen=True, slots=True)
class Letter:
    """A response above its scan."""

    x: str
    text: str
    at_end: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What one scan says about one lesion."""

    words: str
    seq: int | None


@dataclass(frozen=True, slots=True)
class LesionRow:
    """One lesion through all scans."""

    label: str
    what: str
    look: str
    treated: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """One scan: its sum, what is proposed and why, what was determined."""

    day: date
    seq: int
    total: str
    proposed: str
    determined: str
    verdict: str
    say: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LesionChart:
    """The drawing and its table."""

    series: tuple[Series, ...]
    letters: tuple[Letter, ...]
    levels: tuple[tuple[float, str], ...]
    height: int
    days: tuple[date, ...]
    rows: tuple[LesionRow, ...]
    responses: tuple[Response, ...]
    best: str
    best_why: str
    label: str


def lesion_chart(course: Course) -> LesionChart | None:
    """The chart of a participant; None before the lesions at baseline are entered."""
    listed, lives = course.evaluation.listed, course.lives.lesions
    if listed is None or not lives:
        return None
    days = tuple(sorted({sight.day for life in lives for sight in life.sights}))
    sums = [list(_sums(course, renewed)) for renewed in (False, True)]
    sizes = [sight.size for life in lives for sight in life.sights if sight.size is not None]
    field = _Field(days[0], max(days[-1], course.on), _most([*sizes, *(total for one in sums for _, total in one)]))
    best = course.evaluation.best
    when = f" on {day(best.day)}" if best.day else ""
    return LesionChart(
        (*(_series(life, number, field) for number, life in enumerate(lives)), *_sum_series(sums, field)),
        tuple(_letters(course.compared, field)),
        tuple(field.levels()),
        _HEIGHT,
        days,
        tuple(_row(life, _site_words(listed.entry, life.site), number, days) for number, life in enumerate(lives)),
        tuple(map(_response, course.compared)),
        f"{best.response}{when}",
        best.why,
        f"Sizes of {len(lives)} lesions on {len(days)} days; the tables below say each",
    )


@dataclass(frozen=True, slots=True)
class _Field:
    """From which day to which, and up to how many mm."""

    first: date
    last: date
    most: int

    def x(self, on: date) -> str:
        return f"{(on - self.first).days / max((self.last - self.first).days, 1) * 86 + 8:.2f}%"

    def y(self, size: Number) -> float:
        return round(_HEIGHT - float(size) / self.most * _HEIGHT, 1)

    def levels(self) -> Iterator[tuple[float, str]]:
        """Lines at round sizes."""
        for size in range(0, self.most + 1, _step(self.most)):
            yield self.y(size), f"{size} mm"


def _step(most: int) -> int:
    """The distance of lines, so that there are few."""
    return next(step for step in _STEPS if most <= step * _LINES)


def _most(found: Iterable[Number]) -> int:
    """A round size that none is above."""
    most = max([ceil(size) for size in found] + [_LEAST])
    step = _step(most)
    return -(-most // step) * step


def _series(life: Life, number: int, field: _Field) -> Series:
    measured = [sight for sight in life.sights if sight.size is not None]
    points = tuple(Point(field.x(one.day), field.y(one.size or 0), _sight_words(life, one)) for one in measured)
    treated = tuple(
        Point(field.x(change.day), _HEIGHT, f"{life.label} {change.state}, {day(change.day)}")
        for change in life.changes
        if change.state in (LesionState.IRRADIATED, LesionState.RESECTED) and field.first <= change.day <= field.last
    )
    return Series(life.label, f"look-{number % _LOOKS}", points, treated)


def _sight_words(life: Life, one: Sight) -> str:
    return f"{life.label}: {one.size} mm on {day(one.day)}"


def _total(one: Compared) -> Number | None:
    target = one.proposed.point.target if one.proposed.point else None
    return None if target is None or target.total is None else millimetres(target.total)


def _sums(course: Course, renewed: bool) -> Iterator[tuple[date, Number]]:
    """The sums of the targets that are compared with one baseline, that of the baseline first."""
    of = [one for one in course.compared if one.proposed.renewed is renewed]
    if of:
        baseline = of[0].proposed.baseline
        yield baseline.day, millimetres(sum(target.size for target in baseline.targets))
    for one in of:
        if (total := _total(one)) is not None:
            yield one.proposed.scan.day, total


def _sum_series(sums: Sequence[Sequence[tuple[date, Number]]], field: _Field) -> Iterator[Series]:
    """One line for each baseline; the last one says what it is."""
    drawn = [one for one in sums if len(one) > 1]
    for number, one in enumerate(drawn, start=1):
        points = tuple(Point(field.x(on), field.y(size), f"sum of targets: {size} mm on {day(on)}") for on, size in one)
        yield Series("sum of targets" if number == len(drawn) else "", "sum", points, ())


def _letters(found: Sequence[Compared], field: _Field) -> Iterator[Letter]:
    for one in found:
        yield Letter(
            field.x(one.proposed.scan.day), short_response(one.proposed.overall), one.proposed.scan.day >= field.last
        )


def _site_words(listed: FormEntry, site: str) -> str:
    """A site in the words of the form that lists the lesions."""
    columns = listed.form.fields["lesions"].columns or {}
    return columns["site"].type.codes.get(site, site) if "site" in columns else site


def _row(life: Life, site: str, number: int, days: tuple[date, ...]) -> LesionRow:
    seen = {sight.day: sight for sight in life.sights}
    what = f"{site}, {life.kind.replace('_', '-')}"
    treated = "; ".join(f"{change.state} {day(change.day)}" for change in life.changes)
    cells = tuple(Cell(_cell_words(seen[on]), seen[on].seq) if on in seen else Cell("", None) for on in days)
    return LesionRow(life.label, what, f"look-{number % _LOOKS}", treated, cells)


def _cell_words(one: Sight) -> str:
    seen = "" if one.seen == "measured" else one.seen.replace("_", " ")
    size = f"{one.size} mm" if one.size else ""
    return ", ".join(part for part in (size, seen) if part)


def _response(one: Compared) -> Response:
    proposed, said = one.proposed, one.determined
    total = _total(one)
    determined = ""
    if said is not None:
        determined = str(said.overall) if said.overall else "no overall response"
        if said.progressed and said.since:
            determined += f", progression {day(said.since)}"
    return Response(
        proposed.scan.day,
        proposed.scan.seq,
        "" if total is None else f"{total} mm",
        str(proposed.overall),
        determined,
        one.verdict,
        one.say,
        proposed.reasons,
    )
