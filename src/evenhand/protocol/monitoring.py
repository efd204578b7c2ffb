"""``monitoring.yaml``: how it becomes :class:`Monitoring`, and whether it agrees with the rest of the protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from evenhand.dates import Period
from evenhand.oncology import ctcae
from evenhand.protocol.design import DesignFile
from evenhand.protocol.monitoring_sheets import (
    BoundarySheet,
    EventRuleSheet,
    EventSheet,
    LookRuleSheet,
    MonitoringSheet,
    SitesSheet,
)
from evenhand.protocol.places import Keys, Sheet, read_sheet
from evenhand.protocol.plan.model import Plan
from evenhand.protocol.reading import period
from evenhand.protocol.sheets import Sourced, validated
from evenhand.units import Number

FILE = "monitoring.yaml"


@dataclass(frozen=True, slots=True)
class Boundary:
    """When too many events are enough to stop (``evenhand.analysis.monitoring.boundaries``).

    ``exact``: ``error`` is the probability of stopping at any look while the rate is just the tolerated one.
    ``beta_binomial``: beforehand as if ``prior_events`` had been seen in ``prior_people``; stopped when it is more
    ``probable`` than this that the rate is above the tolerated one.
    """

    method: Literal["exact", "beta_binomial"]
    error: Number | None = None
    prior_events: Number | None = None
    prior_people: Number | None = None
    probable: Number | None = None


@dataclass(frozen=True, slots=True)
class LookRule:
    """Stopping by the bounds of ``design.yaml``. ``act``: who must act; ``does``: what that means."""

    id: str
    label: str
    stop: Literal["efficacy", "futility"]
    act: str
    does: str


@dataclass(frozen=True, slots=True)
class EventRule:
    """Stopping for too many events among those ``treated`` with one of these interventions.

    The event begins ``within`` this time from any day on which one of them was begun; it is an adverse event of
    ``grades`` and ``terms`` (empty: any) related to one of ``related_to`` (empty: whatever it is related to), or, with
    ``death``, death from any cause. ``more_than``: the share of people that is tolerated. ``looks``: after so many
    people. ``pauses_accrual``: once it is met, whoever may halt accrual is asked to; nothing halts by itself.
    """

    id: str
    label: str
    treated: tuple[str, ...]
    within: Period
    grades: frozenset[int]
    terms: tuple[str, ...]
    related_to: tuple[str, ...]
    death: bool
    more_than: Number
    boundary: Boundary
    looks: tuple[int, ...]
    act: str
    does: str
    pauses_accrual: bool = False


StoppingRule = LookRule | EventRule


@dataclass(frozen=True, slots=True)
class SiteRules:
    """How sites are watched. ``false_share``: of the findings, how many may be false (false discovery rate).

    ``ratio``: how far from elsewhere a site must be, after shrinking, to be worth a question. ``least``: people that a
    site needs to be judged. ``shrink``: a site is taken as if so many people like those elsewhere were there besides.
    All of it is our proposal, where a study says nothing else.
    """

    false_share: Number = Decimal("0.05")
    ratio: Number = Decimal("1.25")
    least: int = 5
    shrink: int = 5


@dataclass(frozen=True, slots=True)
class Monitoring:
    """When the trial is to be stopped, by id, how sites are watched, and the ages (days) by which delays are counted
    (our proposal where a study says nothing else). ``meets_every``: the longest time between two meetings of the safety
    board while somebody is followed; None: none is named."""

    stopping: Mapping[str, StoppingRule]
    sites: SiteRules = SiteRules()
    ages: tuple[int, ...] = (30, 90)
    meets_every: Period | None = None

    @property
    def event_rules(self) -> tuple[EventRule, ...]:
        """The stopping rules that count events, in their order."""
        return tuple(one for one in self.stopping.values() if isinstance(one, EventRule))


@dataclass(frozen=True, slots=True)
class MonitoringFile:
    """The file, read and of the right shape."""

    sheet: MonitoringSheet
    file: Sheet

    def sourced(self) -> Iterator[tuple[str, Sourced]]:
        """Every part that says where it comes from, with a name for people."""
        for name, item in self.sheet.stopping.items():
            yield f"stopping rule {name.replace('_', ' ')}", item
        if self.sheet.board is not None:
            yield "meetings of the safety board", self.sheet.board
        if self.sheet.sites is not None:
            yield "monitoring of sites", self.sheet.sites
        if self.sheet.overdue is not None:
            yield "what is overdue", self.sheet.overdue


def read_monitoring(folder: Path) -> MonitoringFile | None:
    """The monitoring of a version's folder; None where it has none. Raises StudyError with every fault of shape."""
    if not (folder / FILE).is_file():
        return None
    file = read_sheet(folder / FILE)
    return MonitoringFile(validated(MonitoringSheet, file), file)


