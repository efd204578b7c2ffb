"""Tokens of other systems: who may act through the API as whom, until when.

The record keeps a token's digest, by which the entries about one token are told to belong together; nobody can use it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from evenhand.administration.closure import require_not_closed
from evenhand.administration.delegation import Grant, grants
from evenhand.protocol import Protocol
from evenhand.record import JSON, Actor, Entry, Event, History, moment_text
from evenhand.refusal import Refusal

SCOPES: Final = ("screen", "read", "register", "randomize")
LONGEST_LIFE: Final = timedelta(days=366)  # assumed: a key is looked at again at least once a year
_CLAUSE: Final = "tokens"


@dataclass(frozen=True, slots=True)
class TokenTerms:
    """What a token is to allow: to the system of this label, what the holder may do in this role at this site, within
    the scopes, for as long as ``life``.
    """

    label: str
    holder: Grant
    scopes: tuple[str, ...]
    life: timedelta


@dataclass(frozen=True, slots=True)
class Issued:
    """A token as the record knows it: by which entry it was issued, and by which one it was ended before its time."""

    digest: str
    label: str
    issued: Entry
    ended: Entry | None = None


def issued_tokens(history: History) -> tuple[Issued, ...]:
    """Every token that was ever issued, in that order."""
    known: dict[str, Issued] = {}
    for entry in history.about_study.entries:
        digest = str(entry.body.get("digest"))
        if entry.kind == "token_issued":
            known[digest] = Issued(digest, str(entry.body["label"]), entry)
        elif entry.kind == "token_revoked" and digest in known:
            known[digest] = replace(known[digest], ended=entry)
    return tuple(known.values())


def issue_token(
    protocol: Protocol, history: History, *, terms: TokenTerms, digest: str, on: date, by: Actor, at: datetime
) -> list[Event]:
    """Let another system act as a user, in a role that the user holds. ``digest`` is the SHA-256 of the token.

    Raises Refusal: for scopes that there are not, a long life, no label, a role that is not held, a digest once more.
    """
    require_not_closed(history)
    if not terms.scopes or any(scope not in SCOPES for scope in terms.scopes):
        said = f"the scopes {', '.join(map(str, terms.scopes)) or '(none)'} are not all known"
        raise Refusal(said, _CLAUSE, f"Choose of {', '.join(SCOPES)}.")
    if not timedelta(0) < terms.life <= LONGEST_LIFE:
        raise Refusal("a token lives at most a year", _CLAUSE, "Choose a shorter life, and renew it in time.")
    if not terms.label.strip():
        raise Refusal("a token needs the name of its system", _CLAUSE, "Name the system.")
    _require_held(history, terms.holder)
    if any(one.digest == digest for one in issued_tokens(history)):
        raise Refusal("this token was issued before", _CLAUSE, "Issue another one.")
    holder, scopes = terms.holder, [scope for scope in SCOPES if scope in terms.scopes]
    body: dict[str, JSON] = {"user": holder.user, "role": holder.role, "site": holder.site, "label": terms.label}
    body |= {"scopes": list[JSON](scopes), "digest": digest, "expires": moment_text(at + terms.life)}
    return [Event("token_issued", None, on, body)]


def _require_held(history: History, holder: Grant) -> None:
    if holder.site not in history.state.sites:
        raise Refusal(f"there is no site {holder.site!r}", _CLAUSE, "A token acts at one site: name one that is open.")
    if not {holder, replace(holder, site=None)} & set(grants(history)):
        role = holder.role.replace("_", " ")
        said = f"{holder.user} does not hold the role {role} at {holder.site}"
        raise Refusal(said, _CLAUSE, "Grant the role first, or choose whoever holds it.")


def revoke_token(
    protocol: Protocol, history: History, *, digest: str, reason: str, on: date, by: Actor, at: datetime
) -> list[Event]:
    """End a token before its time; also after the study is closed, since it may still read. Raises Refusal."""
    known = {one.digest: one for one in issued_tokens(history)}.get(digest)
    if known is None:
        raise Refusal("there is no such token", _CLAUSE)
    if known.ended is not None:
        raise Refusal("the token is ended already", _CLAUSE)
    if not reason.strip():
        raise Refusal("a token is not ended without a reason", _CLAUSE, "Say why.")
    return [Event("token_revoked", None, on, {"digest": digest, "label": known.label}, reason=reason)]
