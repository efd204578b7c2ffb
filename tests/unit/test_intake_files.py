"""Files of people: told apart by content, read as JSON or YAML, refused with the place."""

import json
from decimal import Decimal

import pytest

from evenhand.dates import parse_date
from evenhand.facts import FactType, Vocabulary
from evenhand.intake import InputError, JudgementKind, read_any, read_attestations, supplemented, told_apart
from evenhand.intake.sheet import read_data

WORDS = Vocabulary(
    {
        "born": FactType("born", "date"),
        "size": FactType("size", "number", low=0),
        "smoker": FactType("smoker", "yes_no"),
        "remark": FactType("remark", "text"),
    }
)
JUDGEMENTS = {"fit": JudgementKind("fit", ("physician",), None, ())}
SIGNED = {"judgement": "fit", "answer": "yes", "by": "Dr A", "role": "physician", "on": "2026-06-22"}
YAML = """\
- patient: a
  facts:
    born: 1970-05-17
    size: 1.80
    smoker: no
    remark: NO
- patient: b
  facts: {born: 1970-02-30, size: 1e2}
  attestations:
    - {judgement: fit, answer: yes, by: Dr A, role: physician, on: 2026-06-22}
"""


def written(folder, content, name="people.yaml"):
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def read(folder, content, name="people.yaml"):
    return read_any(written(folder, content, name), WORDS, JUDGEMENTS)


def test_a_form_in_yaml_is_read(tmp_path):
    a, b = read(tmp_path, YAML)
    assert (a.id, a.source, a.problems) == ("a", "people.yaml", ())
    assert {name: facts[0].value for name, facts in a.facts.items()} == {
        "born": parse_date("1970-05-17"), "size": Decimal("1.80"), "smoker": False, "remark": "NO",
    }  # fmt: skip
    assert b.facts["size"][0].value == 100
    assert [signed.by for signed in b.attestations] == ["Dr A"]
    assert str(b.problems[0]).startswith("facts.born: '1970-02-30' is no date"), "the person is kept"


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_a_form_in_json_is_read_however_it_is_written(tmp_path, indent):
    form = {"patient": "a", "facts": {"size": 1.8, "remark": "Zoë \U0001f600 a/b", "smoker": False}}
    (person,) = read(tmp_path, json.dumps(form, indent=indent), "a.json")
    assert {name: facts[0].value for name, facts in person.facts.items()} == {
        "size": Decimal("1.8"), "remark": "Zoë \U0001f600 a/b", "smoker": False,
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_does_no_harm(tmp_path, encoding):
    (person,) = read(tmp_path, "patient: Zoë\nfacts: {size: 1}\n".encode(encoding))
    assert (person.id, person.facts["size"][0].value) == ("Zoë", 1)


def test_a_time_of_day_never_moves_the_day(tmp_path):
    (person,) = read(tmp_path, "{patient: a, facts: {born: 1970-05-17 23:30:00 -05:00}}")
    assert person.facts["born"][0].value == parse_date("1970-05-17")


def test_fhir_is_told_by_its_content_not_its_name(tmp_path):
    patient = json.dumps({"resourceType": "Patient", "id": "anna"})
    (person,) = read(tmp_path, patient, "people.yaml")
    assert person.id == "anna"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "people.yaml: the file is empty"),
        (" \n\n", "people.yaml: the file is empty"),
        ("# nothing\n", "people.yaml: neither FHIR (no resourceType) nor a form of facts (no `patient`)"),
        ("just words", "people.yaml: neither FHIR"),
        ("[]", "people.yaml: neither FHIR"),
        ("{}", "people.yaml: neither FHIR"),
        ("- patient: a\n- facts: {}\n", "people.yaml: neither FHIR"),
        (b"\xff\xfe\x00\xd8", "people.yaml: byte"),
        (b"patient: Zo\xeb", "people.yaml: byte 11 is not UTF-8: save the file as UTF-8"),
        ("patient: a\nfacts: {size: 1\n", "people.yaml: line 3, column 1: neither JSON nor YAML"),
        ("patient: a\n\tfacts: 1\n", "people.yaml: line 2, column 1: neither JSON nor YAML"),
        ("patient: a\n---\npatient: b\n", "people.yaml: line 2, column 1: neither JSON nor YAML"),
        ("patient: a\npatient: b\n", "people.yaml: line 1: the key 'patient' stands more than once"),
        ('{"patient": "a", "patient": "b"}', "people.yaml: JSON: the key 'patient' stands more than once"),
        ("patient: a\nfacts: {1: &x [y], 2: *x}\n", "people.yaml: line 2: anchors and aliases are not used"),
        ("&a [*a]", "people.yaml: line 1: anchors"),
        ("patient: a\n? [b]\n: c\n", "people.yaml: line 2: a key is one word"),
        ('{"patient": "\\ud800"}', "people.yaml: it holds half a character"),
        ("[" * 100_000, "people.yaml: nested too deeply"),
        ("[" * 20_000 + "]" * 20_000, "people.yaml: nested too deeply"),
    ],
)
def test_what_is_no_file_of_people_is_refused_with_the_place(tmp_path, content, said):
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_what_is_long_and_no_json_does_not_keep_a_reader_of_yaml_busy(tmp_path):
    cut_short = json.dumps([{"patient": "a", "facts": {"remark": "x" * 1000}}] * 200)[:-1]
    said = r"people.yaml: no JSON \(line 1, column \d+: .*too long for YAML.* in several files"
    with pytest.raises(InputError, match=said):
        read_any(written(tmp_path, cut_short), WORDS)


