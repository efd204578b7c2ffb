"""A request to write the record, as it waits for its turn, and what comes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from evenhand import steps
from evenhand.record import Actor, Entry, History
from evenhand.refusal import Refusal

Also = Callable[[Sequence[Entry]], None]
_SHOWN_AGAIN: Final = timedelta(minutes=2)  # assumed: a double click, or a form sent again since no answer came


@dataclass(frozen=True, slots=True)
class Seen:
    """What the user looked at: a subject, up to the entry of this number (0: nothing was there yet)."""

    subject: str
    seq: int


@dataclass(frozen=True, slots=True)
class Signing:
    """A signature to be put under what a step records: the signer's printed name, and what the signature means."""

    signer: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Performed:
    """What was recorded, and the history after it; ``repeated`` when the same request had recorded it before."""

    entries: tuple[Entry, ...]
    history: History
    repeated: bool = False


def require_just_done(done: Performed) -> None:
    """Raise Refusal where a request was carried out a while ago: what is shown once is not shown again by its form."""
    if done.repeated and datetime.now(UTC) - done.entries[0].recorded_at > _SHOWN_AGAIN:
        at = f"{done.entries[0].recorded_at:%Y-%m-%d %H:%M} UTC"
        raise Refusal(f"this form was sent before, at {at}", "idempotency key", "Open the page anew for another one.")


@dataclass(slots=True, eq=False)  # two clicks ask for the same, but each waits for itself
class Asked:
    """One request. ``outcome`` is what it gets: what was recorded, or the exception that its caller will see."""

    study: str
    step: steps.Step
    by: Actor
    given: dict[str, Any]
    key: str | None = None
    seen: Seen | None = None
    signing: Signing | None = None
    also: Also | None = None
    outcome: Performed | BaseException | None = None

    @property
    def digest(self) -> str:
        """Of who asked for what, so that a key cannot stand for two requests; the secret is not part of it."""
        asked = {name: str(value) for name, value in sorted(self.given.items()) if name != "secret"}
        name = getattr(self.step, "__name__", str(self.step))
        return hashlib.sha256(repr((name, self.by.user, self.by.role, self.by.site, asked)).encode()).hexdigest()
