"""Verification of the record from its page, also after changes past the triggers; and its export."""

import json
import re
from dataclasses import replace

import pytest
from django.db import connection

from evenhand import administration
from evenhand.administration import ROLES, Grant
from evenhand.cli import main
from evenhand.record import dump, entry_hash, entry_line, parse_line
from evenhand.web import access, store, triggers
from evenhand.web.access import Action
from evenhand.web.pages import record as record_page
from tests.eligible import PROTOCOL
from tests.web.databases import forget
from tests.web.enrol_help import entries, text
from tests.web.study_help import STUDY, member, randomized_trial
from tests.web.trial_here import ADMINISTRATOR, Making

pytestmark = pytest.mark.usefixtures("database")


# ---- verification ------------------------------------------------------------------------------


def verify(person, expected=""):
    return person.sends("verify", {"expected": expected})


def rewritten(change, seq, *, chain=False):
    """Change an entry past the triggers, as who owns the database file can; ``chain`` mends all hashes after it."""
    with connection.cursor() as cursor:
        for name in ("evenhand_entry_follows", "evenhand_entry_stays", "evenhand_entry_is_kept"):
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("SELECT seq, line FROM web_entry WHERE study = %s AND seq >= %s ORDER BY seq", [STUDY, seq])
        previous = None
        for number, line in cursor.fetchall():
            one = parse_line(line.encode(), number)
            one = change(one) if number == seq else one
            if chain:
                one = replace(one, previous=previous or one.previous)
                one = replace(one, hash=entry_hash(one))
                previous = one.hash
            new = entry_line(one).decode()
            cursor.execute("UPDATE web_entry SET line = %s WHERE study = %s AND seq = %s", [new, STUDY, number])
            if not chain:
                break
    triggers.install()
    forget()


def test_a_whole_record_is_told_to_be_whole():
    making, _ = randomized_trial(2, 1)
    making.keep()
    person = member("monitor")
    head = store.current(STUDY).head_hash
    assert "The record is whole" not in text(person.sees("verify"))
    page = text(verify(person))
    assert "The record is whole" in page
    assert f"{len(entries())} entries follow one another unchanged" in page
    assert "All 3 allocations were derived again from the secret, and came out the same." in page
    assert f"Last hash {head} " in page
    assert "by Only.Monitor" in page
    assert store.current(STUDY).head_hash == head


def test_only_who_may_verifies():
    Making().keep()
    for role in ROLES:
        allowed = Action.VERIFY in access.TABLE[role]
        person = member(role)
        found = [person.sees("verify").status_code, verify(person).status_code]
        assert found == ([200, 200] if allowed else [403, 403]), role


def test_a_look_verifies_nothing(monkeypatch):
    Making().keep()
    monkeypatch.setattr(record_page.store, "verified", None)
    assert member("monitor").sees("verify").status_code == 200


@pytest.mark.parametrize("written", [str, str.upper, " {}\n".format])
def test_a_hash_that_was_written_down_is_found_though_entries_came_after(written):
    making, _ = randomized_trial(1, 0)
    making.keep()
    person = member("monitor")
    one = next(entry for entry in entries() if entry.kind == "randomized")
    page = text(verify(person, written(one.hash)))
    assert f"Your hash found it is that of entry {one.seq} ; everything up to there" in page
    last = entries()[-1]
    assert f"entry {last.seq} , the last one" in text(verify(person, last.hash))


def test_a_hash_that_the_record_does_not_have_is_a_finding():
    Making().keep()
    page = text(verify(member("monitor"), "ab" * 32))
    assert "The hash that you gave is not in the record" in page
    assert "The record is whole " not in page.replace("The record is whole in itself", "")


@pytest.mark.parametrize("expected", ["abc", "g" * 64, "ab" * 33])
def test_what_is_no_hash_is_refused_and_nothing_is_verified(monkeypatch, expected):
    Making().keep()
    monkeypatch.setattr(record_page.store, "verified", None)
    assert "A hash has 64 characters" in text(verify(member("monitor"), expected))


def test_an_entry_changed_past_the_triggers_is_found_and_named():
    making, _ = randomized_trial(1, 0)
    making.keep()
    person = member("monitor")
    seq = next(one.seq for one in entries() if one.kind == "consented")
    rewritten(lambda one: replace(one, body={**one.body, "version": "0.9"}), seq)
    answer = verify(person)
    page = text(answer)
    assert "1 finding The chain of hashes is broken" in page
    assert f"Entry {seq} Its content is not what its hash was computed from." in page
    assert f'/record/{seq}"' in answer.content.decode()
    assert "Last hash" not in page


def test_an_arm_changed_with_all_hashes_mended_is_found_by_deriving_it_again():
    making, _ = randomized_trial(2, 0)
    making.keep()
    person = member("monitor")
    one = next(entry for entry in entries() if entry.kind == "randomized")
    kept = store.current(STUDY).head_hash
    other = next(arm.id for arm in PROTOCOL.arms if arm.id != one.body["arm"])
    rewritten(lambda entry: replace(entry, body={**entry.body, "arm": other}), one.seq, chain=True)
    page = text(verify(person))
    assert "The chain of hashes is unbroken, but what it says could not all be taken again." in page
    assert re.search(rf"Entry {one.seq} .*arm is .{other}., but the step gives .{one.body['arm']}", page)
    assert "is that of" not in text(verify(person, kept))


def test_entries_missing_at_the_end_are_found_by_a_hash_kept_elsewhere():
    making, _ = randomized_trial(1, 0)
    making.keep()
    person = member("monitor")
    last = store.perform(STUDY, administration.grant_role, by=ADMINISTRATOR, given=Grant("late", "inspector", None))
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER evenhand_entry_is_kept")
        cursor.execute("DELETE FROM web_entry WHERE study = %s AND seq = %s", [STUDY, last.entries[0].seq])
    triggers.install()
    assert "The record is whole" in text(verify(person))
    assert "The hash that you gave is not in the record" in text(verify(person, last.entries[0].hash))


# ---- export ------------------------------------------------------------------------------------


def test_the_export_is_the_record_byte_for_byte_and_verifies(tmp_path, capsys):
    making, _ = randomized_trial(2, 1)
    making.keep()
    answer = member("data_manager").sees("export")
    assert answer.status_code == 200
    assert answer.streaming
    content = b"".join(answer.streaming_content)
    assert content == b"".join(store.lines(STUDY)) == dump(entries())
    name = rf'attachment; filename="{STUDY}-record-\d{{4}}-\d\d-\d\d\.jsonl"'
    assert re.fullmatch(name, answer["Content-Disposition"])
    file = tmp_path / "record.jsonl"
    file.write_bytes(content)
    assert main(["verify", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["verified"], found["head"]) == (True, entries()[-1].hash)


def test_only_who_may_exports():
    Making().keep()
    for role in ROLES:
        expected = 200 if Action.EXPORT in access.TABLE[role] else 403
        assert member(role).sees("export").status_code == expected, role


@pytest.mark.parametrize("page", ["record", "export"])
def test_these_pages_are_only_read(page):
    Making().keep()
    assert member("inspector").sends(page, {}).status_code == 405
