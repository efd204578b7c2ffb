"""How participants are to be treated: the model of ``treatment.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from evenhand.dates import Period
from evenhand.oncology.radiation import LimitTable, PrescriptionTable
from evenhand.units import Number

Event = Literal[
    "randomization", "surgery", "local_therapy_begun", "local_therapy_complete", "locoregional_begun",
    "locoregional_ended", "metastases_begun", "metastases_complete",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class UsualApproach:
    """What was usual from a day until the next version: classes of regimens. It is recorded, not mandated."""

    id: str
    since: date
    regimens: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class NoPrimary:
    """The fact that says whether a primary is in the breast, and its codes that say that none is: whom surgery of the
    primary does not apply to."""

    fact: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class SurgeryPlan:
    """``primary``: the procedures that remove the primary. Complications count within a period of an operation.
    ``no_primary``: None where the study plans the operation for everybody."""

    primary: frozenset[str]
    complications_within: Period
    no_primary: NoPrimary | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The prescriptions allowed for forms of a role: ``sites`` maps the codes in ``field`` to classes of the table."""

    role: str
    field: str
    table: PrescriptionTable
    tolerance_percent: Number
    sites: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OrganLimits:
    """The table that plans are held against; ``report`` maps the site of a target to the organs that are reported."""

    table: LimitTable
    report: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Cumulative:
    """Alpha/beta in Gy by which doses of several courses are added: of late tissue, and of organs that differ."""

    alpha_beta_gy: Number
    organs: Mapping[str, Number]

    def of(self, organ: str) -> Number:
        """That of an organ."""
        return self.organs.get(organ, self.alpha_beta_gy)


@dataclass(frozen=True, slots=True)
class RegisteredLesions:
    """The fact that lists the metastases, and the count whose policy says which entries are regional disease."""

    fact: str
    counted_by: str | None


@dataclass(frozen=True, slots=True)
class Window:
    """``of`` is to happen from ``not_before`` to ``within`` after ``after``, both ends included, in these arms."""

    id: str
    label: str
    arms: frozenset[str]
    of: Event
    after: Event
    not_before: Period
    within: Period
    source: str


@dataclass(frozen=True, slots=True)
class Caution:
    """Shown where a regimen was given within ``days_around`` of radiation to one of the sites or volumes ``codes``."""

    id: str
    regimens: frozenset[str]
    codes: frozenset[str]
    days_around: int
    say: str


@dataclass(frozen=True, slots=True)
class Treatment:
    """What ``treatment.yaml`` says. A course counts as delivered from ``delivered_percent`` of the planned dose."""

    usual_approach: tuple[UsualApproach, ...]
    new_line_for: frozenset[str]
    lesions: RegisteredLesions | None
    surgery: SurgeryPlan | None
    delivered_percent: Decimal
    prescriptions: tuple[Allowed, ...]
    organ_limits: OrganLimits | None
    cumulative: Cumulative | None
    windows: tuple[Window, ...]
    cautions: tuple[Caution, ...]

    def usual_on(self, day: date) -> UsualApproach | None:
        """The version that was usual on a day; None before the first."""
        return next((version for version in reversed(self.usual_approach) if version.since <= day), None)

    def allowed(self, role: str) -> Allowed | None:
        """The prescriptions allowed for forms of a role."""
        return next((allowed for allowed in self.prescriptions if allowed.role == role), None)
