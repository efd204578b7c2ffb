"""The record: append-only entries, chained by hashes, and the history they fold into.

It knows no protocol: bodies are JSON objects, kinds say what must be in them.
"""

from evenhand.record.append import ahead, append, appended
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
from evenhand.record.meetings import (
    OCCASIONS,
    FinalAnalysis,
    HeldMeeting,
    Met,
    board_met,
    final_analysis,
    meetings_held,
)
from evenhand.record.parse import entry_from_json
from evenhand.record.study_state import Adoption, StudyState
from evenhand.record.subject import Allocation, Consent, Decline, Standing, SubjectHistory
from evenhand.record.trial_kinds import (
    CONSENT_DECLINED,
    FINAL_MADE,
    IDENTITY_CORRECTED,
    IDENTITY_ERASED,
    KINDS,
    LOOK_HELD,
    MEETING_HELD,
    NAMING,
    OF_THE_BOARD,
    REPORT_MADE,
    REPORT_READ,
    TRACES,
)
from evenhand.record.vector import Entries

__all__ = [
    "CONSENT_DECLINED",
    "FINAL_MADE",
    "IDENTITY_CORRECTED",
    "IDENTITY_ERASED",
    "JSON",
    "KINDS",
    "LOOK_HELD",
    "MEETING_HELD",
    "NAMING",
    "OCCASIONS",
    "OF_THE_BOARD",
    "RECOMMENDATIONS",
    "REPORT_MADE",
    "REPORT_READ",
    "START",
    "TRACES",
    "Actor",
    "Adoption",
    "Allocation",
    "Consent",
    "Decline",
    "Entries",
    "Entry",
    "Event",
    "FinalAnalysis",
    "Finding",
    "HeldLook",
    "HeldMeeting",
    "History",
    "Kind",
    "Kinds",
    "Met",
    "RecordError",
    "Signature",
    "Standing",
    "StudyState",
    "SubjectHistory",
    "ahead",
    "altered",
    "append",
    "append_to",
    "appended",
    "board_met",
    "canonical",
    "digest",
    "dump",
    "entry_from_json",
    "entry_hash",
    "entry_json",
    "entry_line",
    "final_analysis",
    "fold",
    "loads",
    "looks_held",
    "meetings_held",
    "moment_text",
    "parse_line",
    "quick_digest",
    "read",
    "sign",
    "verify",
]
