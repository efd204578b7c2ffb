"""The commitment to a study's secret: published before the first allocation, opened after the last.

The record keeps `commit(secret)`, the SHA-256 of the secret's bytes in lower-case hexadecimal. SHA-256 hides
a secret of 32 random bytes and binds whoever drew it: no second secret with the same commitment can be
found. When the study closes the secret is revealed, `verify_commitment` shows that it is the one committed
to, and every allocation can be derived again (see `stream`).
"""

import hashlib
import hmac

from evenhand.randomization.errors import RandomizationError

SHORTEST_SECRET = 32
LONGEST_SECRET = 64  # the block of SHA-256, in bytes


def require_secret(secret: bytes) -> None:
    """Raise RandomizationError unless `secret` has 32 to 64 bytes.

    The upper bound guards the secret itself: HMAC replaces a key longer than 64 bytes by its SHA-256
    (RFC 2104, section 2), which is exactly the commitment that everybody can read.
    """
    if not isinstance(secret, bytes):
        raise RandomizationError(f"the secret is {type(secret).__name__}, not bytes; decode it first")
    if len(secret) < SHORTEST_SECRET:
        raise RandomizationError(
            f"the secret has {len(secret)} bytes; draw at least {SHORTEST_SECRET} from a cryptographic source"
        )
    if len(secret) > LONGEST_SECRET:
        raise RandomizationError(
            f"the secret has {len(secret)} bytes; draw at most {LONGEST_SECRET}, because HMAC would use "
            "a longer one's SHA-256 as its key, and that is public"
        )


def commit(secret: bytes) -> str:
    """The SHA-256 of `secret` (32 to 64 bytes) as 64 lower-case hexadecimal digits."""
    require_secret(secret)
    return hashlib.sha256(secret).hexdigest()


def verify_commitment(secret: bytes, commitment: str) -> bool:
    """Whether `commitment` (hexadecimal, either case) was made from `secret`; compared in constant time."""
    return hmac.compare_digest(commit(secret).encode(), commitment.lower().encode())
