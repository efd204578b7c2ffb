"""Results as JSON: the machine-readable form of what the commands print."""

from __future__ import annotations

from typing import Any

from evenhand.eligibility import Assessment, CriterionVerdict, Interval, evidence, explanation
from evenhand.protocol import Protocol

JSON = dict[str, Any]


def assessment_json(assessment: Assessment, intervals: tuple[Interval, ...], protocol: Protocol) -> JSON:
    """One person's verdict."""
    return {
        "patient": assessment.person.id,
        "source": assessment.person.source,
        "on": assessment.on.isoformat(),
        "verdict": assessment.standing,
        "provisional": assessment.provisional,
        "criteria": [_criterion_json(assessment, item, protocol) for item in assessment.criteria],
        "calendar": [interval_json(interval) for interval in intervals],
        "flags": [{"id": flag.id, "say": flag.say} for flag in assessment.flags],
        "problems": [
            {"severity": problem.severity, "where": problem.where, "what": problem.what}
            for problem in assessment.person.problems
        ],
    }


def _criterion_json(assessment: Assessment, item: CriterionVerdict, protocol: Protocol) -> JSON:
    return {
        "id": item.criterion.id,
        "kind": item.criterion.kind,
        "verdict": item.verdict,
        "provisional": item.provisional,
        "why": item.why or None,
        "explanation": explanation(assessment, item, protocol),
        "evidence": [
            {"fact": piece.fact, "value": piece.value, "date": piece.date, "source": piece.source}
            for piece in evidence(assessment, item, protocol)
        ],
        "missing": [{"why": reason.why, "about": reason.about, "detail": reason.detail} for reason in item.reasons],
    }


def interval_json(interval: Interval) -> JSON:
    """One interval of the calendar; null for an end that does not exist."""
    return {
        "from": interval.first.isoformat() if interval.first else None,
        "to": interval.last.isoformat() if interval.last else None,
        "verdict": interval.standing,
        "provisional": interval.provisional,
        "because": list(interval.because),
        "opened_by": list(interval.opened_by),
        "closed_by": list(interval.closed_by),
    }
