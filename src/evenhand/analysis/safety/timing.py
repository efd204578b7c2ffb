"""Acute and late: events after radiation, by the time from the first fraction of the latest course before them.

It is of whoever was irradiated, and so of an arm that plans radiation: for the tables by arm alone (our proposal).
"""

from __future__ import annotations

from datetime import date, timedelta

from evenhand.analysis.analysing import Analysed
from evenhand.analysis.safety.groups import Group
from evenhand.analysis.safety.happenings import SEVERE, Happenings
from evenhand.analysis.safety.kinds import Graded, Kind, behind, graded, kind_of
from evenhand.analysis.safety.observed import observed_until
from evenhand.analysis.safety.terms import FROM_SEVERE
from evenhand.analysis.tables import Cell, Table, count, row
from evenhand.conduct.safety.radiation import When
from evenhand.conduct.treatment import courses
from evenhand.protocol.endpoints import Population
from evenhand.protocol.plan.safety_rules import Safety

METHOD = (
    "People with a radiation course of which the first day is known. Acute: the event began up to {days} days after "
    "the first fraction of the latest course that had begun by then, that day being 0 (RTOG/EORTC 1995; which of "
    "several courses counts is our proposal); late: after that. Late events are of those who were observed for longer "
    "than that after a first fraction. Each person is counted once for each term, at the worst grade of it."
)


def after_radiation_table(safety: Safety, population: Population, everybody: Group, found: Happenings) -> Table | None:
    """Acute and late events by term; None where nobody was irradiated."""
    irradiated = [(one, first) for one in everybody.people if (first := _first_fraction(one)) is not None]
    if not irradiated:
        return None
    beyond = timedelta(days=safety.acute_days)
    acute = _of("acute", Group("acute", "Acute", tuple(one for one, _ in irradiated)), found)
    those = tuple(one for one, first in irradiated if observed_until(one) > first + beyond or _had(one, "late", found))
    late = _of("late", Group("late", "Late", those), found)
    unclear = _of("not known", acute[0], found)
    given = (acute, late, *([unclear] if unclear[1] else ()))
    kinds = {kind for _, graded_ in given for kind in graded_}
    return Table(
        id="adverse_events_after_radiation",
        title="Acute and late adverse events after radiation",
        population=f"{population.label} population, with radiation (n = {len(irradiated)})",
        method=METHOD.format(days=safety.acute_days),
        head=("Term", *_head(given)),
        rows=tuple(
            row(kind.id, kind.label, *(cell for one in given for cell in _two(one, kind)))
            for kind in sorted(kinds, key=lambda one: (one.label, one.soc))
        ),
        by_arm=True,
    )


Side = tuple[Group, Graded]


def _of(when: When, group: Group, found: Happenings) -> Side:
    """The events of a group at that time, by term."""
    mine = {subject: tuple(one for one in those if one.timing == when) for subject, those in found.items()}
    return group, graded(group, mine, kind_of)


def _had(one: Analysed, when: When, found: Happenings) -> bool:
    return any(each.timing == when for each in found[one.person.subject])


def _first_fraction(one: Analysed) -> date | None:
    """The first day of the first course since randomization."""
    days = (course.started for course in courses(one.person.protocol, one.person.known))
    return min((day for day in days if day is not None and day >= one.seen.start), default=None)


def _head(given: tuple[Side, ...]) -> list[str]:
    labels = [group.head for group, _ in given[:2]] + ["Acute or late is not known"] * (len(given) > 2)
    return [f"{label}: {what}" for label in labels for what in ("any grade", f"grade {SEVERE} or higher")]


def _two(side: Side, kind: Kind) -> tuple[Cell, Cell]:
    group, those = side
    people = those.get(kind, [])
    return count(behind(people), group.size), count(behind(people, FROM_SEVERE), group.size)
