"""The official grade sentences of CTCAE, where somebody imported them into the data folder."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from evenhand.oncology.ctcae import Descriptor
from evenhand.oncology.ctcae.descriptors import file_in, read

_LOG: Final = logging.getLogger(__name__)


def official(version: str) -> Mapping[str, Descriptor]:
    """The official descriptors of a version by term; none where nothing was imported, or what was cannot be read."""
    folder = Path(settings.DATA)
    try:
        changed = file_in(folder, version).stat().st_mtime_ns
    except FileNotFoundError:
        return {}
    return _read(folder, version, changed)


@lru_cache(maxsize=4)
def _read(folder: Path, version: str, changed: int) -> Mapping[str, Descriptor]:
    try:
        return read(folder, version)
    except ValueError as error:
        _LOG.warning("the imported dictionary of CTCAE %s cannot be read: %s", version, error)
        return {}
