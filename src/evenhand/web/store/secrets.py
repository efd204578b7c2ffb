"""The randomization secret, sealed: the database holds it only encrypted, the key is never in the database."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from evenhand.refusal import Refusal
from evenhand.web import models
from evenhand.web.deployment import derived_key


def seal(study: str, secret: bytes) -> None:
    """Keep the secret of a study, which has none yet. Raises Refusal where it has one."""
    kept = models.Study.objects.filter(id=study, sealed_secret=None).update(sealed_secret=_box().encrypt(secret))
    if not kept:
        raise Refusal("the study has a randomization secret already", "activation")


def unsealed(study: str) -> bytes:
    """The secret of a study. Raises Refusal where there is none, or where it was sealed under another key."""
    known = _OPENED.get((study, settings.KEY))
    if known is not None:
        return known
    sealed = models.Study.objects.values_list("sealed_secret", flat=True).get(id=study)
    if sealed is None:
        raise Refusal("the study has no randomization secret", "activation", "Activate the study first.")
    try:
        opened = _OPENED[study, settings.KEY] = _box().decrypt(bytes(sealed))
    except InvalidToken:
        mend = "Start with the key under which the study was activated; it is kept apart from the database's backup."
        raise Refusal("the randomization secret cannot be opened with this deployment's key", "sealing", mend) from None

    return opened


_OPENED: dict[tuple[str, bytes], bytes] = {}
"""In the memory of the process that allocates, which holds the key anyway."""


def forget_secrets() -> None:
    """Ask the database again."""
    _OPENED.clear()


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(settings.KEY, "sealing")))