def resolve_monitoring(
    read: MonitoringFile, plan: Plan | None, design: DesignFile | None, faults: list[str]
) -> Monitoring:
    """The model of the file; faults are added to ``faults``: interventions, terms, bounds and periods not there."""
    resolving = _Resolving(read.file, plan, design, faults)
    overdue, board = read.sheet.overdue, read.sheet.board
    return Monitoring(
        {name: resolving.rule(name, item) for name, item in read.sheet.stopping.items()},
        _sites(read.sheet.sites) if read.sheet.sites is not None else SiteRules(),
        tuple(overdue.ages) if overdue is not None else Monitoring({}).ages,
        period(board.every, read.file, ("board", "every"), faults) if board is not None else None,
    )


def _sites(sheet: SitesSheet) -> SiteRules:
    return SiteRules(sheet.false_share, sheet.ratio, sheet.least, sheet.shrink)


class _Resolving:
    """Looks up what the rules name, and collects faults with their places."""

    def __init__(self, file: Sheet, plan: Plan | None, design: DesignFile | None, faults: list[str]) -> None:
        self.file = file
        self.plan = plan
        self.design = design
        self.faults = faults

    def rule(self, name: str, item: LookRuleSheet | EventRuleSheet) -> StoppingRule:
        keys: Keys = ("stopping", name)
        if isinstance(item, EventRuleSheet):
            return self._events(name, item, keys)
        if self.design is None:
            self._fault((*keys, "stop"), "there is no design.yaml, whose bounds it would go by")
        elif item.stop == "futility" and self.design.sheet.monitoring.futility is None:
            self._fault((*keys, "stop"), "design.yaml has no bound for futility")
        return LookRule(name, item.label, item.stop, item.act, item.does)

    def _events(self, name: str, item: EventRuleSheet, keys: Keys) -> EventRule:
        event = item.event
        self._interventions(item.treated, (*keys, "treated"))
        self._event(event, (*keys, "event"))
        within = period(item.within, self.file, (*keys, "within"), self.faults)
        return EventRule(
            name, item.label, tuple(item.treated), within or Period(1, "days"), frozenset(event.grades or ()),
            tuple(event.terms), tuple(event.related_to), bool(event.death), item.more_than, _boundary(item.boundary),
            tuple(item.looks), item.act, item.does, item.pauses_accrual,
        )  # fmt: skip

    def _event(self, event: EventSheet, keys: Keys) -> None:
        self._interventions(event.related_to, (*keys, "related_to"))
        if event.death and not (self.plan and self.plan.reading("death")):
            self._fault((*keys, "death"), "no form is read as 'death'")
        safety = self.plan.safety if self.plan else None
        terms = ctcae.dictionary(safety.ctcae).terms if safety and safety.ctcae in ctcae.VERSIONS else None
        if terms is not None:
            self._known(event.terms, terms, (*keys, "terms"), "term of CTCAE", listed=False)

    def _interventions(self, names: list[str], keys: Keys) -> None:
        safety = self.plan.safety if self.plan else None
        if safety is None:
            self._fault(keys, "there is no safety.yaml, whose interventions it would name")
            return
        self._known(names, safety.interventions, keys, "intervention of safety.yaml")
        for place, name in enumerate(names):
            if keys[-1] == "treated" and name in safety.interventions and not safety.interventions[name].given:
                self._fault((*keys, place), f"no form says when {name!r} was given (`given` in safety.yaml)")

    def _known(self, names: Iterable[str], known: Iterable[str], keys: Keys, noun: str, *, listed: bool = True) -> None:
        for place, name in enumerate(names):
            if name not in known:
                self._fault((*keys, place), f"{name!r} is no {noun}" + (f": {', '.join(known)}" if listed else ""))

    def _fault(self, keys: Keys, said: str) -> None:
        self.faults.append(self.file.fault(keys, said))


def _boundary(sheet: BoundarySheet) -> Boundary:
    prior = sheet.prior
    if prior is None:
        return Boundary(sheet.method, sheet.error)
    return Boundary(sheet.method, None, prior.events, prior.people, sheet.probable)
