"""The person that stands in the record."""

from datetime import date

import pytest

from evenhand.record import Event, RecordError, append
from evenhand.record.facts import recorded_person
from tests.eligible import AT, BY, PROTOCOL, Trial


def forged(kind, body):
    trial = Trial().activated()
    entries = append(trial.history, [Event(kind, "S0001-3", date(2026, 7, 1), body)], by=BY, at=AT)
    return trial.history.extend(entries).subject("S0001-3")


def test_facts_and_signatures_come_back_with_their_dates():
    trial = Trial().activated()
    subject = trial.screened()
    person = recorded_person(trial.history.subject(subject), PROTOCOL.vocabulary)
    assert person.facts["ecog"][0].value == 1
    assert {given.judgement for given in person.attestations} == set(PROTOCOL.judgements)
    assert {str(given.date) for given in person.attestations} == {"2026-06-25"}


@pytest.mark.parametrize("fact", [{"fact": "ecog"}, {"fact": "shoe_size", "value": 1, "date": None, "source": {}}])
def test_facts_that_cannot_be_read_name_their_entry(fact):
    with pytest.raises(RecordError, match=r"entry 2 .* cannot be read"):
        recorded_person(forged("facts_recorded", {"facts": [fact]}), PROTOCOL.vocabulary)


def test_a_signature_that_cannot_be_read_names_its_entry():
    body = {"judgement": "progression_free", "answer": True, "role": "treating_clinician"}
    with pytest.raises(RecordError, match=r"entry 2 .* cannot be read"):
        recorded_person(forged("attested", body), PROTOCOL.vocabulary)
