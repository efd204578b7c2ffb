"""A monitor comes to each site now and then, compares entries with the source, and what is final is locked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from evenhand import steps
from evenhand.conduct import forms, quality
from evenhand.conduct.findings import DoubtAt
from evenhand.conduct.forms import FormEntry
from evenhand.record import SubjectHistory
from evenhand.simulation.courses.chances import happens
from evenhand.simulation.courses.desk import Desk
from evenhand.simulation.courses.person import Person
from evenhand.simulation.courses.sheet import Monitoring


class Monitors:
    """Comes to a site for as long as anything may still be entered there."""

    def __init__(self, desk: Desk, habits: Monitoring | None, people: Mapping[str, Person]) -> None:
        self.desk = desk
        self.trial = desk.trial
        self.habits = habits
        self.people = people
        self._next: dict[str | None, date] = {}

    def expect(self, site: str | None, on: date) -> None:
        """Plan the next visits to a site; somebody was randomized there."""
        if self.habits is not None and site not in self._next:
            self._plan(site, on)

    def _plan(self, site: str | None, on: date) -> None:
        assert self.habits is not None  # asked before
        self._next[site] = on + timedelta(days=self.habits.every)
        self.trial.plan(self._next[site], partial(self._come, site))

    def _come(self, site: str | None, on: date) -> None:
        here = [person for person in self.people.values() if person.site == site]
        changed = [self._look_at(person, on) for person in here]
        if any(changed):
            self._plan(site, on)
        else:
            self._next.pop(site, None)

    def _look_at(self, person: Person, on: date) -> bool:
        """Verify what is new and lock what is old; whether there is anything of the last half year, or to be locked."""
        known = self.trial.history.subject(person.subject)
        entries = [entry for entry in forms.entries(self.trial.protocol, known) if not entry.struck]
        self._verify(person, known, entries, on)
        known = self.trial.history.subject(person.subject)
        self._lock(person, known, entries, on)
        return any(on - entry.standing.latest.recorded_at.date() < timedelta(days=400) for entry in entries)

    def _verify(self, person: Person, known: SubjectHistory, entries: list[FormEntry], on: date) -> None:
        assert self.habits is not None  # nobody comes otherwise
        by = self.trial.actor("monitor", None)
        chosen = {
            entry.seq: forms.shown_digest(entry.standing)
            for entry in entries
            if entry.counts
            and entry.standing.latest.by.user != by.user
            and forms.marks_of(known, entry.seq).verified is None
            if happens(self.habits.share, person.chances.of("verified", entry.standing.latest.seq))
        }
        if chosen:
            self.trial.take(steps.verify_source, by, on, subject=person.subject, shown=chosen)
        for entry in entries:
            if entry.seq in chosen and happens(self.habits.asks, person.chances.of("asks", entry.seq)):
                asked = DoubtAt(*entry.place, "", "", f"made up: what does the source say of {entry.form.title}?")
                self.desk.take(steps.open_query, by, on, person, subject=person.subject, asked=asked)

    def _lock(self, person: Person, known: SubjectHistory, entries: list[FormEntry], on: date) -> None:
        assert self.habits is not None  # nobody comes otherwise
        before, chosen = on - timedelta(days=self.habits.lock_after), []
        for entry in entries:
            marks = forms.marks_of(known, entry.seq)
            old = entry.day < before and marks.verified is not None and marks.locked is None
            final = not quality.wants_signature(entry, marks) and not quality.open_queries(known, entry.place)
            if old and final and happens(self.habits.locked, person.chances.of("locked", entry.seq)):
                chosen.append(entry.seq)
        if chosen:
            by = self.trial.actor("data_manager", None)
            self.trial.take(steps.lock_forms, by, on, subject=person.subject, seqs=chosen)
