"""How made-up participants leave: deaths, withdrawals, people who are not reached any more; and who says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from evenhand import steps
from evenhand.conduct import schedule
from evenhand.conduct.ending import ends_of
from evenhand.protocol.plan import Form
from evenhand.record import Entry
from evenhand.simulation.courses.chances import pick, within
from evenhand.simulation.courses.desk import Desk, Sheet
from evenhand.simulation.courses.drawing import Drawn
from evenhand.simulation.courses.person import Person
from evenhand.simulation.courses.truth import Departure

_WITHIN: Final = [2, 24]  # days in which a site says how follow-up ended: most are in time, which is 28 days


class Leaving:
    """Lets people leave, and has the site say so."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.trial = desk.trial
        self.section = desk.section

    def expect(self, person: Person) -> None:
        """Plan every end that is drawn for somebody, and the one that time sets."""
        dies, found = person.truth.dies, person.chances.of("found dead")
        if dies is not None:
            self.trial.plan(dies + timedelta(days=within([0, 21], found)), partial(self._died, person, dies))
        for departure in person.truth.departures:
            day = departure.day + timedelta(days=within(departure.habits.found, found))
            if departure.ending.by == "consent":
                day = departure.day
            self.trial.plan(day, partial(self._leaves, person, departure))
        last = ends_of(self.trial.protocol, self.desk.known(person)).at_most
        if last is not None:
            self.say_later(person, last + timedelta(days=1))

    def say_later(self, person: Person, on: date) -> None:
        """Plan that the site says how follow-up ended, some days later."""
        due = on + timedelta(days=within(_WITHIN, person.chances.of("says", on)))
        self.trial.plan(due, partial(self._say, person))

    def ended(self, person: Person, on: date) -> None:
        """Something was signed; where it ended follow-up, the site says so."""
        if ends_of(self.trial.protocol, self.desk.known(person)).over(on):
            self.say_later(person, on)

    def killed(self, person: Person, day: date, of_treatment: bool) -> None:
        """A side effect kills somebody on a day, unless another death comes first."""
        if person.truth.dies is None or day < person.truth.dies:
            person.truth = replace(person.truth, dies=day, of_treatment=of_treatment)
            found = within([0, 21], person.chances.of("found dead of it"))
            self.trial.plan(day + timedelta(days=found), partial(self._died, person, day))

    def _died(self, person: Person, day: date, on: date) -> None:
        form = self._form("death")
        if form is None or self._left(person, day) or day != person.truth.dies:
            return
        progressed = person.tumour.progresses is not None and person.tumour.progresses <= day
        causes = self.section.death.causes.get("after" if progressed else "before")
        known: dict[str, Drawn] = {"died": str(day)}
        if causes:
            known["cause"] = pick(causes, person.chances.of("cause"))
        if person.truth.of_treatment:
            known["cause"] = self.section.death.of_treatment
        entry = self.desk.enter(person, Sheet(form, day, known=known), on)
        self._gone(person, entry, on)

    def _left(self, person: Person, day: date) -> bool:
        """Whether somebody left in another way before."""
        return any(one.day < day and one.ending.ends == "follow_up" for one in person.truth.departures)

    def _leaves(self, person: Person, departure: Departure, on: date) -> None:
        """Somebody leaves who is still followed."""
        known, ending = self.desk.known(person), departure.ending
        last = ends_of(self.trial.protocol, known).last
        if not self._first(person, departure) or (last is not None and departure.day > last):
            return
        if ending.by == "consent":
            by = self.trial.actor("coordinator", person.site)
            self.trial.take(steps.withdraw_consent, by, on, subject=person.subject, reason=None)
            self.desk.tally.endings[ending.id] += 1
            self.say_later(person, on)
            return
        form = self._form("disposition")
        if form is not None:
            self._gone(
                person, self.desk.enter(person, self._said(form, ending.id, departure.day, ending.attempts), on), on
            )

    def _first(self, person: Person, departure: Departure) -> bool:
        """Whether nothing else took the person away before."""
        gone = person.truth.gone()
        if departure.ending.ends == "treatment":
            return gone is None or departure.day < gone
        return gone == departure.day and not (person.truth.dies is not None and person.truth.dies <= departure.day)

    def _gone(self, person: Person, entry: Entry | None, on: date) -> None:
        if entry is not None:
            self.desk.tally.endings[str(entry.body["form"])] += 1
            self.say_later(person, on)

    def _say(self, person: Person, on: date) -> None:
        """Fill in the disposition form where it is due."""
        known = self.desk.known(person)
        ends, form = ends_of(self.trial.protocol, known), self._form("disposition")
        due = schedule.due(self.trial.protocol, known, on, ends)
        if form is None or ends.follow_up is None or not any(one.what == "disposition" for one in due):
            return
        if any(one.what == "disposition" and one.when == "coming" for one in due):
            return
        ended = ends.follow_up
        self.desk.enter(person, self._said(form, ended.ending.id, ended.day, ended.ending.attempts), on)

    def _said(self, form: Form, ending: str, day: date, attempts: int) -> Sheet:
        tried = [{"date": str(day + timedelta(days=2 * number))} for number in range(1, attempts + 1)]
        known: dict[str, Drawn] = {"ending": ending, "ended": str(day)}
        asked = form.fields.get("attempts")
        if attempts and asked is not None:
            other = {name: column for name, column in (asked.columns or {}).items() if column.required}
            codes = {name: next(iter(one.type.codes)) for name, one in other.items() if one.type.kind == "code"}
            known["attempts"] = [{**row, **codes} for row in tried]
        return Sheet(form, day, known=known)

    def _form(self, role: str) -> Form | None:
        plan = self.trial.protocol.plan
        return next(iter(plan.reading(role)), None) if plan else None
