"""``endpoints.yaml``: how it becomes :class:`Endpoints`, and whether it agrees with the rest of the protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evenhand.dates import Period
from evenhand.protocol.baseline import Baseline, resolve_baseline, sourced_baseline
from evenhand.protocol.columns import DescribedColumn, resolve_columns, sourced_columns
from evenhand.protocol.endpoints_sheets import (
    Counting,
    Dates,
    DayOfDeath,
    EndpointKind,
    EndpointSheet,
    EndpointsSheet,
    Handling,
    Lack,
    Leaving,
    MissedSheet,
    PrimaryEstimandSheet,
    Progressions,
    SensitivitySheet,
)
from evenhand.protocol.factors import Factors, Planned, Subgroups, sourced_factors
from evenhand.protocol.places import Sheet, read_sheet
from evenhand.protocol.plan.model import Plan
from evenhand.protocol.plan.roles import ROLES
from evenhand.protocol.reading import Rules
from evenhand.protocol.sheets import RandomizationSheet, Sourced, validated

FILE = "endpoints.yaml"
PRIMARY = "primary"


@dataclass(frozen=True, slots=True)
class Estimand:
    """How each situation on the way to a progression or a death is treated (reference: oncology rules, 2.6).

    ``progression``: that which the clinician ``determined``, or what the ``scans`` alone show. ``clinical_progression``
    is one without images or a biopsy; ``local_progression`` one within what was treated locally alone. ``no_baseline``:
    whoever has none is censored at randomization. ``new_therapy``: a further line;
    ``unplanned_local_therapy``: local therapy in an arm that plans none. ``most_missed``: an event after more
    missed assessments is not counted (None: it is). ``dates``: as found, or those of the scheduled visits. ``end``:
    observation ends with follow-up, or with the data cut alone. ``day_of_death``: which of the days that a death of
    which the month or the year alone is known may have been. ``event``: it counts as one; ``censor``: observation ends
    there; ``ignore``: it changes nothing.
    """

    id: str
    label: str
    progression: Progressions
    clinical_progression: Handling
    local_progression: Counting
    no_baseline: Leaving
    new_therapy: Handling
    unplanned_local_therapy: Handling
    most_missed: int | None
    dates: Dates
    end: str
    day_of_death: DayOfDeath


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint. ``parameter`` is its PARAMCD. ``visits``: the series at which it is assessed, ``every`` so often,
    each at most so much ``late``. ``alive``: the roles of forms that show somebody alive. ``analysis``: what is
    estimated of it; nothing where the study names nothing."""

    id: str
    kind: EndpointKind
    label: str
    parameter: str
    visits: str | None = None
    every: Period | None = None
    late: Period | None = None
    alive: frozenset[str] = frozenset()
    primary: Estimand | None = None
    sensitivity: tuple[Estimand, ...] = ()
    analysis: Planned = field(default_factory=Planned)

    @property
    def estimands(self) -> tuple[Estimand, ...]:
        """The primary one and the sensitivity analyses."""
        return (self.primary, *self.sensitivity) if self.primary is not None else ()


@dataclass(frozen=True, slots=True)
class Population:
    """Whom an analysis is of: ``who``, in the ``arm`` allocated or treated in, ``without`` those that lack something.

    ``parameter`` is the name of its flag in the subject-level dataset.
    """

    id: str
    label: str
    parameter: str
    who: str
    arm: str
    without: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What is measured, by id, and in whom. ``baseline``: what describes them; ``subgroups``: how they are divided
    (None: the study does not say). ``columns``: those of the subject-level dataset that describe people."""

    by_id: Mapping[str, Endpoint]
    populations: Mapping[str, Population]
    baseline: Baseline | None = None
    subgroups: Subgroups | None = None
    columns: tuple[DescribedColumn, ...] = ()

    def of_kind(self, kind: EndpointKind) -> tuple[Endpoint, ...]:
        """The endpoints of a kind."""
        return tuple(one for one in self.by_id.values() if one.kind == kind)


@dataclass(frozen=True, slots=True)
class EndpointsFile:
    """The file, read and of the right shape."""

    sheet: EndpointsSheet
    file: Sheet

    def sourced(self) -> Iterator[tuple[str, Sourced]]:
        """Every part that says where it comes from, with a name for people."""
        for name, item in self.sheet.endpoints.items():
            within: list[tuple[str, Sourced | None]] = [
                (f"endpoint {name}", item),
                (f"endpoint {name} {PRIMARY}", item.primary),
            ]
            within += [(f"endpoint {name} {one}", other) for one, other in item.sensitivity.items()]
            yield from ((about, part) for about, part in within if part and (part.source or part.assumed))
        for name, population in self.sheet.populations.items():
            yield f"population {name}", population
        yield from sourced_baseline(self.sheet.baseline)
        planned = {name: item.analysis for name, item in self.sheet.endpoints.items()}
        yield from sourced_factors(planned, self.sheet.subgroups)
        yield from sourced_columns(self.sheet.datasets)


def read_endpoints(folder: Path) -> EndpointsFile | None:
    """The endpoints of a version's folder; None where it has none. Raises StudyError with every fault of shape."""
    if not (folder / FILE).is_file():
        return None
    file = read_sheet(folder / FILE)
    return EndpointsFile(validated(EndpointsSheet, file), file)


