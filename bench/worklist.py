"""The worklist of 2,000 open candidates in a record of 200,000 entries, against one of 20 in a record of their own.

The page is asked for through Django, database and session included, as a coordinator of the site sees it.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import django

from bench.timing import ratios, report, seconds
from evenhand.protocol import Protocol, find_study, load_protocol
from evenhand.record import Actor, Event, History, append

FEW, MANY, ENTRIES = 20, 2_000, 200_000
KINDS = 90  # different candidates
STUDY = "nct07053085"
USER = "c.ordinator"
_BATCH = 2_000
_BY = Actor(USER, "coordinator", "north")


def main() -> None:
    """Print the first page of a process, and the pages after it as a ratio."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        os.environ |= {"DJANGO_SETTINGS_MODULE": "evenhand.web.settings", "EVENHAND_DATA": folder}
        os.environ["EVENHAND_DEMO"] = "1"  # no second factor
        os.environ["DATABASE_URL"] = f"sqlite:///{data / 'bench.sqlite3'}"
        django.setup()
        _pages(data)


def _pages(data: Path) -> None:
    from django.core.management import call_command  # noqa: PLC0415 - Django must stand first

    from evenhand.web.access import make_account  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    make_account(USER, printed_name="Made-up Coordinator", password=None, demo=True)
    few = _added(data, "bench-few", FEW, 0)
    few()
    many = _added(data, "bench-many", MANY, ENTRIES)
    print(f"{MANY} open candidates, {ENTRIES} entries: the first page of a process {seconds(many):.1f} s", end="; ")
    print(f"afterwards {1000 * min(seconds(many) for _ in range(9)):.1f} ms", end=", ")
    print(f"{FEW} candidates {1000 * min(seconds(few) for _ in range(9)):.1f} ms")
    report(f"a page of {MANY} candidates / a page of {FEW}", ratios(many, few, 41), "below 2")


def _added(data: Path, study: str, candidates: int, entries: int) -> Callable[[], object]:
    """A study with so many open candidates, its record filled with randomized ones; what asks for its worklist."""
    from django.test import Client  # noqa: PLC0415 - Django must stand first

    from evenhand.web import models, store  # noqa: PLC0415

    protocol = _copied(data, study)
    store.add_study(str(data / study))
    store.adopt(study, _record(protocol, candidates, entries), None)
    client = Client()
    client.force_login(models.User.objects.get(username=USER), "django.contrib.auth.backends.ModelBackend")

    def ask() -> None:
        answer = client.get(f"/{study}/worklist", HTTP_HOST="localhost", secure=True)
        if answer.status_code != 200 or b"open candidate" not in answer.content:
            sys.exit(f"the worklist answered {answer.status_code}")

    return ask


def _copied(data: Path, study: str) -> Protocol:
    """The shipped study under another id, so that two can run side by side."""
    shutil.copytree(find_study(STUDY), data / study)
    sheet = data / study / "study.yaml"
    sheet.write_text(sheet.read_text().replace(f"id: {STUDY}", f"id: {study}", 1))
    return load_protocol(data / study)


def _record(protocol: Protocol, candidates: int, entries: int) -> History:
    """Candidates in turn of different windows, then participants of ten entries each until there are ``entries``."""
    today = datetime.now(UTC).date()
    history = History(protocol.study)
    at = datetime.combine(today, time(1), UTC)  # after the signatures of the made-up candidates
    batch: list[Event] = []
    for event in _events(protocol, candidates, entries, today):
        batch.append(event)
        if len(batch) == _BATCH:
            history, batch = history.extend(append(history, batch, by=_BY, at=at)), []
    return history.extend(append(history, batch, by=_BY, at=at))


def _events(protocol: Protocol, candidates: int, entries: int, today: date) -> Iterator[Event]:
    body = {"protocol_version": protocol.version.id, "protocol_digest": protocol.digest, "commitment": "c0" * 32}
    yield Event("study_activated", None, today, {**body, "sites": ["north"]})
    yield Event("role_granted", None, today, {"user": USER, "role": "coordinator", "site": "north"})
    told = 2
    for number in range(candidates):
        yield from (events := [replace(event, subject=f"S{number:05}") for event in _candidate(today, number % KINDS)])
        told += len(events)
    number = 0
    while told < entries:
        yield from (events := _participant(f"R{number:05}", number))
        told, number = told + len(events), number + 1


@cache
def _candidate(today: date, number: int) -> list[Event]:
    """Somebody whose window closes within the year; every third has consented, every second lacks a fact."""
    from tests.waiting_people import Scene, closing, person  # noqa: PLC0415 - not for the other benches

    scene = Scene(today, ("north",))
    closes = closing(today + timedelta(days=3 * number))
    known = scene.screened(person(today, closes, without=["ecog"] if number % 2 else []))
    scene.signed(known, "her2_determined_positive", "progression_free")
    if number % 3 == 0:
        scene.consented(known)
    return [
        Event(entry.kind, known, entry.effective, dict(entry.body), signature=entry.signature)
        for entry in scene.history.subject(known).entries
    ]


def _participant(subject: str, number: int) -> list[Event]:
    from bench.record_fold import _person  # noqa: PLC0415

    return [
        replace(event, corrects=None, reason=None)
        for event in _person(subject, 0, "hr=positive", "usual" if number % 2 else "local", number)
    ]


if __name__ == "__main__":
    main()
