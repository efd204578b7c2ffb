"""Intake under damage: only InputError is raised, other resources keep their facts, every problem has a place."""

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.mcode_files import make_patient
from evenhand.facts import Person
from evenhand.intake import InputError, JudgementKind, read_form, read_people
from evenhand.units import Range
from tests.mcode_people import PATIENTS, vocabulary

SAMPLES = [make_patient(seed) for seed in range(8)] + [json.loads(path.read_text()) for path in PATIENTS.glob("*.json")]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True),
    st.text(max_size=8),
    st.sampled_from(
        ["", "final", "entered-in-error", "Patient", "Observation", "Bundle", "2026-02-30", "9" * 400, "#x"]
    ),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["coding", "value", "reference", "url"]), st.integers(), max_size=2),
    st.builds(lambda depth: json.loads("[" * depth + "]" * depth), st.sampled_from([50, 300])),
)
# What the facts of one resource may owe to another: therapy needs the day of the metastasis.
DEPENDENT = {"first_line", "systemic_therapy"}


def places(node, path=()):
    """The path of every element below a node."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


@st.composite
def damaged(draw, *, within_one=True):
    """A sample with one or two elements replaced or removed, and the name of the damaged resource."""
    bundle = copy.deepcopy(draw(st.sampled_from(SAMPLES)))
    entry = draw(st.sampled_from(bundle["entry"]))
    root = entry["resource"] if within_one else bundle
    name = f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
    for _ in range(draw(st.integers(1, 2))):
        found = list(places(root))
        if not found:
            break
        *way, last = draw(st.sampled_from(found))
        node = root
        for key in way:
            node = node[key]
        if draw(st.booleans()):
            node[last] = draw(JUNK)
        else:
            del node[last]
    return bundle, name


def read(bundle) -> list[Person]:
    return read_people(json.dumps(bundle).encode(), vocabulary(), "damaged")


def owners(people):
    """Which resources gave which facts."""
    return {(fact.name, fact.source.path) for person in people for facts in person.facts.values() for fact in facts}


@given(damaged())
def test_damage_to_one_resource_costs_no_other_resource_its_facts(case):
    bundle, name = case
    whole = {sample["id"]: sample for sample in SAMPLES}[bundle["id"]]
    kept = {one for one in owners(read(whole)) if one[1] != name and one[0] not in DEPENDENT}
    after = owners(read(bundle))
    if name.startswith(("BodyStructure/", "Condition/")):  # a lesion is told by its Condition, or by itself
        kept = {one for one in kept if one[0] != "metastases"}
    assert kept <= after


@given(damaged())
def test_every_problem_names_a_resource_or_the_file(case):
    bundle, name = case
    for person in read(bundle):
        for problem in person.problems:
            assert problem.what
            assert problem.where.split(" ")[0].split(":")[0].split("/")[0].isalpha(), problem
    assert name


@given(damaged(within_one=False))
@settings(max_examples=200)
def test_nothing_but_an_input_error_is_raised(case):
    bundle, _ = case
    try:
        people = read(bundle)
    except InputError as error:
        assert str(error).startswith("damaged: ")
    else:
        assert all(isinstance(person, Person) for person in people)


@given(st.binary(max_size=60))
def test_bytes_at_random_are_refused(data):
    try:
        read_people(data, vocabulary(), "noise")
    except InputError as error:
        assert str(error).startswith("noise")


@given(st.sampled_from(SAMPLES), st.randoms(use_true_random=False))
def test_the_order_of_the_entries_changes_no_fact(sample, chance):
    shuffled = copy.deepcopy(sample)
    chance.shuffle(shuffled["entry"])

    def told(bundle):
        (person,) = read(bundle)
        return {name: sorted(map(repr, facts)) for name, facts in person.facts.items() if name not in DEPENDENT}

    assert told(shuffled) == told(sample)


@given(st.sampled_from(SAMPLES))
def test_a_list_lines_and_a_bundle_say_the_same(sample):
    resources = [entry["resource"] for entry in sample["entry"]]
    lines = "\n".join(json.dumps(one) for one in resources).encode()
    as_lines, as_list = (read_people(data, vocabulary(), "damaged") for data in (lines, json.dumps(resources).encode()))
    assert as_lines == as_list == read(sample)


SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6), st.dates())
ANYTHING = st.recursive(
    SCALAR,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [*vocabulary().facts, "items", "complete", "value", "date", "site", "lesion", "patient", "x"]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=12,
)
KINDS = {
    "fit": JudgementKind("fit", ("nurse",), None, ()),
    "treatable": JudgementKind("treatable", ("surgeon",), "metastases", ("size",)),
}
SIGNATURE = st.dictionaries(
    st.sampled_from(["judgement", "answer", "by", "role", "on", "item", "details", "reason", "x"]),
    st.one_of(ANYTHING, st.sampled_from(["fit", "treatable", "nurse", "surgeon", "yes", "2026-06-01"])),
)


@given(ANYTHING, st.lists(SIGNATURE, max_size=2))
@settings(max_examples=300)
def test_a_form_of_anything_gives_a_person_with_problems(facts, signatures):
    (person,) = read_form({"patient": "x", "facts": facts, "attestations": signatures}, vocabulary(), "form", KINDS)
    for name, given_facts in person.facts.items():
        assert name in vocabulary().facts
        assert all(fact.name == name for fact in given_facts)
    assert all(problem.where for problem in person.problems)


@given(ANYTHING)
def test_what_is_no_form_is_refused(data):
    try:
        read_form(data, vocabulary(), "form")
    except InputError as error:
        assert str(error).startswith("form: ")


@given(st.integers(0, 6), st.integers(0, 100))
def test_scores_come_through_unchanged_or_are_refused(ecog, kps):
    form = {"patient": "x", "facts": {"ecog": ecog, "kps": f"at least {kps}"}}
    (person,) = read_form(form, vocabulary(), "form")
    assert ("ecog" in person.facts) == (ecog <= 5)
    assert person.facts["kps"][0].value == Range(low=kps)
