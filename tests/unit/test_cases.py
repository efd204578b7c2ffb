"""The cases of a study: those that come out otherwise are reported, those that cannot be played are refused."""

import shutil
from pathlib import Path

import pytest

from evenhand.cases import play
from evenhand.protocol import StudyError
from tests.studies_here import TINY, protocol_of

CASE = """\
- case: Somebody fit
  like: somebody fit
  on: "2026-07-17"
  expect: {verdict: eligible}
"""


@pytest.fixture
def study(tmp_path):
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    (folder / "cases/window.yaml").unlink()
    return folder


def played(study, text, name="one.yaml"):
    (study / "cases" / name).write_text(text, "utf-8")
    return play(protocol_of(TINY), study)


def differences(study, expect):
    (one,) = played(study, CASE.replace("{verdict: eligible}", expect))
    assert one.as_expected == (not one.differences)
    return one


def test_a_case_that_comes_out_as_expected(study):
    (one,) = played(study, CASE)
    assert str(one) == "one.yaml: Somebody fit: as expected"


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("{verdict: ineligible}", "verdict is 'eligible', expected 'ineligible'"),
        ("{provisional: true}", "provisional is False, expected True"),
        ("{I1: fail}", "I1 is 'pass', expected 'fail'"),
        ("{I1: unknown}", "I1 is 'pass', expected 'unknown'"),
        ("{flags: [F1]}", "flags is [], expected ['F1']"),
        (
            "{stratum: {smoking: yes_smoker}}",
            "stratum is {'smoking': 'no_smoker', 'side': 'left'}, expected {'smoking'",
        ),
        ("{calendar: []}", "calendar is [['2026-07-10', "),
    ],
)
def test_a_case_that_comes_out_otherwise_says_how(study, expect, said):
    one = differences(study, expect)
    assert not one.as_expected
    assert len(one.differences) == 1
    assert said[:12] in one.differences[0]
    assert str(one).startswith("one.yaml: Somebody fit: ")


def test_every_difference_is_told(study):
    assert len(differences(study, "{verdict: ineligible, I1: fail, I2: pass, E1: fail}").differences) == 3


def test_unknown_alone_accepts_any_reason_and_a_reason_only_itself(study):
    text = CASE.replace("expect:", "without: [volume]\n  expect:")
    assert [one.as_expected for one in played(study, text.replace("{verdict: eligible}", "{I1: unknown}"))] == [True]
    missing = text.replace("{verdict: eligible}", '{I1: "unknown: missing"}')
    assert [one.as_expected for one in played(study, missing)] == [True]
    other = text.replace("{verdict: eligible}", '{I1: "unknown: conflicting"}')
    assert [one.differences for one in played(study, other)] == [
        ("I1 is 'unknown: missing', expected 'unknown: conflicting'",)
    ]


def test_a_case_replaces_facts_and_the_signature_on_the_same_judgement(study):
    signed = (
        "attestations: [{judgement: can_sit, answer: no, by: X, role: physiotherapist, on: '2026-07-16', reason: r}]"
    )
    text = CASE.replace(
        "expect: {verdict: eligible}", f"facts: {{volume: 95}}\n  {signed}\n  expect: {{I1: fail, E1: fail}}"
    )
    assert [one.differences for one in played(study, text)] == [()]


def test_a_case_may_stand_alone(study):
    text = "- {case: Nobody, on: '2026-07-17', expect: {verdict: undetermined, I1: unknown}}\n"
    assert [one.as_expected for one in played(study, text)] == [True]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  like: somebody fit", "  like: nobody", "one.yaml:2:9: nobody in people.yaml is called 'nobody': there are"),
        ("  like:", "  likes:", "one.yaml:2:10: 'likes' is no key here"),
        ('"2026-07-17"', '"2026-07-32"', "one.yaml:3:7: '2026-07-32' is no day: write YYYY-MM-DD"),
        ('"2026-07-17"', '"2026-07"', "one.yaml:3:7: '2026-07' is no day"),
        ('  on: "2026-07-17"\n', "", "one.yaml:1:3: the key 'on' is missing"),
        ("{verdict: eligible}", "{}", "one.yaml:4:11: Dictionary should have at least 1 item"),
        ("{verdict: eligible}", "eligible", "one.yaml:4:11: Input should be a valid dictionary; found 'eligible'"),
        ("{verdict: eligible}", "{verdct: eligible}", "one.yaml:4:11: 'verdct' is no answer: there are verdict"),
        ("{verdict: eligible}", "{I9: pass}", "one.yaml:4:11: 'I9' is no answer"),
        ("  expect", "  without: [volum]\n  expect", "one.yaml:4:12: 'volum' is no fact of that person"),
        ("  expect", "  unsigned: [cannot]\n  expect", "one.yaml:4:13: that person has no 'cannot'"),
        ("  expect", "  facts: {volum: 3}\n  expect", "one.yaml:1:3: Somebody fit: facts.volum: no fact of this study"),
        (
            "  expect",
            "  facts: {volume: big}\n  expect",
            "one.yaml:1:3: Somebody fit: facts.volume: 'big' is no number",
        ),
        ("  expect", "  facts: [volume]\n  expect", "one.yaml:4:10: Input should be a valid dictionary"),
        ("  expect", "  attestations: [yes]\n  expect", "one.yaml:4:18: Input should be a valid dictionary"),
        ("  expect", "  attestations: [{answer: yes}]\n  expect", "attestations[1]: it lacks judgement"),
        (CASE, "", "one.yaml:1:1: Input should be a valid list"),
        (CASE, "case: x\n", "one.yaml:1:1: Input should be a valid list"),
        (CASE, "- x\n", "one.yaml:1:3: Input should be a valid dictionary"),
    ],
)
def test_a_malformed_case_is_refused_with_its_place(study, old, new, said):
    assert old in CASE
    with pytest.raises(StudyError) as caught:
        played(study, CASE.replace(old, new, 1))
    assert len(caught.value.faults) <= 2
    assert any(said in fault for fault in caught.value.faults), caught.value.faults


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "people.yaml:1:1: Input should be a valid dictionary"),
        ("a: b\n", "people.yaml:1:4: Input should be a valid dictionary"),
        ("a: {fact: {}}\n", "people.yaml:1:11: 'fact' is no key here"),
    ],
)
def test_malformed_people_are_refused_with_their_place(study, text, said):
    with pytest.raises(StudyError) as caught:
        played(study, text, "people.yaml")
    assert caught.value.faults[0].startswith(said)


def test_a_study_without_cases_has_none(study, tmp_path):
    shutil.rmtree(study / "cases")
    assert play(protocol_of(TINY), study) == []
