"""What a check knows: the record before the entry in hand, and the version of the protocol that held then."""

from __future__ import annotations

from typing import Any

from evenhand import steps
from evenhand.enrollment import protocol_at, protocol_of_step, require_running
from evenhand.protocol import Protocol, Versions
from evenhand.record import JSON, Entry, History


class Before:
    """The record before the entry in hand. ``protocol`` is the version that held for whom that entry is about;
    ``secret`` is None where it is not known."""

    def __init__(self, versions: Versions, secret: bytes | None) -> None:
        self.versions = versions
        self.protocol = versions.start
        self.secret = secret
        self._history = History(versions.study)
        self._waiting: list[Entry] = []
        self._waiting_about: set[str | None] = set()
        self._study_waits = False  # whether something about the whole study, which counts at once, waits to be folded

    @property
    def history(self) -> History:
        """The record before the entry in hand. Entries about people are folded when somebody asks, many at once."""
        if self._waiting:
            self._history, self._waiting = self._history.extend(self._waiting), []
            self._study_waits = False
            self._waiting_about.clear()
        return self._history

    @property
    def study(self) -> History:
        """The record as far as the study as a whole goes: what waits about people is not folded to know it."""
        return self.history if self._study_waits else self._history

    def take_up(self, entry: Entry) -> None:
        """Come to an entry: choose the version by which it is judged."""
        self.protocol = self._protocol_then(entry)

    def put_down(self, entry: Entry) -> None:
        """Leave an entry behind: it is part of the record before the next one."""
        self._waiting.append(entry)
        self._waiting_about.add(entry.subject)
        self._study_waits |= entry.subject is None

    def _protocol_then(self, entry: Entry) -> Protocol:
        """The version that held; what waits about others is not folded to know it."""
        known = self.study
        if not known.state.activated:
            return self.versions.of_digest(str(entry.body.get("protocol_digest"))) or self.versions.start
        if not known.state.amended:
            return protocol_at(self.versions, known, None)
        known = self.history if entry.subject in self._waiting_about else known
        return protocol_of_step(self.versions, known, subject=entry.subject, site=entry.by.site)

    def require_running(self) -> None:
        """Raise Refusal unless the study runs."""
        require_running(self.protocol, self.study)

    def again(self, entry: Entry, step: steps.Step, **given: Any) -> str:
        """Take a step again; what differs between its first event and the entry."""
        event, *_ = step(self.protocol, self.history, on=entry.effective, by=entry.by, at=entry.recorded_at, **given)
        return difference(dict(event.body), entry.body)


def difference(expected: dict[str, JSON], found: dict[str, JSON]) -> str:
    """What an entry says otherwise than its step would, in words; empty where they agree."""
    keys = sorted(key for key in {*expected, *found} if expected.get(key) != found.get(key) and key != "remark")
    return "; ".join(f"{key} is {found.get(key)!r}, but the step gives {expected.get(key)!r}" for key in keys)
