"""A made-up trial: candidates of a scenario walk the real steps, and leave a real record.

Same protocol, scenario, seed and number of people: the same record, byte for byte.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import islice
from random import Random

from evenhand import administration, steps
from evenhand.administration import Grant
from evenhand.dates import parse_date
from evenhand.eligibility import Calendar, assessor_of
from evenhand.facts import Person
from evenhand.protocol import Judgement, Protocol
from evenhand.record import Actor, History
from evenhand.record.facts import recorded_person
from evenhand.refusal import Refusal
from evenhand.simulation.arriving import arriving
from evenhand.simulation.candidates import draw_candidate
from evenhand.simulation.course import Course, Days
from evenhand.simulation.courses import Following, Tally
from evenhand.simulation.courses.chances import pick
from evenhand.simulation.fit import check_fit
from evenhand.simulation.looking import MadeUpBoard
from evenhand.simulation.running import Running
from evenhand.simulation.scenario import Scenario, Signing
from evenhand.simulation.signing import items_of, signed

_DAILY: Days = (1, 1)  # before the first phase of a course whose scenario goes by accrual
_PATIENCE = timedelta(days=300)  # how long a site keeps a candidate whose window has not opened


@dataclass(slots=True)
class WalkReport:
    """What became of everybody: counts, and why people were turned away."""

    screened: int = 0
    consented: int = 0
    registered: int = 0
    randomized: Counter[str] = field(default_factory=Counter)
    turned_away: Counter[str] = field(default_factory=Counter)
    followed: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class Walk:
    """A made-up trial: its record, its secret, and what became of everybody."""

    history: History
    secret: bytes
    report: WalkReport


def walk_secret(protocol: Protocol, seed: int | str) -> bytes:
    """The secret of a made-up trial. A real one is drawn from the operating system, never from a seed."""
    return hashlib.sha256(f"evenhand walk|{protocol.study}|{seed}".encode()).digest()


def walk(
    protocol: Protocol,
    scenario: Scenario,
    *,
    people: int,
    seed: int,
    close: bool = True,
    course: Course | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Walk:
    """Let ``people`` candidates walk; ``progress`` hears how many have arrived. A ``course`` that ends early is not
    closed.

    Raises StudyError when the scenario does not fit the protocol.
    """
    check_fit(scenario, protocol)
    course = course or Course()
    trial = _Trial(protocol, scenario, seed, course)
    trial.start()
    for number, (day, site) in enumerate(trial.arrivals(people), start=1):
        if day >= course.until:
            break
        trial.until(day)
        if not trial.history.state.accrual_open:
            break  # no site goes on screening for a study that takes nobody any more
        trial.arrive(number, day, site)
        progress(number)
    trial.until(course.until)
    if close and course.until == date.max:
        trial.finish()
    return Walk(trial.history, trial.secret, trial.report)


class _Trial(Running):
    """The trial while candidates come, and what becomes of each."""

    def __init__(self, protocol: Protocol, scenario: Scenario, seed: int, course: Course) -> None:
        super().__init__(protocol, course, course.start or parse_date(scenario.start).first)
        self.scenario = scenario
        self.pace = course.pace or scenario.steps.pace
        self.random = Random(f"{protocol.study}|{seed}")
        self.secret = course.secret or walk_secret(protocol, seed)
        self.report = WalkReport()
        self._following: Following | None = None
        if scenario.after_randomization is not None and course.follow_up:
            self._following = Following(
                self, scenario.after_randomization, f"{protocol.study}|{seed}", course.incidents
            )
            self.report.followed = self._following.tally
        self._board = MadeUpBoard(self, self._following)

    def until(self, day: date) -> None:
        """Do what is planned for the days before ``day``, in order; the safety board looks when a look is due."""
        self._board.watch(day, super().until, lambda: bool(self._plans))

    def start(self) -> None:
        """Activate the study at all sites; where the course says so, they are opened and roles granted before."""
        by, day, course = self.actor("administrator", None), self.clock.date(), self.course
        first = Grant(by.user, by.role, None)
        if first in course.grants:
            self.take(administration.grant_role, Actor("installer", by.role), day, given=first)
        for site in course.sites:
            place = {"site": site.code, "name": site.name, "time_zone": site.time_zone}
            self.take(administration.open_site, by, day, **place)
        for given in course.grants:
            if given != first:
                self.take(administration.grant_role, by, day, given=given)
        sites = [] if course.sites else self.scenario.sites
        self.take(steps.activate, by, day, secret=self.secret, sites=sites)
        self._board.start()

    def finish(self) -> None:
        """Close the study, which reveals the secret."""
        by = self.actor("administrator", None)
        self.take(steps.close, by, self.clock.date(), secret=self.secret)

    def arrivals(self, people: int) -> Iterator[tuple[date, str | None]]:
        """The day of each candidate, and the site where it is not any one."""
        day, own = self.clock.date(), self.scenario.arrivals
        if self.course.arrivals is None and own is None:
            yield from islice(arriving(self.scenario, day, self.random), people)
            return
        for _ in range(people):
            low, high = self.course.days_after(day) or own or _DAILY
            day += timedelta(days=self.random.randint(low, high))
            yield day, None

    def arrive(self, number: int, day: date, site: str | None = None) -> None:
        """A candidate is seen: facts are recorded, and, if willing, consent."""
        person = draw_candidate(self.scenario, self.protocol.vocabulary, number, day, self.random)
        by = self.actor("coordinator", site or self.random.choice(self.scenario.sites))
        try:
            (entry,) = self.take(steps.screen, by, day, person=person)
        except Refusal as refusal:
            self.report.turned_away[refusal.clause] += 1
            return
        subject = entry.subject or ""
        self.report.screened += 1
        act = self._visit if self.random.random() < self.scenario.consents else self._asked
        self.plan(self._later(day, self.pace.consent), partial(act, subject, by))

    def _asked(self, subject: str, by: Actor, day: date) -> None:
        """Somebody is asked for consent and declines; a few come back."""
        if self._waits(subject, by, day, self._asked):
            return
        habits, random = self.scenario.declines, self.random
        because = "" if habits.because is None or random.random() < habits.unsaid else pick(habits.because, random)
        words = pick(habits.words, random) if because == "other" and habits.words else ""
        self.take(steps.decline_consent, by, day, subject=subject, because=because, words=words)
        if random.random() < habits.returns:
            self.plan(self._later(day, (habits.after[0], habits.after[1])), partial(self._visit, subject, by))
        else:
            self.report.turned_away["declined to participate"] += 1

    def _visit(self, subject: str, by: Actor, day: date) -> None:
        """Consent, and what follows from it; or a later visit when the window opens."""
        if self._waits(subject, by, day, self._visit):
            return
        self.take(steps.consent, by, day, subject=subject)
        self.report.consented += 1
        last = day
        for judgement in self.protocol.judgements.values():
            due = self._later(day, self.pace.signing)
            self._when(due, day, partial(self._sign, subject, by, judgement))
            last = max(last, due)
        self._when(self._later(last, self.pace.registration), day, partial(self._register, subject, by))

    def _waits(self, subject: str, by: Actor, day: date, act: Callable[[str, Actor, date], None]) -> bool:
        """Whether nobody is asked today: accrual has ended, or the window opens later, when it is tried again."""
        if not self.history.state.accrual_open:
            self.report.turned_away["accrual"] += 1
            return True
        opens = self._opens(subject, day)
        if opens is None or opens <= day:
            return False
        self.plan(opens, partial(act, subject, by))
        return True

    def _register(self, subject: str, by: Actor, day: date) -> None:
        try:
            self.take(steps.register, by, day, subject=subject)
        except Refusal as refusal:
            self.report.turned_away[refusal.clause] += 1
            return
        self.report.registered += 1
        self._when(self._later(day, self.pace.randomization), day, partial(self._randomize, subject, by))

    def _randomize(self, subject: str, by: Actor, day: date) -> None:
        try:
            (entry,) = self.take(steps.randomize, by, day, subject=subject, secret=self.secret)
            self.report.randomized[str(entry.body["arm"])] += 1
        except Refusal as refusal:
            self.report.turned_away[refusal.clause] += 1
            return
        if self._following is not None:
            self._following.begin(subject, by.site)
        self._halt_when_full(day)

    def _halt_when_full(self, day: date) -> None:
        """On the day on which the planned number is randomized, accrual is halted, as whoever steers a trial does."""
        target = self.protocol.enrollment.target
        if len(self.history.allocations) >= target and self.history.state.accrual_open:
            reason = f"Made up: the planned number of {target} participants is randomized."
            self.take(steps.halt_accrual, self.actor("administrator", None), day, reason=reason)

    def _later(self, day: date, days: Days) -> date:
        """A day as much later as the pace says; where it leaves no choice, nothing is drawn."""
        low, high = days
        return day + timedelta(days=low if low == high else self.random.randint(low, high))

    def _when(self, due: date, day: date, act: Callable[[date], object]) -> None:
        """Do it at once when it is due, before anybody else has a turn; plan it otherwise."""
        if due == day:
            act(day)
        else:
            self.plan(due, act)

    def _opens(self, subject: str, day: date) -> date | None:
        """The first day on which the candidate is not ineligible; None when that never comes, or too late."""
        person = self._person(subject)
        for interval in Calendar(assessor_of(self.protocol)).of(person):
            ends_before = interval.last is not None and interval.last < day
            if not ends_before and interval.standing != "ineligible":
                opens = max(interval.first or day, day)
                return opens if opens - day <= _PATIENCE else None
        return None

    def _sign(self, subject: str, by: Actor, judgement: Judgement, day: date) -> None:
        """A judgement is put to its first role, entry by entry where it is about a list."""
        habits = self.scenario.judgements.get(judgement.name, Signing())
        for item in items_of(judgement, self._person(subject), self.protocol):
            if self.random.random() < habits.signed:
                answer = self.random.random() < habits.yes
                self._attest(subject, judgement, item, answer, by, day)

    def _attest(self, subject: str, judgement: Judgement, item: str | None, answer: bool, by: Actor, day: date) -> None:
        role = judgement.roles[0]
        given = signed(judgement, item, answer, self.course.staff(role, by.site).printed, day)
        self.take(steps.attest, self.actor(role, by.site), day, subject=subject, given=given)

    def _person(self, subject: str) -> Person:
        return recorded_person(self.history.subject(subject), self.protocol.vocabulary)
