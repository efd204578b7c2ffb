"""The store: the only writer of the record, and the only reader of the tables (but for accounts)."""

from evenhand.web.store.cache import current, forget
from evenhand.web.store.damage import RecordDamaged
from evenhand.web.store.identity import (
    Identified,
    Who,
    identify,
    identities_at,
    identity_of,
    know_birth_date,
    plain_words,
)
from evenhand.web.store.kept import KEPT_FOR, Typed, forget_kept, forget_old, keep, kept
from evenhand.web.store.life import activate, adopt, close, lines, verified
from evenhand.web.store.mending import Former, correct_identity_of, erase, former_identities
from evenhand.web.store.perform import perform
from evenhand.web.store.reports import (
    BEAT,
    STALLED,
    Kept,
    Made,
    Wanted,
    beat_report,
    begin_report,
    content_kept,
    drop_earlier,
    files_kept,
    keep_report,
    refuse_report,
    report_of,
    reports_of,
    tell_progress,
)
from evenhand.web.store.request import Also, Performed, Seen, Signing, require_just_done
from evenhand.web.store.retention import NEWEST_KEPT, REPORTS_KEPT_FOR, let_go
from evenhand.web.store.studies import add_study, protocol_of, studies, versions_of
from evenhand.web.store.tokens import Bearer, bearer_of, issue_token, revoke_token, tokens_of

__all__ = [
    "BEAT",
    "KEPT_FOR",
    "NEWEST_KEPT",
    "REPORTS_KEPT_FOR",
    "STALLED",
    "Also",
    "Bearer",
    "Former",
    "Identified",
    "Kept",
    "Made",
    "Performed",
    "RecordDamaged",
    "Seen",
    "Signing",
    "Typed",
    "Wanted",
    "Who",
    "activate",
    "add_study",
    "adopt",
    "bearer_of",
    "beat_report",
    "begin_report",
    "close",
    "content_kept",
    "correct_identity_of",
    "current",
    "drop_earlier",
    "erase",
    "files_kept",
    "forget",
    "forget_kept",
    "forget_old",
    "former_identities",
    "identify",
    "identities_at",
    "identity_of",
    "issue_token",
    "keep",
    "keep_report",
    "kept",
    "know_birth_date",
    "let_go",
    "lines",
    "perform",
    "plain_words",
    "protocol_of",
    "refuse_report",
    "report_of",
    "reports_of",
    "require_just_done",
    "revoke_token",
    "studies",
    "tell_progress",
    "tokens_of",
    "verified",
    "versions_of",
]
