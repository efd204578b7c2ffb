"""All versions of one study: an amendment is a new folder beside the earlier ones, which stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from evenhand.protocol.load import load_protocol, version_ids
from evenhand.protocol.model import Protocol
from evenhand.protocol.places import StudyError


@dataclass(frozen=True, slots=True, eq=False)
class Versions:
    """The protocol versions of a study, the oldest first.

    ``start`` is the one under which the study is activated, unless the record says another. ``faults`` tells of
    versions that cannot be loaded, by id: a draft with a mistake must not stop a trial that runs under another one.
    """

    protocols: tuple[Protocol, ...]
    start: Protocol
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    _by_digest: Mapping[str, Protocol] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, *protocols: Protocol, start: str | None = None, faults: Mapping[str, tuple[str, ...]] = {}) -> Versions:
        """Versions from protocols in any order; ``start`` is the newest, unless its id is given. Raises KeyError."""
        ordered = tuple(sorted(protocols, key=lambda one: one.version.number))
        by_id = {one.version.id: one for one in ordered}
        known = {one.digest: one for one in ordered}
        return cls(ordered, by_id[start] if start else ordered[-1], MappingProxyType(dict(faults)), known)

    def __iter__(self) -> Iterator[Protocol]:
        return iter(self.protocols)

    @property
    def study(self) -> str:
        """The study's id."""
        return self.start.study

    @property
    def newest(self) -> Protocol:
        """The newest version that can be loaded."""
        return self.protocols[-1]

    def named(self, version: str) -> Protocol | None:
        """The version of an id, None for one that there is not."""
        return next((one for one in self.protocols if one.version.id == version), None)

    def of_digest(self, digest: str | None) -> Protocol | None:
        """The version whose files have this digest, None where no folder has it."""
        return self._by_digest.get(digest or "")

    def before(self, protocol: Protocol) -> Protocol | None:
        """The version before another one, None before the first."""
        return next((one for one in reversed(self.protocols) if one.version.number < protocol.version.number), None)


def load_versions(folder: Path, start: str | None = None) -> Versions:
    """All versions of a study. ``start`` names the one to start with, the newest when none is named.

    Raises StudyError where that one, or study.yaml, cannot be used; the faults of others are told in ``faults``.
    """
    ids = version_ids(folder)
    first = load_protocol(folder, start)
    protocols, faults = [first], {}
    for version in ids:
        if version != first.version.id:
            try:
                protocols.append(load_protocol(folder, version))
            except StudyError as error:
                faults[version] = error.faults
    return Versions.of(*protocols, start=first.version.id, faults=faults)


def as_versions(given: Protocol | Versions) -> Versions:
    """Versions as they are; one protocol as the only version that there is."""
    return given if isinstance(given, Versions) else Versions.of(given)
