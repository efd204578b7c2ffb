"""The walk through a record, entry by entry: was it allowed then, and did whoever did it hold the role?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evenhand.administration import INSTALLER, Grant, grants
from evenhand.protocol import Versions
from evenhand.randomization import RandomizationError
from evenhand.record import Entry, Finding, History, RecordError
from evenhand.refusal import Refusal
from evenhand.replay.before import Before
from evenhand.replay.checks import checked


class Walk:
    """Goes through the entries and remembers who holds which role."""

    def __init__(self, versions: Versions, secret: bytes | None) -> None:
        self._before = Before(versions, secret)
        self._held: frozenset[Grant] = frozenset()

    @property
    def history(self) -> History:
        """The record as far as the walk has come."""
        return self._before.history

    def through(self, entries: Iterable[Entry]) -> Iterator[Finding]:
        """What is found, in the order of the record."""
        for entry in entries:
            yield from self._fault(entry)
            self._before.put_down(entry)
            if entry.kind in ("role_granted", "role_revoked"):
                self._held = frozenset(grants(self.history))

    def _fault(self, entry: Entry) -> Iterator[Finding]:
        try:
            self._before.take_up(entry)
            said = self._authority(entry) or checked(self._before, entry)
        except Refusal as refusal:
            said = f"the step was not allowed: {refusal}"
        except (RandomizationError, RecordError, KeyError, TypeError, ValueError) as error:
            said = f"the step cannot be taken again: {error}"
        if said:
            yield Finding(seq=entry.seq, line=entry.seq, what=f"{entry}: {said}", mend="Ask who recorded it.")

    def _authority(self, entry: Entry) -> str:
        """Once the record says who holds which role, nobody else may have acted. A record without a delegation log,
        such as a made-up one, has no such question; and the first grant is made by whoever set the study up. Whoever
        runs the machine may let an administrator in, also later, should all others be gone."""
        by = entry.by
        if by == INSTALLER and _of_installer(entry):
            return ""
        if not self._held or self._held & {Grant(by.user, by.role, by.site), Grant(by.user, by.role, None)}:
            return ""
        place = f" at {by.site}" if by.site else ""
        return f"{by.user} did not hold the role {by.role.replace('_', ' ')}{place} then"


def _of_installer(entry: Entry) -> bool:
    """Whether this is what whoever runs the machine does: an account, a way in, and the role of an administrator."""
    granted = entry.kind == "role_granted" and entry.body["role"] == "administrator" and not entry.body.get("site")
    return granted or entry.kind in ("account_made", "way_in_given")
