"""The record: append-only entries, chained by hashes, and the history they fold into.

It knows no protocol: bodies are JSON objects, kinds say what must be in them.
"""

from evenhand.record.append import append, appended
from evenhand.record.canonical import JSON, canonical, digest
from evenhand.record.chain import Finding, verify
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
from evenhand.record.parse import entry_from_json
from evenhand.record.study_state import Adoption, StudyState
from evenhand.record.subject import Allocation, Consent, Standing, SubjectHistory
from evenhand.record.trial_kinds import KINDS, REPORT_MADE, REPORT_READ, TRACES
from evenhand.record.vector import Entries

__all__ = [
    "JSON",
    "KINDS",
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
    "History",
    "Kind",
    "Kinds",
    "RecordError",
    "Signature",
    "Standing",
    "StudyState",
    "SubjectHistory",
    "append",
    "append_to",
    "appended",
    "canonical",
    "digest",
    "dump",
    "entry_from_json",
    "entry_hash",
    "entry_json",
    "entry_line",
    "fold",
    "loads",
    "moment_text",
    "parse_line",
    "read",
    "sign",
    "verify",
]
