"""``design.yaml``: how it becomes a :class:`Design`, and whether it agrees with the rest of the protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from evenhand.dates import Period
from evenhand.protocol.design_sheets import DesignSheet, LookSheet, PortionSheet, SpendingSheet
from evenhand.protocol.places import Keys, Sheet, read_sheet
from evenhand.protocol.reading import period
from evenhand.protocol.sheets import EnrollmentSheet, RandomizationSheet, Sourced, validated
from evenhand.units import Number

FILE = "design.yaml"
PARTS = (
    "primary", "follow_up", "control", "effect", "drift", "dropout", "detection", "strata", "error", "power",
    "monitoring",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FromMonth:
    """A value from a month since randomization on, until the next one."""

    month: Number
    value: Number

    def __str__(self) -> str:
        return f"{self.value} from month {self.month}"


@dataclass(frozen=True, slots=True)
class Portion:
    """How many of the people are of a level, and the factor on their hazard in both arms."""

    share: Number
    hazard_factor: Number


@dataclass(frozen=True, slots=True)
class PlannedLook:
    """One of the four: a share of the planned events, events, a month since the start, or when all is complete."""

    information: Number | None = None
    events: int | None = None
    month: Number | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Spend:
    """A spending function by name, as ``evenhand.statistics.spending`` has it."""

    kind: Literal["obrien_fleming", "pocock", "hwang_shih_decani", "kim_demets", "haybittle_peto", "fixed", "none"]
    gamma: Number | None = None


@dataclass(frozen=True, slots=True)
class Design:
    """What the trial is designed to show. The sample size, the months of accrual and the allocation are read from the
    other parts of the protocol.

    ``control`` is an arm's id; its hazard is either a ``control_median`` in months or ``control_hazards`` a month.
    ``each``: follow-up is so long for every person, else until so long after the last entry. ``detection``: progression
    is found at visits so far apart, None at once. ``strata``: by factor and level. ``alpha`` counts both sides where
    ``sided`` is 2. ``events`` count as all the information; None: those that are expected.
    """

    endpoint: str
    label: str
    test: str
    stratified: bool
    follow_up: Period
    each: bool
    control: str
    control_median: Number | None
    control_hazards: tuple[FromMonth, ...]
    hazard_ratio: tuple[FromMonth, ...]
    drift_yearly: Number
    dropout_yearly: Number
    detection: Period | None
    strata: Mapping[str, Mapping[str, Portion]]
    alpha: Number
    sided: Literal[1, 2]
    power: Number
    events: int | None
    looks: tuple[PlannedLook, ...]
    efficacy: Spend
    futility: Spend | None
    binding: bool


@dataclass(frozen=True, slots=True)
class DesignFile:
    """The file, read and of the right shape."""

    sheet: DesignSheet
    file: Sheet

    def sourced(self) -> Iterator[tuple[str, Sourced]]:
        """Every part that says where it comes from, with a name for people; what monitoring consists of need not say it
        again."""
        for name in PARTS:
            part = getattr(self.sheet, name)
            if part is not None:
                yield f"design {name.replace('_', ' ')}", part
        watched = self.sheet.monitoring
        within: list[tuple[str, Sourced | None]] = [
            (f"design look {place}", look) for place, look in enumerate(watched.looks, start=1)
        ]
        within += [("design efficacy", watched.efficacy), ("design futility", watched.futility)]
        yield from ((name, part) for name, part in within if part is not None and (part.source or part.assumed))


def read_design(folder: Path) -> DesignFile | None:
    """The design of a version's folder; None where it has none. Raises StudyError with every fault of shape."""
    if not (folder / FILE).is_file():
        return None
    file = read_sheet(folder / FILE)
    return DesignFile(validated(DesignSheet, file), file)


def resolve_design(
    read: DesignFile, randomization: RandomizationSheet, enrollment: EnrollmentSheet, faults: list[str]
) -> Design | None:
    """The model of the file, None after a fault; faults are added to ``faults``: pieces, looks and strata that do not
    fit, and what the other files lack to compute anything."""
    sheet, file, found = read.sheet, read.file, len(faults)
    length, keys = _follow_up(sheet)
    follow_up = period(length, file, keys, faults)
    every = period(sheet.detection.every, file, ("detection", "every"), faults) if sheet.detection.every else None
    faults += _needed_faults(read, randomization, enrollment)
    faults += _piece_faults(read)
    faults += _look_faults(read)
    faults += _strata_faults(read, randomization)
    if follow_up is None or len(faults) > found:
        return None
    return _resolved(sheet, follow_up, every)


def _resolved(sheet: DesignSheet, follow_up: Period, every: Period | None) -> Design:
    watched, ratio, futility = sheet.monitoring, sheet.effect.hazard_ratio, sheet.monitoring.futility
    return Design(
        endpoint=sheet.primary.endpoint,
        label=sheet.primary.label,
        test=sheet.primary.test,
        stratified=sheet.primary.stratified,
        follow_up=follow_up,
        each=sheet.follow_up.each is not None,
        control=sheet.control.arm,
        control_median=sheet.control.median_months,
        control_hazards=tuple(FromMonth(one.from_month, one.monthly) for one in sheet.control.hazards or ()),
        hazard_ratio=(
            tuple(FromMonth(one.from_month, one.ratio) for one in ratio)
            if isinstance(ratio, list)
            else (FromMonth(0, ratio),)
        ),
        drift_yearly=sheet.drift.yearly,
        dropout_yearly=sheet.dropout.yearly,
        detection=every,
        strata=_strata(sheet.strata.factors) if sheet.strata else {},
        alpha=sheet.error.alpha,
        sided=sheet.error.sided,
        power=sheet.power.wanted,
        events=watched.events,
        looks=tuple(_look(one) for one in watched.looks),
        efficacy=_spend(watched.efficacy),
        futility=_spend(futility) if futility is not None else None,
        binding=futility.binding if futility is not None else False,
    )


