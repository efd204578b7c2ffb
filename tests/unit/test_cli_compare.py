"""``evenhand compare``, and what stands behind it: every difference between two versions, each once, in words."""

from dataclasses import replace

import pytest

from evenhand.protocol import load_protocol
from evenhand.protocol.compare import compare
from tests.amended import add_version, amended_study
from tests.studies_here import ALL, SHIPPED, TINY, protocol_of


@pytest.fixture
def study(tmp_path):
    return amended_study(tmp_path)


def test_the_rules_stand_side_by_side_in_english(run):
    ran = run("compare", TINY, "v1", "v2")
    assert ran.code == 0
    said = " ".join(ran.out.split())
    assert "from v1 to v2. The window is 21 days. 1 change. Earlier consent carries over." in said
    assert "- Freshly operated. Within 14 days. Passes when at most 14 days have passed since operation: day" in said
    assert "+ Freshly operated. Within 21 days. Passes when at most 21 days have passed since operation: day" in said


def test_a_version_that_may_not_be_adopted_is_a_finding(run, study):
    add_version(study, "v5", consent="3", randomization=("exercises: 2, leaflet: 1", "exercises: 1, leaflet: 1"))
    ran = run("compare", study, "v4", "v5")
    assert ran.code == 1
    assert "It cannot be adopted while the trial runs:\n  it changes the ratio of allocation" in ran.out
    assert run("compare", study, "v2", "v1").code == 1


def test_the_same_as_json(run, study):
    ran = run("compare", study, "v2", "v3", "--json")
    assert ran.code == 0
    assert ran.json["new"] == {"version": "v3", "digest": load_protocol(study, "v3").digest, "reconsent": True}
    assert ran.json["changes"] == [
        {"section": "Consent and follow-up", "name": "consent_version", "kind": "changed", "before": "1", "after": "2"}
    ]
    assert ran.json["cannot_be_adopted"] == []
    later = run("compare", study, "v3", "v4", "--json").json
    assert later["new"]["reconsent"] is False
    assert {one["name"]: one["after"] for one in later["changes"]} == {"consent_version": "3", "carried": "leaflet-a 2"}


def test_a_version_that_there_is_not_is_bad_input(run):
    ran = run("compare", TINY, "v1", "v9")
    assert ran.code == 2
    assert "there is no version 'v9'" in ran.err


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
def test_a_version_does_not_differ_from_itself(folder):
    assert compare(protocol_of(folder), protocol_of(folder)) == ()


KINDS = [
    (
        "facts",
        ("  smoker:", "  height: {kind: number, label: height, unit: cm, assumed: x}\n  smoker:"),
        "new",
        "Facts",
    ),
    ("facts", ("label: metres", "label: metres walked"), "changed", "Facts"),
    ("facts", ("low: 0, high: 200", "low: 1, high: 200"), "changed", "Facts"),
    ("eligibility", ("expires: days(7)", "expires: days(14)"), "changed", "Judgements"),
    ("eligibility", ("say: No walking test.", "say: Let the person walk."), "changed", "Notes"),
    ("enrollment", ("participants: 30", "participants: 40"), "changed", "Consent and follow-up"),
    ("randomization", ("probability: 0.8", "probability: 0.9"), "changed", "Design"),
    ("enrollment", ("assumed: good practice", "assumed: as is usual"), "changed", "Assumptions"),
]


@pytest.mark.parametrize(("file", "change", "kind", "section"), KINDS, ids=[f"{one[3]} {one[1][1]}" for one in KINDS])
def test_each_difference_is_found_where_it_stands(study, file, change, kind, section):
    folder = add_version(study, "v5", consent="1")
    path = folder / f"{file}.yaml"
    text = path.read_text("utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), "utf-8")
    found = compare(load_protocol(study, "v2"), load_protocol(study, "v5"))
    assert {(one.section, one.kind) for one in found} - {("Assumptions", "new")} == {(section, kind)}
    before, after = found[0].before, found[0].after
    assert (before is None) == (kind == "new")
    assert after is not None and after != before


def test_what_comes_after_randomization_is_compared_value_by_value():
    protocol = protocol_of(SHIPPED[0])
    assert protocol.plan is not None
    name, form = next(iter(protocol.plan.forms.items()))
    field, asked = next(iter(form.fields.items()))
    other = replace(form, fields={**form.fields, field: replace(asked, required=not asked.required)})
    plan = replace(protocol.plan, forms={**protocol.plan.forms, name: other})
    (change,) = compare(protocol, replace(protocol, plan=plan))
    assert (change.section, change.name) == ("Forms", f"{name} fields {field} required")
    gone = replace(protocol.plan, forms={key: one for key, one in protocol.plan.forms.items() if key != name})
    assert {one.kind for one in compare(protocol, replace(protocol, plan=gone))} == {"gone"}


def test_checking_a_version_says_that_it_cannot_be_adopted(run, study):
    assert run("check", study, "--version", "v4").code == 0
    add_version(study, "v5", consent="3", randomization=("exercises: 2, leaflet: 1", "exercises: 1, leaflet: 1"))
    ran = run("check", study)
    assert ran.code == 1
    assert "it cannot take the place of v4: it changes the ratio of allocation" in ran.out
