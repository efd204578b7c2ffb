"""What differs between the places where Evenhand runs: data folder, key, database. Read from the environment."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_KEY_BYTES = 32


def data_folder() -> Path:
    """The folder of the key and the embedded database. One that is named is made on first use, for its owner alone."""
    named = os.environ.get("EVENHAND_DATA")
    folder = Path(named or "evenhand-data").resolve()
    if named:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def deployment_key(folder: Path) -> bytes:
    """The key under which secrets are sealed and sessions are signed.

    It is never in the database: who holds the database alone can predict nothing. Where neither a key nor a data folder
    is named (a tool that only reads the settings), it is one for this process alone. Raises ImproperlyConfigured for a
    key that is too short to be one.
    """
    given = os.environ.get("EVENHAND_KEY")
    if given is None:
        given = _own_key(folder / "key") if folder.exists() else secrets.token_hex(_KEY_BYTES)
    if len(given.strip()) < _KEY_BYTES:
        raise ImproperlyConfigured("EVENHAND_KEY is too short: give at least 32 characters drawn at random.")
    return given.strip().encode()


def _own_key(path: Path) -> str:
    """The key in a file; two programs that start at once agree on the one that came first."""
    if not path.exists():
        drawn = path.with_name(f"key.{os.getpid()}")
        drawn.touch(mode=0o600)
        drawn.write_text(secrets.token_hex(_KEY_BYTES), "ascii")
        try:
            os.link(drawn, path)
        except FileExistsError:
            pass
        finally:
            drawn.unlink()
    return path.read_text("ascii")


def derived_key(key: bytes, purpose: str) -> bytes:
    """A key for one purpose, 32 bytes, that tells nothing about those for others."""
    return hmac.digest(key, f"evenhand {purpose}".encode(), hashlib.sha256)


def database(folder: Path) -> dict[str, Any]:
    """Django's settings for DATABASE_URL, or for an SQLite file in the data folder."""
    return database_at(os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'evenhand.sqlite3'}")


def database_at(url: str) -> dict[str, Any]:
    """Django's settings for a database's address. Raises ImproperlyConfigured for what is none."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(url.removeprefix("sqlite:///"))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": asked.pop("host", parts.hostname or ""),
        "PORT": asked.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": asked,
    }


def _sqlite(path: str) -> dict[str, Any]:
    """Writers queue up at the start of a transaction; with the default mode they fail in its middle."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,  # seconds a writer waits for the others
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
