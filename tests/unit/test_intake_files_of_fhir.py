"""Files of FHIR: every shape that they come in, and what is no FHIR at all."""

import json

import pytest

from evenhand.intake import InputError, read_people
from tests.mcode_people import ANNA, bundle, observation, patient, problems, read_all, value, values, vocabulary

ECOG = observation("89247-1", valueInteger=1)


def people_of(data):
    return read_people(data if isinstance(data, bytes) else data.encode(), vocabulary(), "test")


SHAPES = {
    "a bundle": json.dumps(bundle(patient(), ECOG)),
    "a list": json.dumps([patient(), ECOG]),
    "a bundle in a bundle": json.dumps(bundle(patient(), bundle(ECOG))),
    "a list of bundles": json.dumps([bundle(patient()), bundle(ECOG)]),
    "a resource a line": f"{json.dumps(patient())}\n\n{json.dumps(ECOG)}\n",
    "a bundle a line": f"{json.dumps(bundle(patient()))}\r\n{json.dumps(bundle(ECOG))}",
    "pretty": json.dumps(bundle(patient(), ECOG), indent=4),
    "the patient last": json.dumps(bundle(ECOG, patient())),
    "an entry that deletes": json.dumps(
        bundle(patient(), ECOG) | {"entry": [{"request": {}}, *bundle(patient(), ECOG)["entry"]]}
    ),
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_every_shape_gives_the_same_person(text):
    (person,) = people_of(text)
    assert (person.id, value(person, "ecog"), person.problems) == ("anna", 1, ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_understood(encoding):
    text = json.dumps(bundle(patient(), ECOG))
    assert value(people_of(text.encode(encoding))[0], "ecog") == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b'{"resourceType": "Bundle\xe9"}', "not UTF-8"),
        (b"patient: anna", "no JSON: line 1"),
        (b'{"resourceType": "Patient", "id": ', "no JSON"),
        (b"[" * 200_000 + b"]" * 200_000, "nested too deeply"),
        (b"42", "expected a resource, found a number"),
        (b"[]", "no FHIR resources"),
        (b'{"id": "x"}', "no resourceType"),
        (b"[1, 2]", "no FHIR resources"),
        (b'{"a": 1}\n{"a": 2}', "no JSON"),
    ],
)
def test_what_is_no_fhir_is_refused_with_the_reason(data, said):
    with pytest.raises(InputError, match=said):
        people_of(data)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"gone\.json: cannot be read: No such file"):
        read_people(tmp_path / "gone.json", vocabulary())


def test_a_path_is_called_by_its_name(tmp_path):
    path = tmp_path / "anna.json"
    path.write_text(json.dumps(bundle(patient(), ECOG)))
    (person,) = read_people(path, vocabulary())
    assert person.source == "anna.json"
    assert str(person.facts["ecog"][0].source) == "anna.json Observation/o"


def test_a_bad_line_costs_only_itself():
    (person,) = people_of(f"{json.dumps(patient())}\n{{oops}}\n{json.dumps(ECOG)}\n[1]\n")
    assert value(person, "ecog") == 1
    assert [problem.split(":")[0] for problem in problems(person)] == ["test line 2", "test line 4"]


@pytest.mark.parametrize("number", ["1e400", "NaN", "-Infinity", "9" * 5000, "1" * 30])
def test_a_number_beyond_measure_costs_only_its_resource(number):
    text = json.dumps(bundle(patient(), ECOG | {"valueInteger": "@"}, observation("89243-0", "k", valueInteger=80)))
    (person,) = people_of(text.replace('"@"', number))
    assert value(person, "kps") == 80
    assert values(person, "ecog") == []
    assert problems(person)[0].startswith("Observation/o: valueInteger: is no usable number")


def test_an_empty_bundle_holds_no_patient():
    (person,) = read_all()
    assert (person.id, problems(person)) == ("", ["test: it holds no patient"])


def test_entries_that_are_no_resources_are_reported_with_their_place():
    text = json.dumps({"resourceType": "Bundle", "entry": [3, {"resource": []}, {"resource": {"id": "x"}}]})
    (person,) = people_of(text)
    assert problems(person) == [
        "test entry[0]: expected an object, found a number",
        "test entry[1]: expected a resource, found a list",
        "test entry[2]: not used: it has no resourceType",
    ]


def test_a_bundle_whose_entries_are_no_list_is_reported():
    (person,) = people_of('{"resourceType": "Bundle", "entry": {"resource": {}}}')
    assert problems(person) == ["test entry: expected a list, found an object"]


def test_a_resource_without_an_id_is_named_by_its_place():
    without = {name: item for name, item in ECOG.items() if name != "id"} | {"valueInteger": 7}
    (person,) = read_all(patient(), without)
    assert problems(person) == [
        "Observation (entry[1]): value[x]: no fact ecog: 7 is out of range: ecog goes from 0 up to 5"
    ]


def test_the_same_problem_is_told_once():
    entry = ECOG | {"subject": ANNA, "valueInteger": 9}
    (person,) = read_all(patient(), entry, entry | {"note": []})
    assert len(problems(person)) == len(set(problems(person)))
