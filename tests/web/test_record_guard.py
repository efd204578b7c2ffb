"""The database's own guard over the record, on both engines, and what is found when somebody gets past it."""

import pytest
from django.db import DatabaseError, connection

from evenhand.web import models, store, triggers
from tests.web.store_help import drop_triggers, empty_by_force, randomize, run
from tests.web.trial_here import STUDY, trial

pytestmark = pytest.mark.usefixtures("each_database")


def last_line():
    return models.Entry.objects.order_by("-seq").first().line


FORBIDDEN = {
    "an update": "UPDATE web_entry SET line = '{}' WHERE seq = 1",
    "a delete": "DELETE FROM web_entry WHERE seq = 1",
    "a copy at the end": "INSERT INTO web_entry (study, seq, line) SELECT study, seq + 1, line FROM web_entry "
    "WHERE seq = (SELECT max(seq) FROM web_entry)",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
def test_the_record_refuses(statement):
    trial()
    before = b"".join(store.lines(STUDY))
    with pytest.raises(DatabaseError, match="record"):
        run(statement)
    assert b"".join(store.lines(STUDY)) == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"user":"carl"', '"user":" "', "by nobody"),
        ('"role":"coordinator"', '"role":""', "by nobody"),
        ('"previous":"', '"previous":"0', "does not follow"),
        ('"study":"', '"study":"x', "columns"),
    ],
)
def test_the_record_refuses_an_entry_that_is_forged(old, new, said):
    (subject,) = trial()
    done = randomize(subject)
    line = last_line()
    rows = models.Entry.objects.order_by("seq").values_list("study", "seq", "line")
    before, (study, seq, _) = list(rows)[:-1], list(rows)[-1]
    empty_by_force(before)
    assert done.entries[0].seq == seq
    with pytest.raises(DatabaseError, match=said):
        run("INSERT INTO web_entry (study, seq, line) VALUES (%s, %s, %s)", study, seq, line.replace(old, new, 1))
    run("INSERT INTO web_entry (study, seq, line) VALUES (%s, %s, %s)", study, seq, line)


def test_a_table_cannot_be_emptied():
    trial()
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE; its DELETE is refused")
    with pytest.raises(DatabaseError, match="never rewritten"):
        run("TRUNCATE web_entry")


def test_missing_triggers_are_noticed_and_put_back():
    assert triggers.missing() == []
    drop_triggers()
    assert triggers.missing() == list(triggers.NAMES)
    triggers.install()
    assert triggers.missing() == []


def test_tampering_past_the_triggers_is_found():
    (subject,) = trial()
    randomize(subject)
    drop_triggers()
    (signed, *_) = store.current(STUDY).subject(subject).attestations
    run(
        "UPDATE web_entry SET line = replace(line, %s, %s) WHERE seq = %s",
        '"answer":true',
        '"answer":false',
        signed.seq,
    )
    triggers.install()
    assert {finding.seq for finding in store.verified(STUDY).findings} == {signed.seq}
