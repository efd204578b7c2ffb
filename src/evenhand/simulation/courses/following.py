"""Everybody's course after randomization, from the allocation to the end of follow-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from evenhand.facts import COMPLETE
from evenhand.record import Allocation
from evenhand.record.facts import recorded_person
from evenhand.simulation.courses import truth, tumour
from evenhand.simulation.courses.chances import Chances
from evenhand.simulation.courses.desk import Desk, Sheet
from evenhand.simulation.courses.happening import RANDOMIZATION, Happenings
from evenhand.simulation.courses.knowing import Knowing
from evenhand.simulation.courses.leaving import Leaving
from evenhand.simulation.courses.monitoring import Monitors
from evenhand.simulation.courses.person import Person
from evenhand.simulation.courses.sheet import AfterRandomization
from evenhand.simulation.courses.side_effects import SideEffects
from evenhand.simulation.courses.trial import Tally, Trial
from evenhand.simulation.courses.visiting import Visiting


class Following:
    """Follows everybody who is randomized, as the scenario's section draws it."""

    def __init__(
        self, trial: Trial, section: AfterRandomization, name: str, incidents: Sequence[tuple[str, date]] = ()
    ) -> None:
        self.trial = trial
        self.section = section
        self.name = name
        self.incidents = incidents
        self.people: dict[str, Person] = {}
        self.tally = Tally()
        self.desk = Desk(trial, section, self.tally)
        self.knowing = Knowing(self.desk)
        self.visiting = Visiting(self.desk, self.knowing)
        self.side_effects = SideEffects(self.desk, section.side_effects, section.reports)
        self.happenings = Happenings(self.desk, self.visiting, section.happenings, self.side_effects)
        self.leaving = Leaving(self.desk)
        self.desk.after_signing = self.leaving.ended
        self.side_effects.kills = self.leaving.killed
        self.monitors = Monitors(self.desk, section.monitoring, self.people)

    def begin(self, subject: str, site: str | None) -> None:
        """Somebody was randomized just now."""
        allocation = self.trial.history.subject(subject).allocation
        assert allocation is not None  # that is why this is called
        person = self.people[subject] = self._person(allocation, site)
        day = allocation.effective
        self.leaving.expect(person)
        self._list_lesions(person)
        self.happenings.follow(person, RANDOMIZATION, day)
        self.side_effects.follow(person, RANDOMIZATION, day)
        for befallen, when in self.incidents:
            if befallen == subject:
                self.side_effects.befall(person, when)
        self._expect_progression(person)
        self.visiting.go_on(person, day)
        self.monitors.expect(site, day)

    def _expect_progression(self, person: Person) -> None:
        """What is to grow begins to, early enough to show on the day of progression; by then it is known what was
        treated."""
        sheet, progresses = self.section.lesions, person.tumour.progresses
        if sheet is not None and progresses is not None:
            begins = max(person.randomized, progresses - timedelta(days=sheet.doubling_days[1] // 2))
            self.trial.plan(begins, lambda _: person.tumour.progress(sheet, person.chances))

    def _person(self, allocation: Allocation, site: str | None) -> Person:
        subject, day = allocation.subject, allocation.effective
        chances = Chances(f"{self.name}|{subject}")
        activation = self.trial.history.state.activation
        activated = activation.effective if activation is not None else day
        true = truth.drawn(self.section, self.trial.protocol, allocation, activated, chances)
        lesions = self._lesions(subject)
        tumours = tumour.Tumour(day)
        facts, sheet = self._facts(subject), self.section.lesions
        if sheet is not None:
            primary = facts.get(sheet.primary.fact or "") if sheet.primary else None
            tumours = tumour.drawn(sheet, lesions, day, chances, primary)
        tumours.progresses, tumours.by_new = true.progresses, true.by_new_lesions
        return Person(subject, site, allocation.arm, day, chances, true, tumours, lesions, facts)

    def _facts(self, subject: str) -> dict[str, object]:
        """What was recorded before randomization, the latest of each, by ``fact`` or ``fact.field``."""
        person = recorded_person(self.trial.history.subject(subject), self.trial.protocol.vocabulary)
        found: dict[str, object] = {}
        for name, facts in person.facts.items():
            for fact in facts:
                fields = fact.value if isinstance(fact.value, Mapping) else {}
                found |= {name: fact.value, **{f"{name}.{field}": value for field, value in fields.items()}}
        return found

    def _lesions(self, subject: str) -> list[Mapping[str, object]]:
        """The lesions that were recorded before randomization."""
        if self.section.lesions is None:
            return []
        sheet = self.section.lesions
        person = recorded_person(self.trial.history.subject(subject), self.trial.protocol.vocabulary)
        found = (fact.value for fact in person.facts.get(sheet.fact, ()) if fact.value is not COMPLETE)
        return [value for value in found if isinstance(value, Mapping) and sheet.label in value]

    def _list_lesions(self, person: Person) -> None:
        """The lesions of baseline, from images taken before randomization."""
        plan = self.trial.protocol.plan
        for form in plan.reading("lesion_list") if plan and self.section.lesions else ():
            if not form.visits:
                due = self.desk.later(person, form.id, person.randomized)
                known = self.knowing.of(person, form, person.randomized)
                self.desk.record(person, Sheet(form, person.randomized, known=known), due)
