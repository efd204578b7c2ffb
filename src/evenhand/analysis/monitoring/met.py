"""Which stopping rules for events are met, fast enough for a page that is asked for now.

Who had an event is known at once; who was passed over takes seconds, and is asked only where there are events enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final, TypeAlias

from evenhand.analysis.cut import Participant, cut
from evenhand.analysis.monitoring.boundaries import Bound, bounds_of
from evenhand.analysis.monitoring.stopping import standing
from evenhand.analysis.monitoring.watched import had_event, watched_among
from evenhand.enrollment import newest_adopted, protocol_for
from evenhand.protocol import Protocol, Versions, as_versions
from evenhand.protocol.monitoring import EventRule
from evenhand.record import History
from evenhand.record.remembered import Remembered

Met: TypeAlias = tuple[str, int]
"""A rule by its id, and the people of the newest of its looks that is met."""
_HAD: Final = Remembered[tuple[bool]](20_000)


def rules_met_at(
    versions: Versions | Protocol, history: History, effective: date, recorded: datetime
) -> tuple[Met, ...]:
    """Those met at a data cut. Raises RecordError as ``cut``."""
    made = cut(versions, history, effective=effective, recorded=recorded)
    return rules_met(made.participants, newest_adopted(made.versions, made.history), effective)


def rules_met_now(versions: Versions | Protocol, history: History, on: date) -> tuple[Met, ...]:
    """Those met by everything that is recorded."""
    whole = as_versions(versions)
    people = [
        Participant(protocol_for(whole, history, one.subject), history.subject(one.subject))
        for one in history.allocations
    ]
    return rules_met(people, newest_adopted(whole, history), on)


def rules_met(people: Sequence[Participant], protocol: Protocol, on: date) -> tuple[Met, ...]:
    """Those met by a day, among the people given in the order of their randomization."""
    rules = protocol.monitoring.event_rules if protocol.monitoring else ()
    return tuple((rule.id, many) for rule in rules if (many := _newest_met(people, rule, on)))


def _newest_met(people: Sequence[Participant], rule: EventRule, on: date) -> int:
    """The people of the newest look that is met; 0 for none."""
    least = min((one.events for one in _bounds(rule) if one.events is not None), default=None)
    if least is None or sum(_had(people, rule)) < least:
        return 0
    found = standing(rule, watched_among(people, rule, on))
    return max((look.bound.people for look in found.looks if look.decided == "met"), default=0)


def _had(people: Sequence[Participant], rule: EventRule) -> Iterator[bool]:
    for one in people:
        question = (one.protocol, one.known, rule)
        yield _HAD.answer((one.subject, rule.id), question, lambda one=one: (had_event(one, rule),))[0]  # type: ignore[misc]


@lru_cache(maxsize=64)
def _bounds(rule: EventRule) -> tuple[Bound, ...]:
    return bounds_of(rule.boundary, float(rule.more_than), rule.looks)