def test_of_many_keys_the_one_that_stands_twice_is_found_at_once():
    keys = [*map(str, range(100_000)), "99999"]
    with pytest.raises(InputError, match="the key '99999' stands more than once"):
        read_data("{" + ",".join(f'"{key}":1' for key in keys) + "}", "it")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"nobody.yaml: cannot be read: No such file"):
        read_any(tmp_path / "nobody.yaml", WORDS)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), ("-1", -1), ("1.50", Decimal("1.50")), ("1e3", Decimal("1e3")), (".5", Decimal(".5")),
        ("'1'", "1"), ("yes", "yes"), ("true", True), ("null", None), ("~", None), ("2026-02-30", "2026-02-30"),
        ("9" * 5000, "9" * 5000), ("1e999999999", "1e999999999"), ("!!float x", "x"), ("!!int ²", "²"),
        (".nan", ".nan"), ("0x10", "0x10"), ("!!python/object:os.system x", "x"),
    ],
)  # fmt: skip
def test_values_are_what_was_written(text, value):
    found = read_data(f"[{text}]", "x")
    assert found == [value]
    assert type(found[0]) is type(value)


# ---- what was signed and stated beside the files ------------------------------------------------


def supplements(folder, forms):
    return read_attestations(written(folder, json.dumps(forms), "signed.json"), WORDS, JUDGEMENTS)


def test_what_was_signed_and_stated_joins_the_person(tmp_path):
    (person, other) = read(tmp_path, "- {patient: a, facts: {size: 1}}\n- {patient: b}\n")
    stated = [
        {"patient": "a", "facts": {"size": {"value": 2, "date": "2026-01-01"}, "smoker": True}},
        {"patient": "a", "facts": {"sise": 2}, "attestations": [SIGNED, {**SIGNED, "role": "nurse"}]},
    ]
    joined, same = supplemented([person, other], supplements(tmp_path, stated))
    assert [fact.value for fact in joined.facts["size"]] == [1, 2]
    assert [fact.source.origin for fact in joined.facts["size"]] == ["people.yaml", "signed.json"]
    assert joined.facts["smoker"][0].value is True
    assert [signed.role for signed in joined.attestations] == ["physician"]
    assert [problem.where for problem in joined.problems] == ["facts.sise", "attestations[1]"]
    assert same == other
    assert [fact.value for fact in person.facts["size"]] == [1], "the person as read is unchanged"


def test_a_signature_about_nobody_is_refused(tmp_path):
    people = read(tmp_path, "- {patient: a}\n- {patient: b}\n")
    stated = supplements(tmp_path, [{"patient": "c"}, {"patient": "a"}, {"patient": "c"}])
    with pytest.raises(InputError) as caught:
        supplemented(people, stated)
    assert str(caught.value) == "signed or stated about 'c', who is in none of the files; these hold 'a', 'b'"


@pytest.mark.parametrize("content", ["", "just words", "- {facts: {}}"])
def test_a_file_of_signatures_that_is_none_is_refused(tmp_path, content):
    with pytest.raises(InputError, match=r"^signed.yaml: "):
        read_attestations(written(tmp_path, content, "signed.yaml"), WORDS, JUDGEMENTS)


def test_people_who_share_an_id_are_marked_and_take_no_signatures(tmp_path):
    people = read(tmp_path, YAML.replace("patient: b", "patient: a"))
    for person in told_apart(people):
        assert any("2 people in these files have this id" in problem.what for problem in person.problems)
    signed = written(tmp_path, json.dumps([{"patient": "a", "attestations": [SIGNED]}]), "signed.json")
    with pytest.raises(InputError, match="several people in the files have"):
        supplemented(people, read_attestations(signed, WORDS, JUDGEMENTS))
    assert told_apart(read(tmp_path, YAML)) == read(tmp_path, YAML)
