"""`evenhand verify`: whole records, changed ones, and what is no record."""

import json

import pytest

from tests.command_line import STUDY, changed_study, written
from tests.studies_here import SHIPPED


def test_verify_a_record_that_is_whole(run, record):
    ran = run("verify", record, "--study", STUDY)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("verified: ")
    assert "arms derived again" in ran.flat
    found = run("verify", record, "--study", STUDY, "--json").json
    assert found == {
        "verified": True, "entries": len(record.read_bytes().splitlines()), "subjects": 12,
        "allocations": found["allocations"], "arms": "derived again", "replayed": True,
        "head": json.loads(record.read_bytes().splitlines()[-1])["hash"], "findings": [],
    }  # fmt: skip


def test_verify_finds_the_shipped_study_by_itself(run, tmp_path):
    file = tmp_path / "w.jsonl"
    run("walk", SHIPPED[0].name, "--people", 5, "--seed", 1, "--record", file)
    assert run("verify", file).code == 0


def test_without_the_secret_an_open_study_is_verified_but_for_the_arms(run, open_record):
    ran = run("verify", open_record, "--study", STUDY)
    assert ran.code == 0
    assert "not derived: the secret is not known" in ran.flat
    ran = run("verify", open_record, "--study", STUDY, "--secret", f"{open_record}.secret")
    assert ran.code == 0
    assert "arms derived again" in ran.flat


def test_another_secret_is_not_the_one_committed_to(run, open_record, tmp_path):
    secret = written(tmp_path, "other", "00" * 32)
    ran = run("verify", open_record, "--study", STUDY, "--secret", secret)
    assert ran.code == 1
    assert "the secret given is not the one committed to" in ran.flat


@pytest.mark.parametrize("text", ["not hex", "0", "ß"])
def test_what_is_no_secret_is_refused(run, open_record, tmp_path, text):
    ran = run("verify", open_record, "--study", STUDY, "--secret", written(tmp_path, "other", text))
    assert ran.code == 2
    assert "a secret is written as hexadecimal digits" in ran.err


@pytest.mark.parametrize("line", [1, 2, 9, -1])
def test_a_changed_record_is_found_with_its_line(run, record, line):
    lines = record.read_bytes().splitlines(keepends=True)
    at = line - 1 if line > 0 else len(lines) - 1
    lines[at] = lines[at].replace(b'"role":"', b'"role":"x', 1)
    record.write_bytes(b"".join(lines))
    ran = run("verify", record, "--study", STUDY)
    assert ran.code == 1
    assert f"x line {at + 1}: " in ran.out
    assert "not verified: " in ran.out
    found = run("verify", record, "--study", STUDY, "--json").json
    assert (found["verified"], found["findings"][0]["line"]) == (False, at + 1)


@pytest.mark.parametrize("damage", [b"{", b'"study":"', b'"protocol_version":"'])
def test_a_damaged_first_line_is_found_not_refused(run, tmp_path, damage):
    file = tmp_path / "w.jsonl"
    run("walk", SHIPPED[0].name, "--people", 3, "--seed", 1, "--record", file)
    text = file.read_bytes()
    assert damage in text.split(b"\n")[0]
    file.write_bytes(text.replace(damage, damage + b"X", 1))
    ran = run("verify", file)
    assert ran.code == 1
    assert "x line 1: " in ran.out


def test_a_record_cut_short_is_whole_but_has_another_head(run, record):
    lines = record.read_bytes().splitlines(keepends=True)
    head = json.loads(lines[-1])["hash"]
    assert run("verify", record, "--study", STUDY, "--head", head).code == 0
    record.write_bytes(b"".join(lines[:-2]))
    assert run("verify", record, "--study", STUDY).code == 0
    ran = run("verify", record, "--study", STUDY, "--head", head)
    assert ran.code == 1
    assert "not verified: 1 finding" in ran.out


def test_a_record_of_another_study_is_not_verified_by_this_one(run, record):
    ran = run("verify", record, "--study", SHIPPED[0].name)
    assert ran.code == 1
    assert "The record is of study 'tiny-lung', the protocol of" in ran.flat


def test_a_record_is_not_verified_by_a_changed_protocol(run, record, tmp_path):
    study = changed_study(tmp_path, "v2/eligibility.yaml", "volume <= 90", "volume <= 91")
    ran = run("verify", record, "--study", study)
    assert ran.code == 1
    assert "another protocol text than the one loaded" in ran.flat
    assert "not verified: 1 finding; the steps were not replayed, because the study was activated under" in ran.flat


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "r.jsonl: The file is empty."),
        ("\n\n", "r.jsonl: The file is empty."),
        ("just words\n", "r.jsonl: No line can be read"),
        ("[1]\n", "r.jsonl: No line can be read"),
        ('{"study": "../tiny"}\n', "r.jsonl: The record is of '../tiny', which is no shipped study."),
    ],
)
def test_what_is_no_record_is_refused(run, tmp_path, text, said):
    ran = run("verify", written(tmp_path, "r.jsonl", text))
    assert ran.code == 2
    assert said in ran.err


def test_words_in_place_of_a_record_are_a_finding_when_the_study_is_named(run, tmp_path):
    ran = run("verify", written(tmp_path, "r.jsonl", "just words\n"), "--study", STUDY)
    assert ran.code == 1
    assert "x line 1: " in ran.out
