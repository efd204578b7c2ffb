"""Local treatment of each metastasis: irradiated, resected, left untreated for a reason, or open.

Every metastasis is to get SBRT or resection, or a documented reason ([P]: a course counts from the share of the dose
that the study names). A shared target treats all lesions that its course names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from evenhand.conduct.forms import FormEntry, context, entries_reading
from evenhand.conduct.treatment.answers import day
from evenhand.conduct.treatment.courses import METASTASIS, courses, delivered, label_of, lesions_in
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.conduct.treatment.treated import Treated
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

RESECTION = "metastasis_resection"
UNTREATED = "metastasis_untreated"


@dataclass(frozen=True, slots=True)
class Metastases:
    """Where each lesion stands, by label in the order given. ``unknown``: labels in entries that are none of them, with
    the numbers of the entries. ``contradicted``: treated completely, and said on or after that day to be untreated."""

    by_label: Mapping[str, Treated]
    unknown: Mapping[str, tuple[int, ...]]
    contradicted: tuple[str, ...]

    @property
    def open(self) -> tuple[str, ...]:
        """The lesions that await something."""
        return tuple(label for label, treated in self.by_label.items() if not treated.settled)


def metastases(protocol: Protocol, known: SubjectHistory, labels: Iterable[str]) -> Metastases:
    """Where the lesions ``labels`` (those of registration) stand.

    Raises LookupError where the study plans no treatment.
    """
    found: dict[str, list[Treated]] = {}
    for label, treated in _treated(protocol, known):
        found.setdefault(label, []).append(treated)
    left: dict[str, list[Treated]] = {}
    for label, treated in _left(protocol, known):
        left.setdefault(label, []).append(treated)
    since = context(known).randomized
    wanted = tuple(dict.fromkeys(labels))
    return Metastases(
        {label: _standing([*found.get(label, []), *left.get(label, [])], since) for label in wanted},
        {
            label: _seqs([*found.get(label, []), *left.get(label, [])])
            for label in dict.fromkeys([*found, *left])
            if label not in wanted
        },
        tuple(label for label in wanted if _contradicted(found.get(label, []), left.get(label, []))),
    )


def _treated(protocol: Protocol, known: SubjectHistory) -> Iterator[tuple[str, Treated]]:
    """What each course and each resection says about each lesion that it names."""
    percent = treatment_of(protocol).delivered_percent
    for course in courses(protocol, known):
        if course.role == METASTASIS:
            yield from ((label, delivered(course, percent)) for label in course.lesions)
    for entry in entries_reading(protocol, known, RESECTION):
        yield from ((label, _resected(entry)) for label in lesions_in(entry))


def _left(protocol: Protocol, known: SubjectHistory) -> Iterator[tuple[str, Treated]]:
    """Which lesions were left untreated, and why."""
    for entry in entries_reading(protocol, known, UNTREATED):
        yield from ((label, _untreated(entry)) for label in lesions_in(entry))


def _resected(entry: FormEntry) -> Treated:
    performed = day(entry.values, "performed")
    if performed is None:
        return Treated("open", None, "the resection has no day", (entry.seq,))
    return Treated("complete", performed, "resected", (entry.seq,))


def _untreated(entry: FormEntry) -> Treated:
    because = label_of(entry, "because")
    if because is None:
        return Treated(
            "open", day(entry.values, "decided"), "left untreated, and the reason is not recorded", (entry.seq,)
        )
    return Treated("closed with a reason", day(entry.values, "decided") or entry.day, because, (entry.seq,))


def _standing(said: list[Treated], since: date | None) -> Treated:
    """One state out of all that was said about a lesion.

    Completed treatment counts, from its first completion. Otherwise the latest statement: a course that runs or fell
    short is open, a reason closes it (and does so on the same day).
    """
    complete = [one for one in said if one.state == "complete"]
    if complete:
        return min(complete, key=_on)
    nothing = Treated("open", since, "no local treatment and no reason is recorded")
    return max(said, key=lambda one: (_on(one), one.settled), default=nothing)


def _contradicted(treated: list[Treated], left: list[Treated]) -> bool:
    done = [_on(one) for one in treated if one.state == "complete"]
    return bool(done) and any(_on(one) >= min(done) for one in left)


def _on(treated: Treated) -> date:
    return treated.on or date.min


def _seqs(said: list[Treated]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(seq for one in said for seq in one.seqs))
