"""The page of a participant with 5 years of data, against that of one who was randomized yesterday.

The pages are asked for through Django, database and session included, as a coordinator of the site sees them.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import django

from bench.timing import ratios, report, seconds
from evenhand.dates import add_months
from evenhand.protocol import Protocol, find_study, load_protocol
from evenhand.protocol.plan import Field, Form
from evenhand.record import JSON, Actor, Event, History, append

STUDY = "nct07053085"
USER = "c.ordinator"
YEARS, EVENTS = 5, 40
_BY = Actor(USER, "coordinator", "north")
_ENTERED = ("adverse_event", "safety_report")  # one that is shown in many places, and one that is not
_ONCE = ("surgery", "locoregional_radiation", "metastasis_radiation", "systemic_therapy")


def main() -> None:
    """Print the first page of a process, and the pages after it as a ratio."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        os.environ |= {"DJANGO_SETTINGS_MODULE": "evenhand.web.settings", "EVENHAND_DATA": folder}
        os.environ["EVENHAND_DEMO"] = "1"  # no second factor
        os.environ["DATABASE_URL"] = f"sqlite:///{data / 'bench.sqlite3'}"
        django.setup()
        _pages()


def _pages() -> None:
    from django.core.management import call_command  # noqa: PLC0415 - Django must stand first

    from evenhand.web.access import make_account  # noqa: PLC0415
    from evenhand.web.store import add_study, adopt  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    make_account(USER, printed_name="Made-up Coordinator", password=None, demo=True)
    add_study(STUDY)
    made = _record()
    adopt(STUDY, made.history, None)
    old, fresh = _asking("S0001-3"), _asking("S0002-1")
    print(f"{len(made.history.subject('S0001-3').entries)} entries: first page {1000 * seconds(old):.0f} ms", end=", ")
    print(f"afterwards {1000 * min(seconds(old) for _ in range(9)):.1f} ms", end="; ")
    print(f"a fresh one {1000 * min(seconds(fresh) for _ in range(9)):.1f} ms")
    report(f"a page with {YEARS} years of data / a fresh one", ratios(old, fresh, 31), "below 2")
    anew, fresh_anew = _anew(old), _anew(fresh)
    print(f"with no part of the page remembered: {anew:.0f} ms; a fresh one {fresh_anew:.0f} ms")
    for role in _ENTERED:
        took = _after_entries(role, old)
        print(f"right after an entry of {role.replace('_', ' ')}: {took:.0f} ms; with nothing remembered {anew:.0f} ms")


def _anew(ask: Callable[[], object]) -> float:
    """Milliseconds of a page of which no part was rendered before; the engines' findings are remembered."""
    from evenhand.web.pages.participants import course  # noqa: PLC0415 - Django must stand first

    found = []
    for _ in range(7):
        course.forget()
        found.append(1000 * seconds(ask))
    return min(found)


def _after_entries(role: str, ask: Callable[[], object]) -> float:
    """Milliseconds of the page right after an entry about the participant with years of data: the best of some, each
    after an entry of its own. No step is taken: what it would ask about these plain answers is no part of the page."""
    from evenhand.web import models, store  # noqa: PLC0415 - Django must stand first
    from evenhand.web.store.cache import line_of  # noqa: PLC0415

    plan, found = store.protocol_of(STUDY).plan, []
    if plan is None:
        raise RuntimeError(f"{STUDY} has no forms")
    for number in range(7):
        ask()
        known = store.current(STUDY)
        event = _entered(plan.reading(role)[0], "S0001-3", known.entries[-1].effective, item=f"{role} {number}")
        at = known.entries[-1].recorded_at + timedelta(seconds=1)
        for entry in append(known, [event], by=_BY, at=at):
            models.Entry.objects.create(study=STUDY, seq=entry.seq, line=line_of(entry))
        found.append(1000 * seconds(ask))
    return min(found)


