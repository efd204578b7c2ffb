"""When a participant's treatment and follow-up ended, from everything that tells it."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct.forms import FormEntry, context, entries_reading
from evenhand.dates import DateSpan, on_day
from evenhand.protocol import Protocol
from evenhand.protocol.plan.endings import By, Ending, Endings
from evenhand.record import SubjectHistory

_NONE: Final = Endings()


class Progressed(typing.Protocol):
    """A progression as the room of response gives it: its day, by which entry, and whether a clinician determined it.
    One that is only proposed ends nothing."""

    @property
    def day(self) -> date: ...

    @property
    def seq(self) -> int | None: ...

    @property
    def determined(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Ended:
    """One ending of one participant: which, on which day (a death may be known to the month alone), and by which entry
    of the record (None: by time alone).

    ``told`` is the day on which it was determined, where that is later: a progression is dated back to the scan that
    first showed it, and what was collected until it was determined was collected rightly. ``entered`` is the day on
    which a form that tells of it was entered: by then it had happened, whatever days its date leaves open.
    """

    ending: Ending
    span: DateSpan
    seq: int | None = None
    told: date | None = None
    entered: date | None = None

    @property
    def day(self) -> date:
        """The last day that it may have been: until then things may have been seen."""
        return self.span.last

    @property
    def collected_until(self) -> date:
        """The last day of what is collected as if nothing had ended."""
        return self.day if self.told is None else max(self.day, self.told)


@dataclass(frozen=True, slots=True)
class Ends:
    """All endings in the order of their days, those taken back left out.

    ``randomized`` is None before randomization. ``at_most`` is the last day of follow-up that time allows, that day
    included (None before randomization).
    """

    randomized: date | None
    at_most: date | None
    endings: tuple[Ended, ...] = ()

    @property
    def follow_up(self) -> Ended | None:
        """What ended follow-up first; a time still to come counts. None where nothing does."""
        return next((one for one in self.endings if one.ending.ends == "follow_up"), None)

    @property
    def last(self) -> date | None:
        """The last day of follow-up, included; it may lie ahead. None where no end is in sight."""
        ended = self.follow_up
        return self.at_most if ended is None else ended.day

    def over(self, on: date) -> bool:
        """Whether follow-up has ended by a day: by time on the day after its last one, otherwise on the day itself."""
        ended = self.follow_up
        return ended is not None and reached(ended, on)


def reached(ended: Ended, on: date) -> bool:
    """Whether an ending has come about by a day. The last day that time allows is still one of follow-up."""
    if ended.ending.by == "time":
        return ended.day < on
    return ended.day <= on or (ended.entered is not None and max(ended.span.first, ended.entered) <= on)


def ends(protocol: Protocol, known: SubjectHistory, progressed: Progressed | None = None) -> Ends:
    """Everything that ends treatment or follow-up; ``progressed`` is what the room of response says.

    The proper source of an ending counts before the disposition form: the determination for a progression, the
    calendar for the longest follow-up, the death form for a death, the record of consent for its withdrawal.
    """
    randomized = context(known).randomized
    at_most = None if randomized is None else protocol.enrollment.follow_up_at_most.after(randomized)
    rules = _rules(protocol)
    told = dict(_told(rules, protocol, known, progressed))
    said = [one for one in _said(rules, protocol, known) if one.ending.id not in told and one.ending.by != "time"]
    found = sorted((*told.values(), *said), key=lambda one: one.day)
    in_time = rules.by("time")
    if at_most is not None and in_time is not None and not _ended_by(found, at_most):
        found = sorted((*found, Ended(in_time, on_day(at_most))), key=lambda one: one.day)
    return Ends(randomized, at_most, tuple(found))


def _rules(protocol: Protocol) -> Endings:
    return protocol.plan.schedule.endings if protocol.plan and protocol.plan.schedule else _NONE


def ending_of(protocol: Protocol, name: str) -> Ending | None:
    """The ending of an id, None where the study describes none."""
    return _rules(protocol).by_id.get(name)


def _ended_by(found: list[Ended], day: date) -> bool:
    return any(one.ending.ends == "follow_up" and one.day <= day for one in found)


def _told(
    rules: Endings, protocol: Protocol, known: SubjectHistory, progressed: Progressed | None
) -> Iterator[tuple[str, Ended]]:
    """The endings that have a source of their own."""
    ways: tuple[tuple[By, _Told | None], ...] = (
        ("progression", _progression(known, progressed)),
        ("death", _death(protocol, known)),
        ("consent", _withdrawal(known)),
    )
    for by, told in ways:
        ending = rules.by(by)
        if ending is not None and told is not None:
            yield ending.id, Ended(ending, *told)


_Told = tuple[DateSpan, int | None, date | None] | tuple[DateSpan, int | None, date | None, date]


def _progression(known: SubjectHistory, progressed: Progressed | None) -> _Told | None:
    if progressed is None or not progressed.determined:
        return None
    said = next((one.effective for one in known.standing if one.seq == progressed.seq), None)
    return on_day(progressed.day), progressed.seq, said


def _death(protocol: Protocol, known: SubjectHistory) -> _Told | None:
    for entry in entries_reading(protocol, known, "death"):
        if isinstance(died := entry.values.get("died"), DateSpan):
            return died, entry.seq, None, _entered(entry)
    return None


def _withdrawal(known: SubjectHistory) -> _Told | None:
    """The withdrawal of the last consent; a consent given anew takes an earlier withdrawal back."""
    withdrawals = known.of("consent_withdrawn")
    given = known.consents if withdrawals else ()
    if not given or given[-1].withdrawn is None:
        return None
    day = given[-1].withdrawn
    seq = next((one.seq for one in withdrawals if one.effective == day), None)
    return on_day(day), seq, None


def _said(rules: Endings, protocol: Protocol, known: SubjectHistory) -> Iterator[Ended]:
    """What disposition forms say, each ending once and by its first day, unless the person was seen again."""
    seen: set[str] = set()
    said = sorted(dispositions(protocol, known), key=lambda one: (one[1].last, one[2].seq))
    for name, span, entry in said:
        ending = rules.by_id.get(name)
        if ending is None or name in seen:
            continue
        if ending.until_seen_again and _seen_after(protocol, known, span.last):
            continue
        seen.add(name)
        yield Ended(ending, span, entry.seq, entered=_entered(entry))


def _entered(entry: FormEntry) -> date:
    """The day on which what stands in a form was entered, as UTC has it."""
    return entry.standing.latest.recorded_at.date()


def dispositions(protocol: Protocol, known: SubjectHistory) -> Iterator[tuple[str, DateSpan, FormEntry]]:
    """What each disposition form says: the ending and its day."""
    for entry in entries_reading(protocol, known, "disposition"):
        name, span = entry.values.get("ending"), entry.values.get("ended")
        if isinstance(name, str) and isinstance(span, DateSpan):
            yield name, span, entry


def _seen_after(protocol: Protocol, known: SubjectHistory, day: date) -> bool:
    return any(entry.day > day for entry in entries_reading(protocol, known, "visit"))
