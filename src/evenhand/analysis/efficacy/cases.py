"""The people (or lesions) of one comparison as the statistics take them: time in months, event, arm, stratum.

Time is counted from the day of randomization (or of the end of treatment), which is day 1, and in months of 30.4375
days (oncology rules, design: days = end - start + 1, months = days / 30.4375). Whole days stay tied when they become
months, for all are divided by one number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.efficacy.arms import Arms
from evenhand.analysis.outcome import Outcome
from evenhand.analysis.populations import Membership
from evenhand.analysis.tables import Behind
from evenhand.dates import DAYS_PER_MONTH
from evenhand.protocol.endpoints import PRIMARY, Endpoints, Population

MONTHS = "time in months of 30.4375 days, the first day being day 1"
NO_LEVEL = "not recorded"


@dataclass(frozen=True, slots=True)
class Case:
    """One person, or one lesion (``item``). ``arm``: 0 the control, 1 the experimental. ``stratum``: the levels at
    randomization. ``reason``: the event, or a key of ``CENSORED``. ``seqs``: the entries behind it."""

    subject: str
    arm: int
    days: int
    event: bool
    competing: bool = False
    reason: str = ""
    stratum: tuple[str, ...] = ()
    seqs: tuple[int, ...] = ()
    item: str = ""
    imputed: bool = False

    @property
    def months(self) -> float:
        """The time in months."""
        return self.days / DAYS_PER_MONTH

    @property
    def cause(self) -> int:
        """0 for the censored, 1 for the event, 2 for an event that keeps it from happening."""
        return 1 if self.event else 2 if self.competing else 0

    @property
    def behind(self) -> Behind:
        """The person and the entries."""
        return Behind(self.subject, self.seqs)


@dataclass(frozen=True, slots=True)
class Cases:
    """Those of one comparison, as lists with one value a case."""

    arms: Arms
    all: tuple[Case, ...]

    @property
    def months(self) -> list[float]:
        return [one.months for one in self.all]

    @property
    def events(self) -> list[int]:
        return [int(one.event) for one in self.all]

    @property
    def causes(self) -> list[int]:
        return [one.cause for one in self.all]

    @property
    def arm(self) -> list[int]:
        return [one.arm for one in self.all]

    @property
    def strata(self) -> list[str]:
        return [" / ".join(one.stratum) for one in self.all]

    @property
    def stratified(self) -> bool:
        """Whether there are strata at all."""
        return any(one.stratum for one in self.all)

    @property
    def subjects(self) -> int:
        """How many people."""
        return len({one.subject for one in self.all})

    @property
    def behind(self) -> tuple[Behind, ...]:
        """The people, and the entries of each outcome."""
        return tuple(one.behind for one in self.all)

    def of_arm(self, number: int) -> Cases:
        """One arm."""
        return self.where(lambda one: one.arm == number)

    def where(self, holds: Callable[[Case], bool]) -> Cases:
        """Those for whom something holds."""
        return replace(self, all=tuple(one for one in self.all if holds(one)))

    def both(self) -> tuple[Cases, Cases]:
        """The control, then the experimental arm."""
        return self.of_arm(0), self.of_arm(1)


def everybody(endpoints: Endpoints) -> Population | None:
    """The population of all randomized in the arm of allocation (ICH E9, 5.2.1); None where the study names none."""
    fitting = (one for one in endpoints.populations.values() if one.who == "randomized" and one.arm == "allocated")
    return next((one for one in fitting if not one.without), None)


def cases(
    analysis: Analysis, arms: Arms, endpoint: str, estimand: str = PRIMARY, population: str | None = None
) -> Cases:
    """The cases of an endpoint under an estimand, in the order of randomization.

    ``population`` None is everybody in the arm of allocation. Whoever counts in neither arm is left out, and is listed
    with the populations.
    """
    chosen = population or _id(everybody(analysis.endpoints))
    found: list[Case] = []
    for one in analysis.people:
        arm = arms.number(_arm(one, chosen))
        if arm is not None:
            found += (_case(one, outcome, arm, analysis) for outcome in _outcomes(one, endpoint, estimand))
    return Cases(arms, tuple(found))


def arm_of(one: Analysed, arms: Arms, analysis: Analysis) -> int | None:
    """The arm of allocation, as a number; None where it is neither."""
    return arms.number(_arm(one, _id(everybody(analysis.endpoints))))


def _id(population: Population | None) -> str | None:
    return population.id if population is not None else None


def _arm(one: Analysed, population: str | None) -> str | None:
    if population is None:
        allocation = one.person.known.allocation
        return allocation.arm if allocation is not None else None
    members: Iterable[Membership] = (found for found in one.memberships if found.population == population)
    return next((found.arm for found in members if found.included), None)


def _outcomes(one: Analysed, endpoint: str, estimand: str) -> Iterable[Outcome]:
    return (found for found in one.outcomes if found.endpoint == endpoint and found.estimand == estimand)


def _case(one: Analysed, outcome: Outcome, arm: int, analysis: Analysis) -> Case:
    return Case(
        subject=outcome.subject,
        arm=arm,
        days=outcome.days,
        event=outcome.event,
        competing=outcome.competing,
        reason=outcome.reason,
        stratum=stratum_of(one, analysis),
        seqs=outcome.seqs,
        item=outcome.item,
        imputed=bool(outcome.imputed),
    )


def stratum_of(one: Analysed, analysis: Analysis) -> tuple[str, ...]:
    """The levels that the allocation was made with, whatever turned out later; a level that is not recorded is one of
    its own."""
    allocation = one.person.known.allocation
    levels = allocation.levels if allocation is not None else {}
    return tuple(str(levels.get(factor.id) or NO_LEVEL) for factor in analysis.protocol.randomization.strata)
