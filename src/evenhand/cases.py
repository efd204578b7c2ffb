"""A study's cases: people in, expected answers out. They are played by ``evenhand check`` and by the tests.

``cases/people.yaml`` holds whole people by name, in the simple form of facts. Every other file in ``cases/`` is a list
of cases: a sentence (``case``), whom the person is ``like``, what differs (``facts``, ``without``, ``attestations``,
``unsigned``), the day (``on``), and what is expected: the ``verdict``, single criteria, flags, the stratum, or
the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, RootModel

from evenhand.eligibility import Assessment, Calendar, Interval, assessor_of, level_of
from evenhand.intake import JudgementKind, read_form
from evenhand.protocol import Protocol, StudyError
from evenhand.protocol.places import Sheet, read_sheet
from evenhand.protocol.sheets import SheetModel, validated

Given = dict[str, Any]


class PersonSheet(SheetModel):
    """A whole person, in the simple form of facts."""

    facts: Given = Field(default_factory=dict)
    attestations: list[Given] = Field(default_factory=list)


class CaseSheet(PersonSheet):
    """One case."""

    case: str
    like: str | None = None
    on: str
    without: list[str] = Field(default_factory=list)
    unsigned: list[str] = Field(default_factory=list)
    expect: Annotated[Given, Field(min_length=1)]


class PeopleFile(RootModel[dict[str, PersonSheet]]):
    """``cases/people.yaml``."""


class CaseFile(RootModel[list[CaseSheet]]):
    """Every other file in ``cases/``."""


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
    known: dict[str, PersonSheet] = {}
    for path in files:
        if path.stem == "people":
            known = validated(PeopleFile, read_sheet(path)).root
    return [played for path in files if path.stem != "people" for played in _played_file(protocol, path, known)]


def _played_file(protocol: Protocol, path: Path, known: Mapping[str, PersonSheet]) -> Iterator[Played]:
    sheet = read_sheet(path)
    for number, case in enumerate(validated(CaseFile, sheet).root):
        faults = [sheet.fault((number, part), said) for part, said in _faults(case, protocol, known)]
        if faults:
            raise StudyError(*faults)
        yield _played(protocol, sheet, number, case, known.get(case.like or "", PersonSheet()))


def judgement_kinds(protocol: Protocol) -> dict[str, JudgementKind]:
    """The judgements of a protocol, as intake needs to know them."""
    return {
        name: JudgementKind(name, item.roles, item.about, tuple(item.details))
        for name, item in protocol.judgements.items()
    }


def _faults(case: CaseSheet, protocol: Protocol, known: Mapping[str, PersonSheet]) -> Iterator[tuple[str, str]]:
    """What is wrong with a case, and in which part: a case that changes or asks nothing would pass for ever."""
    if case.like is not None and case.like not in known:
        yield "like", f"nobody in people.yaml is called {case.like!r}: there are {', '.join(known) or 'none'}"
    try:
        date.fromisoformat(case.on)
    except ValueError:
        yield "on", f"{case.on!r} is no day: write YYYY-MM-DD"
    base = known.get(case.like or "", PersonSheet())
    signed = {given.get("judgement") for given in base.attestations}
    yield from (("without", f"{name!r} is no fact of that person") for name in case.without if name not in base.facts)
    yield from (("unsigned", f"that person has no {name!r}") for name in case.unsigned if name not in signed)
    answers = {"verdict", "provisional", "flags", "stratum", "calendar"} | {item.id for item in protocol.criteria}
    yield from (("expect", f"{key!r} is no answer: there are verdict, provisional, flags, stratum, calendar and "
                 "the criteria by id") for key in case.expect if key not in answers)  # fmt: skip


def _played(protocol: Protocol, sheet: Sheet, number: int, case: CaseSheet, base: PersonSheet) -> Played:
    (person,) = read_form(_person(case, base), protocol.vocabulary, sheet.path.name, judgement_kinds(protocol))
    if person.problems:
        raise StudyError(*(sheet.fault((number,), f"{case.case}: {problem}") for problem in person.problems))
    assessor = assessor_of(protocol)
    assessment = assessor.assess(person, date.fromisoformat(case.on))
    differences = list(_differences(protocol, case.expect, assessment))
    if "calendar" in case.expect:
        found = [interval_row(interval) for interval in Calendar(assessor).of(person)]
        if found != case.expect["calendar"]:
            differences.append(f"calendar is {found}, expected {case.expect['calendar']}")
    return Played(case.case, sheet.path.name, tuple(differences))


def interval_row(interval: Interval) -> list[str | None]:
    """An interval of a calendar as a case writes it: from, to, standing, and the criteria that bind."""
    first = interval.first.isoformat() if interval.first else None
    last = interval.last.isoformat() if interval.last else None
    return [first, last, interval.standing, " ".join(interval.because)]


def _person(case: CaseSheet, base: PersonSheet) -> Given:
    facts = {name: value for name, value in base.facts.items() if name not in case.without}
    signed = [given for given in base.attestations if not _replaced(given, case)]
    return {"patient": case.case, "facts": {**facts, **case.facts}, "attestations": signed + case.attestations}


def _replaced(given: Given, case: CaseSheet) -> bool:
    """A case's own signature takes the place of the base person's on the same judgement and entry."""
    about = (given.get("judgement"), given.get("item"))
    own = [(other.get("judgement"), other.get("item")) for other in case.attestations]
    return about in own or given.get("judgement") in case.unsigned


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
