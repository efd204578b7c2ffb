"""Facts as JSON and back, and what of a person may stand in the record."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dates import age_on, on_day, parse_date
from evenhand.facts import Fact, FactType, Person, Source, Vocabulary
from evenhand.facts.privacy import for_the_record
from evenhand.facts.wire import attestation_json as wired
from evenhand.facts.wire import fact_json, read_attestation, read_fact
from evenhand.record import canonical
from tests.eligible import PROTOCOL, signed
from tests.generative.people import facts_of
from tests.studies_here import ALL, protocol_of

HERE = Source("form", "facts.ecog", "c.ordinator")


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
@given(st.data())
def test_every_fact_comes_back_from_its_json_as_it_was(folder, data):
    words = protocol_of(folder).vocabulary
    kind = data.draw(st.sampled_from([kind for kind in words.facts.values() if kind.derived is None]))
    for fact in data.draw(facts_of(kind)):
        wire = fact_json(fact)
        canonical(wire)  # the record accepts it: no floats, no strangers
        assert read_fact(wire, words) == fact


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fact": "shoe_size"}, "no fact of this study"),
        ({"fact": "ecog", "value": "many"}, "no number"),
        ({"fact": "birth_date", "value": "soon"}, "no date"),
    ],
)
def test_json_that_does_not_fit_the_vocabulary_is_refused(change, said):
    wire = {**fact_json(Fact("ecog", 1, None, HERE)), **change}
    with pytest.raises(ValueError, match=said):
        read_fact(wire, PROTOCOL.vocabulary)


def test_a_yes_no_fact_is_not_read_from_text():
    words = Vocabulary({"smoker": FactType("smoker", "yes_no")})
    with pytest.raises(ValueError, match="neither true nor false"):
        read_fact({**fact_json(Fact("ecog", 1, None, HERE)), "fact": "smoker", "value": "yes"}, words)


def test_an_attestation_comes_back_as_it_was():
    given_one = signed("locally_treatable", "surgeon", "M1", reason="looked again")
    assert read_attestation(wired(given_one), given_one.date, given_one.source) == given_one


@given(st.dates(date(1930, 1, 1), date(2008, 1, 1)), st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_the_record_gets_the_age_and_not_the_birth_date(birth, on):
    person = Person("p", {"birth_date": (Fact("birth_date", on_day(birth), None, HERE),)})
    (kept,) = for_the_record(person, PROTOCOL.vocabulary, on)
    assert not kept.value.exact
    assert (kept.value.last - kept.value.first).days >= 364
    assert kept.value.first <= birth <= kept.value.last
    assert {age_on(kept.value.first, on), age_on(kept.value.last, on)} == {age_on(birth, on)}
    assert kept.date == on_day(on)


def test_the_record_does_not_get_the_name_of_the_file():
    source = Source("anna-mueller.json", "Observation/1 at valueInteger", "c.ordinator")
    person = Person("p", {"ecog": (Fact("ecog", 1, None, source),)})
    (kept,) = for_the_record(person, PROTOCOL.vocabulary, date(2026, 1, 1))
    assert kept.source == Source("submission", "Observation/1 at valueInteger", "c.ordinator")


def test_only_dates_can_be_coarsened():
    words = Vocabulary({"name": FactType("name", "text", identifying=True)})
    with pytest.raises(TypeError, match="only dates"):
        for_the_record(Person("p", {"name": (Fact("name", "Anna", None, HERE),)}), words, date(2026, 1, 1))


def test_what_the_study_does_not_name_or_computes_itself_is_not_recorded():
    facts = {
        "shoe_size": (Fact("shoe_size", 42, None, HERE),),
        "her2": (Fact("her2", "positive", None, HERE),),
        "ecog": (Fact("ecog", 1, None, HERE),),
    }
    kept = for_the_record(Person("p", facts), PROTOCOL.vocabulary, date(2026, 1, 1))
    assert [fact.name for fact in kept] == ["ecog"]
    assert parse_date("1970") is parse_date("1970")  # equal days are one object: a file repeats few of them
