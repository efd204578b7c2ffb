"""The store: the only writer of the record, and the only reader of the tables (but for accounts)."""

from evenhand.web.store.cache import current, forget
from evenhand.web.store.identity import Identified, Who, erase, identify, identity_of
from evenhand.web.store.life import activate, adopt, close, lines, verified
from evenhand.web.store.perform import perform
from evenhand.web.store.request import Performed, Seen, Signing
from evenhand.web.store.studies import add_study, protocol_of, studies
from evenhand.web.store.tokens import Bearer, bearer_of, issue_token, revoke_token, tokens_of

__all__ = [
    "Bearer",
    "Identified",
    "Performed",
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
    "lines",
    "perform",
    "protocol_of",
    "revoke_token",
    "studies",
    "tokens_of",
    "verified",
]
