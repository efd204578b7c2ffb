"""Django in tests: set up once, then a fresh, migrated database for each test, copied from a template.

Nothing is wrapped in a transaction and nothing is flushed: the record refuses deletion, and what is tested are real
transactions of several threads and processes. A test that has asked for no database finds none.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import django
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections

from tests.web.postgres import PostgresServer

ENGINES = ("sqlite", "postgresql")
KEY = "a key for tests, which guards nothing of worth"
TEMPLATE = "evenhand_template"
NOWHERE = {"ENGINE": "django.db.backends.dummy"}  # says so when a test uses a database without asking for one

T = TypeVar("T")
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Database:
    """A fresh, migrated database of one test, and a folder for what else the program keeps."""

    engine: str
    url: str
    data: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process of the program needs in order to work on this database."""
        return {"DATABASE_URL": self.url, "EVENHAND_DATA": str(self.data), "EVENHAND_KEY": KEY}


def set_up() -> None:
    """Set Django up on no database, with a data folder that goes with this process; again, it does nothing."""
    if settings.configured:
        return
    data = Path(tempfile.mkdtemp(prefix="evenhand-tests-"))
    (data / "static").mkdir()  # whitenoise warns without it
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    nowhere = Database("sqlite", f"sqlite:///{data / 'none.sqlite3'}", data)
    others = {name: value for name, value in os.environ.items() if not name.startswith("EVENHAND_")}
    ours = {"DJANGO_SETTINGS_MODULE": "evenhand.web.settings", **nowhere.environment}
    with mock.patch.dict(os.environ, {**others, **ours}, clear=True):
        django.setup()
    # The plain files: their names with digests need `collectstatic`, which the server does.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["tests.web.quick.Quick"]
    settings.SECOND_FACTOR = False  # `force_login` has none; tests/web/test_door.py switches it on
    _point_at(NOWHERE)


@contextlib.contextmanager
def connected(url: str) -> Iterator[None]:
    """Point Django at a database, and away from it in the end; what the program remembers of another is forgotten."""
    from evenhand.web.deployment import database_at  # noqa: PLC0415 - Django must stand first

    forget()
    _point_at(database_at(url))
    try:
        yield
    finally:
        _point_at(NOWHERE)
        forget()


def _point_at(described: dict[str, Any]) -> None:
    """Each thread makes its own connection from this description when it first needs one."""
    connections.close_all()
    with contextlib.suppress(AttributeError):  # this thread has none yet
        del connections["default"]
    connections.settings["default"] = described
    connections.configure_settings(connections.settings)


def forget() -> None:
    """Empty what a process keeps of a database: histories, content types, counted sign-ins."""
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415 - Django must stand first

    from evenhand.web import store  # noqa: PLC0415 - Django must stand first

    store.forget()
    ContentType.objects.clear_cache()
    for cache in caches.all():
        cache.clear()


def migrated(url: str) -> None:
    """Bring a database's tables and triggers to their present form."""
    with connected(url):
        call_command("migrate", verbosity=0, interactive=False)


# ---- copies of a template ----------------------------------------------------------------------


@contextlib.contextmanager
def sqlite_database(meeting: Path, folder: Path) -> Iterator[Database]:
    """A copy of the migrated SQLite file, in use. The first process of a test run makes the template."""
    template, copy = meeting / f"{TEMPLATE}.sqlite3", folder / "evenhand.sqlite3"
    with _alone(meeting / f"{TEMPLATE}.lock"):
        if not template.exists():
            draft = template.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            migrated(f"sqlite:///{draft}")
            draft.rename(template)
    shutil.copyfile(template, copy)
    database = Database("sqlite", f"sqlite:///{copy}", folder)
    with connected(database.url):
        yield database


@contextlib.contextmanager
def postgres_database(server: PostgresServer, meeting: Path, folder: Path) -> Iterator[Database]:
    """A copy of the migrated PostgreSQL database, in use; it is dropped in the end, whoever is still connected."""
    with _alone(meeting / f"{TEMPLATE}.lock"):
        prepare_template(server)
    name = f"test_{os.getpid()}_{next(_numbers)}"
    database = Database("postgresql", server.create(name, TEMPLATE), folder)
    try:
        with connected(database.url):
            yield database
    finally:
        server.drop(name)


def prepare_template(server: PostgresServer) -> None:
    """Make the migrated database that others are copied from, unless this server has it."""
    if TEMPLATE not in server.databases():
        draft = f"{TEMPLATE}_draft"
        server.drop(draft)
        migrated(server.create(draft))
        server.rename(draft, TEMPLATE)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# ---- threads -----------------------------------------------------------------------------------


def together(jobs: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Do all jobs at one moment, each on a thread with a connection of its own; their answers, or what they raised."""
    start = threading.Barrier(len(jobs))

    def one(job: Callable[[], T]) -> T | Exception:
        start.wait(timeout=30)
        try:
            return job()
        except Exception as error:  # the caller judges it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(one, jobs))
