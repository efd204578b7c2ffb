"""The table of baseline characteristics (CONSORT 2025, item 25): described, and not tested between the arms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from statistics import median, quantiles
from typing import Final, NamedTuple

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.inclusion.categories import (
    ETHNICITIES,
    MORE_THAN_ONE,
    RACES_1997,
    UNKNOWN,
    race_label,
    race_of_1997,
)
from evenhand.analysis.inclusion.characteristics import Found, found, levels_of
from evenhand.analysis.inclusion.people import Described, age_of, described, origins_of
from evenhand.analysis.saying import capital, word
from evenhand.analysis.tables import Behind, Cell, Number, Row, Table, count, row
from evenhand.protocol.baseline import Baseline, Characteristic
from evenhand.protocol.markdown import flat

METHOD: Final = (
    "As recorded by the day of randomization. Numbers: median (quartiles, linear between order statistics as R's type "
    "7) and range; otherwise people (share of the column). Not tested between arms, for whatever differs does so by "
    "chance (CONSORT 2025). Age is that of the day when it was recorded; a month is 30.4375 days."
)
NOT_RECORDED: Final = "Not recorded"
_Answers = dict[str, Found]


class Column(NamedTuple):
    """An arm, or all together."""

    label: str
    people: tuple[Described, ...]


class Item(NamedTuple):
    """One characteristic: the answer of each person by pseudonym, the values to be shown, and the facts behind it."""

    id: str
    label: str
    answers: _Answers
    values: Sequence[str]
    facts: tuple[str, ...]
    numeric: bool = False


def baseline_table(analysis: Analysis, *, by_arm: bool) -> Table:
    """Everybody randomized, by arm and together, or together alone."""
    everybody = described(analysis.cut, (one.person.subject for one in analysis.people))
    columns = [*_arms(analysis, everybody, by_arm=by_arm), Column("All", everybody)]
    baseline = analysis.endpoints.baseline
    items = [*(_items(everybody, baseline) if baseline else ()), *_strata(analysis, everybody)]
    return Table(
        "baseline",
        "Baseline characteristics",
        f"Everybody randomized (n = {len(everybody)})" + (", in the arm of allocation" if by_arm else ""),
        METHOD,
        ("", *(f"{one.label} (n = {len(one.people)})" for one in columns)),
        tuple(one for item in items for one in _rows(item, columns)),
        tuple(_notes(items)),
        by_arm,
    )


def _arms(analysis: Analysis, everybody: tuple[Described, ...], *, by_arm: bool) -> Iterator[Column]:
    allocated = {one.subject: one.arm for one in analysis.cut.history.allocations}
    for arm in analysis.protocol.arms if by_arm else ():
        yield Column(arm.label, tuple(one for one in everybody if allocated[one.subject] == arm.id))


def _items(people: tuple[Described, ...], baseline: Baseline) -> Iterator[Item]:
    yield from _ages(people, baseline)
    yield from origin_items(people, baseline)
    yield from (_characteristic(people, asked) for asked in baseline.characteristics)


def _characteristic(people: tuple[Described, ...], asked: Characteristic) -> Item:
    answers = {one.subject: found(one, asked) for one in people}
    values = levels_of(asked, people, answers.values())
    facts = (asked.fact,) if asked.fact else tuple(f for one in asked.levels for f in one.rule.facts)
    return Item(asked.id, flat(asked.label), answers, values, facts, numeric=asked.show == "median")


def answers_to(name: str, people: tuple[Described, ...], baseline: Baseline, *, number: bool) -> Item | None:
    """What the table tells of one characteristic, age, sex, race or ethnicity; None where the baseline has none of that
    name. ``number``: as one, though the table may count how many have each."""
    if name == "age":
        return next(_ages(people, baseline), None)
    asked = next((one for one in baseline.characteristics if one.id == name), None)
    if asked is None:
        return next((one for one in origin_items(people, baseline) if one.id == name), None)
    return _characteristic(people, replace(asked, show="median") if number else asked)


def _ages(people: tuple[Described, ...], baseline: Baseline) -> Iterator[Item]:
    if baseline.age is None:
        return
    ages = {one.subject: age_of(one, baseline) for one in people}
    answers = {name: Found(number=None if age is None else float(age)) for name, age in ages.items()}
    yield Item("age", "Age in years", answers, (), (baseline.age.fact,), numeric=True)
    if baseline.age.groups:
        yield group_item(ages, baseline)


def group_item(ages: dict[str, int | None], baseline: Baseline) -> Item:
    """Age by the groups of the study."""
    assert baseline.age is not None
    labels, starts = _groups(baseline.age.groups), (0, *baseline.age.groups)
    grouped = {
        name: Found() if age is None else Found((labels[sum(age >= start for start in starts) - 1],))
        for name, age in ages.items()
    }
    return Item("age_group", "Age group in years", grouped, labels, (baseline.age.fact,))


def _groups(starts: tuple[int, ...]) -> list[str]:
    between = [f"{low} to {high - 1}" for low, high in pairwise(starts)]
    return [f"under {starts[0]}", *between, f"{starts[-1]} or older"]


def origin_items(people: tuple[Described, ...], baseline: Baseline) -> Iterator[Item]:
    """Sex as recorded; race and ethnicity in the categories of 1997."""
    if baseline.sex is not None:
        asked = Characteristic("sex", "Sex", "fact", baseline.sex)
        answers = {one.subject: _sex(one, asked) for one in people}
        values = [one for one in levels_of(asked, people, answers.values()) if one.casefold() != "unknown"]
        yield Item("sex", "Sex", answers, values, (baseline.sex,))
    origins = {one.subject: origins_of(one, baseline) for one in people}
    if baseline.race is not None:
        races = {name: Found((race_label(race_of_1997(one.races)),)) for name, one in origins.items()}
        yield Item("race", "Race", races, [*RACES_1997.values(), MORE_THAN_ONE, UNKNOWN], (baseline.race,))
    if baseline.ethnicity is not None:
        known = {name: Found((ETHNICITIES[one.ethnicity],)) for name, one in origins.items()}
        yield Item("ethnicity", "Ethnicity", known, list(ETHNICITIES.values()), (baseline.ethnicity,))


def _sex(one: Described, asked: Characteristic) -> Found:
    """An answer of unknown is none."""
    answer = found(one, asked)
    return Found() if [value.casefold() for value in answer.values] == ["unknown"] else answer


def _strata(analysis: Analysis, people: tuple[Described, ...]) -> Iterator[Item]:
    """The levels that were used for the allocation, whatever turned out later."""
    levels = {one.subject: one.levels for one in analysis.cut.history.allocations}
    for factor in analysis.protocol.randomization.strata:
        labels = {level.id: flat(level.label) for level in factor.levels}
        answers = {}
        for one in people:
            used = levels[one.subject].get(factor.id)
            answers[one.subject] = Found((labels.get(used, used),)) if isinstance(used, str) else Found()
        seen = {value for answer in answers.values() for value in answer.values} - set(labels.values())
        values = [*labels.values(), *sorted(seen)]
        yield Item(f"stratum_{factor.id}", f"Stratum: {flat(factor.label).lower()}", answers, values, ())


# ---- rows ---------------------------------------------------------------------------------------


def _rows(item: Item, columns: Sequence[Column]) -> Iterator[Row]:
    yield row(item.id, item.label)
    if item.numeric:
        yield row(f"{item.id}_median", "Median (quartiles)", *(_middle(item, one) for one in columns), indent=1)
        yield row(f"{item.id}_range", "Range", *(_range(item, one) for one in columns), indent=1)
    for number, value in enumerate(item.values, start=1):
        cells = (_counted(item, one, partial(_has, value)) for one in columns)
        yield row(f"{item.id}_{word(value, number)}", capital(value), *cells, indent=1)
    if UNKNOWN not in item.values:
        cells = (_counted(item, one, lambda answer: not answer.known) for one in columns)
        yield row(f"{item.id}_not_recorded", NOT_RECORDED, *cells, indent=1)


def _has(value: str, answer: Found) -> bool:
    return value in answer.values


def _counted(item: Item, column: Column, holds: Callable[[Found], bool]) -> Cell:
    return count(
        (_behind(item, one) for one in column.people if holds(item.answers[one.subject])), len(column.people)
    )  # fmt: skip


def _behind(item: Item, one: Described) -> Behind:
    if item.facts:
        return one.behind(*item.facts)
    allocation = one.known.allocation
    return Behind(one.subject, (allocation.seq,) if allocation else ())


def _numbers(item: Item, column: Column) -> tuple[list[float], tuple[Behind, ...]]:
    people = [one for one in column.people if item.answers[one.subject].known]
    numbers = [item.answers[one.subject].number for one in people]
    return sorted(one for one in numbers if one is not None), tuple(_behind(item, one) for one in people)


def _middle(item: Item, column: Column) -> Cell:
    numbers, behind = _numbers(item, column)
    if not numbers:
        return Cell("not estimable", (("count", 0),))
    low, _, high = quantiles(numbers, n=4, method="inclusive") if len(numbers) > 1 else numbers * 3
    values: tuple[tuple[str, Number], ...] = (
        ("count", len(numbers)), ("median", median(numbers)), ("low_quartile", low), ("high_quartile", high),
    )  # fmt: skip
    return Cell(f"{median(numbers):.1f} ({low:.1f} to {high:.1f})", values, behind)


def _range(item: Item, column: Column) -> Cell:
    numbers, behind = _numbers(item, column)
    if not numbers:
        return Cell("not estimable", (("count", 0),))
    whole = all(one.is_integer() for one in numbers)
    low, high = (f"{one:.0f}" if whole else f"{one:.1f}" for one in (numbers[0], numbers[-1]))
    return Cell(f"{low} to {high}", (("least", numbers[0]), ("most", numbers[-1])), behind)


def _notes(items: Sequence[Item]) -> Iterator[str]:
    several = [item.label for item in items if any(len(one.values) > 1 for one in item.answers.values())]
    if several:
        yield f"A person may count in several rows of: {'; '.join(several)}."
