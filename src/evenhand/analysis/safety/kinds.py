"""Events by system organ class and term, each person once at the worst grade of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote_plus

from evenhand.analysis.safety.groups import Group
from evenhand.analysis.safety.happenings import Happening, Happenings
from evenhand.analysis.tables import Behind

NO_CLASS = "In no class of the dictionary"


@dataclass(frozen=True, slots=True)
class Kind:
    """What kind of event: its class and its term, with what was written besides for "Other, specify". Without a name
    it is the whole class."""

    soc: str
    name: str = ""
    specified: str = ""

    @property
    def id(self) -> str:
        """The same from cut to cut, and another for any other kind."""
        return "/".join(quote_plus(part) for part in (self.soc, self.name, self.specified) if part).casefold()

    @property
    def label(self) -> str:
        """For people."""
        return f"{self.name}: {self.specified}" if self.specified else self.name or self.soc


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst grade of one person (None: none recorded), and the events behind it."""

    grade: int | None
    behind: Behind


def kind_of(one: Happening) -> Kind:
    """The kind of an event."""
    name, specified = one.event.kind
    return Kind(one.event.term.soc if one.event.term else NO_CLASS, name, specified)


def class_of(one: Happening) -> Kind:
    """Its class alone."""
    return Kind(kind_of(one).soc)


Sort = Callable[[Happening], Kind]
Graded = dict[Kind, list[Worst]]


def graded(group: Group, found: Happenings, sort: Sort) -> Graded:
    """The people of a group by kind of event, each at the worst grade of that kind."""
    answer: Graded = {}
    for one in group.people:
        mine: dict[Kind, list[Happening]] = {}
        for each in found[one.person.subject]:
            if each.counts:
                mine.setdefault(sort(each), []).append(each)
        for kind, those in mine.items():
            answer.setdefault(kind, []).append(_worst(those))
    return answer


def _worst(those: list[Happening]) -> Worst:
    grade = max((one.event.grade for one in those if one.event.grade is not None), default=None)
    return Worst(grade, Behind(those[0].subject, tuple(one.event.entry.seq for one in those)))


def behind(those: Iterable[Worst], grades: Iterable[int] | None = None) -> tuple[Behind, ...]:
    """Whoever stands behind, of all grades (and of none recorded) or of these."""
    wanted = None if grades is None else frozenset(grades)
    return tuple(one.behind for one in those if wanted is None or one.grade in wanted)


def ordered(kinds: Graded) -> tuple[tuple[Kind, tuple[Kind, ...]], ...]:
    """The classes in the order of the alphabet, each with its terms from the most frequent down (of ties, by name)."""
    classes: dict[str, list[Kind]] = {}
    for kind in kinds:
        classes.setdefault(kind.soc, []).append(kind)
    return tuple(
        (Kind(soc), tuple(sorted(those, key=lambda one: (-len(kinds[one]), one.label))))
        for soc, those in sorted(classes.items())
    )
