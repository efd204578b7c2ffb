"""One trial at full length on the real steps, with the fewest forms that decide the endpoint."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from random import Random
from typing import Final

from evenhand import steps
from evenhand.conduct.entering import Given
from evenhand.conduct.forms import shown_digest
from evenhand.dates import DAYS_PER_MONTH
from evenhand.design.assumptions import Assumptions
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form
from evenhand.record import JSON, Allocation, Standing
from evenhand.refusal import Refusal
from evenhand.simulation.courses import truth
from evenhand.simulation.courses.answering import answered
from evenhand.simulation.courses.chances import Chances, month_when
from evenhand.simulation.courses.drawing import Drawn, Scene
from evenhand.simulation.courses.sheet import AfterRandomization
from evenhand.simulation.courses.truth import Departure
from evenhand.simulation.faithful.deciding import Decisive, Seen, decisive
from evenhand.simulation.faithful.people import Enrolling, Found, find_people
from evenhand.simulation.faithful.scenario import levels_of, require_alike
from evenhand.simulation.fit import check_fit
from evenhand.simulation.scenario import Accrual, Scenario
from evenhand.simulation.walk import Walk, WalkReport, walk_secret

_PROGRESSED: Final[Mapping[str, Drawn]] = {
    "progressed": True, "basis": "clinical", "local": False, "regional": False, "distant": True,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """What all trials of one simulation share. ``people``: who is eligible, by stratum. ``every_visit``: people come to
    each visit that looks for progression, and the visit is entered too; otherwise only the determination that there is
    one is, which leaves the same outcomes."""

    protocol: Protocol
    scenario: Scenario
    assumptions: Assumptions
    decisive: Decisive
    people: Found
    every_visit: bool


def setting_of(
    protocol: Protocol, scenario: Scenario, assumptions: Assumptions, *, every_visit: bool = False
) -> Setting:
    """The setting of a scenario that ``scenario_for`` made. Raises Refusal as it does, and StudyError where the
    scenario does not fit the protocol."""
    require_alike(protocol, assumptions)
    check_fit(scenario, protocol)
    people = find_people(protocol, scenario, levels_of(protocol) if assumptions.strata else ({},))
    return Setting(protocol, scenario, assumptions, decisive(protocol, assumptions), people, every_visit)


def run(setting: Setting, seed: int | str) -> Walk:
    """One trial, from activation to the end of everybody's follow-up. The same seed leaves the same record, byte for
    byte; it is not closed."""
    trial = _Trial(setting, seed)
    for day in entries(setting, trial.random, trial.clock.date()):
        trial.until(day)
        trial.enter(day)
    trial.until(date.max)
    return Walk(trial.history, trial.secret, trial.report)


def entries(setting: Setting, random: Random, start: date) -> list[date]:
    """The days on which people enter, in order: uniform over the time that the accrual takes for all of them."""
    rates = _together(setting.scenario)
    people = setting.assumptions.sample_size
    months = sorted(month_when(rates, random.random() * people) for _ in range(people))
    return [start + timedelta(days=int(month * DAYS_PER_MONTH)) for month in months]


def _together(scenario: Scenario) -> list[Accrual]:
    """The rates of all sites together."""
    changes = sorted({piece.from_month for piece in scenario.accrual})
    total = []
    for month in changes:
        now = {piece.site: piece.monthly for piece in scenario.accrual if piece.from_month <= month}
        total.append(Accrual(site="all", from_month=month, monthly=sum(now.values())))
    return total


class _Trial(Enrolling):
    """The trial while it runs."""

    def __init__(self, setting: Setting, seed: int | str) -> None:
        name = f"{setting.protocol.study}|{seed}"
        super().__init__(setting.protocol, setting.scenario, walk_secret(setting.protocol, seed))
        assert setting.scenario.after_randomization is not None  # that is what a setting is made of
        self.section: AfterRandomization = setting.scenario.after_randomization
        self.setting = setting
        self.name = name
        self.random = Random(name)
        self.report = WalkReport()
        self.began = self.clock.date()
        shares = [stratum.share for stratum in setting.assumptions.strata] or [1.0]
        self._below = list(accumulate(shares))
        self._answers: dict[tuple[str, bool], tuple[str, dict[str, JSON]]] = {}

    def enter(self, day: date) -> None:
        """Somebody enters and is followed; whoever is refused is replaced by another one of the same stratum."""
        place = bisect_right(self._below, self.random.random() * self._below[-1])
        people, site = self.setting.people[place], self.random.choice(self.scenario.sites)
        for _ in range(100):
            try:
                allocation = self.admit(self.drawn(self.random.choice(people), day), site, day)
            except Refusal as refusal:
                self.report.turned_away[refusal.clause] += 1
                continue
            self.report.randomized[allocation.arm] += 1
            self._follow(allocation, site)
            return
        raise Refusal(f"nobody could be found who is eligible on {day}", "faithful simulation")

    def _follow(self, allocation: Allocation, site: str) -> None:
        """Plan everything that decides."""
        subject, day = allocation.subject, allocation.effective
        chances = Chances(f"{self.name}|{subject}")
        true = truth.drawn(self.section, self.protocol, allocation, self.began, chances)
        at_most = self.protocol.enrollment.follow_up_at_most.after(day)
        seen, leaves = self.setting.decisive.course(true, at_most, self.setting.every_visit)
        for one in seen:
            self.plan(one.day, partial(self._see, subject, site, one))
        if leaves is not None:
            self.plan(leaves.day, partial(self._leave, subject, site, leaves))

    def _see(self, subject: str, site: str, seen: Seen, on: date) -> None:
        """Somebody comes, and it is determined whether the disease has progressed; the determination is signed."""
        forms = self.setting.decisive
        if forms.visit is not None and self.setting.every_visit:
            self._fill(subject, site, forms.visit, on, seen.visit, {})
        given: dict[str, Drawn] = {"progressed": False}
        if seen.progressed:
            given = {**_PROGRESSED, "progressed_on": str(on)}
        self._fill(subject, site, forms.response, on, seen.visit, given)
        if forms.response.signed_by:
            by = self.actor(forms.response.signed_by[0], site)
            standing: Standing = self.history.subject(subject).standing[-1]
            shown = {standing.seq: shown_digest(standing)}
            self.take(steps.sign_forms, by, on, subject=subject, shown=shown, signer=self.signer(by))
        if seen.progressed:
            self.report.followed.endings["progression"] += 1

    def _leave(self, subject: str, site: str, leaves: Departure, on: date) -> None:
        form = self.setting.decisive.disposition
        assert form is not None  # the ending is one that it tells
        given: dict[str, Drawn] = {"ending": leaves.ending.id, "ended": str(on)}
        self._fill(subject, site, form, on, None, given)
        self.report.followed.endings[leaves.ending.id] += 1

    def _fill(
        self, subject: str, site: str, form: Form, on: date, visit: str | None, given: Mapping[str, Drawn]
    ) -> None:
        """Enter a form. What is answered but for the day is the same for everybody, so it is drawn once a trial."""
        held = self._answers.get((form.id, bool(given.get("progressed"))))
        if held is None:
            held = str(on), self._drawn(subject, form, on, given)
            self._answers[form.id, bool(given.get("progressed"))] = held
        then, values = held
        values = {name: str(on) if value == then else value for name, value in values.items()}
        by = self.actor(form.entered_by[0], site)
        self.take(steps.enter, by, on, subject=subject, given=Given(form.id, values, visit=visit))
        self.report.followed.entries[form.id] += 1

    def _drawn(self, subject: str, form: Form, on: date, given: Mapping[str, Drawn]) -> dict[str, JSON]:
        chances = Chances(f"{self.name}|{form.id}")
        scene = Scene(on, on, on, chances, chances.of("answers"), optional=0)
        told = {name: value for name, value in given.items() if name in form.fields}
        known = self.history.subject(subject)
        return answered(form, self.protocol, known, scene, ways=self.section.forms.get(form.id, {}), given=told)
