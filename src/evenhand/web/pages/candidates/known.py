"""What is on record about a candidate, fact by fact, with the entry that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evenhand.eligibility import Evidence, attestation_piece, fact_piece
from evenhand.facts import Fact, FactType
from evenhand.protocol import Protocol
from evenhand.record import KINDS, Standing, SubjectHistory
from evenhand.record.facts import recorded_facts, recorded_person
from evenhand.web.pages.candidates.words import value_words


@dataclass(frozen=True, slots=True)
class Known:
    """One fact that stands: in words, its date, and the entry that says it (``seq``), which may be a correction."""

    fact: Fact
    words: str
    seq: int
    correctable: int  # the entry that a correction of it would name


def known_facts(subject: SubjectHistory, protocol: Protocol) -> Mapping[str, tuple[Known, ...]]:
    """What stands about a subject, by fact, in the order of recording."""
    found: dict[str, list[Known]] = {}
    for standing, fact in recorded_facts(subject, protocol.vocabulary):
        found.setdefault(fact.name, []).append(_known(standing, fact, protocol.vocabulary.facts[fact.name]))
    return {name: tuple(items) for name, items in found.items()}


def _known(standing: Standing, fact: Fact, kind: FactType) -> Known:
    words = value_words(kind, fact.value)
    if kind.identifying:
        words = f"{words} (kept as a span, so that the record identifies nobody)"
    return Known(fact, words, standing.latest.seq, standing.seq)


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of evidence as it is shown: in words, and the entry that says it."""

    words: str
    seq: int


def said_on_record(subject: SubjectHistory, protocol: Protocol) -> Mapping[Evidence, Said]:
    """Where each piece of evidence stands, the newest entry where several say the same."""
    found = {
        fact_piece(one.fact): Said(one.words, one.seq)
        for items in known_facts(subject, protocol).values()
        for one in items
    }
    signed = recorded_person(subject, protocol.vocabulary).attestations
    for standing, given in zip(subject.attestations, signed, strict=True):
        piece = attestation_piece(given)
        found[piece] = Said(piece.value, standing.latest.seq)
    return found


def as_seen(subject: SubjectHistory, seq: int) -> SubjectHistory:
    """What stood when the entry ``seq`` was the last: what a form that is posted was filled in beside."""
    seen = SubjectHistory(subject.subject)
    for entry in subject.entries:
        if entry.seq <= seq:
            seen = seen.after(entry, KINDS)
    return seen
