"""Courses of radiation as they were planned and delivered, of both kinds: locoregional and to metastases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from evenhand.conduct.forms import FormEntry, entries_reading, remembered
from evenhand.conduct.treatment.answers import Answers, day, number, whole, word
from evenhand.conduct.treatment.treated import Treated
from evenhand.oncology.radiation import elapsed_days, missed_days, percent_delivered
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.units import Number

LOCOREGIONAL: Final = "locoregional_radiation"
METASTASIS: Final = "metastasis_radiation"


@dataclass(frozen=True, slots=True)
class Dose:
    """One prescription of a course to ``target`` (a volume, or the site of a metastasis): Gy and fractions."""

    target: str | None
    planned_gy: Number | None
    planned_fractions: int | None
    delivered_gy: Number | None
    delivered_fractions: int | None

    @property
    def percent(self) -> Fraction | None:
        """The delivered part of the planned dose in percent, None where it cannot be said."""
        return percent_delivered(self.planned_gy, self.delivered_gy)


@dataclass(frozen=True, slots=True)
class Gap:
    """Treatment days missed: since when, how many, and why."""

    began: date | None
    missed: int | None
    because: str | None


@dataclass(frozen=True, slots=True)
class Course:
    """One course. ``role`` is that of its form; ``lesions`` are the labels of the metastases in its target.

    ``sessions``: the days on which it was given.
    """

    entry: FormEntry
    role: str
    label: str
    started: date | None
    ended: date | None
    doses: tuple[Dose, ...]
    lesions: tuple[str, ...]
    gaps: tuple[Gap, ...]
    sessions: int | None
    stopped_because: str | None

    @property
    def targets(self) -> frozenset[str]:
        """The volumes or sites that it treats."""
        return frozenset(dose.target for dose in self.doses if dose.target)

    @property
    def elapsed(self) -> int | None:
        """The days from the first to the last fraction, both included; None while it runs."""
        return elapsed_days(self.started, self.ended) if self.started and self.ended else None

    @property
    def fractions(self) -> int | None:
        """The most fractions planned for one of its targets."""
        return max((dose.planned_fractions for dose in self.doses if dose.planned_fractions), default=None)

    @property
    def unexplained_days(self) -> int | None:
        """Weekdays without a fraction beyond the recorded gaps, of a course that is given daily.

        None while it runs, and where the number of sessions cannot be said: it is the one recorded, else the number of
        fractions if all targets got the same.
        """
        if self.started is None or self.ended is None or self.sessions is None:
            return None
        recorded = sum(gap.missed or 0 for gap in self.gaps)
        return max(0, missed_days(self.started, self.ended, self.sessions) - recorded)


@remembered
def courses(protocol: Protocol, known: SubjectHistory) -> tuple[Course, ...]:
    """All courses of a participant, by the day on which they began, those without one last."""
    found = [
        _course(entry, role) for role in (LOCOREGIONAL, METASTASIS) for entry in entries_reading(protocol, known, role)
    ]
    return tuple(sorted(found, key=lambda course: (course.started or date.max, course.entry.seq)))


def course_labels(protocol: Protocol, known: SubjectHistory) -> tuple[str, ...]:
    """The labels of all courses, each once: what a plan may name."""
    return tuple(dict.fromkeys(course.label for course in courses(protocol, known)))


def _course(entry: FormEntry, role: str) -> Course:
    values = entry.values
    doses = tuple(_doses(entry, role))
    same = {dose.delivered_fractions for dose in doses}
    return Course(
        entry=entry,
        role=role,
        label=word(values, "course") or f"{entry.form.title} {entry.item}",
        started=day(values, "started"),
        ended=day(values, "ended"),
        doses=doses,
        lesions=lesions_in(entry),
        gaps=tuple(Gap(day(row, "began"), whole(row, "missed"), word(row, "because")) for row in entry.rows("gaps")),
        sessions=whole(values, "sessions") or (same.pop() if len(same) == 1 else None),
        stopped_because=label_of(entry, "stopped_because"),
    )


def _doses(entry: FormEntry, role: str) -> Iterator[Dose]:
    if role == METASTASIS:
        yield _dose(entry.values, "site")
    else:
        yield from (_dose(row, "volume") for row in entry.rows("volumes"))


def _dose(values: Answers, target: str) -> Dose:
    return Dose(
        word(values, target),
        number(values, "planned_gy"),
        whole(values, "planned_fractions"),
        number(values, "delivered_gy"),
        whole(values, "delivered_fractions"),
    )


def lesions_in(entry: FormEntry) -> tuple[str, ...]:
    """The labels in the table ``lesions`` of an entry, each once."""
    return tuple(dict.fromkeys(label for row in entry.rows("lesions") if (label := word(row, "lesion"))))


def label_of(entry: FormEntry, name: str) -> str | None:
    """What a code means in the words of the form."""
    code = word(entry.values, name)
    return entry.form.fields[name].type.codes.get(code, code) if code else None


def delivered(course: Course, at_least_percent: Decimal) -> Treated:
    """Whether a course was delivered: ended, and every target got that part of its planned dose.

    A course that ended below it is open until a reason stands, for then somebody has to decide.
    """
    seqs = (course.entry.seq,)
    if course.started is None:
        return Treated("open", None, f"{course.label} has no first day", seqs)
    if course.ended is None:
        return Treated("open", course.started, f"{course.label} has begun and not ended", seqs)
    lowest = _lowest(course)
    if lowest is None:
        return Treated(
            "open", course.ended, f"{course.label} ended; its planned or delivered dose is not recorded", seqs
        )
    if lowest >= Fraction(at_least_percent):
        return Treated("complete", course.ended, f"{course.label} delivered", seqs)
    short = f"{course.label} ended with {said_percent(lowest)} of the planned dose"
    if course.stopped_because:
        return Treated("closed with a reason", course.ended, f"{short}: {course.stopped_because}", seqs)
    return Treated("open", course.ended, f"{short}; say why, or record what was given besides", seqs)


def _lowest(course: Course) -> Fraction | None:
    """The least percentage over all targets; None where one cannot be said, or there is no target."""
    percents = [dose.percent for dose in course.doses]
    known = [percent for percent in percents if percent is not None]
    return min(known) if known and len(known) == len(percents) else None


def said_percent(percent: Fraction) -> str:
    """A percentage with one decimal, rounded down, so that 94.96 % never reads as 95 %."""
    whole_percent, tenth = divmod(int(percent * 10), 10)
    return f"{whole_percent}.{tenth} %" if tenth else f"{whole_percent} %"
