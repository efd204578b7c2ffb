"""The metastases that a participant was registered with: the labels by which local treatment is followed."""

from __future__ import annotations

from evenhand.conduct.forms import remembered
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.facts import Fact, Person, View
from evenhand.oncology.lesion_policy import policy_of, standing
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.record.facts import recorded_facts


@remembered
def registered_lesions(protocol: Protocol, known: SubjectHistory) -> tuple[str, ...]:
    """The labels of the metastases recorded up to registration, corrections applied, in order of recording.

    Regional disease by the study's counting policy is none of them: it belongs to locoregional treatment. None before
    registration, or where the study does not say which fact lists them. Raises LookupError where it plans no treatment.
    """
    listed, registration = treatment_of(protocol).lesions, known.registration
    if listed is None or registration is None:
        return ()
    kind = protocol.vocabulary.facts[listed.fact]
    facts: tuple[Fact, ...] = tuple(
        fact for entry, fact in recorded_facts(known, protocol.vocabulary, listed.fact) if entry.seq < registration.seq
    )
    view = View(Person("", {listed.fact: facts}), protocol.vocabulary, registration.effective, {})
    policy = policy_of(protocol.vocabulary.facts[listed.counted_by].parameters) if listed.counted_by else None
    return tuple(
        str(entry[kind.key])
        for entry in view.items(listed.fact).entries
        if kind.key and kind.key in entry and (policy is None or standing(entry, policy) != "regional")
    )
