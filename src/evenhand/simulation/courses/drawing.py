"""One answer of a form: drawn as the scenario says, or from what kind of field it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random
from typing import Final

from evenhand.dates import DAYS_PER_MONTH
from evenhand.protocol.plan import Field
from evenhand.simulation.courses.chances import Chances, happens, pick, within
from evenhand.simulation.courses.ways import Normal, Row, Way, Ways
from evenhand.units import Number

Drawn = object
"""What a person would type: text, a number, a bool, or a list of rows of such. None: nothing."""

_WORDS: Final = "made up"


@dataclass(slots=True)
class Scene:
    """What answers may depend on: the day on which it happened, the day on which it ended, the lesion that it is about,
    days since randomization, the person's chances, ``held``: what the person answered last time, and ``facts``: what
    was recorded before randomization."""

    day: date
    ended: date
    randomized: date
    chances: Chances
    random: Random
    lesion: Mapping[str, object] = field(default_factory=dict)
    held: dict[str, Drawn] = field(default_factory=dict)
    offered: Mapping[str, list[str]] = field(default_factory=dict)
    optional: Number = Decimal("0.6")
    facts: Mapping[str, object] = field(default_factory=dict)


def draw(way: Way, asked: Field, path: str, scene: Scene) -> Drawn:
    """An answer as the scenario draws it; None where it is missing."""
    random = scene.random
    if way.empty or (way.missing and happens(way.missing, random)):
        return None
    if way.stays and path in scene.held and happens(way.stays, random):
        return scene.held[path]
    found = _drawn(way, asked, path, scene)
    scene.held[path] = found
    return found


def _drawn(way: Way, asked: Field, path: str, scene: Scene) -> Drawn:
    if way.rows is not None:
        rows = [row for row in way.rows if _fits(row, scene) and happens(row.chance, scene.random)]
        return [row_of(row.values, asked, f"{path}.{number}", scene) for number, row in enumerate(rows, start=1)]
    if way.choice is not None:
        return pick(way.choice, scene.random)
    if way.between is not None:
        low, high = way.between
        return _between(low, high, asked.type.step or 1, scene.random)
    if way.normal is not None:
        return measured(way.normal, asked, path, scene)
    if way.days is not None:
        return str(scene.day + timedelta(days=within(way.days, scene.random)))
    if way.ended:
        return str(scene.ended)
    if way.lesion is not None or way.fact is not None:
        found = str(scene.lesion.get(way.lesion, "") if way.lesion else scene.facts.get(way.fact or "", ""))
        return way.words.get(found, found) or None
    return way.fixed


def _fits(row: Row, scene: Scene) -> bool:
    """Whether the row is about such a lesion."""
    return all(str(scene.lesion.get(name, "")) in words for name, words in row.lesion.items())


def row_of(ways: Ways, table: Field, path: str, scene: Scene) -> dict[str, Drawn]:
    """A row of a table: what the scenario says of it, and of its other columns those that are required."""
    found: dict[str, Drawn] = {}
    for name, asked in (table.columns or {}).items():
        if name in ways:
            found[name] = draw(ways[name], asked, f"{path}.{name}", scene)
        elif asked.required:
            found[name] = of_its_kind(asked, scene)
    return found


def measured(normal: Normal, asked: Field, path: str, scene: Scene) -> Number:
    """A measured number: the person's own level, what time does to it, and the error of this measurement."""
    own = scene.chances.of("level", path).gauss(0.0, 1.0) * float(normal.people)
    months = (scene.day - scene.randomized).days / DAYS_PER_MONTH
    noise = scene.random.gauss(0.0, 1.0) * float(normal.noise)
    found = float(normal.mean) + own + months * float(normal.per_month) + noise
    return as_asked(found, asked, normal.digits)


def as_asked(number: float, asked: Field, digits: int = 0) -> Number:
    """A number within the field's limits and in its steps, or with so many digits where it has none."""
    kind = asked.type
    step = Decimal(str(kind.step)) if kind.step else Decimal(1).scaleb(-digits)
    found = (Decimal(str(round(number, 6))) / step).quantize(Decimal(1), ROUND_HALF_EVEN) * step
    if kind.low is not None:
        found = max(found, Decimal(str(kind.low)))
    if kind.high is not None:
        found = min(found, Decimal(str(kind.high)))
    return int(found) if found == found.to_integral_value() else found


def of_its_kind(asked: Field, scene: Scene) -> Drawn:
    """An answer that nothing is known of but what kind of field it is."""
    kind, random = asked.type, scene.random
    if kind.many:
        return [row_of({}, asked, kind.name, scene)]
    if kind.kind == "number":
        low = next((end for end in (asked.expected_low, kind.low) if end is not None), 0)
        high = next((end for end in (asked.expected_high, kind.high) if end is not None), low + 10)
        return _between(low, high, kind.step or 1, random)
    if kind.kind == "code":
        return random.choice(list(kind.codes))
    if kind.kind == "yes_no":
        return random.random() < 0.1
    if kind.kind == "date":
        return str(scene.day)
    offered = scene.offered.get(asked.offered) if asked.offered else None
    return random.choice(offered) if offered else _WORDS


def _between(low: Number, high: Number, step: Number, random: Random) -> Number:
    found = low + step * random.randrange(int((high - low) // step) + 1)
    return int(found) if found == int(found) else found
