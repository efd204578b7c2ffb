"""Progression-free survival of one person: the first event, or where observation ended.

The rules are those of the reference (oncology rules, 2.6), from FDA, Clinical Trial Endpoints (2018), appendices, by
the estimand of ``endpoints.yaml``. Ours, where these leave it open: two assessments count as missed when more than
twice the spacing of visits and one window have passed since the last adequate one; what is found after the end of
follow-up is not counted; a progression that nobody has signed is no event, and no assessment from its day on shows that
there was none; a progression or death before randomization leaves the person without an observed day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple, TypeVar

from evenhand.analysis.deaths import day_of_death
from evenhand.analysis.outcome import CENSORED, Outcome, days_said, said
from evenhand.analysis.seen import Assessed, Begun, Progressed, Seen
from evenhand.dates import Period
from evenhand.protocol.endpoints import Endpoint, Estimand

_BASIS: Final = {
    "radiographic": "progression on images, as determined",
    "pathological": "progression by biopsy, as determined",
    "clinical": "clinical progression, as determined",
    "proposed": "progression by the scans",
}
_COUNTS: Final = {2: "two missed scans", 3: "three missed scans"}


class _Event(NamedTuple):
    """Something that counts: of a day, the lower ``order`` comes first."""

    day: date
    order: int
    reason: str
    say: str
    seq: int | None
    domain: str
    imputed: str = ""


class _Stop(NamedTuple):
    """Something that ends observation."""

    day: date
    order: int
    reason: str
    seq: int | None


def progression_free(seen: Seen, endpoint: Endpoint, rule: Estimand) -> Outcome:
    """The outcome of one person under one estimand. ``endpoint`` gives the spacing of visits."""
    return _Case(seen, endpoint, rule).outcome()


@dataclass(frozen=True)
class _Case:
    seen: Seen
    endpoint: Endpoint
    rule: Estimand

    @cached_property
    def limit(self) -> date:
        """The last day on which an event counts."""
        return self.seen.until if self.rule.end == "data_cut" else min(self.seen.until, self.seen.end)

    @cached_property
    def progressions(self) -> tuple[Progressed, ...]:
        """Those that the estimand looks at, local ones and clinical ones among them."""
        return self.seen.scanned if self.rule.progression == "scans" else self.seen.determined

    @cached_property
    def adequate(self) -> tuple[Assessed, ...]:
        """The adequate assessments in order; where a progression is open, those before it."""
        unsigned = self.seen.unsigned if self.rule.progression == "determined" else None
        return tuple(
            sorted(
                (one for one in self.seen.assessments if one.adequate and (not unsigned or one.day < unsigned.day)),
                key=lambda one: (one.day, one.seq),
            )
        )

    def outcome(self) -> Outcome:
        early = self._before_randomization()
        if early:
            return self._at_start("contradiction", f"{early}, before randomization", early_seqs(self.seen))
        if self.seen.lacks and self.rule.no_baseline == "censor":
            return self._at_start("no_baseline", f"{self.seen.lacks}", self._seqs(self.seen.listed))
        event, stop = _first(self._events()), _first(self._stops())
        if event is not None and (stop is None or event.day <= stop.day):
            return self._counted(event)
        return self._without(stop)

    def _before_randomization(self) -> str:
        """What is dated before randomization and cannot be; empty for nothing."""
        start, died = self.seen.start, self.seen.died
        if died is not None and died.span.last < start:
            return f"the death is dated {days_said(str(died.span))}"
        days = [one.day for one in self.progressions if one.day < start]
        return f"a progression is dated {said(min(days))}" if days else ""

    # ---- events and ends of observation --------------------------------------------------------

    def _events(self) -> Iterator[_Event]:
        """Everything that counts, on a day that counts."""
        found = [*self._progression_events(), *self._death(), *self._begun_events()]
        yield from (one for one in found if self.seen.start <= one.day <= self.limit)

    def _progression_events(self) -> Iterator[_Event]:
        for one in self.progressions:
            ignored = one.local and self.rule.local_progression == "ignore"
            clinical = one.basis == "clinical" and self.rule.clinical_progression != "event"
            if not ignored and not clinical:
                yield _Event(one.day, 0, "progression", _BASIS[one.basis], one.seq, one.domain)

    def _death(self) -> Iterator[_Event]:
        found = day_of_death(self.seen, self.rule.day_of_death)
        if found is not None and self.seen.died is not None:
            say = "death"
            if found.imputed:
                known = f"of its day only {days_said(str(self.seen.died.span))} is known"
                say = f"death; {known}, and the {self.rule.day_of_death} day that it may have been is taken"
            yield _Event(found.day, 1, "death", say, found.seq, "DD", found.imputed)

    def _begun_events(self) -> Iterator[_Event]:
        for reason, handling, begun, domain in self._begun():
            if handling == "event":
                yield _Event(begun.day, 2, reason, CENSORED[reason][1], begun.seq, domain)

    def _stops(self) -> Iterator[_Stop]:
        for reason, handling, begun, _ in self._begun():
            if handling == "censor" and self.seen.start <= begun.day <= self.limit:
                yield _Stop(begun.day, 0, reason, begun.seq)
        if self.rule.clinical_progression == "censor":
            for one in self._clinical():
                yield _Stop(one.day, 1, "clinical", one.seq)

    def _begun(self) -> Iterator[tuple[str, str, Begun, str]]:
        if self.seen.therapy is not None:
            yield "new_therapy", self.rule.new_therapy, self.seen.therapy, "CM"
        if self.seen.unplanned is not None:
            yield "unplanned_local_therapy", self.rule.unplanned_local_therapy, self.seen.unplanned, "PR"

    def _clinical(self) -> list[Progressed]:
        """Clinical progressions that are no events, within what counts."""
        if self.rule.clinical_progression == "event":
            return []
        inside = (one for one in self.progressions if self.seen.start <= one.day <= self.limit)
        return sorted((one for one in inside if one.basis == "clinical"), key=lambda one: (one.day, one.seq))

    # ---- the outcome --------------------------------------------------------------------------

    def _counted(self, event: _Event) -> Outcome:
        """The event, unless it follows on too many missed assessments."""
        if event.order < 2 and self.rule.most_missed is not None:
            last = self._last(before=event.day)
            if event.day > self._latest(last.day if last else self.seen.start, self.rule.most_missed):
                return self._missed(event, last, self.rule.most_missed)
        day, note = event.day, ""
        if event.reason == "progression" and self.rule.dates == "scheduled":
            day, note = self._scheduled_event(event.day)
        sentence = f"event {said(day)}: {event.say}{note}"
        return self._made(day, True, event.reason, sentence, self._seqs(event.seq), event.domain, event.imputed)

    def _missed(self, event: _Event, last: Assessed | None, most: int) -> Outcome:
        missed = _COUNTS.get(most + 1, f"{most + 1} missed scans" if most else "a missed scan")
        later = f"{event.reason} on {said(event.day)} is not counted"
        if last is None:
            return self._at_start("missed", f"no adequate assessment before {missed}; {later}", self._seqs(event.seq))
        return self._censored("missed", last, f"before {missed}; {later}", (last.seq, event.seq))

    def _latest(self, last: date, most: int) -> date:
        """The last day on which an event follows on no more than ``most`` missed assessments."""
        every, late = self.endpoint.every, self.endpoint.late
        if every is None or late is None:
            return date.max
        return late.after(Period(every.count * (most + 1), every.unit).after(last))

    def _last(self, *, before: date | None = None, by: date | None = None) -> Assessed | None:
        """The last adequate assessment after randomization before a day, or by it."""
        found = (one for one in self.adequate if one.day > self.seen.start)
        fitting = [one for one in found if (before is None or one.day < before) and (by is None or one.day <= by)]
        return fitting[-1] if fitting else None

    def _without(self, stop: _Stop | None) -> Outcome:
        """Where observation ended without an event, and why."""
        last = self._last(by=min(self.limit, stop.day) if stop else self.limit)
        reason, why, seq = self._why(stop)
        if stop is None and reason in ("data_cut", "end", "left") and self._seen_beyond():
            return self._made(
                self.limit, False, "end", f"censored {said(self.limit)}: the end of follow-up, without an event",
                self._seqs(self.adequate[-1].seq),
            )  # fmt: skip
        if last is None:
            key = "unassessed" if reason in ("data_cut", "end", "left") else reason
            return self._at_start(key, f"no adequate assessment after baseline{why}", self._seqs(seq))
        return self._censored(reason, last, why.removeprefix(" "), (last.seq, seq))

    def _seen_beyond(self) -> bool:
        """Whether an assessment after the last day that counts shows that there had been no event by then."""
        return self.limit < self.seen.until and any(one.day > self.limit for one in self.adequate)

    def _why(self, stop: _Stop | None) -> tuple[str, str, int | None]:
        """Why observation ended: the reason, in words after "last adequate assessment", and the entry."""
        seen = self.seen
        if stop is not None:
            return stop.reason, f" before {CENSORED[stop.reason][1]} on {said(stop.day)}", stop.seq
        open_one = seen.unsigned if self.rule.progression == "determined" else None
        if open_one is not None and open_one.day <= self.limit:
            words = "that the scans propose" if open_one.basis == "proposed" else "that is not signed"
            return "unsigned", f" before a progression of {said(open_one.day)} {words}", open_one.seq
        clinical = self._clinical()
        if clinical:
            return "clinical", f"; clinical progression alone on {said(clinical[0].day)}", clinical[0].seq
        if seen.nameless is not None:
            return "day_unknown", "; died, and of the day nothing is known", seen.nameless
        if seen.left is not None and seen.left.day <= self.limit:
            return "left", f"; {seen.left.label} on {said(seen.left.day)}", seen.left.seq
        if self.limit < seen.until or (self.rule.end == "follow_up" and seen.end <= seen.until):
            return "end", f" by the end of follow-up on {said(seen.end)}", None
        return "data_cut", f" by the data cut of {said(seen.until)}", None

    def _censored(self, reason: str, last: Assessed, why: str, seqs: tuple[int | None, ...]) -> Outcome:
        day, note = self._scheduled_censoring(last.day) if self.rule.dates == "scheduled" else (last.day, "")
        joined = why if why.startswith(";") else f" {why}"
        sentence = f"censored {said(day)}: last adequate assessment{joined}{note}"
        return self._made(day, False, reason, sentence, self._seqs(*seqs), "TR")

    def _at_start(self, reason: str, why: str, seqs: tuple[int, ...]) -> Outcome:
        sentence = f"censored {said(self.seen.start)}, at randomization: {why}"
        return self._made(self.seen.start, False, reason, sentence, (self.seen.seq, *seqs), "DS")

    def _made(
        self, day: date, event: bool, reason: str, sentence: str, seqs: tuple[int, ...], domain: str = "",
        imputed: str = "",
    ) -> Outcome:  # fmt: skip
        return Outcome(
            self.seen.subject, self.endpoint.id, self.rule.id, self.seen.start, day, event, reason, sentence, seqs,
            domain, imputed,
        )  # fmt: skip

    @staticmethod
    def _seqs(*seqs: int | None) -> tuple[int, ...]:
        return tuple(dict.fromkeys(seq for seq in seqs if seq is not None))

    # ---- the days of scheduled visits (FDA, table B) --------------------------------------------

    def _scheduled_event(self, day: date) -> tuple[date, str]:
        """A progression is of the visit in whose window it lies, else of the next one."""
        planned = self._of_window(day) or min(
            (one.planned for one in self.seen.visits if one.planned >= day), default=day
        )
        planned = max(self.seen.start, min(planned, self.limit))
        return planned, "" if planned == day else f", found on {said(day)}; the day of the scheduled visit is taken"

    def _scheduled_censoring(self, day: date) -> tuple[date, str]:
        """An assessment is of the visit in whose window it lies, else of the one before; of none, it stays."""
        planned = self._of_window(day) or max(
            (one.planned for one in self.seen.visits if one.planned <= day), default=day
        )
        planned = max(self.seen.start, min(planned, self.limit))
        return planned, "" if planned == day else f"; it was on {said(day)}, the day of the scheduled visit is taken"

    def _of_window(self, day: date) -> date | None:
        return next((one.planned for one in self.seen.visits if one.first <= day <= one.last), None)


_Found = TypeVar("_Found", _Event, _Stop)


def _first(found: Iterator[_Found]) -> _Found | None:
    """The earliest, and of one day that of the lowest order and entry, whatever the order in which they come."""
    return min(found, key=lambda one: (one.day, one.order, one.seq or 0, one.reason), default=None)


def early_seqs(seen: Seen) -> tuple[int, ...]:
    """The entries that date something before randomization, in the order of the record."""
    found: list[int | None] = [one.seq for one in (*seen.determined, *seen.scanned) if one.day < seen.start]
    if seen.died is not None and seen.died.span.last < seen.start:
        found.append(seen.died.seq)
    return tuple(sorted({seq for seq in found if seq is not None}))