def _asking(subject: str) -> Callable[[], object]:
    """What asks for the page of a participant."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - Django must stand first
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(username=USER), "django.contrib.auth.backends.ModelBackend")

    def ask() -> None:
        answer = client.get(f"/{STUDY}/participants/{subject}")
        if answer.status_code != 200:
            raise RuntimeError(f"the page of {subject} is not there: {answer.status_code}")

    return ask


@dataclass
class _Made:
    """A record in the making."""

    history: History
    at: datetime

    def take(self, *events: Event) -> None:
        for event in events:
            self.at = max(self.at, datetime.combine(event.effective, time(12), UTC)) + timedelta(seconds=1)
            entries = append(self.history, [event], by=_BY, at=self.at)
            self.history = self.history.extend(entries)


def _record() -> _Made:
    """One participant with years of data in every form, and one randomized yesterday."""
    protocol = load_protocol(find_study(STUDY))
    today = datetime.now(UTC).date()
    begun = today - timedelta(days=365 * YEARS)
    made = _Made(History(STUDY), datetime.combine(begun, time(0), UTC))
    made.take(*_study(protocol, begun))
    made.take(*_randomized(protocol, "S0001-3", begun))
    made.take(*_years(protocol, "S0001-3", begun))
    made.take(*_randomized(protocol, "S0002-1", today - timedelta(days=1)))
    return made


def _study(protocol: Protocol, on: date) -> Iterator[Event]:
    activation = {"protocol_version": protocol.version.id, "protocol_digest": protocol.digest}
    yield Event("study_activated", None, on, {**activation, "commitment": "0" * 64, "sites": []})
    yield Event("site_opened", None, on, {"site": "north", "name": "North", "time_zone": "Europe/Berlin"})
    yield Event("role_granted", None, on, {"user": USER, "role": "coordinator", "site": "north"})


def _randomized(protocol: Protocol, subject: str, on: date) -> Iterator[Event]:
    document = {"document": protocol.enrollment.consent_document, "version": protocol.enrollment.consent_version}
    yield Event("facts_recorded", subject, on, {"facts": []})
    yield Event("consented", subject, on, document)
    frozen: dict[str, JSON] = {"participant": f"P{subject[1:]}", "protocol_version": protocol.version.id}
    yield Event("registered", subject, on, {**frozen, "evidence": {}, "evidence_digest": "0" * 64})
    arm = protocol.arms[-1].id
    yield Event("randomized", subject, on, {"arm": arm, "method": "blocks", "stratum": "all", "position": 1})


def _years(protocol: Protocol, subject: str, begun: date) -> Iterator[Event]:
    """Every form of every visit each three months, each treatment once, many adverse events."""
    plan = protocol.plan
    if plan is None:
        raise RuntimeError(f"{STUDY} has no forms")
    for number in range(1, YEARS * 4):
        day = add_months(begun, 3 * number)
        for form in plan.forms.values():
            if form.visits:
                yield _entered(form, subject, day, visit=f"follow_up.{number}")
    for form in plan.forms.values():
        if form.reads in _ONCE:
            yield _entered(form, subject, begun + timedelta(days=60))
    for form in plan.reading("adverse_event"):
        for number in range(1, EVENTS + 1):
            yield _entered(form, subject, begun + timedelta(days=40 * number), item=str(number))


def _entered(form: Form, subject: str, day: date, *, visit: str | None = None, item: str = "1") -> Event:
    values = {name: _answer(asked, day) for name, asked in form.fields.items() if asked.required and _always(asked)}
    body = {"form": form.id, "item": item, "visit": visit, "values": values, "unless": {}, "not_done": None}
    return Event("form_entered", subject, day, body)


def _always(asked: Field) -> bool:
    return asked.asked_when is None


def _answer(asked: Field, day: date) -> Any:
    """Some answer that fits a question."""
    if asked.is_table:
        return [{name: _answer(column, day) for name, column in (asked.columns or {}).items() if column.required}]
    if asked.type.kind == "date":
        return day.isoformat()
    if asked.type.kind == "code":
        return next(iter(asked.type.codes))
    if asked.type.kind == "yes_no":
        return False
    return str(asked.type.low or 0) if asked.type.kind == "number" and asked.type.step != 1 else _plain(asked)


def _plain(asked: Field) -> Any:
    if asked.type.kind == "number":
        return int(asked.type.low or 1)
    return "Fatigue" if asked.offered == "ctcae_terms" else "M1"


if __name__ == "__main__":
    main()
