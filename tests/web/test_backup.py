"""A backup of a living database restores to a record that verifies; an upgrade keeps the record's guard."""

import os
import sqlite3
import subprocess
from contextlib import ExitStack, closing

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models

from evenhand import steps
from evenhand.replay import verify_record
from evenhand.web import health, store, triggers
from evenhand.web.models import Entry
from tests.eligible import PROTOCOL, SECRET
from tests.web.backup_help import writing
from tests.web.databases import connected, postgres_database
from tests.web.trial_here import COORDINATOR, STUDY, trial

WRITERS, EACH = 3, 5


# ---- backup under load -------------------------------------------------------------------------


def under_load(database, backup):
    """Take backups while several processes randomize; what each of these had acknowledged before it began."""
    subjects = trial(count=WRITERS * EACH)
    acknowledged = []
    with ExitStack() as processes:
        writers = [processes.enter_context(writing(database, subjects[n::WRITERS])) for n in range(WRITERS)]
        seen = [writer.stdout.readline().strip() for writer in writers]  # all of them are at work
        for number in range(2):
            acknowledged.append(list(seen))
            backup(number)
            seen += [writer.stdout.readline().strip() for writer in writers]
        for writer in writers:
            writer.communicate(timeout=120)
        assert [writer.returncode for writer in writers] == [0] * WRITERS
    return acknowledged


def holds(restored_url, acknowledged, whole):
    """A restored record verifies, begins as the whole one does, and lacks nothing acknowledged before the backup."""
    with connected(restored_url):
        assert health.wrong() == []
        text = b"".join(store.lines(STUDY))
        found = verify_record(text, PROTOCOL, secret=SECRET)
        assert (found.findings, found.arms) == ((), "derived again")
        assert whole.startswith(text)
        assert set(acknowledged) <= {entry.hash for entry in store.current(STUDY).entries}
        with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never rewritten"):
            cursor.execute("DELETE FROM web_entry")
        return found.entries


def test_a_copy_of_a_busy_sqlite_file_verifies(database, tmp_path):
    source = database.url.removeprefix("sqlite:///")

    def backup(number):
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(tmp_path / f"copy{number}")) as copy:
            live.backup(copy, pages=20, sleep=0.001)  # in small steps, so that others write in between

    acknowledged = under_load(database, backup)
    whole = b"".join(store.lines(STUDY))
    counts = [holds(f"sqlite:///{tmp_path / f'copy{n}'}", before, whole) for n, before in enumerate(acknowledged)]
    assert counts == sorted(counts)
    assert whole.count(b'"kind":"randomized"') == WRITERS * EACH


def test_a_dump_of_a_busy_postgresql_verifies(postgres, meeting, tmp_path):
    with postgres_database(postgres, meeting, tmp_path) as database:

        def backup(number):
            dump = [
                postgres.program("pg_dump"),
                "--format=custom",
                f"--file={tmp_path / f'{number}.dump'}",
                database.url,
            ]
            subprocess.run(dump, check=True, timeout=60)

        acknowledged = under_load(database, backup)
        whole = b"".join(store.lines(STUDY))
    for number, before in enumerate(acknowledged):
        name = f"restored_{os.getpid()}_{number}"
        url = postgres.create(name)
        try:
            restore = [postgres.program("pg_restore"), "--no-owner", "--exit-on-error", f"--dbname={url}"]
            subprocess.run([*restore, tmp_path / f"{number}.dump"], check=True, timeout=60)
            assert holds(url, before, whole) >= len(before)
        finally:
            postgres.drop(name)


# ---- restore -----------------------------------------------------------------------------------


def test_a_process_notices_that_an_older_backup_took_the_place_of_its_database(database, tmp_path):
    first, second = trial(count=2)
    source = database.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(tmp_path / "backup")) as copy:
        live.backup(copy)
    lost = store.perform(STUDY, steps.randomize, by=COORDINATOR, subject=first)
    connection.close()
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(tmp_path / "backup")) as copy:
        copy.backup(live)
    now = store.current(STUDY)
    assert lost.entries[0] not in now.entries
    assert now.subject(first).allocation is None
    store.perform(STUDY, steps.randomize, by=COORDINATOR, subject=second)
    assert verify_record(b"".join(store.lines(STUDY)), PROTOCOL, secret=SECRET).findings == ()


def test_the_hash_kept_elsewhere_finds_what_a_restored_backup_lacks(database):
    (subject,) = trial()
    before = store.current(STUDY).head_hash
    store.perform(STUDY, steps.randomize, by=COORDINATOR, subject=subject)
    assert store.verified(STUDY, expected_head=before).findings
    assert store.verified(STUDY, expected_head=store.current(STUDY).head_hash).findings == ()


# ---- upgrade -----------------------------------------------------------------------------------


def test_a_migration_that_rebuilds_the_table_is_followed_by_the_guard(each_database):
    trial()
    wider = models.TextField(null=True)
    wider.set_attributes_from_name("line")
    with connection.schema_editor() as editor:
        editor.alter_field(Entry, Entry._meta.get_field("line"), wider)
    if each_database.engine == "sqlite":
        assert triggers.missing() == ["evenhand_entry_follows", "evenhand_entry_stays", "evenhand_entry_is_kept"]
    call_command("migrate", verbosity=0, interactive=False)
    assert triggers.missing() == []
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never rewritten"):
        cursor.execute("UPDATE web_entry SET line = line")


def test_migrating_again_changes_nothing(each_database):
    trial()
    before = b"".join(store.lines(STUDY))
    call_command("migrate", verbosity=0, interactive=False)
    assert b"".join(store.lines(STUDY)) == before
    assert health.wrong() == []
