"""A protocol version, loaded, resolved and checked: frozen dataclasses that every other room reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evenhand.dates import DateSpan, Period
from evenhand.facts import Vocabulary
from evenhand.protocol.design import Design
from evenhand.protocol.endpoints import Endpoints
from evenhand.protocol.monitoring import Monitoring
from evenhand.protocol.plan.model import Plan
from evenhand.rules.nodes import Rule
from evenhand.units import Number


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something in the protocol comes from: a source, an assumption of ours, or both."""

    about: str
    source: str = ""
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class Arm:
    id: str
    label: str
    treatment: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A statement that one of ``roles`` may sign; worded so that yes speaks for taking part; ``label`` is short for it.

    ``evidence`` is what the facts say; with ``needs_evidence`` a signature alone cannot stand in for facts that are
    unknown. ``about`` names the list whose every entry is judged. It holds for ``expires`` from its date.
    """

    name: str
    label: str
    statement: str
    roles: tuple[str, ...]
    evidence: Rule | None
    needs_evidence: bool
    about: str | None
    details: Mapping[str, str]
    expires: Period | None
    source: str
    signers: str  # the roles in words


@dataclass(frozen=True, slots=True)
class Criterion:
    """An inclusion passes when its rule is answered yes; an exclusion when its rule is answered no."""

    id: str
    kind: Literal["inclusion", "exclusion"]
    clause: str
    title: str
    text: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to show when ``when`` is answered yes; it decides nothing."""

    id: str
    when: Rule
    say: str


@dataclass(frozen=True, slots=True)
class Level:
    id: str
    label: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratification factor. A person belongs to the one level whose rule is answered yes."""

    id: str
    label: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Randomization:
    """How arms are allocated. ``block_sizes`` maps a size to the weight with which it is drawn."""

    ratio: Mapping[str, int]
    method: Literal["permuted_blocks", "minimization"]
    block_sizes: Mapping[int, int]
    probability: Number | None
    measure: str | None
    weights: Mapping[str, Number]
    strata: tuple[Stratum, ...]


@dataclass(frozen=True, slots=True)
class Enrollment:
    """Consent, target, how long people are followed from randomization, and (where the study plans it) the
    calendar months from activation within which the target is reached at an even pace. ``carried``: earlier consent
    documents, each with its version, consent to which counts for this protocol version as well.
    ``declined_because``: what people may be told to have declined for, by code."""

    consent_document: str
    consent_version: str
    consent_text: str
    target: int
    prior_therapy: str
    follow_up_until: str
    follow_up_at_most: Period
    accrual_months: int | None = None
    carried: frozenset[tuple[str, str]] = frozenset()
    declined_because: Mapping[str, str] = field(default_factory=dict)

    def accepts(self, document: str, version: str) -> bool:
        """Whether consent to this version of a document is consent to this protocol version."""
        return (document, version) == (self.consent_document, self.consent_version) or (
            document,
            version,
        ) in self.carried


@dataclass(frozen=True, slots=True)
class Version:
    id: str
    valid_from: DateSpan
    note: str

    @property
    def number(self) -> int:
        """What orders versions: ``v10`` comes after ``v9``."""
        return int(self.id[1:])


@dataclass(frozen=True, slots=True)
class Protocol:
    """One version of one study's protocol. ``digest`` is the SHA-256 of the files that it was read from."""

    study: str
    title: str
    short_title: str
    objectives: tuple[str, ...]
    version: Version
    digest: str
    arms: tuple[Arm, ...]
    clauses: Mapping[str, str]
    references: Mapping[str, str]
    vocabulary: Vocabulary
    judgements: Mapping[str, Judgement]
    criteria: tuple[Criterion, ...]
    flags: tuple[Flag, ...]
    randomization: Randomization
    enrollment: Enrollment
    origins: tuple[Origin, ...]
    warnings: tuple[str, ...] = ()
    plan: Plan | None = None  # None for a study whose files end with randomization
    design: Design | None = None  # None for a study that plans no test of its arms
    endpoints: Endpoints | None = None  # None for a study that says nothing of what is measured
    monitoring: Monitoring | None = None  # None for a study that says nothing of stopping

    @property
    def assumptions(self) -> tuple[Origin, ...]:
        """Everything in the protocol that the study's own sources do not state."""
        return tuple(origin for origin in self.origins if origin.assumed)

    def arm(self, arm_id: str) -> Arm:
        """The arm of an id; KeyError for any other."""
        return {arm.id: arm for arm in self.arms}[arm_id]
