"""The quality of data: what is asked about entries, where they stand, deviations, and how well data come in."""

from evenhand.conduct.quality.deviations import deviations, evidence_after_randomization
from evenhand.conduct.quality.doubts import FAULT, doubts_of, form_doubts
from evenhand.conduct.quality.metrics import Metrics, metrics, metrics_by_site, sign_within
from evenhand.conduct.quality.queries import (
    AGREE,
    BY_PEOPLE,
    QUERY_ANSWERED,
    QUERY_CLOSED,
    QUERY_OPENED,
    Changes,
    Query,
    changes,
    entry_at,
    open_queries,
    queries,
    said_at,
)
from evenhand.conduct.quality.sources import DEVIATIONS, SOURCES
from evenhand.conduct.quality.standing import EntryStatus, State, statuses, wants_signature

__all__ = [
    "AGREE",
    "BY_PEOPLE",
    "DEVIATIONS",
    "FAULT",
    "QUERY_ANSWERED",
    "QUERY_CLOSED",
    "QUERY_OPENED",
    "SOURCES",
    "Changes",
    "EntryStatus",
    "Metrics",
    "Query",
    "State",
    "changes",
    "deviations",
    "doubts_of",
    "entry_at",
    "evidence_after_randomization",
    "form_doubts",
    "metrics",
    "metrics_by_site",
    "open_queries",
    "queries",
    "said_at",
    "sign_within",
    "statuses",
    "wants_signature",
]