def resolve_endpoints(
    read: EndpointsFile, plan: Plan | None, randomization: RandomizationSheet, follow_up: Period | None, rules: Rules
) -> Endpoints:
    """The model of the file; faults are added to those of ``rules``: visits, roles, names and times that do not fit."""
    faults, sheet = rules.faults, read.sheet
    baseline = resolve_baseline(sheet.baseline, read.file, rules)
    factors = Factors(baseline, randomization, follow_up, read.file, rules)
    by_id = {name: _endpoint(name, item, read.file, plan, faults) for name, item in sheet.endpoints.items()}
    for name, item in sheet.endpoints.items():
        if item.analysis is not None:
            planned = factors.planned(item.analysis, ("endpoints", name, "analysis"))
            by_id[name] = replace(by_id[name], analysis=planned)
    faults += _twice(read)
    populations = {
        name: Population(name, item.label, item.parameter, item.who, item.arm, tuple(item.without))
        for name, item in sheet.populations.items()
    }
    columns = resolve_columns(
        sheet.datasets, baseline, [one.parameter for one in populations.values()], read.file, rules
    )
    return Endpoints(by_id, populations, baseline, factors.subgroups(sheet.subgroups), columns)


def _twice(read: EndpointsFile) -> Iterator[str]:
    for part, items in (("endpoints", read.sheet.endpoints), ("populations", read.sheet.populations)):
        seen: set[str] = set()
        for name, item in items.items():
            if item.parameter in seen:
                yield read.file.fault((part, name, "parameter"), f"{item.parameter} is the name of another one already")
            seen.add(item.parameter)


def _endpoint(name: str, item: EndpointSheet, file: Sheet, plan: Plan | None, faults: list[str]) -> Endpoint:
    for place, role in enumerate(item.alive):
        if role not in ROLES:
            faults.append(file.fault(("endpoints", name, "alive", place), f"{role!r} is no role of forms"))
    every, late = _spacing(name, item, file, plan, faults) if item.visits is not None else (None, None)
    made = Endpoint(
        name, item.kind, item.label, item.parameter, item.visits, every, late, frozenset(item.alive)
    )  # fmt: skip
    if item.primary is None:
        return made
    primary = _estimand(item.primary)
    others = tuple(_varied(primary, one, other) for one, other in item.sensitivity.items())
    return replace(made, primary=primary, sensitivity=others)


def _spacing(
    name: str, item: EndpointSheet, file: Sheet, plan: Plan | None, faults: list[str]
) -> tuple[Period | None, Period | None]:
    """How far apart the visits are, and how late each may be: D and w of the rule for missed assessments."""
    series = plan.schedule.visits if plan and plan.schedule else {}
    visit = series.get(item.visits or "")
    if visit is None or visit.every is None:
        known = ", ".join(one for one, other in series.items() if other.every) or "none"
        faults.append(file.fault(("endpoints", name, "visits"), f"{item.visits!r} is no series of visits: {known}"))
        return None, None
    return visit.every, visit.window.after


def _estimand(sheet: PrimaryEstimandSheet) -> Estimand:
    return Estimand(
        PRIMARY,
        "Primary estimand",
        sheet.progression,
        sheet.clinical_progression,
        sheet.local_progression,
        sheet.no_baseline,
        sheet.new_therapy,
        sheet.unplanned_local_therapy,
        _most_missed(sheet.missed),
        sheet.dates,
        sheet.end,
        sheet.day_of_death,
    )


def _varied(primary: Estimand, name: str, sheet: SensitivitySheet) -> Estimand:
    """The primary estimand with what a sensitivity analysis does otherwise."""
    said: dict[str, Any] = sheet.model_dump(exclude={"source", "assumed", "label", "missed"}, exclude_none=True)
    if sheet.missed is not None:
        said["most_missed"] = _most_missed(sheet.missed)
    return replace(primary, id=name, label=sheet.label, **said)


def _most_missed(said: MissedSheet | str) -> int | None:
    return said.more_than if isinstance(said, MissedSheet) else None


def endpoint_findings(endpoints: Endpoints | None, primary: str | None) -> list[str]:
    """Where the endpoints and the design say different things: ``primary`` is the endpoint of ``design.yaml``. Nothing
    of it keeps a study from loading."""
    if endpoints is None or primary is None:
        return []
    if primary not in endpoints.by_id:
        return [f"{FILE}: the design compares {primary!r}, which is none of: {', '.join(endpoints.by_id)}"]
    return [
        f"{FILE}: the design compares {primary!r}, so that nothing of {one.id!r} is adjusted: remove its `adjusted_for`"
        for one in endpoints.by_id.values()
        if one.analysis.adjusted_for and one.id != primary
    ]
