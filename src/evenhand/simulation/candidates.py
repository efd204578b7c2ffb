"""Made-up candidates: facts drawn from a scenario, as an intake form would give them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from evenhand.dates import DateSpan, add_months, on_day
from evenhand.facts import COMPLETE, Fact, FactType, Person, Record, Scalar, Source, Vocabulary
from evenhand.intake.form import read_scalar
from evenhand.simulation.draws import AnyDraw, Draw, ListDraw, RecordDraw
from evenhand.simulation.scenario import Scenario

_FORM = Source("made up", "scenario")


def draw_candidate(scenario: Scenario, vocabulary: Vocabulary, number: int, on: date, random: Random) -> Person:
    """The ``number``-th made-up person, seen on a day."""
    facts: dict[str, tuple[Fact, ...]] = {}
    for name, draw in _drawn_as(scenario, random).items():
        kind = vocabulary.facts[name]
        if isinstance(draw, ListDraw):
            facts[name] = _list(kind, draw, on, random)
        elif isinstance(draw, RecordDraw):
            facts[name] = _record(kind, draw, on, random)
        elif not _lost(draw, random):
            facts[name] = (Fact(name, _value(kind, draw, on, random), _dated(draw.dated, on, random), _FORM),)
    return Person(f"made-up-{number}", facts, source="made up")


def _drawn_as(scenario: Scenario, random: Random) -> dict[str, AnyDraw]:
    """How each fact of this person is drawn: those that hang together by one case of each kind."""
    draws = dict(scenario.facts)
    for group in scenario.together:
        (case,) = random.choices(group.cases, weights=[case.weight for case in group.cases])
        draws |= case.facts
    return draws


def _list(kind: FactType, draw: ListDraw, on: date, random: Random) -> tuple[Fact, ...]:
    (count,) = random.choices([int(count) for count in draw.count], weights=list(draw.count.values()))
    entries = []
    for number in range(1, count + 1):
        record = _fields(kind.fields, draw.each, on, random)
        if kind.key is not None:
            record = {kind.key: f"{kind.name[0].upper()}{number}", **record}
        entries.append(Fact(kind.name, record, None, _FORM))
    if random.random() < draw.complete:
        entries.append(Fact(kind.name, COMPLETE, None, _FORM))
    return tuple(entries)


def _record(kind: FactType, draw: RecordDraw, on: date, random: Random) -> tuple[Fact, ...]:
    if _lost(draw, random):
        return ()
    return (Fact(kind.name, _fields(kind.fields, draw.fields, on, random), _dated(draw.dated, on, random), _FORM),)


def _fields(kinds: Mapping[str, FactType], draws: Mapping[str, Draw], on: date, random: Random) -> Record:
    return {name: _value(kinds[name], draw, on, random) for name, draw in draws.items() if not _lost(draw, random)}


def _lost(draw: Draw | RecordDraw, random: Random) -> bool:
    return random.random() < draw.missing


def _value(kind: FactType, draw: Draw, on: date, random: Random) -> Scalar:
    if draw.choice is not None:
        (word,) = random.choices(list(draw.choice), weights=list(draw.choice.values()))
        return read_scalar(kind, word)
    if draw.between is not None:
        low, high = draw.between
        step = kind.step or 1
        return low + step * random.randrange(int((high - low) // step) + 1)
    if draw.days_before is not None:
        return on_day(_before(draw.days_before, on, random))
    if draw.age_between is not None:
        low, high = draw.age_between
        return on_day(add_months(on, -12 * random.randint(low, high)) - timedelta(days=random.randint(0, 364)))
    return read_scalar(kind, draw.fixed)


def _dated(ends: list[int] | None, on: date, random: Random) -> DateSpan | None:
    return None if ends is None else on_day(_before(ends, on, random))


def _before(ends: list[int], on: date, random: Random) -> date:
    return on - timedelta(days=random.randint(*ends))
