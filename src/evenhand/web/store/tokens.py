"""Keys of other systems. The database keeps only their digests, so that whoever reads it can use none."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from evenhand.record import Actor
from evenhand.refusal import Refusal
from evenhand.web import models

SCOPES: Final = ("screen", "read", "register", "randomize")
LONGEST_LIFE: Final = timedelta(days=366)  # assumed: a key is looked at again at least once a year


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever shows a valid token: acts as ``actor`` in ``study``, within ``scopes``."""

    study: str
    actor: Actor
    scopes: frozenset[str]
    label: str
    digest: str
    expires: datetime


def issue_token(study: str, user: str, *, label: str, role: str, site: str, scopes: list[str], life: timedelta) -> str:
    """A new token; it is shown once and kept nowhere. Raises Refusal for a scope that there is not, or a long life."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Refusal(f"the scopes {', '.join(scopes) or '(none)'} are not all known", "tokens", f"Choose of {SCOPES}.")
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise Refusal("a token lives at most a year", "tokens", "Choose a shorter life, and renew it in time.")
    token = f"evenhand_{secrets.token_urlsafe(32)}"
    models.Token.objects.create(
        digest=_digest(token),
        study_id=study,
        user=models.User.objects.get(username=user),
        label=label,
        role=role,
        site=site,
        scopes=sorted(scopes),
        expires=datetime.now(UTC) + life,
    )
    return token


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


def revoke_token(study: str, digest: str) -> None:
    """End a token. Raises Refusal for one that there is not."""
    if not models.Token.objects.filter(study_id=study, digest=digest).update(revoked=True):
        raise Refusal("there is no such token", "tokens")


def _bearer(row: models.Token) -> Bearer:
    actor = Actor(row.user.username, row.role, row.site)
    return Bearer(row.study_id, actor, frozenset(row.scopes), row.label, row.digest, row.expires)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
