"""Treatment held against what the study plans, in words: times, prescriptions, doses to organs at risk, remarks.

It decides nothing: what departs from the plan may be right for the participant. What cannot be said is called open and
never taken for a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from evenhand.conduct import treatment
from evenhand.conduct.treatment import CheckedPlan, CheckedPrescription, Remark, WindowSeen
from evenhand.oncology.radiation import LimitCheck, Outcome, PrescriptionCheck
from evenhand.web.pages.participants.course import Course
from evenhand.web.templatetags.evenhand import words

LOOKS: Final = {Outcome.PASS: "pass", Outcome.FAIL: "fail", Outcome.NOT_ASSESSABLE: "unknown"}
_WINDOW_LOOKS: Final = {
    **{"kept": "pass", "early": "fail", "late": "fail", "overdue": "fail"},
    **{"open": "unknown", "not begun": "off", "left out": "off", "ended": "off"},
}


@dataclass(frozen=True, slots=True)
class Timing:
    """One window of the plan on a day."""

    seen: WindowSeen

    @property
    def look(self) -> str:
        """How its state is shown."""
        return _WINDOW_LOOKS[self.seen.state]


@dataclass(frozen=True, slots=True)
class Prescribed:
    """One prescription of a course, and what the study's set of prescriptions says about it."""

    found: CheckedPrescription

    @property
    def title(self) -> str:
        """``S1, liver``: the course, and what it treats."""
        return (
            f"{self.found.course.label}, {words(self.found.target)}" if self.found.target else self.found.course.label
        )

    @property
    def seq(self) -> int:
        """The entry of the course."""
        return self.found.course.entry.seq

    @property
    def look(self) -> str:
        """How the answer is shown."""
        return LOOKS[self.found.check.answer.outcome]

    @property
    def badge(self) -> str:
        """The answer in few words."""
        said = {Outcome.PASS: "as planned", Outcome.FAIL: "another dose"}
        return said.get(self.found.check.answer.outcome, "open")

    @property
    def source(self) -> str:
        """Where the set has its rows from; the set itself where none fits."""
        return _sources(self.found.check)


@dataclass(frozen=True, slots=True)
class Limited:
    """One limit of an organ at risk, and what the plan says about it."""

    check: LimitCheck

    @property
    def say(self) -> str:
        """What the plan gives, and the limit that it is held against."""
        limit, why = self.check.limit, self.check.answer.why
        if limit is None or self.check.answer.outcome is Outcome.NOT_ASSESSABLE:
            return why
        return f"{limit.label}: {why}; the limit is: {limit}"

    @property
    def source(self) -> str:
        """The table, and how far its value is to be trusted."""
        limit = self.check.limit
        unsure = limit is not None and not limit.confirmed
        return f"{self.check.table}{', a value of general knowledge' if unsure else ''}"


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan of radiation with its limits, by how they came out; ``open`` begins with points that cannot be read."""

    found: CheckedPlan
    broken: tuple[Limited, ...]
    unreadable: tuple[str, ...]
    open: tuple[Limited, ...]
    kept: tuple[Limited, ...]

    @property
    def look(self) -> str:
        """The worst of its limits."""
        return "fail" if self.broken else "unknown" if self.open or self.unreadable or not self.kept else "pass"

    @property
    def badge(self) -> str:
        """The worst of its limits in few words."""
        if self.broken:
            return f"{_counted(self.broken)} exceeded"
        return "limits kept" if self.look == "pass" else "open"


@dataclass(frozen=True, slots=True)
class AgainstPlan:
    """Everything about one participant; empty where the study plans no treatment."""

    timings: tuple[Timing, ...] = ()
    prescriptions: tuple[Prescribed, ...] = ()
    plans: tuple[Plan, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.timings or self.prescriptions or self.plans or self.remarks)


def against_plan(course: Course) -> AgainstPlan:
    """How treatment stands against the plan on the day of a course."""
    protocol, known = course.protocol, course.known
    if protocol.plan is None or protocol.plan.treatment is None:
        return AgainstPlan()
    labels = treatment.registered_lesions(protocol, known)
    seen = treatment.windows(protocol, known, labels, course.on, course.ends.last)
    return AgainstPlan(
        tuple(map(Timing, seen)),
        tuple(map(Prescribed, treatment.checked_prescriptions(protocol, known))),
        tuple(map(_plan, treatment.checked_plans(protocol, known))),
        treatment.remarks(protocol, known),
    )


def _plan(found: CheckedPlan) -> Plan:
    def came_out(outcome: Outcome) -> Iterator[Limited]:
        return (Limited(check) for check in found.checks if check.answer.outcome is outcome)

    broken, unsaid, kept = (tuple(came_out(one)) for one in (Outcome.FAIL, Outcome.NOT_ASSESSABLE, Outcome.PASS))
    return Plan(found, broken, found.unusable, unsaid, kept)


def _sources(check: PrescriptionCheck) -> str:
    return f"{check.table}, from {check.row.source}" if check.row is not None else str(check.table)


def _counted(some: Iterable[object]) -> str:
    count = len(tuple(some))
    return f"{count} limit{'' if count == 1 else 's'}"
