"""What a step is and returns."""

from __future__ import annotations

from collections.abc import Callable

from evenhand.record import JSON, Event

Events = list[Event]
Step = Callable[..., Events]
Body = dict[str, JSON]
