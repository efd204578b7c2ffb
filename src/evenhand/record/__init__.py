"""The record: append-only entries, chained by hashes, and the history they fold into.

It knows no protocol: bodies are JSON objects, kinds say what must be in them.
"""

from evenhand.record.append import append, appended, drafted
from evenhand.record.canonical import JSON, canonical, digest, quick_digest
from evenhand.record.chain import Finding, altered, verify
from evenhand.record.entry import (
    START,
    Actor,
    Entry,
    Event,
    Signature,
    entry_hash,
    entry_json,
    entry_line,
    moment_text,
    sign,
)
from evenhand.record.errors import RecordError
from evenhand.record.history import History, fold
from evenhand.record.jsonl import append_to, dump, loads, parse_line, read
from evenhand.record.kinds import Kind, Kinds
from evenhand.record.looks import RECOMMENDATIONS, HeldLook, looks_held
from evenhand.record.parse import entry_from_json
from evenhand.record.study_state import Adoption, StudyState
from evenhand.record.subject import Allocation, Consent, Standing, SubjectHistory
from evenhand.record.trial_kinds import (
    IDENTITY_CORRECTED,
    IDENTITY_ERASED,
    KINDS,
    LOOK_HELD,
    NAMING,
    REPORT_MADE,
    REPORT_READ,
    TRACES,
)
from evenhand.record.vector import Entries

__all__ = [
    "IDENTITY_CORRECTED",
    "IDENTITY_ERASED",
    "JSON",
    "KINDS",
    "LOOK_HELD",
    "NAMING",
    "RECOMMENDATIONS",
    "REPORT_MADE",
    "REPORT_READ",
    "START",
    "TRACES",
    "Actor",
    "Adoption",
    "Allocation",
    "Consent",
    "Entries",
    "Entry",
    "Event",
    "Finding",
    "HeldLook",
    "History",
    "Kind",
    "Kinds",
    "RecordError",
    "Signature",
    "Standing",
    "StudyState",
    "SubjectHistory",
    "altered",
    "append",
    "append_to",
    "appended",
    "canonical",
    "digest",
    "drafted",
    "dump",
    "entry_from_json",
    "entry_hash",
    "entry_json",
    "entry_line",
    "fold",
    "loads",
    "looks_held",
    "moment_text",
    "parse_line",
    "quick_digest",
    "read",
    "sign",
    "verify",
]
