"""`evenhand walk`: a record and its secret, the same for the same seed, and never over another file."""

import hashlib
import json
import stat

import pytest

from tests.command_line import STUDY, changed_study, written


def test_walk_keeps_a_record_and_its_secret(run, tmp_path):
    file = tmp_path / "w.jsonl"
    ran = run("walk", STUDY, "--people", 12, "--seed", 4, "--record", file)
    assert (ran.code, ran.err) == (0, "")
    assert "12 made-up candidates" in ran.out
    lines = file.read_bytes().splitlines()
    assert f"{len(lines)} entries written to" in ran.flat
    assert json.loads(lines[-1])["hash"] in ran.out
    secret = tmp_path / "w.jsonl.secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(bytes.fromhex(secret.read_text("ascii"))) == 32
    assert sorted(path.name for path in tmp_path.iterdir()) == ["w.jsonl", "w.jsonl.secret"]


def test_walk_in_json(run, tmp_path):
    file = tmp_path / "w.jsonl"
    found = run("walk", STUDY, "--people", 12, "--seed", 4, "--record", file, "--json").json
    assert (found["record"], found["secret"], found["screened"]) == (str(file), f"{file}.secret", 12)
    assert found["registered"] >= sum(found["randomized"].values()) > 0
    assert found["entries"] == len(file.read_bytes().splitlines())
    assert sum(sum(arms.values()) for arms in found["strata"].values()) == sum(found["randomized"].values())


def test_the_same_seed_makes_the_same_record_and_another_seed_another(run, tmp_path):
    digests = {}
    for name, seed in (("a", 4), ("b", 4), ("c", 5)):
        run("walk", STUDY, "--people", 12, "--seed", seed, "--record", tmp_path / name)
        digests[name] = hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
    assert digests["a"] == digests["b"] != digests["c"]


def test_nobody_may_walk_too(run, tmp_path):
    assert run("walk", STUDY, "--people", 0, "--seed", 1, "--record", tmp_path / "w").code == 0
    assert run("verify", tmp_path / "w", "--study", STUDY).code == 0


@pytest.mark.parametrize("taken", ["w.jsonl", "w.jsonl.secret"])
def test_walk_never_overwrites(run, tmp_path, taken):
    file = written(tmp_path, taken, "mine")
    ran = run("walk", STUDY, "--people", 3, "--seed", 1, "--record", tmp_path / "w.jsonl")
    assert ran.code == 2
    assert f"{file} exists already. A record is never rewritten: name a new file." in ran.err
    assert [path.name for path in tmp_path.iterdir()] == [taken]
    assert file.read_text("utf-8") == "mine"


SCENARIO = [
    ("volume: {between: [5, 100]}", "volum: {between: [5, 100]}", "facts.volum: no fact of this study"),
    ("volume: {between: [5, 100]}", "volume: {between: [5, 1000]}", "facts.volume: 1000 is out of range"),
    (
        "volume: {between: [5, 100]}",
        "volume: {between: [100, 5]}",
        "scenario.yaml:8:21: the ends are written from low to",
    ),
    ("volume: {between: [5, 100]}", "volume: {betwen: [5, 100]}", "scenario.yaml:8:20: 'betwen' is no key here"),
    ("volume: {between: [5, 100]}", "volume: {fixed: much}", "facts.volume: 'much' is no number"),
    ("volume: {between: [5, 100]}", "volume: {choice: {much: 1}}", "facts.volume: 'much' is no number"),
    ("volume: {between: [5, 100]}", "volume: {choice: {5: 0}}", "scenario.yaml:8:20: at least one weight is above 0"),
    ("volume: {between: [5, 100]}", "volume: {days_before: [0, 9]}", "facts.volume: a number is no date"),
    ("volume: {between: [5, 100]}", "volume: {fixed: 3, between: [1, 2]}", "a draw is one of fixed, choice, between"),
    ("volume: {between: [5, 100]}", "volume: {fields: {}}", "facts.volume: a record is drawn by its `fields`"),
    ("volume: {between: [5, 100]}", "operation: {fixed: 3}", "the key 'operation' stands here a second time"),
    ("{fields: {day: {days_before: [0, 20]}, side: {choice: {left: 1, right: 1}}}}", "{fixed: 3}",
     "facts.operation: a record is drawn by its `fields`"),
    ("{fields: {day: {days_before: [0, 20]}, ", "{fields: {", "facts.operation: every entry needs its day"),
    ("{fixed: true}", "{fixed: perhaps}", "facts.walks.seated: 'perhaps' is neither yes nor no"),
    ("metres: {between: [10, 400]}", "meters: {fixed: 3}", "facts.walks.meters: no field of walks"),
    ("can_sit: {signed", "can_stand: {signed", "judgements.can_stand: no judgement of this study"),
    ('start: "2026-02-02"', "start: soon", "scenario.yaml:1:8: 'soon' is no date"),
    ("arrivals: [0, 2]", "arrivals: [2]", "scenario.yaml:3:11: List should have at least 2 items"),
    ("consents: 1", "consents: 2", "scenario.yaml:4:11: Input should be less than or equal to 1"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), SCENARIO, ids=lambda value: value[:30])
def test_walk_refuses_a_scenario_that_does_not_fit(run, tmp_path, old, new, said):
    study = changed_study(tmp_path, "v2/scenario.yaml", old, new)
    ran = run("walk", study, "--people", 3, "--seed", 1, "--record", tmp_path / "w.jsonl")
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "w.jsonl").exists()


def test_people_without_a_single_fact_are_turned_away(run, tmp_path):
    text = 'start: "2026-02-02"\nsites: [ward]\narrivals: [0, 2]\nconsents: 1\nassumed: a test\nfacts: {}\n'
    study = changed_study(tmp_path, "v2/scenario.yaml", "start", "start")
    (study / "v2/scenario.yaml").write_text(text, "utf-8")
    found = run("walk", study, "--people", 3, "--seed", 1, "--record", tmp_path / "w.jsonl", "--json").json
    assert (found["screened"], found["turned_away"]) == (0, {"screening": 3})
