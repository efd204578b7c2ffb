"""`evenhand screen`: how everybody stands, why, and what could not be used."""

import json

import pytest

from tests.command_line import FORM, ON, SIGNED, STUDY, written
from tests.studies_here import SHIPPED


def test_screen_says_how_everybody_stands_and_why(run, form):
    ran = run("screen", STUDY, form, *ON)
    assert ran.code == 0
    assert "ann eligible, provisional until attested on 12 Jul 2026 people.yaml" in ran.flat
    assert "ben ineligible on 12 Jul 2026 people.yaml" in ran.flat
    assert "calendar eligible ever to 22 Jul 2026 closes 22 Jul 2026 (I2), provisional" in ran.flat
    assert "volume 95" in ran.out
    assert "2 screened: 1 eligible, 0 undetermined, 1 ineligible" in ran.out


def test_screen_explains_what_passes_when_asked(run, form):
    assert "On record: volume 60." not in run("screen", STUDY, form, *ON).flat
    assert "On record: volume 60." in run("screen", STUDY, form, *ON, "--all").flat


def test_screen_with_signatures_is_no_longer_provisional(run, form, tmp_path):
    signed = written(tmp_path, "signed.yaml", SIGNED)
    ran = run("screen", STUDY, form, *ON, "--attestations", signed)
    assert ran.code == 0
    assert "ann eligible on 12 Jul 2026" in ran.flat


KEYS = {"patient", "source", "on", "verdict", "provisional", "criteria", "calendar", "problems"}
CRITERION = {"id", "kind", "verdict", "why", "explanation", "evidence", "missing"}
INTERVAL = {"from", "to", "verdict", "because"}


def test_screen_in_json_has_the_shape_that_was_promised(run, form):
    ran = run("screen", STUDY, form, *ON, "--json")
    assert ran.code == 0
    ann, ben = ran.json
    for person in (ann, ben):
        assert person.keys() - KEYS == {"flags"}
        assert person.keys() >= KEYS
        assert all(item.keys() == CRITERION | {"provisional"} for item in person["criteria"])
        assert all(
            item.keys() == {"fact", "value", "date", "source"} for one in person["criteria"] for item in one["evidence"]
        )
        more = {"provisional", "opened_by", "closed_by"}
        assert all(interval.keys() == INTERVAL | more for interval in person["calendar"])
    assert (ann["patient"], ann["source"], ann["on"]) == ("ann", "people.yaml", "2026-07-12")
    assert (ann["verdict"], ann["provisional"], ben["verdict"]) == ("eligible", True, "ineligible")
    assert [(item["id"], item["kind"], item["verdict"]) for item in ben["criteria"]] == [
        ("I1", "inclusion", "fail"), ("I2", "inclusion", "pass"), ("E1", "exclusion", "unknown"),
    ]  # fmt: skip
    assert [item["why"] for item in ben["criteria"]] == [None, None, "needs attestation"]
    assert [item["fact"] for item in ben["criteria"][0]["evidence"]] == ["volume"]
    assert ben["criteria"][2]["missing"][0]["about"] == "can_sit"
    assert ann["calendar"][-1] == {
        "from": "2026-07-23", "to": None, "verdict": "ineligible", "provisional": False, "because": ["I2"],
        "opened_by": ann["calendar"][-1]["opened_by"], "closed_by": ann["calendar"][-1]["closed_by"],
    }  # fmt: skip


def test_screen_tells_what_it_could_not_use_and_ends_with_1(run, tmp_path):
    file = written(tmp_path, "p.yaml", FORM.replace("volume: 60", "volume: much").replace("smoker:", "smokre:"))
    ran = run("screen", STUDY, file, *ON)
    assert ran.code == 1
    assert "facts.volume: 'much' is no number" in ran.flat
    problems = run("screen", STUDY, file, *ON, "--json").json[0]["problems"]
    assert [(item["severity"], item["where"]) for item in problems] == [
        ("error", "facts.volume"), ("error", "facts.smokre"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "bad.yaml: the file is empty"),
        ("words", "bad.yaml: neither FHIR (no resourceType) nor a form of facts (no `patient`)"),
        ("patient: [", "bad.yaml: line 1, column 11: neither JSON nor YAML"),
        ("patient: a\npatient: b", "bad.yaml: line 1: the key 'patient' stands more than once"),
    ],
)
def test_screen_refuses_a_file_that_it_cannot_read(run, form, tmp_path, text, said):
    bad = written(tmp_path, "bad.yaml", text)
    for arguments in ([form, bad], [form, "--attestations", bad]):
        ran = run("screen", STUDY, *arguments, *ON)
        assert ran.code == 2
        assert said in ran.err or "bad.yaml: this is no form of facts" in ran.err


def test_screen_refuses_a_signature_about_nobody(run, form, tmp_path):
    signed = written(tmp_path, "signed.yaml", SIGNED.replace("ann", "zoe"))
    ran = run("screen", STUDY, form, *ON, "--attestations", signed)
    assert ran.code == 2
    assert "signed or stated about 'zoe', who is in none of the files" in ran.err


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_screen_knows_every_day_there_is(run, form, on):
    assert run("screen", STUDY, form, "--on", on).code == 0


def test_a_hostile_form_cannot_command_the_terminal(run, tmp_path):
    name = "x" * 120 + "[/b] \\u001b[31m"
    text = json.dumps([{"patient": name.encode().decode("unicode_escape"), "facts": {"[/red]": 1, "volume": "[/]"}}])
    ran = run("screen", STUDY, written(tmp_path, "[b]x.json", text), *ON)
    assert ran.code == 1
    assert "\x1b" not in ran.out
    for said in ("[/b]", "[/red]", "[/]", "[b]x.json"):
        assert said in ran.out.replace("\n", "")


def test_screen_reads_the_shipped_patients(run):
    patients = SHIPPED[0] / "patients"
    files = sorted(patients.glob("*.json"))
    ran = run("screen", SHIPPED[0].name, *files, "--on", "2026-07-01", "--attestations", patients / "attestations.yaml")
    assert ran.code in (0, 1)
    assert f"{len(files)} screened" in ran.out
