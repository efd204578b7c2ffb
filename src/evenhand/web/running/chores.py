"""What whoever runs the application does beside it: tables, studies, the first account, checks, the record's file."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

import django
from django.core.management import call_command, execute_from_command_line

from evenhand.web.running.faults import CannotStart, Found


def migrate(_: Namespace) -> None:
    """Tables as this release wants them; a signal after it puts the record's guard in place again."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)


def manage(options: Namespace) -> None:
    """Django's own commands."""
    execute_from_command_line(["python -m evenhand.web manage", *options.arguments])


def add_study(options: Namespace) -> None:
    """Let a study run here. Raises StudyError for a folder that cannot be used."""
    django.setup()
    from evenhand.web import store  # noqa: PLC0415 - not before Django is set up

    folder = Path(options.folder)
    named = str(folder.resolve()) if folder.is_dir() else options.folder  # workers may stand in another folder
    protocol = store.add_study(named, options.protocol_version)
    runs = store.protocol_of(protocol.study)
    if runs.digest != protocol.digest:
        raise CannotStart(f"{protocol.study} runs here already, under {runs.version.id}; a study is added once.")
    print(f"{protocol.study} {protocol.version.id} runs here: {protocol.title}")


def admin(options: Namespace) -> None:
    """Make an administrator of a study, and print the link by which a password is chosen; all of it is recorded, as
    done by whoever runs the machine. Raises Refusal.
    """
    django.setup()
    from evenhand.administration import INSTALLER, Grant, grant_role  # noqa: PLC0415 - not before Django is set up
    from evenhand.web import access, accounts, store  # noqa: PLC0415 - the same

    study, user = _study(options.study), options.username
    given = Grant(user, "administrator", None)
    if access.account(user) is None:
        if not options.name:
            raise CannotStart(f"there is no account {user} yet: give the printed name with --name.")
        link = accounts.make(study, user, printed_name=options.name, by=INSTALLER)
    else:
        link = accounts.give_link(study, user, by=INSTALLER)
    if given not in access.held_by(store.current(study), user):
        store.perform(study, grant_role, by=INSTALLER, given=given)
    print(f"{user} administers {study}. This path, opened once at the application's address, sets the password:")
    print(link)


def check(_: Namespace) -> None:
    """Settings, tables, guard, and every record. Raises Found, or SystemCheckError's message as a finding."""
    django.setup()
    from django.core.management.base import SystemCheckError  # noqa: PLC0415 - not before Django is set up

    from evenhand.web import health, store  # noqa: PLC0415 - the same

    faulty = []
    try:
        call_command("check", deploy=True, fail_level="WARNING", databases=["default"])
    except SystemCheckError as error:
        print(error, file=sys.stderr)
        faulty.append("settings")
    if wrong := health.wrong():
        raise Found(f"not in order: {', '.join([*faulty, *wrong])}")
    faulty += [study for study in store.studies() if not _verified(study, None)]
    if faulty:
        raise Found(f"not in order: {', '.join(faulty)}")


def export(options: Namespace) -> None:
    """The record, byte by byte as it was written."""
    django.setup()
    from evenhand.web import store  # noqa: PLC0415 - not before Django is set up

    for line in store.lines(_study(options.study)):
        sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def verify(options: Namespace) -> None:
    """Verify one record. Raises Found."""
    django.setup()
    if not _verified(_study(options.study), options.head):
        raise Found(f"the record of {options.study} is not in order")


def _verified(study: str, head: str | None) -> bool:
    from evenhand.web import store  # noqa: PLC0415 - not before Django is set up

    result = store.verified(study, expected_head=head)
    for finding in result.findings:
        place = f"entry {finding.line}" if finding.line else "the record"
        print(f"{study}, {place}: {finding.what} {finding.mend}", file=sys.stderr)
    if not result.findings:
        print(f"{study}: verified, {result.entries} entries, {result.allocations} allocations, arms {result.arms}")
        print(f"last hash {result.head}")
    return not result.findings


def _study(named: str | None) -> str:
    """A study that runs here: the one named, or the only one. Raises CannotStart."""
    from evenhand.web import store  # noqa: PLC0415 - not before Django is set up

    here = store.studies()
    if named is None and len(here) == 1:
        return here[0]
    if named is not None and named in here:
        return named
    known = f"These do: {', '.join(here)}." if here else "None does: begin with add-study."
    raise CannotStart(f"{named} does not run here. {known}" if named else f"which study? {known}")
