"""The worst grade of the frequent adverse events as bars."""

from __future__ import annotations

from evenhand.analysis.safety.differences import FREQUENT, frequent
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.safety.happenings import SEVERE, Happenings
from evenhand.analysis.safety.kinds import Graded, Kind, graded, kind_of
from evenhand.analysis.safety.overview import method
from evenhand.analysis.safety.terms import GRADES
from evenhand.analysis.tables import Figure
from evenhand.figures import BarRow, bars
from evenhand.protocol.endpoints import Population
from evenhand.protocol.plan.safety_rules import Safety

MOST = 25  # terms; assumed: what fits one page
NONE = "Grade not recorded"


def grade_bars(safety: Safety, population: Population, columns: tuple[Group, ...], found: Happenings) -> Figure | None:
    """Bars by grade, group beside group; None where no term is frequent."""
    shown = columns[:-1] if len(columns) > 1 else columns
    everybody = graded(columns[-1], found, kind_of)
    given = tuple(graded(group, found, kind_of) for group in shown)
    kinds = frequent(everybody, tuple(one.size for one in shown), given)[:MOST]
    if not kinds:
        return None
    of = " of an arm" if len(columns) > 1 else ""
    title = f"Worst grade of the adverse events that {100 * FREQUENT:g} % or more{of} had"
    parts = [f"Grade {grade}" for grade in GRADES]
    if any(one.grade is None for those in given for kind in kinds for one in those.get(kind, ())):
        parts = [NONE, *parts]
    drawing = bars(
        [_bar(kind, shown, given, len(parts) > len(GRADES)) for kind in kinds],
        prefix="adverse-event-grades",
        label="Adverse event",
        series=[group.head for group in shown],
        parts=parts,
        finding=_finding(kinds, shown, given),
    )
    return Figure(
        id="adverse_event_grades_figure",
        title=title,
        population=of_whom(population, columns[-1]),
        method=method(safety),
        svg=drawing.svg,
        narrow=drawing.narrow,
        says=drawing.says,
        data=(("term", "group", "grade", "people", "of"), *_data(kinds, shown, given)),
        notes=(f"At most {MOST} terms, the most frequent ones.",),
        by_arm=len(columns) > 1,
    )


def _finding(kinds: tuple[Kind, ...], shown: tuple[Group, ...], given: tuple[Graded, ...]) -> str:
    """The most frequent of the terms of each group, and the one that most people had at grade 3 or higher."""
    return " ".join(
        f"{group.head}: most frequent {_most(kinds, group, those, 1)}; "
        f"at grade {SEVERE} or higher {_most(kinds, group, those, SEVERE)}."
        for group, those in zip(shown, given, strict=True)
    )


def _most(kinds: tuple[Kind, ...], group: Group, those: Graded, least: int) -> str:
    """The term that most people had at a grade or higher; a grade that is not recorded is at least 1."""
    counts = {kind: sum((one.grade or 1) >= least for one in those.get(kind, ())) for kind in kinds}
    most = max(counts.values())
    if not most:
        return "none of these"
    labels = " and ".join(kind.label.lower() for kind, many in counts.items() if many == most)
    return f"{labels} ({most} of {group.size}, {100 * most / max(group.size, 1):.1f} %)"


def _bar(kind: Kind, shown: tuple[Group, ...], given: tuple[Graded, ...], ungraded: bool) -> BarRow:
    grades: tuple[int | None, ...] = (None, *GRADES) if ungraded else GRADES
    values, texts = [], []
    for group, those in zip(shown, given, strict=True):
        people = those.get(kind, [])
        values.append([100 * sum(one.grade == grade for one in people) / max(group.size, 1) for grade in grades])
        texts.append(f"{len(people)} ({100 * len(people) / max(group.size, 1):.1f} %)")
    return BarRow(kind.label, values, texts)


def _data(kinds: tuple[Kind, ...], shown: tuple[Group, ...], given: tuple[Graded, ...]) -> list[tuple[str | int, ...]]:
    return [
        (
            kind.label,
            group.label,
            grade or "not recorded",
            sum(one.grade == grade for one in those.get(kind, ())),
            group.size,
        )
        for kind in kinds
        for group, those in zip(shown, given, strict=True)
        for grade in (*GRADES, None)
    ]
