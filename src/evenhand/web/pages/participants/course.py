"""What the engines say about a participant today, worked out once for each state of her record."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from evenhand.conduct import disposition, lesions, quality, response, safety, schedule, treatment
from evenhand.conduct.disposition import Ended, Ends
from evenhand.conduct.ending import ends_of
from evenhand.conduct.lesions import Lives
from evenhand.conduct.quality import EntryStatus
from evenhand.conduct.response import Compared, Evaluation
from evenhand.conduct.safety import Obligation
from evenhand.conduct.schedule import Due, Occurrence, Waiting
from evenhand.conduct.treatment import LocalTherapy, registered_lesions
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.web.pages.participants.about import About

_MOST: Final = 2_000  # assumed: participants whom one process shows again soon
_HELD: dict[tuple[str, str | None], Course] = {}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A part of a page, and what it was rendered from."""

    shown: Mapping[str, object]
    markup: SafeString


@dataclass(frozen=True, eq=False)
class Course:
    """One participant on one day; every part is worked out when it is first asked for."""

    protocol: Protocol
    known: SubjectHistory
    on: date
    zone: ZoneInfo | None = None  # where her site counts days and hours; None leaves it to the study
    rendered: dict[Hashable, Rendered] = field(default_factory=dict)  # parts of pages, kept by who renders them
    before: Mapping[Hashable, Rendered] = field(default_factory=dict)  # those of the record before its last change

    @cached_property
    def ends(self) -> Ends:
        """What ended treatment or follow-up."""
        return ends_of(self.protocol, self.known)

    @cached_property
    def standing(self) -> Ended | None:
        """The most final ending reached; None for somebody treated and followed."""
        return disposition.standing(self.ends, self.on)

    @cached_property
    def visits(self) -> tuple[Occurrence, ...]:
        """All visits, by day."""
        return schedule.occurrences(self.protocol, self.known, self.on, self.ends)

    @cached_property
    def due(self) -> tuple[Due, ...]:
        """What is late, due and coming."""
        return schedule.due(self.protocol, self.known, self.on, self.ends)

    @cached_property
    def waiting(self) -> tuple[Waiting, ...]:
        """The visits that cannot be planned yet."""
        return schedule.waiting(self.protocol, self.known, self.ends)

    @cached_property
    def lives(self) -> Lives:
        """Each lesion from first sight to last."""
        return lesions.lives(self.protocol, self.known)

    @cached_property
    def evaluation(self) -> Evaluation:
        """The responses that the scans propose."""
        return response.evaluation(self.protocol, self.known)

    @cached_property
    def compared(self) -> tuple[Compared, ...]:
        """Every scan beside what the clinician determined."""
        return response.compared(self.protocol, self.known)

    @cached_property
    def statuses(self) -> tuple[EntryStatus, ...]:
        """Where every entry stands."""
        return quality.statuses(self.protocol, self.known, self.on)

    @cached_property
    def obligations(self) -> tuple[Obligation, ...]:
        """What must be reported about adverse events, and by when."""
        return safety.obligations(self.protocol, self.known, self.zone)

    @cached_property
    def local(self) -> LocalTherapy | None:
        """Where local therapy stands; None where the study plans no treatment."""
        if self.protocol.plan is None or self.protocol.plan.treatment is None:
            return None
        labels = registered_lesions(self.protocol, self.known)
        return treatment.local_therapy(self.protocol, self.known, labels)


def course_of(protocol: Protocol, known: SubjectHistory, on: date, zone: ZoneInfo | None = None) -> Course:
    """The course of a participant on a day in the time zone of her site: the same object as long as her record is the
    same."""
    key = protocol.digest, known.subject
    held = _HELD.get(key)
    if held is None or held.known is not known or (held.on, held.zone) != (on, zone) or held.protocol is not protocol:
        if len(_HELD) >= _MOST:
            _HELD.clear()
        before = held.rendered if held is not None and held.protocol is protocol and held.zone == zone else {}
        held = _HELD[key] = Course(protocol, known, on, zone, before=before)
    return held


def forget() -> None:
    """Drop everything that is remembered."""
    _HELD.clear()


def course(about: About) -> Course:
    """The course of the participant of a page, today."""
    return course_of(about.protocol, about.known, about.today, about.zone)
