"""What befalls participants besides visits: treatments, courses, decisions, as the scenario draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from evenhand.conduct import forms
from evenhand.conduct.ending import ends_of
from evenhand.protocol.plan import Form
from evenhand.record import JSON, Entry
from evenhand.simulation.courses.chances import after, days_at, happens, pick, within
from evenhand.simulation.courses.desk import Desk, Sheet
from evenhand.simulation.courses.drawing import Drawn, Scene, draw
from evenhand.simulation.courses.fractionation import given_in, weekday_from
from evenhand.simulation.courses.person import Done, Person
from evenhand.simulation.courses.sheet import Happening, Manner, Update
from evenhand.simulation.courses.side_effects import SideEffects
from evenhand.simulation.courses.visiting import Visiting
from evenhand.simulation.courses.ways import Ways

RANDOMIZATION: Final = "randomization"
_NOTHING: Final[Mapping[str, object]] = {}


@dataclass(frozen=True, slots=True)
class _One:
    """One happening to one participant, drawn: how and about which lesion it takes place, from when to when. ``known``:
    what the simulator knows of its form."""

    what: Happening
    manner: Manner
    lesion: Mapping[str, object]
    began: date
    ended: date
    known: Mapping[str, Drawn] = field(default_factory=dict)


class Happenings:
    """Lets things happen, and has them entered."""

    def __init__(self, desk: Desk, visiting: Visiting, all_of_them: list[Happening], side_effects: SideEffects) -> None:
        self.desk = desk
        self.visiting = visiting
        self.all = all_of_them
        self.side_effects = side_effects

    def follow(self, person: Person, event: str, day: date, lesion: Mapping[str, object] = _NOTHING) -> None:
        """Plan whatever comes after an event that ended on a day."""
        for what in self.all:
            if what.after == event and (not what.arms or person.arm in what.arms):
                for about in person.lesions if what.each == "lesion" and not lesion else [lesion]:
                    self._plan(person, what, day, about)

    def _plan(self, person: Person, what: Happening, day: date, lesion: Mapping[str, object]) -> None:
        random = person.chances.of("happens", what.id, self._label(lesion), day)
        if not happens(what.chance, random):
            return
        days = within(what.days, random) if what.days else days_at(what.monthly or 0, random)
        began = after(day, days)
        if began is not None and what.weekdays:
            began = weekday_from(began)
        manner = None if began is None else self._manner(person, what, lesion, began)
        if began is None or manner is None:
            return
        known: Mapping[str, Drawn] = {}
        if manner.fractions is not None:
            ended, known = given_in(manner.fractions, began, random)
        else:
            ended = began + timedelta(days=within(manner.lasts, random))
        self.desk.trial.plan(began, partial(self._begin, person, _One(what, manner, lesion, began, ended, known)))

    def _manner(self, person: Person, what: Happening, lesion: Mapping[str, object], day: date) -> Manner | None:
        """One of the ways in which it is done at that time, of such a lesion."""
        site = str(lesion.get(self.desk.section.lesions.site, "")) if self.desk.section.lesions else ""
        labels = {one.label for one in person.tumour.lesions}
        fitting = {
            str(place): manner.weight
            for place, manner in enumerate(what.manners)
            if (manner.since is None or date.fromisoformat(manner.since) <= day)
            and (manner.before is None or day < date.fromisoformat(manner.before))
            and (not manner.lesion_sites or site in manner.lesion_sites)
            and (not manner.present or manner.present in labels)
            and (not manner.absent or manner.absent not in labels)
            and (not manner.had or any(name in person.done for name in manner.had))
            and all(str(person.facts.get(name, "")) in words for name, words in manner.having.items())
        }
        random = person.chances.of("manner", what.id, self._label(lesion), day)
        return what.manners[int(pick(fitting, random))] if any(fitting.values()) else None

    def _begin(self, person: Person, one: _One, on: date) -> None:
        """It takes place, if the person is there for it and follow-up goes on; its entry follows."""
        ended = ends_of(self.desk.trial.protocol, self.desk.known(person)).last
        if not person.sees(one.began) or (ended is not None and one.began > ended):
            return
        if one.manner.treats is not None:
            self._treat(person, one)
        done = Done(one.began, one.ended, lesion=one.lesion)
        names = [one.what.id, *([one.manner.called] if one.manner.called else [])]
        for name in names:
            person.done.setdefault(name, []).append(done)
        self._record(person, one, done)
        if one.manner.not_done is None:
            for name in names:
                self.side_effects.follow(person, name, one.began)
        for update in one.what.updates:
            self._update(person, one, update)
        for name in names:
            self.desk.trial.plan(one.ended, partial(self._ended, person, one, name))

    def _ended(self, person: Person, one: _One, name: str, on: date) -> None:
        self.follow(person, name, on, one.lesion)

    def _treat(self, person: Person, one: _One) -> None:
        label = one.manner.removes or self._label(one.lesion)
        person.tumour.locally_treated(label, one.ended)
        if happens(one.manner.treats or 0, person.chances.of("controlled", label)):
            person.tumour.treat(label, one.ended)

    def _record(self, person: Person, one: _One, done: Done) -> None:
        """Have it entered; what is known at the end only is added by a correction then."""
        manner = one.manner
        why = None if manner.not_done is None else pick(manner.not_done, person.chances.of("not done", one.what.id))
        sheet = Sheet(
            self._form(manner.form), one.began, one.began if manner.at_end else one.ended, ways=manner.values,
            lesion=one.lesion, not_done=why, then=partial(self._entered, person, one, done),
            known={} if manner.at_end else one.known,
        )  # fmt: skip
        self.desk.record(person, sheet)
        for place, companion in enumerate([*manner.also, *one.what.also]):
            there = person.chances.of("goes with it", one.what.id, self._label(one.lesion), one.began, place)
            if companion.of not in (None, manner.form) or not happens(companion.chance, there):
                continue
            day = one.began + timedelta(days=within(companion.days, person.chances.of("also", one.what.id, one.began)))
            other = Sheet(self._form(companion.form), day, ways=companion.values, lesion=one.lesion)
            self.desk.record(person, other, max(one.began, self.desk.later(person, companion.form, day)))

    def _entered(self, person: Person, one: _One, done: Done, entry: Entry, on: date) -> None:
        done.seq = entry.seq
        if one.manner.at_end:
            due = max(on, self.desk.later(person, f"{one.what.id} ended", one.ended))
            change = Update(of=one.what.id, because="made up: it ended", values=one.manner.at_end)
            self.desk.trial.plan(due, partial(self._amend, person, one, change, done, one.known))
        self.visiting.go_on(person, on)

    def _update(self, person: Person, one: _One, update: Update) -> None:
        """What the entry of an earlier happening says now that this one has begun."""
        found = [done for name in update.named for done in person.done.get(name, [])]
        if found:
            done = max(found, key=lambda done: done.began)
            due = self.desk.later(person, f"{' '.join(update.named)} changed", one.began)
            self.desk.trial.plan(due, partial(self._amend, person, one, update, done, {}))

    def _amend(
        self, person: Person, one: _One, update: Update, done: Done, known: Mapping[str, Drawn], on: date
    ) -> None:
        if done.seq is None or not person.sees(min(one.ended, on)):
            return
        found = forms.entries(self.desk.trial.protocol, self.desk.known(person))
        entry = next((entry for entry in found if entry.seq == done.seq), None)
        if entry is not None:
            said = self._said(person, one, update.values, entry.form, known)
            self.desk.amend(person, done.seq, said, update.because, on)
            self.visiting.go_on(person, on)

    def _said(
        self, person: Person, one: _One, ways: Ways, form: Form, known: Mapping[str, Drawn]
    ) -> Mapping[str, JSON]:
        scene = Scene(
            one.began, one.ended, person.randomized, person.chances,
            person.chances.of("amended", one.what.id, self._label(one.lesion), one.began), one.lesion, person.held,
            facts=person.facts,
        )  # fmt: skip
        drawn: dict[str, Any] = {
            name: draw(way, form.fields[name], f"{form.id}.{name}", scene) for name, way in ways.items()
        }
        return forms.read_typed(form, {**drawn, **known}).values

    def _form(self, name: str) -> Form:
        plan = self.desk.trial.protocol.plan
        assert plan is not None  # the scenario fits the protocol
        return plan.forms[name]

    def _label(self, lesion: Mapping[str, object]) -> str:
        sheet = self.desk.section.lesions
        return str(lesion.get(sheet.label, "")) if sheet is not None else ""
