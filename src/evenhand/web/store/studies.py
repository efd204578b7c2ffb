"""The studies that run here, and their protocols, each loaded once a process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from evenhand.protocol import Protocol, Versions, find_study, load_protocol, load_versions
from evenhand.web import models

_FEW = 64


def add_study(folder: str, version: str | None = None) -> Protocol:
    """Let a study run here; one that does already stays as it is. Raises StudyError for what cannot be loaded."""
    protocol = load_protocol(find_study(folder), version)
    values = {"folder": folder, "version": protocol.version.id}
    models.Study.objects.get_or_create(id=protocol.study, defaults=values)
    return protocol


def studies() -> list[str]:
    """The ids of the studies that run here."""
    return list(models.Study.objects.order_by("id").values_list("id", flat=True))


def protocol_of(study: str) -> Protocol:
    """The protocol under which a study was added here. Raises KeyError for a study that does not run here."""
    return versions_of(study).start


def versions_of(study: str) -> Versions:
    """All protocol versions of a study, as they were when this process began: a new folder counts after a restart.

    Raises KeyError for a study that does not run here.
    """
    known = _PLACES.get(study)
    if known is None:
        row = models.Study.objects.filter(id=study).first()
        if row is None:
            raise KeyError(study)
        known = _PLACES[study] = (row.folder, row.version)
    return _loaded(*known)


_PLACES: dict[str, tuple[str, str]] = {}


def forget_places() -> None:
    """Ask the database again where studies are."""
    _PLACES.clear()


@lru_cache(_FEW)
def _loaded(folder: str, version: str) -> Versions:
    return load_versions(find_study(folder), version)


def study_folder(study: str) -> Path:
    """Where the study's files are."""
    row = models.Study.objects.get(id=study)
    return find_study(row.folder)
