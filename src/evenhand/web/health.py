"""Whether the application may serve: the database answers, its tables are those of this release, the guard stands."""

from __future__ import annotations

from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from evenhand.web import triggers


def wrong() -> list[str]:
    """What is wrong, by name; an empty list when all is in order. Quick enough to be asked every second."""
    try:
        lacking = sorted(".".join(one) for one in _wanted() - set(MigrationRecorder(connection).applied_migrations()))
        if lacking:
            return [f"migration {one}" for one in lacking]
        return [f"trigger {one}" for one in triggers.missing()]
    except Error:
        return ["database"]


@cache
def _wanted() -> frozenset[tuple[str, str]]:
    """The migrations of this release; squashed ones, of which there are none, would need their replacements counted."""
    return frozenset(MigrationLoader(None).disk_migrations)
