"""Keys of other systems. The database keeps only their digests, so that whoever reads it can use none."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from evenhand import administration
from evenhand.administration import SCOPES, TokenTerms
from evenhand.record import Actor, Entry
from evenhand.refusal import Refusal
from evenhand.web import models
from evenhand.web.deployment import derived_key
from evenhand.web.store.perform import perform
from evenhand.web.store.request import require_just_done

__all__ = ["SCOPES", "Bearer", "bearer_of", "issue_token", "revoke_token", "tokens_of"]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever shows a valid token: acts as ``actor`` in ``study``, within ``scopes``."""

    study: str
    actor: Actor
    scopes: frozenset[str]
    label: str
    digest: str
    expires: datetime


def issue_token(study: str, terms: TokenTerms, *, by: Actor, key: str | None = None) -> str:
    """A new token, recorded; it is shown once and kept nowhere. Asked again at once under the same ``key``: the same.

    Raises Refusal, for a scope that there is not, a long life, or a role that the user does not hold at the site.
    """
    token = _token(study, by, key)

    def keep(entries: Sequence[Entry]) -> None:
        _keep(study, entries[0])

    step = administration.issue_token
    require_just_done(perform(study, step, by=by, key=key, also=keep, terms=terms, digest=_digest(token)))
    return token


def _keep(study: str, issued: Entry) -> None:
    """The row by which the token is known, from what was recorded of it. Raises Refusal where there is no account."""
    user = str(issued.body["user"])
    account = models.User.objects.filter(username=user).first()
    if account is None:
        raise Refusal(f"there is no account {user!r}", "tokens", "Make the account first.")
    said = {name: issued.body[name] for name in ("digest", "label", "role", "site", "scopes")}
    expires = datetime.fromisoformat(str(issued.body["expires"]))
    models.Token.objects.create(study_id=study, user=account, expires=expires, **said)


def bearer_of(token: str) -> Bearer | None:
    """Who shows this token; None for one that is unknown, expired or revoked, or whose user is gone."""
    row = models.Token.objects.select_related("user").filter(digest=_digest(token), revoked=False).first()
    if row is None or row.expires <= datetime.now(UTC) or not row.user.is_active:
        return None
    return _bearer(row)


def tokens_of(study: str) -> list[Bearer]:
    """All tokens of a study that are not revoked, the newest last."""
    rows = models.Token.objects.select_related("user").filter(study_id=study, revoked=False)
    return [_bearer(row) for row in rows.order_by("expires")]


def revoke_token(study: str, digest: str, *, by: Actor, reason: str, key: str | None = None) -> None:
    """End a token at once, and record it. Raises Refusal for one that there is not."""

    def end(_: Sequence[Entry]) -> None:
        models.Token.objects.filter(study_id=study, digest=digest).update(revoked=True)

    perform(study, administration.revoke_token, by=by, key=key, also=end, digest=digest, reason=reason)


def _bearer(row: models.Token) -> Bearer:
    actor = Actor(row.user.username, row.role, row.site)
    return Bearer(row.study_id, actor, frozenset(row.scopes), row.label, row.digest, row.expires)


def _token(study: str, by: Actor, key: str | None) -> str:
    """Drawn at random; for a request with a key, made of it and the deployment's own, so that a double click gets the
    token of the first click although nothing keeps it.
    """
    if key is None:
        return f"evenhand_{secrets.token_urlsafe(32)}"
    made = hmac.digest(derived_key(settings.KEY, "tokens"), repr((study, by.user, key)).encode(), hashlib.sha256)
    return f"evenhand_{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
