"""What was typed in a form that the end of a session kept from being taken: sealed, for a while, for one user.

It is no part of the record, and may hold what the record never holds (a name in the form of a new candidate). So it is
encrypted under a key that is not in the database, found by nobody but who typed it, and erased once the form is sent.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from evenhand.web import models
from evenhand.web.deployment import derived_key

KEPT_FOR: Final = timedelta(hours=1)  # assumed: time to find the phone with the second factor, and no more
_MOST: Final = 1024 * 1024  # bytes; assumed: many times what anybody types into one form


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, by the fields of the form (each may hold several values); ``file``: a file was chosen too."""

    fields: Mapping[str, Sequence[str]]
    file: bool = False


def keep(user: str, path: str, typed: Typed) -> str | None:
    """Keep what a user typed in the form at a path. Gives the name under which it is found; None if it is too much."""
    text = json.dumps([user, path, dict(typed.fields), typed.file]).encode()
    if len(text) > _MOST:
        return None
    forget_old()
    name = secrets.token_urlsafe(18)
    expires = datetime.now(UTC) + KEPT_FOR
    models.Kept.objects.create(digest=_digest(name), expires=expires, sealed=_box().encrypt(text))
    return name


def forget_old() -> None:
    """Erase what is older than its time: whenever something is kept, and whenever somebody signs in."""
    models.Kept.objects.filter(expires__lte=datetime.now(UTC)).delete()


def kept(name: str, user: str, path: str) -> Typed | None:
    """What this user typed in the form at this path; None for anybody else, anywhere else, and after its time."""
    row = models.Kept.objects.filter(digest=_digest(name), expires__gt=datetime.now(UTC)).first()
    if row is None:
        return None
    try:
        whose, where, fields, file = json.loads(_box().decrypt(bytes(row.sealed)))
    except InvalidToken:  # the deployment has another key by now
        return None
    return Typed(fields, file) if (whose, where) == (user, path) else None


def forget_kept(name: str, user: str, path: str) -> None:
    """Erase what this user typed there; somebody else's stays for its owner."""
    if kept(name, user, path) is not None:
        models.Kept.objects.filter(digest=_digest(name)).delete()


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(settings.KEY, "kept forms")))
