"""On which day each candidate was screened, consented, registered and randomized, and at which site."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from evenhand.record import History, SubjectHistory
from evenhand.record.remembered import Remembered

Stage = Literal["screened", "consented", "registered", "randomized"]
_MOST_STUDIES, _MOST_SUBJECTS = 16, 50_000  # assumed: more than run in one place
_COURSES: Remembered[tuple[Course, ...]] = Remembered(_MOST_STUDIES)
_EACH: Remembered[Course] = Remembered(_MOST_SUBJECTS)
_TIMELINES: Remembered[Timeline] = Remembered(_MOST_STUDIES)


class Course(NamedTuple):
    """One candidate's way so far: the day of each stage, as corrected; None for a stage not reached.

    ``screened`` is the day of the first entry: to correct a fact later does not move it. ``consented`` is the first
    consent, ``agrees`` whether there is one that was not withdrawn since.
    """

    subject: str
    site: str | None
    screened: date
    consented: date | None
    registered: date | None
    randomized: date | None
    agrees: bool

    @property
    def stage(self) -> Stage:
        """The furthest stage reached."""
        if self.randomized is not None:
            return "randomized"
        if self.registered is not None:
            return "registered"
        return "screened" if self.consented is None else "consented"


class Counts(NamedTuple):
    """How many reached each stage; each stage asks for the one before it."""

    screened: int = 0
    consented: int = 0
    registered: int = 0
    randomized: int = 0


def courses(history: History) -> tuple[Course, ...]:
    """The course of every candidate, in the order of first recording."""
    return _COURSES.answer(
        history.study, (history,), lambda: tuple(_course(history, name) for name in history.subjects)
    )


def _course(history: History, subject: str) -> Course:
    known = history.subject(subject)
    return _EACH.answer((history.study, subject), (known,), lambda: _read(history, known))


def _read(history: History, known: SubjectHistory) -> Course:
    registration, allocation, consents = known.registration, known.allocation, known.consents
    return Course(
        subject=known.subject or "",
        site=known.site,
        screened=known.entries[0].effective,
        consented=min((one.effective for one in consents), default=None),
        registered=registration.effective if registration else None,
        randomized=allocation.effective if allocation else None,
        agrees=any(one.withdrawn is None for one in consents),
    )


class Timeline(NamedTuple):
    """The days on which each stage was reached, in order, so that counts at many days cost little."""

    screened: tuple[date, ...]
    consented: tuple[date, ...]
    registered: tuple[date, ...]
    randomized: tuple[date, ...]

    def by(self, day: date) -> Counts:
        """How many had reached each stage by the end of a day."""
        return Counts(*(bisect_right(days, day) for days in self))


def timeline(of: Iterable[Course]) -> Timeline:
    """The timeline of some candidates."""
    rows = [(one.screened, one.consented, one.registered, one.randomized) for one in of]
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Timeline(*(tuple(sorted(day for day in column if day is not None)) for column in columns))


def study_timeline(history: History) -> Timeline:
    """The timeline of all candidates of a study."""
    return _TIMELINES.answer(history.study, (history,), lambda: timeline(courses(history)))


def site_counts(history: History, day: date) -> dict[str, Counts]:
    """The counts of each site by code: the open sites in their order (an idle one has zeros), then any other."""
    of_site: dict[str, list[Course]] = {code: [] for code in history.state.sites}
    for course in courses(history):
        of_site.setdefault(course.site or "", []).append(course)
    return {code: timeline(of).by(day) for code, of in of_site.items()}
