"""The inclusion enrolment tables of the NIH: the layout of 1997, and the categories of the combined question of 2024.

Sources: NIH NOT-OD-01-053 (five races, more than one race, unknown; by ethnicity and sex); SPD 15, 89 FR 22182 (2024).
Enrolled are those registered; our proposal, since the notice leaves the moment to the study.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from evenhand.analysis.cut import Cut
from evenhand.analysis.inclusion.categories import (
    CATEGORIES_2024,
    ETHNICITIES,
    MORE_THAN_ONE,
    RACES_1997,
    UNKNOWN,
    Category,
    race_of_1997,
)
from evenhand.analysis.inclusion.people import Origins, described, origins_of
from evenhand.analysis.tables import Behind, Cell, Row, Table, count, row
from evenhand.enrollment.courses import courses
from evenhand.protocol.baseline import Baseline

Sex = Literal["female", "male", "unknown"]
_SEXES: Final[dict[Sex, str]] = {"female": "Female", "male": "Male", "unknown": "Unknown or not reported"}
METHOD_1997: Final = (
    "Cumulative enrolment in the categories of OMB Directive 15 (1997; NIH NOT-OD-01-053), as recorded by the day of "
    "randomization; each person counts once. Whoever names several races is of more than one race; Middle Eastern or "
    "North African is White here. Answers in other words are unknown and never guessed."
)
METHOD_2024: Final = (
    "The seven categories of SPD 15 (2024); a person counts in each that was named, and under alone where it was the "
    "only one."
)
_SPLIT: Final = (
    "Race and ethnicity were asked by the two questions of 1997, so what somebody would have ticked in one question is "
    "not known: Hispanic or Latino comes from the question on ethnicity, and whoever is Middle Eastern or North "
    "African counts under White and cannot be told apart."
)


class Enrolled(NamedTuple):
    """A person enrolled, as the tables count people."""

    sex: Sex
    origins: Origins
    behind: Behind


def enrolled(cut: Cut, baseline: Baseline) -> tuple[Enrolled, ...]:
    """Everybody registered at the cut."""
    names = [one.subject for one in courses(cut.history) if one.stage in ("registered", "randomized")]
    facts = [name for name in (baseline.sex, baseline.race, baseline.ethnicity) if name is not None]
    return tuple(
        Enrolled(_sex(one.text(baseline.sex)), origins_of(one, baseline), one.behind(*facts))
        for one in described(cut, names)
    )


def _sex(said: str) -> Sex:
    return "female" if said == "female" else "male" if said == "male" else "unknown"


# ---- 1997 ---------------------------------------------------------------------------------------


def table_1997(people: tuple[Enrolled, ...]) -> Table:
    """Race by ethnicity and sex."""
    names: list[tuple[str | None, str]] = [*RACES_1997.items(), ("several", MORE_THAN_ONE), (None, UNKNOWN)]
    some = {name: [one for one in people if race_of_1997(one.origins.races) == name] for name, _ in names}
    rows = [_row_1997(f"race_{name or 'unknown'}", label, some[name]) for name, label in names]
    head = [f"{ethnicity}: {sex.lower()}" for ethnicity in ETHNICITIES.values() for sex in _SEXES.values()]
    return Table(
        "inclusion_1997",
        "Inclusion enrolment: race, ethnicity and sex",
        f"Everybody registered (n = {len(people)})",
        METHOD_1997,
        ("Race", *head, "Total"),
        (*rows, _row_1997("race_total", "Total", list(people))),
        tuple(_unplaced(people)),
    )


def _row_1997(id: str, label: str, some: list[Enrolled]) -> Row:
    cells = [
        count(one.behind for one in some if one.origins.ethnicity == ethnicity and one.sex == sex)
        for ethnicity in ETHNICITIES
        for sex in _SEXES
    ]
    return row(id, label, *cells, count(one.behind for one in some))


def _unplaced(people: tuple[Enrolled, ...]) -> Iterator[str]:
    strange = sorted({said for one in people for said in one.origins.unplaced})
    if strange:
        number = sum(bool(one.origins.unplaced) for one in people)
        yield f"Answers of {number} people are in no category and count as unknown: {'; '.join(strange)}."


# ---- 2024 ---------------------------------------------------------------------------------------


def table_2024(people: tuple[Enrolled, ...], baseline: Baseline) -> Table:
    """Each category, alone or with others, by sex."""
    named = [(one, _categories(one.origins)) for one in people]
    split = baseline.asked_as == "omb_1997"
    rows = [_row_2024(name, label, named, asked=_asked(name, named, split)) for name, label in CATEGORIES_2024.items()]
    several = [one for one, categories in named if len(categories) > 1]
    nothing = [one for one, categories in named if not categories]
    return Table(
        "inclusion_2024",
        "Inclusion enrolment: the combined question",
        f"Everybody registered (n = {len(people)})",
        METHOD_2024,
        ("Category", "Alone", "Alone or with others", *_SEXES.values()),
        (
            *rows,
            row("category_several", "More than one category", Cell(""), *_by_sex(several)),
            row("category_unknown", UNKNOWN, Cell(""), *_by_sex(nothing)),
        ),
        (_SPLIT,) if split else (),
    )


def _categories(origins: Origins) -> frozenset[Category]:
    hispanic: frozenset[Category] = frozenset({"hispanic"} if origins.ethnicity == "hispanic" else ())
    return origins.races | hispanic


_Named = list[tuple[Enrolled, frozenset[Category]]]


def _asked(name: Category, named: _Named, split: bool) -> bool:
    """What the questions of 1997 do not offer was not asked, unless somebody answered it all the same."""
    return not split or name in RACES_1997 or name == "hispanic" or any(name in found for _, found in named)


def _row_2024(name: Category, label: str, named: _Named, *, asked: bool) -> Row:
    if not asked:
        return row(f"category_{name}", label, *[Cell("not asked")] * (2 + len(_SEXES)))
    some = [one for one, found in named if name in found]
    alone = count(one.behind for one, found in named if found == {name})
    return row(f"category_{name}", label, alone, *_by_sex(some))


def _by_sex(some: list[Enrolled]) -> list[Cell]:
    return [
        count(one.behind for one in some),
        *(count(one.behind for one in some if one.sex == sex) for sex in _SEXES),
    ]
