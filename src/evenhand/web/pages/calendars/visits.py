"""The visits of a site's participants as they stand in a calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from evenhand.conduct.schedule import Occurrence
from evenhand.web.desk import Desk
from evenhand.web.pages.calendars.span import Span
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.course import course_of
from evenhand.web.pages.quality_desk.people import Somebody

_OPEN: Final = ("overdue", "due", "coming")


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of one participant; ``name`` only where this user may see it."""

    who: Somebody
    occurrence: Occurrence
    address: str
    name: str = ""

    @property
    def day(self) -> date:
        """The day on which it took place, else the planned one."""
        return self.occurrence.day

    @property
    def days_left(self) -> int | None:
        """Until its window closes; None once it does not matter, or where it has none."""
        if self.occurrence.state not in _OPEN or self.occurrence.last is None:
            return None
        return (self.occurrence.last - self.who.today).days

    @property
    def days_over(self) -> int:
        """Since its window closed."""
        return -(self.days_left or 0)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar."""

    on: date
    inside: bool
    visits: tuple[Visit, ...]


def visits(desk: Desk, everybody: Iterable[Somebody]) -> list[Visit]:
    """Every visit but cancelled ones, by day."""
    found = [
        Visit(who, one, links.home_address(desk.study, who.subject))
        for who in everybody
        for one in course_of(who.protocol, who.known, who.today, desk.zone(who.site)).visits
        if one.state != "cancelled"
    ]
    return sorted(found, key=lambda one: (one.day, one.who.participant, one.occurrence.id))


def days(span: Span, found: Iterable[Visit]) -> list[Day]:
    """The days of a span, with the visits of each."""
    by_day: dict[date, list[Visit]] = {}
    for one in found:
        by_day.setdefault(one.day, []).append(one)
    return [Day(on, span.inside(on), tuple(by_day.get(on, ()))) for on in span.days]


def pressing(found: Iterable[Visit]) -> list[Visit]:
    """What is overdue, the longest first, and then what is due, by when its window closes."""
    open_now = [one for one in found if one.occurrence.state in ("overdue", "due")]
    return sorted(open_now, key=lambda one: (one.days_left or 0, one.who.participant))


def ahead(found: Iterable[Visit], weeks: int) -> int:
    """How many visits are planned within some weeks from today."""
    until = timedelta(weeks=weeks)
    return sum(one.occurrence.state == "coming" and one.day - one.who.today <= until for one in found)
