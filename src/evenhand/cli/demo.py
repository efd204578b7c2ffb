"""``evenhand demo``: the trial in the terminal. Real mCODE files are screened, the eligible are registered and
randomized into a record, the record is verified and tampered with, and a made-up trial of more people follows."""

from __future__ import annotations

import secrets
import tempfile
from argparse import Namespace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from rich.console import Console

from evenhand import steps
from evenhand.cli import check, screen, verify, walk
from evenhand.cli.console import console, plain
from evenhand.eligibility import Calendar, assessor_of
from evenhand.facts import Person
from evenhand.protocol import Protocol, StudyError, find_study, load_protocol, shipped_studies
from evenhand.protocol.places import read_sheet
from evenhand.record import Actor, History, append, dump
from evenhand.refusal import Refusal
from evenhand.replay import verify_record

_BY = Actor("demo coordinator", "coordinator", "demo site")


def run(options: Namespace) -> int:
    """Show every shipped study that has patients."""
    out = console()
    folder = Path(tempfile.mkdtemp(prefix="evenhand-demo-"))
    for study in map(find_study, shipped_studies()):
        if (study / "patients").is_dir():
            _show_study(out, study, folder, options)
    return 0


def _show_study(out: Console, study: Path, folder: Path, options: Namespace) -> None:
    protocol = load_protocol(study)
    _heading(out, "1", "The protocol is data")
    out.print(
        f"{plain(protocol.title)}\n{protocol.study} {protocol.version.id}: {len(protocol.clauses)} clauses of the "
        f"public description, {len(protocol.criteria)} criteria, {len(protocol.assumptions)} stated assumptions, "
        f"{len(check.study_findings(protocol))} findings"
    )
    day = _day(study)
    _heading(out, "2", "mCODE patients are screened, with reasons")
    files = sorted((study / "patients").glob("*.json"))
    people = screen.read_people(protocol, [str(path) for path in files], study / "patients" / "attestations.yaml")
    calendar = Calendar(assessor_of(protocol))
    judged = [assessor_of(protocol).assess(person, day) for person in people]
    for assessment in judged:
        screen.show(out, assessment, calendar.of(assessment.person), protocol, everything=False)
    screen.summary(out, judged, protocol)
    _heading(out, "3", "The eligible are registered and randomized; the others are refused, with the clause")
    secret = secrets.token_bytes(32)
    history = _enrolled(out, protocol, people, day, secret)
    _heading(out, "4", "The record is verified, and a changed byte is found")
    _verified(out, protocol, history, secret, folder / "patients.jsonl")
    _heading(out, "5", f"A made-up trial: {options.people} candidates walk the same steps")
    _walked(study, folder / "walk.jsonl", options)
    out.print(f"\nRecords and secrets are in {folder}. Try:", markup=False)
    out.print(f"  .venv/bin/evenhand verify {folder / 'walk.jsonl'}", markup=False)
    out.print(f"  .venv/bin/evenhand render {protocol.study} --html --out protocol.html", markup=False)


def _day(study: Path) -> date:
    """The day for which the study's own patients are made up."""
    sheet = read_sheet(study / "patients" / "day.yaml")
    if not isinstance(sheet.data, dict) or "on" not in sheet.data:
        raise StudyError(sheet.fault((), "the day is missing: write `on: YYYY-MM-DD`"))
    return date.fromisoformat(str(sheet.data["on"]))


def _heading(out: Console, number: str, text: str) -> None:
    out.print()
    out.rule(f"[b]{number}. {text}[/b]", align="left", style="dim")


class _Recording:
    """A record in the making, at a clock that moves on a minute with each step."""

    def __init__(self, protocol: Protocol, day: date) -> None:
        self.protocol = protocol
        self.history = History(protocol.study)
        self.at = datetime.combine(day, time(8), UTC)

    def take(self, step: steps.Step, **given: object) -> str:
        """Take a step; gives the subject that it was about."""
        self.at += timedelta(minutes=1)
        events = step(self.protocol, self.history, by=_BY, at=self.at, **given)
        entries = append(self.history, events, by=_BY, at=self.at)
        self.history = self.history.extend(entries)
        return entries[0].subject or ""


def _enrolled(out: Console, protocol: Protocol, people: list[Person], day: date, secret: bytes) -> History:
    recording = _Recording(protocol, day)
    recording.take(steps.activate, secret=secret, sites=["demo site"], on=day)
    for person in people:
        subject = "-"
        try:
            subject = recording.take(steps.screen, person=person, on=day)
            for given in person.attestations:
                recording.take(steps.attest, subject=subject, given=given)
            recording.take(steps.consent, subject=subject, on=day)
            recording.take(steps.register, subject=subject, on=day)
            recording.take(steps.randomize, subject=subject, secret=secret, on=day)
            allocation = recording.history.subject(subject).allocation
            assert allocation is not None
            arm = protocol.arm(allocation.arm).label
            out.print(
                f"[green]{subject}[/green]  {plain(person.id)}: randomized to [b]{plain(arm)}[/b]  "
                f"[dim]{allocation.stratum}[/dim]"
            )
        except Refusal as refusal:
            out.print(
                f"[red]{subject}[/red]  {plain(person.id)}: refused, {plain(_shortly(refusal.reason))} "
                f"[dim]({refusal.clause})[/dim]"
            )
    recording.take(steps.close, secret=secret, on=day)
    return recording.history


def _shortly(reason: str) -> str:
    """The first of several reasons, and how many more there are."""
    first, *more = reason.split("; ")
    return f"{first}; and {len(more)} more" if more else first


def _verified(out: Console, protocol: Protocol, history: History, secret: bytes, path: Path) -> None:
    text = dump(history.entries)
    path.write_bytes(text)
    verify.show(verify_record(text, protocol, secret=secret))
    place = text.index(b'"arm":"') + len(b'"arm":"')
    tampered = text[:place] + b"X" + text[place + 1 :]
    out.print("[dim]one byte changed:[/dim]")
    verify.show(verify_record(tampered, protocol, secret=secret))


def _walked(study: Path, path: Path, options: Namespace) -> None:
    protocol, walked = walk.walked_trial(str(study), None, options)
    walk.write_walk(walked, path)
    walk.show(protocol, walked, path)
    verify.show(verify_record(path.read_bytes(), protocol))
