"""Deaths: how many of what, and each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.datasets.subjects import membership
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.safety.happenings import Happening, Happenings, answered
from evenhand.analysis.safety.printed import NOT_RECORDED, label_of, said_span, study_day
from evenhand.analysis.tables import Behind, Cell, Row, Table, count, row
from evenhand.conduct.forms import FormEntry, entries_reading
from evenhand.conduct.safety.events import span
from evenhand.logic import Truth
from evenhand.protocol.endpoints import Population

ROLE = "death"
METHOD = "Deaths from any cause that the record holds by the cut, by the cause on the form of the death."


@dataclass(frozen=True, slots=True)
class Death:
    """One death. ``entry``: the form; None where something else alone says that the person died."""

    one: Analysed
    entry: FormEntry | None

    @property
    def cause(self) -> str | None:
        """The code of its cause; None where none is recorded."""
        found = self.entry.values.get("cause") if self.entry else None
        return found if isinstance(found, str) else None

    @property
    def behind(self) -> Behind:
        """The person and the entry."""
        seen = self.one.seen
        seq = self.entry.seq if self.entry else seen.died.seq if seen.died else seen.nameless
        return Behind(self.one.person.subject, () if seq is None else (seq,))


def deaths(group: Group) -> tuple[Death, ...]:
    """Whoever died by the cut, in the order of randomization."""
    return tuple(Death(one, _form(one)) for one in group.people if one.seen.died or one.seen.nameless or _form(one))


def _form(one: Analysed) -> FormEntry | None:
    return next(iter(entries_reading(one.person.protocol, one.person.known, ROLE)), None)


def causes(analysis: Analysis, population: Population, columns: tuple[Group, ...], found: Happenings) -> Table:
    """Deaths by cause, a column for each group."""
    given = [deaths(group) for group in columns]
    rows = [_counted("deaths", "Died", columns, given)]
    for code, label in _codes(analysis):
        rows.append(_counted(f"deaths/{code}", label.capitalize(), columns, _of(given, code), indent=1))
    unnamed = _of(given, None)
    if any(unnamed):
        rows.append(_counted("deaths/not_recorded", "Cause not recorded", columns, unnamed, indent=1))
    cells = (count(_unrecorded(group, those, found), group.size) for group, those in zip(columns, given, strict=True))
    rows.append(row("unrecorded", "A fatal event, and no death on record (not counted above)", *cells))
    return Table(
        id="deaths",
        title="Deaths",
        population=of_whom(population, columns[-1]),
        method=METHOD,
        head=("", *(one.head for one in columns)),
        rows=tuple(rows),
        by_arm=len(columns) > 1,
    )


def _fatal(one: Happening) -> Truth:
    return one.fatal


def _unrecorded(group: Group, those: tuple[Death, ...], found: Happenings) -> list[Behind]:
    """Whoever had a fatal event, and no death is recorded."""
    died = {one.behind.subject for one in those}
    return [one for one in answered(group, found, _fatal).yes if one.subject not in died]


def _codes(analysis: Analysis) -> Iterator[tuple[str, str]]:
    plan = analysis.protocol.plan
    for form in plan.reading(ROLE) if plan else ():
        yield from form.fields["cause"].type.codes.items()


def _of(given: list[tuple[Death, ...]], cause: str | None) -> list[tuple[Death, ...]]:
    return [tuple(one for one in those if one.cause == cause) for those in given]


def _counted(
    id: str, label: str, columns: tuple[Group, ...], given: list[tuple[Death, ...]], indent: int = 0
) -> Row:  # fmt: skip
    pairs = zip(given, columns, strict=True)
    return row(id, label, *(count((one.behind for one in those), group.size) for those, group in pairs), indent=indent)


def death_list(analysis: Analysis, population: Population, everybody: Group, *, by_arm: bool) -> Table | None:
    """Each death with its day and its cause; None where there is none."""
    rows = []
    for one in deaths(everybody):
        seen = one.one.seen
        day = span(one.entry, "died") if one.entry else seen.died.span if seen.died else None
        number = study_day(day, seen.start)
        cause = label_of(one.entry, "cause") if one.entry else NOT_RECORDED
        other = str(one.entry.values.get("other_cause", "")) if one.entry else ""
        texts = [said_span(day), "" if number is None else str(number), f"{cause}: {other}" if other else cause]
        if by_arm:
            texts.append(_arm(one.one, analysis, population))
        cells = (
            Cell(text, ((key, text),), (one.behind,))
            for key, text in zip(("died", "day", "cause", "arm"), texts, strict=False)
        )
        rows.append(row(one.one.person.subject, one.one.person.subject, *cells))
    if not rows:
        return None
    return Table(
        id="death_list",
        title="Each death",
        population=of_whom(population, everybody),
        method=METHOD + " Days count from randomization, which is day 1.",
        head=("Participant", "Died", "Day", "Cause", *(["Arm"] if by_arm else [])),
        rows=tuple(rows),
        by_arm=by_arm,
    )


def _arm(one: Analysed, analysis: Analysis, population: Population) -> str:
    arm = membership(one, population.id).arm
    return next((item.label for item in analysis.protocol.arms if item.id == arm), NOT_RECORDED)
