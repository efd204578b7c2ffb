"""What a study says about safety: the model of ``safety.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

RELATIONS: Final = ("unrelated", "unlikely", "possible", "probable", "definite")
"""How an event relates to an intervention, from least to most: the five attributions of the NCI."""

CRITERIA: Final = ("death", "life_threatening", "hospitalized", "prolonged", "disability", "congenital", "important")
"""What makes an event serious (21 CFR 312.32(a)): the names of the yes-or-no fields of an adverse event."""

InterventionKind = Literal["drug", "surgery", "radiation", "procedure", "disease", "other_cause"]
Duration = Literal["hours", "days", "working_days"]
Question = Literal["serious", "expected", "suspected", "fatal_or_life_threatening", "hospitalized"]


@dataclass(frozen=True, slots=True)
class Given:
    """Which entries say that an intervention was given: of forms read in a role, with one of ``codes`` (empty: any)."""

    reads: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something to which events are attributed. ``arms`` empty: all arms. ``expected``: CTCAE terms known of it.
    ``given`` empty: no form says whether it was given. ``other_cause``: what is neither the disease nor given by the
    study, so that an event laid upon it is laid upon no treatment."""

    id: str
    label: str
    kind: InterventionKind
    arms: frozenset[str]
    expected: tuple[str, ...]
    given: tuple[Given, ...] = ()

    @property
    def treatment(self) -> bool:
        """Whether an event that is related to it is suspected of treatment (21 CFR 312.32(a): the drug must be the
        cause that is reasonably possible; that the disease and other causes are none is ours, by the same token)."""
        return self.kind not in ("disease", "other_cause")


@dataclass(frozen=True, slots=True)
class Within:
    """How long there is: hours from a moment, or days after a day (which is day 0)."""

    count: int
    unit: Duration

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.count} {unit[:-1] if self.count == 1 else unit}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One report that a regime wants: for events of which all of ``when`` is so, and whose grade is among ``grades``
    (empty: any)."""

    id: str
    label: str
    report: str
    within: Within
    when: Mapping[Question, bool]
    grades: frozenset[int]
    source: str


@dataclass(frozen=True, slots=True)
class Regime:
    """Who wants expedited reports, about which interventions (empty: all treatments), and of which events not."""

    id: str
    label: str
    to: str
    active: bool
    concerns: frozenset[str]
    exempt: frozenset[str]
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Safety:
    """What ``safety.yaml`` says.

    ``acute_days``: an event that begins up to so many days after the first fraction of a radiation course is acute.
    ``suspected_from``: the least attribution that counts as related. ``suggest_from``: the grade from which a
    laboratory value without an adverse event is queried. ``time_zone``: where days begin and end, unless
    the site's own is known.
    """

    ctcae: str
    interventions: Mapping[str, Intervention]
    suspected_from: str
    acute_days: int
    suggest_from: int
    time_zone: str
    regimes: tuple[Regime, ...]

    def suspected(self, relation: str) -> bool:
        """Whether an attribution counts as related."""
        return RELATIONS.index(relation) >= RELATIONS.index(self.suspected_from)

    def given_in(self, arm: str | None) -> tuple[Intervention, ...]:
        """The interventions of an arm; all of them where the arm is not known."""
        return tuple(one for one in self.interventions.values() if arm is None or not one.arms or arm in one.arms)

    @property
    def expected_terms(self) -> frozenset[str]:
        """The terms that are known of any intervention."""
        return frozenset(term for one in self.interventions.values() for term in one.expected)
