"""Traceability: which part of the protocol carries which clause of the source."""

from __future__ import annotations

import re

from evenhand.protocol.model import Protocol

_CLAUSE = re.compile(r"[a-z_]+/\d+")


def clause_uses(protocol: Protocol) -> dict[str, tuple[str, ...]]:
    """For each clause, in order, the parts of the protocol that name it as their source."""
    uses: dict[str, list[str]] = {clause: [] for clause in protocol.clauses}
    for origin in protocol.origins:
        for clause in _CLAUSE.findall(origin.source):
            if clause in uses and origin.about not in uses[clause]:
                uses[clause].append(origin.about)
    return {clause: tuple(parts) for clause, parts in uses.items()}


def trace_faults(protocol: Protocol) -> list[str]:
    """Clauses that nothing carries, sources that name no clause, and parts without any origin."""
    faults = [f"clause {clause} is carried by nothing" for clause, uses in clause_uses(protocol).items() if not uses]
    for origin in protocol.origins:
        unknown = [clause for clause in _CLAUSE.findall(origin.source) if clause not in protocol.clauses]
        faults += [f"{origin.about}: its source {clause} is no clause of the study" for clause in unknown]
        if not origin.source and not origin.assumed:
            faults.append(f"{origin.about}: it needs a `source:` or an `assumed:`")
    return faults
