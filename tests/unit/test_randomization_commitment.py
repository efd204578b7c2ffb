"""The commitment to the secret."""

import hashlib
import hmac

import pytest

from evenhand.randomization import RandomizationError, commit, verify_commitment

ZEROS = bytes(32)
SHA_256_OF_32_ZEROS = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"


def test_a_commitment_is_the_secret_s_sha_256():
    assert commit(ZEROS) == SHA_256_OF_32_ZEROS


@pytest.mark.parametrize(
    ("secret", "commitment", "holds"),
    [
        (ZEROS, SHA_256_OF_32_ZEROS, True),
        (ZEROS, SHA_256_OF_32_ZEROS.upper(), True),
        (ZEROS + b"\0", SHA_256_OF_32_ZEROS, False),
        (b"\1" + ZEROS[1:], SHA_256_OF_32_ZEROS, False),
        (ZEROS, SHA_256_OF_32_ZEROS[:-1], False),
        (ZEROS, "", False),
        (ZEROS, "no digest, and ünusual", False),
    ],
)
def test_a_commitment_holds_for_its_own_secret_alone(secret, commitment, holds):
    assert verify_commitment(secret, commitment) is holds


@pytest.mark.parametrize("length", [32, 64])
def test_secrets_of_32_to_64_bytes_are_accepted(length):
    assert verify_commitment(bytes(length), commit(bytes(length)))


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        (b"", "0 bytes; draw at least 32"),
        (bytes(31), "31 bytes; draw at least 32"),
        (bytes(65), "65 bytes; draw at most 64"),
        ("a" * 32, "is str, not bytes"),
    ],
)
def test_other_secrets_are_refused(secret, message):
    with pytest.raises(RandomizationError, match=message):
        commit(secret)


def test_why_long_secrets_are_refused_their_published_commitment_would_be_the_key():
    long_secret = bytes(range(65))
    published = hashlib.sha256(long_secret).digest()
    with_secret = hmac.digest(long_secret, b"any message", "sha256")
    assert hmac.digest(published, b"any message", "sha256") == with_secret
