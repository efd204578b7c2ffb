"""What each person gives to the measures by which sites are compared. Nothing here reads an arm."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import median
from typing import Final

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.monitoring.comparing import Share
from evenhand.conduct.ending import ends_of
from evenhand.conduct.forms import FormEntry, entries
from evenhand.conduct.quality import deviations, queries
from evenhand.conduct.safety import AdverseEvent, adverse_events, serious
from evenhand.conduct.schedule import Occurrence, occurrences
from evenhand.dates import DAYS_PER_MONTH
from evenhand.logic import YES

_BANDS: Final = (0, 31, 61, 92, 183, 366, 731)  # days since randomization; months 1, 2, 3, 6, 12, 24: our proposal
_OPEN_SCREENING: Final = timedelta(days=90)  # who was first seen since then may still register: our proposal
_MOST_STEPS: Final = 5.0  # of a change between two values; more is taken as so many, so that a slip does not decide
_WEEKEND: Final = 5  # from Saturday on


@dataclass(frozen=True)
class Participating:
    """One participant at a site, with what the record says, read once."""

    one: Analysed
    site: str
    on: date

    @property
    def subject(self) -> str:
        """The pseudonym."""
        return self.one.person.subject

    @cached_property
    def stands(self) -> tuple[FormEntry, ...]:
        """The entries, those struck left out."""
        return tuple(entry for entry in entries(self.one.person.protocol, self.one.person.known) if not entry.struck)

    @cached_property
    def visits(self) -> tuple[Occurrence, ...]:
        """The visits whose time is over, and those that took place."""
        protocol, known = self.one.person.protocol, self.one.person.known
        found = occurrences(protocol, known, self.on, ends_of(protocol, known))
        return tuple(visit for visit in found if visit.state in ("done", "missed", "overdue"))

    @cached_property
    def events(self) -> tuple[tuple[int, AdverseEvent], ...]:
        """The adverse events during follow-up, each with the day since randomization."""
        found = adverse_events(self.one.person.protocol, self.one.person.known)
        dated = (
            ((event.onset.first if event.onset else event.entry.day) - self.one.seen.start, event) for event in found
        )
        return tuple((after.days, event) for after, event in dated if 0 <= after.days <= self.days)

    @cached_property
    def days(self) -> int:
        """The days of follow-up until the cut, at least one."""
        last = ends_of(self.one.person.protocol, self.one.person.known).last
        until = self.on if last is None else min(last, self.on)
        return max(1, (until - self.one.seen.start).days)

    def share(self, values: Iterable[float], of: float, seqs: Iterable[int]) -> Share:
        """What the participant gives."""
        return Share(self.subject, self.site, tuple(values), of, None, tuple(seqs))


Gather = Callable[[Analysis, tuple[Participating, ...]], list[Share]]
Each = Callable[[Participating], Share]


def participating(analysis: Analysis) -> tuple[Participating, ...]:
    """Everybody randomized at a site, in the order of randomization."""
    on = analysis.cut.effective
    return tuple(
        Participating(one, site, on) for one in analysis.people if (site := one.person.known.site) is not None
    )  # fmt: skip


def each(tell: Each) -> Gather:
    """A measure of every participant by itself."""
    return lambda _, people: [share for share in map(tell, people) if share.of]


def lateness(one: Participating) -> Share:
    """The days from what happened to its first entry (as ``conduct.quality.metrics`` counts them)."""
    found = [entry for entry in one.stands if entry.counts]
    days = [max(0, (entry.standing.original.recorded_at.date() - entry.day).days) for entry in found]
    return one.share(days, len(days), (entry.seq for entry in found))


def missed_visits(one: Participating) -> Share:
    """Visits missed, or of which nobody says whether they were held, among those whose time is over."""
    planned = [visit for visit in one.visits if visit.scheduled]
    absent = [visit for visit in planned if visit.state != "done"]
    return one.share([len(absent)], len(planned), _entries_of(absent))


def missing_forms(one: Participating) -> Share:
    """Forms that a visit asks for and nobody entered, among all of visits held whose time of entry is over."""
    plan = one.one.person.protocol.plan
    schedule = plan.schedule if plan else None
    held = [
        visit for visit in one.visits
        if visit.state == "done" and schedule is not None and schedule.entry_within.after(visit.day) <= one.on
    ]  # fmt: skip
    missing = sum(len(visit.missing) for visit in held)
    return one.share([missing], missing + sum(len(visit.entries) for visit in held), _entries_of(held))


def asked(one: Participating) -> Share:
    """Queries for every entry."""
    found = queries(one.one.person.known)
    return one.share([len(found)], len(one.stands), (query.seq for query in found))


def query_days(one: Participating) -> Share:
    """The days that each query stood open, until it was closed or the cut."""
    found = queries(one.one.person.known)
    ends = [query.closed.recorded_at.date() if query.closed else one.on for query in found]
    days = [max(0, (end - query.opened.recorded_at.date()).days) for query, end in zip(found, ends, strict=True)]
    return one.share(days, len(days), (query.seq for query in found))


def corrected(one: Participating) -> Share:
    """Corrections for every entry."""
    found = [entry for entry in one.stands if entry.standing.corrections]
    return one.share(
        [sum(len(entry.standing.corrections) for entry in found)], len(one.stands), (entry.seq for entry in found)
    )


def departures(one: Participating) -> Share:
    """Deviations for every month of follow-up."""
    found = deviations(one.one.person.protocol, one.one.person.known, one.on)
    return one.share([len(found)], one.days / DAYS_PER_MONTH, (each.seq for each in found if each.seq is not None))


def weekends(one: Participating) -> Share:
    """Visits on a Saturday or Sunday, among those held."""
    held = [visit for visit in one.visits if visit.on is not None]
    found = [visit for visit in held if visit.on is not None and visit.on.weekday() >= _WEEKEND]
    return one.share([len(found)], len(held), _entries_of(found))


def sizes(one: Participating) -> Share:
    """The last whole digit of each size of a lesion, in mm."""
    found = [
        (entry.seq, size)
        for entry in one.stands if entry.counts and entry.form.reads in ("scan", "lesion_list")
        for row in entry.rows("lesions") if (size := _number(row.get("size"))) is not None and size > 0
    ]  # fmt: skip
    return one.share([int(size) % 10 for _, size in found], len(found), dict.fromkeys(seq for seq, _ in found))


def ejections(one: Participating) -> Share:
    """The last whole digit of each ejection fraction, in percent."""
    found = [
        (entry.seq, value)
        for entry in one.stands if entry.counts and entry.form.reads == "ejection_fraction"
        if (value := _number(entry.values.get("lvef"))) is not None
    ]  # fmt: skip
    return one.share([int(value) % 10 for _, value in found], len(found), (seq for seq, _ in found))


def adverse(analysis: Analysis, people: tuple[Participating, ...]) -> list[Share]:
    """Adverse events for every month, against what is usual at that time since randomization."""
    return _against_time(people, lambda _: True)


def serious_events(analysis: Analysis, people: tuple[Participating, ...]) -> list[Share]:
    """The same of those surely serious."""
    return _against_time(people, lambda event: serious(event) is YES)


def _against_time(people: tuple[Participating, ...], counts: Callable[[AdverseEvent], bool]) -> list[Share]:
    """Events come early, and sites open late; so each person's months are weighed by the usual rate of their time."""
    happened, passed = [0] * len(_BANDS), [0.0] * len(_BANDS)
    found = {one.subject: [(after, event) for after, event in one.events if counts(event)] for one in people}
    for one in people:
        for after, _ in found[one.subject]:
            happened[bisect_right(_BANDS, after) - 1] += 1
        for band, days in enumerate(_in_bands(one.days)):
            passed[band] += days
    usual = [many / days if days else 0.0 for many, days in zip(happened, passed, strict=True)]
    return [
        Share(
            one.subject, one.site, (float(len(found[one.subject])),), one.days / DAYS_PER_MONTH,
            sum(rate * days for rate, days in zip(usual, _in_bands(one.days), strict=True)),
            tuple(event.entry.seq for _, event in found[one.subject]),
        )
        for one in people
    ]  # fmt: skip


