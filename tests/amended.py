"""The tiny study with four versions, and records across its amendments, for tests.

v1 and v2 ask for the same consent; v3 asks for a new one; v4 for yet another, which earlier consent to v3 counts for.
"""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from evenhand import administration, steps
from evenhand.dates import on_day
from evenhand.enrollment import protocol_for
from evenhand.facts import COMPLETE, Attestation, Fact, Person, Source
from evenhand.facts.fact import Value
from evenhand.protocol import Versions, load_versions
from evenhand.record import Actor, History, append
from tests.studies_here import TINY

SECRET = bytes(range(32))
START = date(2026, 8, 3)
ADMINISTRATOR = Actor("ada", "administrator")
SITES = ("ward", "annex")
FORM = Source("form", "", "carl")
_LINE = '  - {{id: {id}, from: "2026-06-{day:02d}", note: {note}, assumed: "a test\'s own study"{more}}}\n'


def amended_study(folder: Path) -> Path:
    """A copy of the tiny study with the versions v3 and v4 besides."""
    study = folder / "tiny"
    shutil.copytree(TINY, study)
    add_version(study, "v3", consent="2", note="New risks are told.")
    add_version(study, "v4", consent="3", note="Letters corrected.", more=", reconsent: no")
    return study


def add_version(study: Path, name: str, *, consent: str, note: str = "Amended.", more: str = "", **changed) -> Path:
    """A version like v2 with another consent document version; ``changed`` maps file names to (before, after)."""
    shutil.copytree(study / "v2", study / name)
    line = _LINE.format(id=name, day=int(name[1:]), note=note, more=more)
    sheet = study / "study.yaml"
    sheet.write_text(sheet.read_text("utf-8") + line, "utf-8")
    texts = {"enrollment": ('version: "1"', f'version: "{consent}"'), **changed}
    for file, (before, after) in texts.items():
        path = study / name / f"{file}.yaml"
        assert before in path.read_text("utf-8"), (file, before)
        path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    return study / name


def fit_person(on: date, *, operated: int = 5) -> Person:
    """Somebody who meets the criteria on a day, operated that many days before."""
    facts: dict[str, Value] = {
        "volume": 50,
        "operation": {"day": on_day(on - timedelta(days=operated)), "side": "left"},
        "smoker": True,
    }
    given = {name: (Fact(name, value, None, FORM),) for name, value in facts.items()}
    walk = Fact("walks", {"metres": 100, "seated": True}, None, FORM)
    return Person("somebody", {**given, "walks": (walk, Fact("walks", COMPLETE, None, FORM))})


class Amended:
    """A record in the making across versions: each step is taken under the version that holds."""

    def __init__(self, versions: Versions, start: str = "v1", sites=SITES, first=START):
        self.versions = versions
        self.history = History(versions.study)
        self.at = datetime.combine(first, time(), UTC)
        self.take(steps.activate, under=versions.named(start), secret=SECRET, sites=list(sites))

    def take(self, step, by=ADMINISTRATOR, *, under=None, **given):
        """Take a step today, and append what it returns; raises what the step raises."""
        at = self.at + timedelta(minutes=1)
        given = {"on": at.date(), **given} if step is not steps.attest else given
        if step is steps.adopt_version:
            given["versions"] = self.versions
        protocol = under or steps.protocol_to_take(self.versions, self.history, step, given, by)
        entries = append(self.history, step(protocol, self.history, by=by, at=at, **given), by=by, at=at)
        self.at, self.history = at, self.history.extend(entries)
        return entries

    def later(self, days: int):
        self.at += timedelta(days=days)
        return self

    @property
    def today(self) -> date:
        return self.at.date()

    def adopt(self, site, version, reason="approved by the committee", **given):
        return self.take(steps.adopt_version, site=site, version=version, reason=reason, **given)

    def opened(self, site, **given):
        return self.take(administration.open_site, site=site, name=site.title(), time_zone="UTC", **given)

    def screened(self, site="ward", **given):
        (entry,) = self.take(steps.screen, at_site(site), person=fit_person(self.today, **given))
        return entry.subject

    def signed(self, subject):
        given = Attestation("can_sit", True, "Dr P", "physiotherapist", on_day(self.today), FORM)
        by = replace(at_site(self.history.subject(subject).site), role="physiotherapist")
        self.take(steps.attest, by, subject=subject, given=given)
        return subject

    def consented(self, subject=None, site="ward", version=None):
        subject = subject or self.signed(self.screened(site))
        self.take(steps.consent, at_site(self.history.subject(subject).site), subject=subject, version=version)
        return subject

    def registered(self, subject=None, site="ward"):
        subject = subject or self.consented(site=site)
        self.take(steps.register, at_site(self.history.subject(subject).site), subject=subject)
        return subject

    def randomized(self, subject=None, site="ward"):
        subject = self.registered(subject, site)
        self.take(steps.randomize, at_site(self.history.subject(subject).site), subject=subject, secret=SECRET)
        return subject

    def follows(self, subject) -> str:
        return protocol_for(self.versions, self.history, subject).version.id


def at_site(site) -> Actor:
    return Actor("carl", "coordinator", site)


def versions_in(folder: Path) -> Versions:
    return load_versions(amended_study(folder))
