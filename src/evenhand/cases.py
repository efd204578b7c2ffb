"""A study's cases: people in, expected answers out. They are played by ``evenhand check`` and by the tests.

``cases/people.yaml`` holds whole people by name, in the simple form of facts. Every other file in ``cases/`` is a list
of cases: a sentence (``case``), whom the person is ``like``, what differs (``facts``, ``without``, ``attestations``,
``unsigned``), the day (``on``), and what is expected: the ``verdict``, single criteria, flags, the stratum, or
the calendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from evenhand.eligibility import Assessment, Calendar, Interval, assessor_of, level_of
from evenhand.intake import JudgementKind, read_form
from evenhand.protocol import Protocol, StudyError
from evenhand.protocol.places import Sheet, read_sheet

Given = dict[str, Any]
_KEYS = {"case", "like", "on", "facts", "without", "attestations", "unsigned", "expect"}


@dataclass(frozen=True, slots=True)
class Played:
    """One case and what came out: ``differences`` are empty when all is as expected."""

    sentence: str
    file: str
    differences: tuple[str, ...]

    @property
    def as_expected(self) -> bool:
        return not self.differences

    def __str__(self) -> str:
        return f"{self.file}: {self.sentence}: {'; '.join(self.differences) or 'as expected'}"


def play(protocol: Protocol, folder: Path) -> list[Played]:
    """Play every case of a study folder. Raises StudyError for a case that is not well formed."""
    files = sorted((folder / "cases").glob("*.yaml"))
    people = [path for path in files if path.stem == "people"]
    known = cast("dict[str, Given]", read_sheet(people[0]).data) if people else {}
    return [
        _played(protocol, sheet, number, known)
        for path in files
        if path.stem != "people"
        for sheet in [read_sheet(path)]
        for number in range(len(cast("list[Given]", sheet.data)))
    ]


def judgement_kinds(protocol: Protocol) -> dict[str, JudgementKind]:
    """The judgements of a protocol, as intake needs to know them."""
    return {
        name: JudgementKind(name, item.roles, item.about, tuple(item.details))
        for name, item in protocol.judgements.items()
    }


def _played(protocol: Protocol, sheet: Sheet, number: int, known: Mapping[str, Given]) -> Played:
    case = cast("list[Given]", sheet.data)[number]
    faults = sorted(f"{key!r} is no part of a case" for key in set(case) - _KEYS)
    faults += [f"the case has no {key!r}" for key in ("case", "on", "expect") if key not in case]
    if "like" in case and case["like"] not in known:
        faults.append(f"nobody in people.yaml is called {case['like']!r}")
    if faults:
        raise StudyError(*(sheet.fault((number,), fault) for fault in faults))
    (person,) = read_form(_person(case, known), protocol.vocabulary, sheet.path.name, judgement_kinds(protocol))
    if person.problems:
        raise StudyError(*(sheet.fault((number,), f"{case['case']}: {problem}") for problem in person.problems))
    assessor = assessor_of(protocol)
    assessment = assessor.assess(person, date.fromisoformat(case["on"]))
    differences = list(_differences(protocol, case["expect"], assessment))
    if "calendar" in case["expect"]:
        found = [interval_row(interval) for interval in Calendar(assessor).of(person)]
        if found != case["expect"]["calendar"]:
            differences.append(f"calendar is {found}, expected {case['expect']['calendar']}")
    return Played(case["case"], sheet.path.name, tuple(differences))


def interval_row(interval: Interval) -> list[str | None]:
    """An interval of a calendar as a case writes it: from, to, standing, and the criteria that bind."""
    first = interval.first.isoformat() if interval.first else None
    last = interval.last.isoformat() if interval.last else None
    return [first, last, interval.standing, " ".join(interval.because)]


def _person(case: Given, known: Mapping[str, Given]) -> Given:
    base = known.get(case.get("like", ""), {})
    facts = {**base.get("facts", {}), **case.get("facts", {})}
    signed = [given for given in base.get("attestations", []) if not _replaced(given, case)]
    return {
        "patient": case["case"],
        "facts": {name: value for name, value in facts.items() if name not in case.get("without", [])},
        "attestations": signed + case.get("attestations", []),
    }


def _replaced(given: Given, case: Given) -> bool:
    """A case's own signature takes the place of the base person's on the same judgement and entry."""
    about = (given["judgement"], given.get("item"))
    own = {(other["judgement"], other.get("item")) for other in case.get("attestations", [])}
    return about in own or given["judgement"] in case.get("unsigned", [])


def _differences(protocol: Protocol, expected: Given, assessment: Assessment) -> list[str]:
    found: Given = {
        "verdict": assessment.standing,
        "provisional": assessment.provisional,
        "flags": [flag.id for flag in assessment.flags],
        "stratum": {item.id: level_of(protocol, item, assessment) for item in protocol.randomization.strata},
    }
    for item in assessment.criteria:
        found[item.criterion.id] = f"{item.verdict}: {item.why}" if item.verdict == "unknown" else item.verdict
    return [
        f"{key} is {found.get(key)!r}, expected {wanted!r}"
        for key, wanted in expected.items()
        if key != "calendar" and not _agrees(found.get(key), wanted)
    ]


def _agrees(found: object, wanted: object) -> bool:
    """``unknown`` alone accepts any reason."""
    return found == wanted or (wanted == "unknown" and str(found).startswith("unknown"))
