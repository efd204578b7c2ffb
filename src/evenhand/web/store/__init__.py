"""The store: the only writer of the record, and the only reader of the tables (but for accounts)."""

from evenhand.web.store.cache import current, forget
from evenhand.web.store.damage import RecordDamaged
from evenhand.web.store.identity import Identified, Who, erase, identify, identity_of, know_birth_date
from evenhand.web.store.life import activate, adopt, close, lines, verified
from evenhand.web.store.perform import perform
from evenhand.web.store.request import Also, Performed, Seen, Signing, require_just_done
from evenhand.web.store.studies import add_study, protocol_of, studies, versions_of
from evenhand.web.store.tokens import Bearer, bearer_of, issue_token, revoke_token, tokens_of

__all__ = [
    "Also",
    "Bearer",
    "Identified",
    "Performed",
    "RecordDamaged",
    "Seen",
    "Signing",
    "Who",
    "activate",
    "add_study",
    "adopt",
    "bearer_of",
    "close",
    "current",
    "erase",
    "forget",
    "identify",
    "identity_of",
    "issue_token",
    "know_birth_date",
    "lines",
    "perform",
    "protocol_of",
    "require_just_done",
    "revoke_token",
    "studies",
    "tokens_of",
    "verified",
    "versions_of",
]
