"""Where each part of a protocol comes from: the list behind ``evenhand check`` and the assumptions page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evenhand.protocol.model import Origin
from evenhand.protocol.sheets import (
    EligibilitySheet,
    EnrollmentSheet,
    FactsSheet,
    RandomizationSheet,
    Sourced,
    StudySheet,
    VersionSheet,
)

Named = tuple[str, Sourced]


def collect_origins(
    study: StudySheet,
    version: VersionSheet,
    facts: FactsSheet,
    eligibility: EligibilitySheet,
    randomization: RandomizationSheet,
    enrollment: EnrollmentSheet,
    more: Iterable[Named],
) -> tuple[Origin, ...]:
    """One origin for each sourced part, in the order of the files; ``more`` is of the files that may be missing."""
    parts = [
        *((f"objective {item.id}", item) for item in study.objectives),
        *((f"arm {arm.id}", arm) for arm in study.arms),
        (f"version {version.id}", version),
        *((f"fact {name}", fact) for name, fact in facts.facts.items()),
        *((f"set {name}", item) for name, item in facts.sets.items()),
        *_of_eligibility(eligibility),
        *_of_randomization(randomization),
        *_of_enrollment(enrollment),
        *more,
    ]
    return tuple(Origin(about, part.source or "", part.assumed or "") for about, part in parts)


def _of_eligibility(sheet: EligibilitySheet) -> Iterator[Named]:
    for name, judgement in sheet.judgements.items():
        yield f"judgement {name}", judgement
    for criterion in sheet.criteria:
        yield f"criterion {criterion.id}", _by_clause(criterion, criterion.clause)
    for flag in sheet.flags:
        yield f"flag {flag.id}", flag


def _of_randomization(sheet: RandomizationSheet) -> Iterator[Named]:
    yield "allocation ratio", sheet.ratio
    if sheet.blocks is not None:
        yield "block sizes", sheet.blocks
    if sheet.minimization is not None:
        yield "minimization", sheet.minimization
    for stratum in sheet.strata:
        yield f"stratum {stratum.id}", stratum


def _of_enrollment(sheet: EnrollmentSheet) -> Iterator[Named]:
    yield "consent", sheet.consent
    if sheet.consent.declined_because is not None:
        yield "consent declined because", sheet.consent.declined_because
    yield "target", sheet.target
    if sheet.accrual is not None:
        yield "accrual", sheet.accrual
    if sheet.prior_therapy is not None:
        yield "prior therapy", _by_clause(sheet.prior_therapy, sheet.prior_therapy.clause)
    yield "follow-up", _by_clause(sheet.follow_up, sheet.follow_up.clause)


def _by_clause(part: Sourced, clause: str) -> Sourced:
    """A part that names its clause has it as its source, unless it names another one."""
    return Sourced(source=part.source or clause, assumed=part.assumed)
