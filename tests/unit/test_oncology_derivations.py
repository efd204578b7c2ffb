"""A study's use of a derivation is checked: result, inputs, fields, codes, policy."""

from dataclasses import replace

import pytest

from evenhand.facts import FactType
from evenhand.oncology import DERIVATIONS
from tests.spec.oncology_people import COUNT, HER2, POLICY, VOCABULARY

HER2_KIND, COUNT_KIND = DERIVATIONS["her2_asco_cap_2018"], DERIVATIONS["lesion_count"]


def with_fact(fact):
    return replace(VOCABULARY, facts={**VOCABULARY.facts, fact.name: fact})


def without_field(fact, name):
    fields = {key: shape for key, shape in VOCABULARY.facts[fact].fields.items() if key != name}
    return with_fact(replace(VOCABULARY.facts[fact], fields=fields))


def with_field(fact, name, field):
    return with_fact(replace(VOCABULARY.facts[fact], fields={**VOCABULARY.facts[fact].fields, name: field}))


def test_a_study_that_declares_everything_is_fine():
    assert HER2_KIND.check(HER2, VOCABULARY) == []
    assert COUNT_KIND.check(COUNT, VOCABULARY) == []


def test_each_derivation_goes_by_its_name():
    assert {name: kind.name for name, kind in DERIVATIONS.items()} == {name: name for name in DERIVATIONS}


def test_every_field_that_is_needed_has_a_shape():
    for kind in DERIVATIONS.values():
        assert all(needed <= set(shapes) for needed, shapes in zip(kind.inputs, kind.fields, strict=True))


RESULTS = [
    (HER2_KIND, replace(HER2, kind="text"), "gives one code, but the fact is declared as kind text"),
    (COUNT_KIND, replace(COUNT, many=True), "gives one number, but the fact is declared as a list of kind number"),
    (HER2_KIND, replace(HER2, codes={"positive": ""}), "may give negative: add to `codes:`"),
    (HER2_KIND, replace(HER2, inputs=()), "is computed from 1 lists; `from:` names none"),
    (COUNT_KIND, replace(COUNT, inputs=("metastases",)), "computed from 2 lists; `from:` names metastases"),
    (COUNT_KIND, replace(COUNT, inputs=("metastases", "scans")), "'scans', which is no fact of this study"),
    (COUNT_KIND, replace(COUNT, inputs=("metastases", "her2")), "her2 has to be a list of records"),
    (HER2_KIND, replace(HER2, parameters={"year": 2013}), "takes no policy, but has 'year'"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fact", "says"), RESULTS, ids=[says for *_, says in RESULTS])
def test_a_derived_fact_declared_wrongly_is_refused(kind, fact, says):
    assert any(says in problem for problem in kind.check(fact, VOCABULARY))


def test_a_field_that_is_lacking_or_wrong_is_refused():
    assert HER2_KIND.check(HER2, without_field("her2_tests", "ihc")) == [
        "her2_tests needs a field 'ihc' of kind number"
    ]
    assert HER2_KIND.check(HER2, without_field("her2_tests", "reported")) == []
    text = with_field("her2_tests", "ihc", FactType("ihc", "text"))
    assert HER2_KIND.check(HER2, text) == ["her2_tests.ihc has to be of kind number, not text"]


def test_a_code_that_the_derivation_does_not_understand_is_refused():
    probe = FactType("probe", "code", codes={"dual": "", "double": ""})
    (problem,) = HER2_KIND.check(HER2, with_field("her2_tests", "probe", probe))
    assert problem == "her2_tests.probe has the code double, but only dual, single are understood"


POLICIES = [
    ({"version": None}, "the version of the counting policy is empty"),
    ({"version": ""}, "the version of the counting policy is empty"),
    ({"regional": []}, "the counting policy has no 'regional'"),
    ({"one_unit": "node_cluster"}, "one_unit has to be a list of codes, not 'node_cluster'"),
    ({"one_unit": [1]}, "one_unit has to be a list of codes, not [1]"),
    ({"maybe_regional_sites": ["axillary_node"]}, "axillary_node cannot be both a regional and a perhaps regional"),
    ({"regional_sites": ["axilary_node"]}, "regional_sites names axilary_node, which metastases.site does not know"),
    ({"one_unit": ["cluster"]}, "one_unit names cluster, which metastases.unit_kind does not know"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says"), POLICIES, ids=[says for _, says in POLICIES])
def test_a_policy_that_is_wrong_is_refused(change, says):
    (problem,) = COUNT_KIND.check(replace(COUNT, parameters=POLICY | change), VOCABULARY)
    assert says in problem


@pytest.mark.parametrize("name", POLICY)
def test_a_policy_that_lacks_an_entry_is_refused(name):
    rest = {key: value for key, value in POLICY.items() if key != name}
    assert COUNT_KIND.check_parameters(rest) == [f"the counting policy lacks {name!r}"]
