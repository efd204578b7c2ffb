"""Visits as they come: each is planned by the study's schedule, held about its day or missed, and entered with its
forms some days later.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Final

from evenhand.conduct import schedule
from evenhand.conduct.ending import ends_of
from evenhand.conduct.schedule import Occurrence
from evenhand.protocol.plan import Form, Plan
from evenhand.record import Entry
from evenhand.simulation.courses.chances import happens, pick, within
from evenhand.simulation.courses.desk import Desk, Sheet
from evenhand.simulation.courses.fractionation import nearest_weekday
from evenhand.simulation.courses.knowing import Knowing
from evenhand.simulation.courses.person import Person

VISIT: Final = "visit"
_SCAN: Final = "scan"
_NEVER_FORGOTTEN: Final = (VISIT, _SCAN, "response", "lesion_list")  # follow-up turns on them
_AFTER_THE_OTHERS: Final = ("response",)  # determined from what is measured at the same visit


class Visiting:
    """Brings people to their visits."""

    def __init__(self, desk: Desk, knowing: Knowing) -> None:
        self.desk = desk
        self.trial = desk.trial
        self.habits = desk.section.visits
        self.knowing = knowing

    def go_on(self, person: Person, on: date) -> None:
        """Plan the next visit anew: what was recorded may have moved it, or made it the last."""
        upcoming = self._next(person, on)
        if upcoming is None:
            return
        person.planned += 1
        day = self._day(person, upcoming)
        due = max(on, self.desk.later(person, upcoming.id, day))
        self.trial.plan(due, partial(self._enter, person, upcoming, day, person.planned))

    def _next(self, person: Person, on: date) -> Occurrence | None:
        """The first visit that is neither entered nor given up."""
        known = self.desk.known(person)
        ends = ends_of(self.trial.protocol, known)
        found = schedule.occurrences(self.trial.protocol, known, on, ends)
        waiting = (one for one in found if one.state in ("overdue", "due", "coming") and one.id not in person.said)
        return next(waiting, None)

    def _day(self, person: Person, one: Occurrence) -> date:
        """The day on which it takes place: about the planned one, mostly within its window, after randomization."""
        random = person.chances.of("visit", one.id)
        planned = one.planned or one.day
        day = planned + timedelta(days=within(self.habits.around, random))
        if self.habits.weekends < 1 and not happens(self.habits.weekends, random):
            day = nearest_weekday(day)
        last = ends_of(self.trial.protocol, self.desk.known(person)).last
        if one.last is not None and last is not None:
            day = min(day, max(last, planned))
        return max(day, person.randomized)

    def _enter(self, person: Person, one: Occurrence, day: date, plan: int, on: date) -> None:
        if plan != person.planned:
            return
        if not person.sees(day):
            return  # nobody came, and whoever left is spoken of elsewhere
        ended = ends_of(self.trial.protocol, self.desk.known(person)).last
        if ended is not None and day > ended:
            return
        person.said.add(one.id)
        if self._misses(person, one):
            person.missed.add(f"{one.visit.id if one.visit else ''} {one.number}")
            self._missed(person, one, day, on)
        else:
            self._held(person, one, day, on)
        self.go_on(person, on)

    def _misses(self, person: Person, one: Occurrence) -> bool:
        """Whether nobody comes; more often so where nobody came the last time."""
        if one.visit is None or not one.visit.series:
            return False
        again, habits = f"{one.visit.id} {one.number - 1}" in person.missed, self.habits
        chance = habits.missed_again if again and habits.missed_again is not None else habits.missed
        return happens(chance, person.chances.of("missed", one.id))

    def _missed(self, person: Person, one: Occurrence, day: date, on: date) -> None:
        why = pick(self.habits.reasons, person.chances.of("why missed", one.id))
        self.desk.enter(person, Sheet(self._visit_form(one), day, visit=one.id, not_done=why), on)

    def _held(self, person: Person, one: Occurrence, day: date, on: date) -> None:
        """The visit first, then what it asks for by then, one form after the other."""
        self._form(person, self._visit_form(one), one, day, on)
        for form in self._asked(person, one, on):
            chance = 0 if form.reads in _NEVER_FORGOTTEN else self.desk.habits(person).forgotten
            if not happens(chance, person.chances.of("forgotten", form.id, one.id)):
                self._form(person, form, one, day, on)

    def _form(self, person: Person, form: Form, one: Occurrence, day: date, on: date) -> Entry | None:
        why = self._left_out(person, form, one, day)
        if why:
            return self.desk.enter(person, Sheet(form, day, visit=one.id, not_done=why), on)
        sheet = Sheet(form, day, visit=one.id, known=self.knowing.of(person, form, day, one.id))
        return self.desk.enter(person, sheet, on)

    def _left_out(self, person: Person, form: Form, one: Occurrence, day: date) -> str:
        """Why something is not done at a visit that took place; empty where it is."""
        truth, random = person.truth, person.chances.of("left out", form.id, one.id)
        if form.reads == _SCAN and truth.progresses is not None and truth.progresses <= day and truth.unscanned:
            return truth.unscanned
        habits = self.habits.left_out.get(form.id)
        return pick(habits.because, random) if habits is not None and happens(habits.chance, random) else ""

    def _asked(self, person: Person, one: Occurrence, on: date) -> list[Form]:
        """The forms that are missing at a visit that took place. What is determined comes after what is measured."""
        known = self.desk.known(person)
        found = schedule.occurrences(self.trial.protocol, known, on, ends_of(self.trial.protocol, known))
        here = next((other for other in found if other.id == one.id), None)
        forms = [self._plan().forms[name] for name in (here.missing if here else ())]
        return sorted(forms, key=lambda form: form.reads in _AFTER_THE_OTHERS)

    def _visit_form(self, one: Occurrence) -> Form:
        asked = [self._plan().forms[expected.form] for expected in one.visit.forms] if one.visit else []
        return next(form for form in asked if form.reads == VISIT)

    def _plan(self) -> Plan:
        plan = self.trial.protocol.plan
        assert plan is not None  # there is a schedule
        return plan