def _in_bands(days: int) -> list[float]:
    """How many of the days since randomization lie in each band; the last day is one of them."""
    edges = [*_BANDS[1:], days + 1]
    return [float(max(0, min(edge, days + 1) - start)) for start, edge in zip(_BANDS, edges, strict=True)]


def changes(analysis: Analysis, people: tuple[Participating, ...]) -> list[Share]:
    """How much repeated measurements of one person differ, in the usual step of that measurement: values that are
    copied or made up differ too little."""
    series = {one.subject: list(_series(one)) for one in people}
    steps: dict[str, list[float]] = {}
    for found in series.values():
        for name, step, _ in found:
            steps.setdefault(name, []).append(step)
    usual = {name: median(found) or (sum(found) / len(found)) for name, found in steps.items()}
    return [
        one.share(
            [sum(min(step / usual[name], _MOST_STEPS) for name, step, _ in found if usual[name])], len(found),
            dict.fromkeys(seq for _, _, seq in found),
        )
        for one in people if (found := series[one.subject])
    ]  # fmt: skip


def _series(one: Participating) -> Iterator[tuple[str, float, int]]:
    """Each change from one value to the next of its kind: what was measured, how much it changed, the entry."""
    last: dict[str, float] = {}
    for entry in sorted(one.stands, key=lambda found: (found.day, found.seq)):
        for name, value in _measured(entry) if entry.counts else ():
            if name in last:
                yield name, abs(value - last[name]), entry.seq
            last[name] = value


def _measured(entry: FormEntry) -> Iterator[tuple[str, float]]:
    if entry.form.reads == "ejection_fraction" and (value := _number(entry.values.get("lvef"))) is not None:
        yield "lvef", value
    if entry.form.reads == "laboratory":
        for row in entry.rows("results"):
            if (value := _number(row.get("value"))) is not None:
                yield f"{row.get('test')} {row.get('unit')}", value


def screening(analysis: Analysis, people: tuple[Participating, ...]) -> list[Share]:
    """Candidates who are not registered, those first seen lately left out."""
    history, latest = analysis.cut.history, analysis.cut.effective - _OPEN_SCREENING
    found = (history.subject(subject) for subject in history.subjects)
    return [
        Share(known.subject or "", known.site, (float(known.registration is None),), 1.0, None, (known.entries[0].seq,))
        for known in found
        if known.site is not None and (known.registration is not None or known.entries[0].effective <= latest)
    ]


def registering(analysis: Analysis, people: tuple[Participating, ...]) -> list[Share]:
    """The days from the first consent to registration."""
    history = analysis.cut.history
    found = []
    for known in map(history.subject, history.subjects):
        registration, consents = known.registration, known.consents
        if known.site is not None and registration is not None and consents:
            days = (registration.effective - consents[0].effective).days
            found.append(
                Share(known.subject or "", known.site, (float(days),), 1.0, None, (consents[0].seq, registration.seq))
            )
    return found


def _entries_of(visits: Iterable[Occurrence]) -> Iterator[int]:
    return (entry.seq for visit in visits for entry in visit.entries)


def _number(value: object) -> float | None:
    """A number of a form; one that is known as a bound alone is none to compare."""
    try:
        return None if value is None or isinstance(value, (bool, str)) else float(value)  # type: ignore[arg-type]
    except TypeError:
        return None
