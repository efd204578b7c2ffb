"""``run``: the demonstration on this machine: made where there is none, served, and explained in the terminal."""

from __future__ import annotations

import json
import os
import secrets
from argparse import Namespace
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

import django

from evenhand.web.running.faults import CannotStart

_HOST: Final = "127.0.0.1"
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_NOTE, _DATABASE = "demonstration.json", "evenhand.sqlite3"
_ELSEWHERE: Final = ("DATABASE_URL", "EVENHAND_KEY", "EVENHAND_HOSTS", "EVENHAND_HTTPS", "EVENHAND_PROXIES")


@dataclass(frozen=True, slots=True)
class Note:
    """What a folder says about the demonstration in it; ``finished`` is False while it is being made."""

    made: str
    password: str
    finished: bool


def run(options: Namespace) -> None:
    """Make or find the demonstration, serve it and say how to enter. Raises CannotStart; leaves by SystemExit."""
    folder = options.data.resolve()
    note = _note_of(folder) or _begun(folder)
    _settle(folder)
    django.setup()
    from evenhand.web.running import server, welcome  # noqa: PLC0415 - not before Django is set up

    port = options.default_port if options.port is None else options.port
    at = server.listening(_HOST, port, or_next=options.port is None)
    note = _made(folder, note, options.people)
    address = f"http://{_HOST}:{at.getsockname()[1]}"
    said = welcome.text(address, folder, made=note.made, password=note.password)
    form = server.Form(workers=2, threads=4, log_requests=False)
    server.serve(at, form, ready=lambda: welcome.when_up(address, said, browser=not options.no_open))


def _settle(folder: Path) -> None:
    """This folder and nothing else: what the surroundings say of a production database is not for a demonstration."""
    for name in _ELSEWHERE:
        os.environ.pop(name, None)
    os.environ.update(EVENHAND_DATA=str(folder), EVENHAND_DEMO="1")


def _note_of(folder: Path) -> Note | None:
    """The note of a folder, None for a new one. Raises CannotStart for a folder that holds anything else."""
    try:
        return Note(**json.loads((folder / _NOTE).read_text("utf-8")))
    except FileNotFoundError:
        if folder.is_dir() and any(folder.iterdir()):
            raise CannotStart(f"{folder} holds no demonstration. Name another folder with --data.") from None
        return None
    except (ValueError, TypeError):
        raise CannotStart(f"{folder / _NOTE} cannot be read. Delete the folder for a new demonstration.") from None


def _begun(folder: Path) -> Note:
    """A new folder that says what it is for: a start that fails, as where the port is taken, leaves one which the next
    start makes use of."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _written(folder, _new())


def _new() -> Note:
    return Note(f"{date.today():%d %b %Y}", _password(), finished=False)


def _made(folder: Path, note: Note, people: int) -> Note:
    """The demonstration, made anew where there is none, or where making it was interrupted."""
    from django.core.management import call_command  # noqa: PLC0415 - not before Django is set up

    from evenhand.web import demo, health  # noqa: PLC0415 - the same

    if not note.finished:
        for left in folder.glob(f"{_DATABASE}*"):
            left.unlink()
        note = _written(folder, _new())
    if health.wrong():
        call_command("migrate", interactive=False, verbosity=0)
    if not note.finished:
        demo.make_demonstration(people=people, password=note.password)
        note = _written(folder, Note(note.made, note.password, finished=True))
    return note


def _written(folder: Path, note: Note) -> Note:
    path = folder / _NOTE
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(note)), "utf-8")
    return note


def _password() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
