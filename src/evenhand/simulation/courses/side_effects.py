"""Side effects of made-up participants: when they begin, how severe they are, when they end, who hears of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from evenhand.conduct import safety
from evenhand.conduct.ending import ends_of
from evenhand.protocol.plan import Form
from evenhand.protocol.plan.safety_rules import Intervention
from evenhand.record import Entry
from evenhand.simulation.courses.chances import after, days_at, happens, pick, within
from evenhand.simulation.courses.desk import Desk, Sheet
from evenhand.simulation.courses.drawing import Drawn
from evenhand.simulation.courses.person import Person
from evenhand.simulation.courses.sheet import Report, SideEffect

_EVENT, _REPORT = "adverse_event", "safety_report"
_FLAGS: Final = (
    *("death", "life_threatening", "planned_admission", "prolonged", "disability", "congenital", "important"),
)
_LIFE_THREATENING: Final = 4  # CTCAE 5.0: the grade of consequences that threaten life
_FATAL: Final = 5  # CTCAE 5.0: death related to the event


@dataclass(frozen=True, slots=True)
class _Event:
    """One event, drawn. ``ended`` None: it goes on; of a fatal one, the day of death."""

    what: SideEffect
    grade: int
    onset: date
    ended: date | None
    serious: bool

    @property
    def fatal(self) -> bool:
        """Whether somebody dies of it."""
        return self.grade == _FATAL


class SideEffects:
    """Lets side effects happen, and has them entered and reported."""

    def __init__(self, desk: Desk, all_of_them: list[SideEffect], reports: list[Report]) -> None:
        self.desk = desk
        self.section = desk.section
        self.all = all_of_them
        self.reports = reports
        self.kills: Callable[[Person, date, bool], None] | None = None

    def follow(self, person: Person, event: str, day: date) -> None:
        """Plan the side effects of an event that begins on a day."""
        if not self._form(_EVENT):
            return
        for place, what in enumerate(self.all):
            if what.after == event and (not what.arms or person.arm in what.arms):
                self._plan(person, place, what, day)

    def _plan(self, person: Person, place: int, what: SideEffect, day: date) -> None:
        random = person.chances.of("side effect", place, what.term, day)
        if not happens(what.chance, random):
            return
        days = within(what.days, random) if what.days else days_at(what.monthly or 0, random)
        onset = after(day, days)
        if onset is not None:
            self.desk.trial.plan(onset, partial(self._begin, person, place, what))

    def befall(self, person: Person, day: date) -> None:
        """Somebody has one of the serious side effects on a day; the site hears of it at once."""
        kinds = [
            what for what in self.all if what.serious and not what.days and (not what.arms or person.arm in what.arms)
        ]
        if not kinds or not self._form(_EVENT):
            return
        what = person.chances.of("befalls", day).choice(kinds)
        grade = max(int(grade) for grade, chance in what.serious.items() if chance)
        event = _Event(what, grade, day, None, serious=True)
        self.desk.trial.plan(day, partial(self._befallen, person, event))

    def _befallen(self, person: Person, event: _Event, on: date) -> None:
        if not self._over(person, on) and person.lasting.get(event.what.term, date.min) < on:
            person.lasting[event.what.term] = date.max
            self._record(person, event, on)

    def _over(self, person: Person, on: date) -> bool:
        """Whether nothing is seen any more of somebody."""
        ended = ends_of(self.desk.trial.protocol, self.desk.known(person)).last
        return not person.sees(on) or (ended is not None and on > ended)

    def _begin(self, person: Person, place: int, what: SideEffect, on: date) -> None:
        if self._over(person, on):
            return
        if on <= person.lasting.get(what.term, date.min):
            return  # it lasts still, so it is no new one
        random = person.chances.of("event", place, on)
        grade = int(pick(what.grades, random))
        last = None if happens(what.lingers, random) else on + timedelta(days=within(what.lasts, random))
        if grade == _FATAL and (last is None or not person.sees(last)):
            grade, last = _LIFE_THREATENING, None  # something else comes first
        person.lasting[what.term] = last or date.max
        event = _Event(what, grade, on, last, grade == _FATAL or happens(what.serious.get(str(grade), 0), random))
        self._heard_of(person, place, event)
        if what.monthly and not event.fatal:
            self._plan(person, place, what, last or on + timedelta(days=180))

    def _heard_of(self, person: Person, place: int, event: _Event) -> None:
        """When the site enters it, if ever: nobody waits with what is serious."""
        what, random = event.what, person.chances.of("heard of", place, event.onset)
        if event.fatal and event.ended is not None:
            if self.kills is not None:
                self.kills(person, event.ended, bool(self._suspected(self._relations(person, event))))
            self._record(person, event, event.ended + timedelta(days=within([0, 3], random)))
        elif event.serious:
            self._record(person, event, event.onset + timedelta(days=within([0, 4], random)))
        elif not happens(self.desk.habits(person).unreported, random):
            self._record(person, event, self.desk.later(person, f"{what.term} {place}", event.onset))

    def _record(self, person: Person, event: _Event, due: date) -> None:
        """Entered when it began, and again when it has ended, where that is later."""
        form = self._form(_EVENT)
        assert form is not None  # asked before anything was planned
        over = event.ended is not None and event.ended <= due
        sheet = Sheet(
            form, event.onset, event.ended, ways=event.what.values, then=partial(self._entered, person, event, over),
        )  # fmt: skip
        self.desk.trial.plan(due, partial(self._tell, person, event, sheet, over))

    def _tell(self, person: Person, event: _Event, sheet: Sheet, over: bool, on: date) -> None:
        """Enter an event as it is known on a day."""
        sheet.known = self._said(person, event, sheet.form, on, over=over)
        self.desk.enter(person, sheet, on)

    def _entered(self, person: Person, event: _Event, over: bool, entry: Entry, on: date) -> None:
        if event.serious:
            self._report(person, event, str(entry.body["item"]), on)
        if not over and event.ended is not None:
            due = max(on, event.ended) + timedelta(days=within([0, 30], person.chances.of("ended", entry.seq)))
            self.desk.trial.plan(due, partial(self._ends, person, event, entry.seq))

    def _ends(self, person: Person, event: _Event, seq: int, on: date) -> None:
        ended = event.ended
        if ended is not None and person.sees(ended):
            values: dict[str, Any] = {"ended": ended.isoformat(), "outcome": "recovered"}
            form = self._form(_EVENT)
            kept = {name: value for name, value in values.items() if form is not None and name in form.fields}
            self.desk.amend(person, seq, kept, "made up: it ended", on)

    def _said(self, person: Person, event: _Event, form: Form, due: date, *, over: bool) -> dict[str, Drawn]:
        what = event.what
        grades = [{"day": str(event.onset), "grade": event.grade}]
        if event.fatal:
            grades = [
                {"day": str(event.onset), "grade": _LIFE_THREATENING - 1},
                {"day": str(event.ended), "grade": _FATAL},
            ]
        milder = str(event.grade - 1) in what.grades
        if over and milder and not event.fatal and event.ended is not None and (event.ended - event.onset).days > 1:
            grades.append({"day": str(event.onset + (event.ended - event.onset) / 2), "grade": event.grade - 1})
        relations = self._relations(person, event)
        related = [{"intervention": name, "relation": relation} for name, relation in relations.items()]
        said: dict[str, Drawn] = {
            "term": what.term, "onset": str(event.onset), "course": grades, "attribution": related,
            "serious": event.serious, "ended": str(event.ended) if over else None,
            "outcome": "recovered" if over else "not_recovered", "specify": None,
        }  # fmt: skip
        if event.fatal:
            said["outcome"] = "fatal"
        said |= self._serious(event, due) | {"expected": self._expected(event, relations)}
        return {name: value for name, value in said.items() if name in form.fields}

    def _relations(self, person: Person, event: _Event) -> dict[str, str]:
        """The relation to everything that was given by then; what was not given caused nothing."""
        protocol, known = self.desk.trial.protocol, self.desk.known(person)
        rules = safety.safety_of(protocol)
        if rules is None:
            return event.what.related
        given = safety.given_by(protocol, known, rules, event.onset)
        found = dict.fromkeys(sorted(given), self.section.unrelated)
        for name, relation in event.what.related.items():
            one = rules.interventions.get(name)
            if name in given or one is None or not one.given:
                found[name] = relation
        return found or event.what.related

    def _expected(self, event: _Event, relations: Mapping[str, str]) -> bool:
        """Whether it is known of a treatment that it is laid upon; also where it is laid upon none."""
        treatments = self._suspected(relations)
        return not treatments or any(event.what.term in one.expected for one in treatments)

    def _suspected(self, relations: Mapping[str, str]) -> list[Intervention]:
        """The treatments that it is laid upon."""
        rules = safety.safety_of(self.desk.trial.protocol)
        if rules is None:
            return []
        found = (rules.interventions[name] for name, relation in relations.items() if rules.suspected(relation))
        return [one for one in found if one.given]

    def _serious(self, event: _Event, due: date) -> dict[str, Drawn]:
        """Why it is serious: it led to hospital, or it threatened life. Asked only where it is."""
        said: dict[str, Drawn] = dict.fromkeys(_FLAGS, False)
        said |= {
            "hospitalized": event.serious,
            "death": event.fatal,
            "life_threatening": event.serious and event.grade >= _LIFE_THREATENING,
        }
        return said | {"aware_time": None, "aware": str(due) if event.serious else None}

    def _report(self, person: Person, event: _Event, item: str, aware: date) -> None:
        """The reports of a serious event that the site sends, and those that it forgets."""
        form, expected = self._form(_REPORT), self._expected(event, self._relations(person, event))
        for place, report in enumerate(self.reports):
            random = person.chances.of("report", item, place)
            if form is None or (report.unexpected and expected) or not happens(report.chance, random):
                continue
            sent = aware + timedelta(days=within(report.days, random))
            sheet = Sheet(form, sent, known={"event": item}, ways=report.values)
            self.desk.trial.plan(sent, partial(self._enter, person, sheet))

    def _enter(self, person: Person, sheet: Sheet, on: date) -> None:
        self.desk.enter(person, sheet, on)

    def _form(self, role: str) -> Form | None:
        plan = self.desk.trial.protocol.plan
        return next(iter(plan.reading(role)), None) if plan else None
