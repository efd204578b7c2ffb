"""What is late, due or coming for a participant, and who acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from evenhand.conduct.disposition import Ends
from evenhand.conduct.forms import entries_reading
from evenhand.conduct.schedule.attended import VISIT
from evenhand.conduct.schedule.occurrence import Occurrence
from evenhand.conduct.schedule.occurrences import occurrences
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form, Plan
from evenhand.protocol.plan.visits import Schedule
from evenhand.record import SubjectHistory

When = Literal["late", "due", "coming"]
_ORDER: Final = {"late": 0, "due": 1, "coming": 2}


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be done about one participant.

    ``what``: to hold a ``visit``, to fill in a ``form`` of a visit that took place, or to say how follow-up ended
    (``disposition``). ``form`` is the one to fill in, ``occurrence`` the visit it belongs to ("" for none). It may be
    done from ``first`` and is late after ``last``. ``roles`` are those who fill the form in, ``signers`` those who sign
    it besides (empty: nobody).
    """

    what: Literal["visit", "form", "disposition"]
    when: When
    label: str
    form: str
    occurrence: str
    first: date
    last: date
    on: date
    roles: tuple[str, ...]
    signers: tuple[str, ...]

    @property
    def days_left(self) -> int:
        """Days from today to its last day; below 0 when it is late."""
        return (self.last - self.on).days


def due(protocol: Protocol, known: SubjectHistory, on: date, ends: Ends) -> tuple[Due, ...]:
    """Everything to be done, the latest first: what is late, what is due, what is coming within the study's horizon."""
    plan = protocol.plan
    if plan is None or plan.schedule is None:
        return ()
    agenda = _Agenda(plan, plan.schedule, on)
    found = [
        *(item for one in occurrences(protocol, known, on, ends) for item in agenda.of(one)),
        *agenda.disposition(protocol, known, ends),
    ]
    return tuple(sorted(found, key=lambda item: (_ORDER[item.when], item.last)))


class _Agenda:
    """What follows from one visit, or from the end of follow-up, on a day."""

    def __init__(self, plan: Plan, schedule: Schedule, on: date) -> None:
        self.plan = plan
        self.schedule = schedule
        self.on = on

    def of(self, one: Occurrence) -> Iterator[Due]:
        """The visit itself, or what is missing of one that took place."""
        if one.state == "done":
            last = self.schedule.entry_within.after(one.day)
            for name in one.missing:
                form = self.plan.forms[name]
                yield self._item("form", f"{form.title}: {one.label}", form, one.id, one.day, last)
        elif one.state in ("due", "overdue", "coming") and self._near(one.first) and one.first and one.last:
            yield self._item("visit", one.label, self._visit_form(one), one.id, one.first, one.last)

    def _near(self, first: date | None) -> bool:
        return first is not None and first <= self.schedule.coming_within.after(self.on)

    def _visit_form(self, one: Occurrence) -> Form:
        forms = [self.plan.forms[expected.form] for expected in one.visit.forms] if one.visit else []
        return next(form for form in forms if form.reads == VISIT)

    def disposition(self, protocol: Protocol, known: SubjectHistory, ends: Ends) -> Iterator[Due]:
        """The disposition form, once follow-up is over and until it says how it ended."""
        ended = ends.follow_up
        forms = self.plan.reading("disposition")
        if ended is None or not forms or not ends.over(self.on):
            return
        endings = self.schedule.endings.by_id
        for entry in entries_reading(protocol, known, "disposition"):
            said = endings.get(str(entry.values.get("ending")))
            if said is not None and said.ends == "follow_up":
                return
        first = ended.day + timedelta(days=ended.ending.by == "time")
        last = self.schedule.endings.within.after(ended.day)
        yield self._item("disposition", f"{forms[0].title}: {ended.ending.label}", forms[0], "", first, last)

    def _item(
        self,
        what: Literal["visit", "form", "disposition"],
        label: str,
        form: Form,
        occurrence: str,
        first: date,
        last: date,
    ) -> Due:
        when: When = "late" if self.on > last else "due" if self.on >= first else "coming"
        return Due(
            what, when, label, form.id, occurrence, first, last, self.on, form.entered_by, form.signed_by
        )  # fmt: skip
