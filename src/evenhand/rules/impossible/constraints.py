"""Whether a handful of demands on one person's facts contradict one another.

Every answer here is on the safe side: a contradiction is one in every world, while demands that pass may
still be impossible together for a reason that is not looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, product

from evenhand.dates import Period
from evenhand.facts import FactType
from evenhand.rules.impossible.intervals import Interval
from evenhand.rules.impossible.period_order import always_later
from evenhand.rules.nodes import ComparisonOperator


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that can be so or so: a fact, a field of one entry, a judgement, a count, whether a fact is
    known.

    Two slots are the same when their ``path`` is; ``type`` gives bounds and codes.
    """

    path: tuple[object, ...]
    name: str = field(compare=False)
    type: FactType | None = field(compare=False, default=None)


Form = tuple[tuple[Slot, Fraction], ...]  # a sum of slots times factors


@dataclass(frozen=True, slots=True)
class Impossible:
    """A demand that nothing meets."""

    text: str


@dataclass(frozen=True, slots=True)
class NumberDemand:
    """``form operator bound``; dates take part as differences of dates."""

    form: Form
    operator: ComparisonOperator
    bound: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class CodeDemand:
    """The slot's code is among ``allowed``."""

    slot: Slot
    allowed: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class SameCodeDemand:
    """Two slots have the same code, or (``wanted`` False) different ones."""

    slots: tuple[Slot, Slot]
    wanted: bool
    text: str


@dataclass(frozen=True, slots=True)
class AnswerDemand:
    """The slot is yes (``value`` True) or no."""

    slot: Slot
    value: bool
    text: str


@dataclass(frozen=True, slots=True)
class TimeDemand:
    """The time since the slot's date stands so to a period."""

    slot: Slot
    operator: ComparisonOperator
    period: Period
    text: str


Demand = Impossible | NumberDemand | CodeDemand | SameCodeDemand | AnswerDemand | TimeDemand


def contradiction(demands: Iterable[Demand]) -> str | None:
    """Why no person can meet all the demands, or None if nothing was found against it."""
    demands = tuple(demands)
    checks = (_impossible, _answers, _times, _numbers, _codes)
    return next((found for check in checks for found in check(demands)), None)


def together(texts: Iterable[str], because: str = "") -> str:
    """``a and b cannot hold together: because``."""
    texts = list(dict.fromkeys(texts))
    said = texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
    verb = "cannot hold" if len(texts) == 1 else "cannot hold together"
    return f"{said} {verb}" + (f": {because}" if because else "")


def _impossible(demands: tuple[Demand, ...]) -> Iterator[str]:
    yield from (demand.text for demand in demands if isinstance(demand, Impossible))


def _answers(demands: tuple[Demand, ...]) -> Iterator[str]:
    answers: dict[Slot, AnswerDemand] = {}
    for demand in demands:
        if isinstance(demand, AnswerDemand):
            before = answers.setdefault(demand.slot, demand)
            if before.value != demand.value:
                yield together((before.text, demand.text))


def _times(demands: tuple[Demand, ...]) -> Iterator[str]:
    times = [demand for demand in demands if isinstance(demand, TimeDemand)]
    for one, other in product(times, repeat=2):
        if one.slot == other.slot and _too_late(one, other):
            yield together((one.text, other.text))


def _too_late(lower: TimeDemand, upper: TimeDemand) -> bool:
    """Whether the first demand begins only after the second has ended, whatever the date counted from."""
    if lower.operator == "==" and upper.operator == "!=":
        pairs = ((lower.period, upper.period), (upper.period, lower.period))
        return all(always_later(one, other, 0) for one, other in pairs)
    if lower.operator not in (">", ">=", "==") or upper.operator not in ("<", "<=", "=="):
        return False
    open_ends = (lower.operator == ">") + (upper.operator == "<")
    return always_later(lower.period, upper.period, 1 - open_ends)


def _numbers(demands: tuple[Demand, ...]) -> Iterator[str]:
    by_form: dict[Form, list[NumberDemand]] = {}
    for demand in demands:
        if isinstance(demand, NumberDemand):
            by_form.setdefault(demand.form, []).append(demand)
    narrowed: dict[Slot, Interval] = {}
    for form in sorted(by_form, key=len):  # single facts first: their bounds narrow the sums
        interval = _interval(form, narrowed)
        for demand in by_form[form]:
            interval = interval.cut(demand.operator, demand.bound)
        if interval.empty:
            yield together((demand.text for demand in by_form[form]), _own_bounds(form))
        elif len(form) == 1:
            narrowed[form[0][0]] = interval


def _interval(form: Form, narrowed: Mapping[Slot, Interval]) -> Interval:
    """Every value that the sum can take, by the bounds of its parts."""
    parts = [narrowed.get(slot, _domain(slot)).times(factor) for slot, factor in form]
    total = parts[0]
    for part in parts[1:]:
        total = total.plus(part)
    return total


def _domain(slot: Slot) -> Interval:
    kind = slot.type
    if kind is None or kind.kind != "number":
        return Interval()
    low, high, step = (None if end is None else Fraction(end) for end in (kind.low, kind.high, kind.step))
    return Interval(low, high, step=step, base=low or Fraction(0))


def _own_bounds(form: Form) -> str:
    """What the vocabulary says about the values of the facts in a sum."""
    return ", ".join(f"{slot.name} is {said}" for slot, _ in form if (said := str(_domain(slot))))


def _codes(demands: tuple[Demand, ...]) -> Iterator[str]:
    allowed: dict[Slot, frozenset[str]] = {}
    texts: dict[Slot, list[str]] = {}
    for demand in demands:
        if isinstance(demand, CodeDemand):
            allowed[demand.slot] = allowed.get(demand.slot, demand.allowed) & demand.allowed
            texts.setdefault(demand.slot, []).append(demand.text)
            if not allowed[demand.slot]:
                yield together(texts[demand.slot])
    pairs = [demand for demand in demands if isinstance(demand, SameCodeDemand)]
    for demand in pairs:
        if _pair_fails(demand, allowed):
            yield together([*(text for slot in demand.slots for text in texts.get(slot, ())), demand.text])
    for one, other in combinations(pairs, 2):
        if set(one.slots) == set(other.slots) and one.wanted != other.wanted:
            yield together((one.text, other.text))


def _pair_fails(demand: SameCodeDemand, allowed: Mapping[Slot, frozenset[str]]) -> bool:
    left, right = (allowed.get(slot, frozenset(slot.type.codes if slot.type else ())) for slot in demand.slots)
    if demand.wanted:
        return not left & right
    return demand.slots[0] == demand.slots[1] or (len(left) == 1 and left == right)
