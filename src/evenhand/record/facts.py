"""The facts and attestations that stand in the record about a subject, as a person whom rules can judge."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.dates import on_day
from evenhand.facts import Attestation, Fact, Person, Source, Vocabulary
from evenhand.facts.wire import read_attestation, read_fact
from evenhand.record.errors import RecordError
from evenhand.record.subject import Standing, SubjectHistory


def recorded_person(subject: SubjectHistory, vocabulary: Vocabulary) -> Person:
    """Everything that stands about a subject, corrections applied.

    Raises RecordError when an entry does not fit the vocabulary.
    """
    facts: dict[str, list[Fact]] = {}
    for standing in subject.facts:
        for fact in _facts(standing, vocabulary):
            facts.setdefault(fact.name, []).append(fact)
    signed = tuple(_attestation(standing) for standing in subject.attestations)
    return Person(subject.subject or "", {name: tuple(given) for name, given in facts.items()}, signed)


def recorded_facts(
    subject: SubjectHistory, vocabulary: Vocabulary, name: str | None = None
) -> Iterator[tuple[Standing, Fact]]:
    """Every fact that stands about a subject (or those of one name), with the entry that says it.

    Raises RecordError when an entry does not fit the vocabulary.
    """
    for standing in subject.facts:
        for fact in _facts(standing, vocabulary, name):
            yield standing, fact


def _facts(standing: Standing, vocabulary: Vocabulary, name: str | None = None) -> list[Fact]:
    try:
        given = standing.value("facts", list)
        return [read_fact(one, vocabulary) for one in given if name is None or one["fact"] == name]
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"its facts cannot be read: {error}", where=str(standing.latest)) from error


def _attestation(standing: Standing) -> Attestation:
    try:
        return read_attestation(standing.body, on_day(standing.effective), Source(f"entry {standing.latest.seq}"))
    except (KeyError, TypeError) as error:
        raise RecordError(f"the attestation cannot be read: {error}", where=str(standing.latest)) from error
