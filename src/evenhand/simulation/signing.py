"""Judgements of made-up people, as whoever may sign them does."""

from __future__ import annotations

from datetime import date

from evenhand.dates import on_day
from evenhand.facts import Attestation, Person, Source
from evenhand.protocol import Judgement, Protocol


def items_of(judgement: Judgement, person: Person, protocol: Protocol) -> list[str | None]:
    """What a judgement is signed about: the person (None), or each entry of a list by its key."""
    if judgement.about is None:
        return [None]
    key = protocol.vocabulary.facts[judgement.about].key or ""
    records = (fact.value for fact in person.facts.get(judgement.about, ()))
    return [str(record[key]) for record in records if isinstance(record, dict) and key in record]


def signed(judgement: Judgement, item: str | None, answer: bool, name: str, day: date) -> Attestation:
    """A judgement signed by the first role that may, under a printed name."""
    details = dict.fromkeys(judgement.details, "made up") or None
    role, source = judgement.roles[0], Source("made up")
    return Attestation(judgement.name, answer, name, role, on_day(day), source, item, details=details)
