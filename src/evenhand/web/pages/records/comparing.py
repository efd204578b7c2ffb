"""Before and after: what a correction changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evenhand.record import Entry, History, Standing
from evenhand.web.pages.records.reading import Item

Mark = Literal["same", "changed", "added", "left out"]


@dataclass(frozen=True, slots=True)
class Side:
    """One line of a value, and whether the other side has it too."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One thing as it was and as it is; no lines where it was not there."""

    label: str
    mark: Mark
    before: tuple[Side, ...]
    after: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """An entry among its corrections: what it replaced, and what replaced it since."""

    before: Entry | None
    later: tuple[Entry, ...]


def chain_of(history: History, entry: Entry) -> Chain:
    """The entry that stood just before this correction, and the corrections that came after this entry."""
    numbers = _numbers(_standing(history, entry))
    place = numbers.index(entry.seq)
    entries = [history.entry(number) for number in numbers]
    return Chain(
        before=entries[place - 1] if place else None,
        later=tuple(one for one in entries[place + 1 :] if one is not None),
    )


def _standing(history: History, entry: Entry) -> Standing:
    about = history.about_study if entry.subject is None else history.subject(entry.subject)
    return next(one for one in about.standing if entry.seq in _numbers(one))


def _numbers(standing: Standing) -> tuple[int, ...]:
    return (standing.seq, *standing.corrections)


def compared(before: Sequence[Item], after: Sequence[Item]) -> list[Change]:
    """Both sides, thing by thing: first in the order of the new body, then what it leaves out."""
    old, new = {item.key: item for item in before}, {item.key: item for item in after}
    keys = dict.fromkeys([*new, *old])
    return [_change(old.get(key), new.get(key)) for key in keys]


def _change(old: Item | None, new: Item | None) -> Change:
    before, after = _lines(old), _lines(new)
    mark: Mark = "same" if before == after else "changed"
    if old is None or new is None:
        mark = "added" if old is None else "left out"
    label = (new or old or Item("", "", ())).label
    return Change(
        label,
        mark,
        tuple(Side(line, line not in after) for line in before),
        tuple(Side(line, line not in before) for line in after),
    )


def _lines(item: Item | None) -> tuple[str, ...]:
    return () if item is None else (*item.lines, *((item.note,) if item.note else ()))