def _follow_up(sheet: DesignSheet) -> tuple[str, Keys]:
    each, after = sheet.follow_up.each, sheet.follow_up.after_last_entry
    return (each, ("follow_up", "each")) if each is not None else (after or "", ("follow_up", "after_last_entry"))


def _look(one: LookSheet) -> PlannedLook:
    return PlannedLook(one.information, one.events, one.month, one.complete is True)


def _spend(one: SpendingSheet) -> Spend:
    return Spend(one.spending, one.gamma)


def _strata(factors: Mapping[str, Mapping[str, PortionSheet]]) -> dict[str, dict[str, Portion]]:
    return {
        factor: {level: Portion(one.share, one.hazard_factor) for level, one in levels.items()}
        for factor, levels in factors.items()
    }


def _needed_faults(read: DesignFile, randomization: RandomizationSheet, enrollment: EnrollmentSheet) -> Iterator[str]:
    if len(randomization.ratio.arms) != 2:
        arms = len(randomization.ratio.arms)
        yield read.file.fault(("primary", "test"), f"the log-rank test compares two arms; the study has {arms}")
    if read.sheet.control.arm not in randomization.ratio.arms:
        known = ", ".join(randomization.ratio.arms)
        yield read.file.fault(("control", "arm"), f"{read.sheet.control.arm!r} is no arm: {known}")
    if enrollment.accrual is None:
        yield read.file.fault((), "a design needs `accrual: months` in enrollment.yaml")


def _piece_faults(read: DesignFile) -> Iterator[str]:
    ratio = read.sheet.effect.hazard_ratio
    pieces: dict[Keys, list[Number]] = {
        ("control", "hazards"): [one.from_month for one in read.sheet.control.hazards or ()],
        ("effect", "hazard_ratio"): [one.from_month for one in ratio] if isinstance(ratio, list) else [],
    }
    for keys, months in pieces.items():
        if months and (months[0] != 0 or any(later <= earlier for earlier, later in pairwise(months))):
            yield read.file.fault(keys, "the first piece is `from_month: 0`, and each begins later than the one before")


def _look_faults(read: DesignFile) -> Iterator[str]:
    watched, keys = read.sheet.monitoring, ("monitoring", "looks")
    for place, look in enumerate(watched.looks):
        last = place == len(watched.looks) - 1
        if look.information is not None and watched.events is None:
            yield read.file.fault((*keys, place), "a share of information needs `monitoring: events`, the whole of it")
        if look.information is not None and last:
            yield read.file.fault(
                (*keys, place), "the last look has all the information: name its events or `complete`"
            )
        if look.complete and not last:
            yield read.file.fault((*keys, place), "after everything is complete there is nothing more to look at")
    for part in ("information", "events", "month"):
        named = [float(value) for look in watched.looks if (value := getattr(look, part)) is not None]
        if any(later <= earlier for earlier, later in pairwise(named)):
            yield read.file.fault(keys, "the looks stand in the order in which they come")


def _strata_faults(read: DesignFile, randomization: RandomizationSheet) -> Iterator[str]:
    if read.sheet.strata is None:
        return
    said = read.sheet.strata.factors
    factors = {one.id: [level.id for level in one.levels] for one in randomization.strata}
    yield from _names(read.file, ("strata", "factors"), said, factors, "factor of randomization.yaml")
    for factor, levels in said.items():
        keys: Keys = ("strata", "factors", factor)
        yield from _names(read.file, keys, levels, factors.get(factor, levels), "level of it")
        if abs(sum(float(one.share) for one in levels.values()) - 1) > 1e-9:
            yield read.file.fault(keys, "the shares of the levels of a factor make 1 together")


def _names(file: Sheet, keys: Keys, said: Iterable[str], known: Iterable[str], noun: str) -> Iterator[str]:
    for name in said:
        if name not in known:
            yield file.fault((*keys, name), f"{name!r} is no {noun}: {', '.join(known) or 'there is none'}")
    if lacking := [name for name in known if name not in said]:
        yield file.fault(keys, f"{', '.join(lacking)} is missing here")


def design_findings(design: Design | None, follow_up: Period) -> list[str]:
    """Where the design and the rest of the protocol say different things: ``follow_up`` is how long each person is
    followed by enrollment.yaml. Nothing of it keeps a study from loading."""
    if design is None or not design.each or _calendar(design.follow_up) == _calendar(follow_up):
        return []
    return [
        f"{FILE}: each person is followed for {design.follow_up}, and by enrollment.yaml for {follow_up}; "
        "write the same in both"
    ]


def _calendar(length: Period) -> tuple[int, str]:
    """Years are 12 calendar months; days are days."""
    return (length.count * 12, "months") if length.unit == "years" else (length.count, length.unit)
