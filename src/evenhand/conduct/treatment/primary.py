"""Whether a participant has a primary in the breast, and so whether surgery of it applies, by a fact of the study.

A primary that is not there needs no surgery: the part is neither awaited nor left out (our proposal). Where the fact is
not recorded, or recorded in two ways, that is unknown, which is neither yes nor no.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct.forms import remembered
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.facts import Fact, Person, View
from evenhand.logic import NO, YES, Truth, Unknown
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.record.facts import recorded_facts

NO_PRIMARY: Final = "no primary in the breast"


@dataclass(frozen=True, slots=True)
class PrimaryFound:
    """Whether a primary is ``there``, in words, and the numbers of the entries that say so."""

    there: Truth
    say: str = ""
    seqs: tuple[int, ...] = ()


@remembered
def primary_of(protocol: Protocol, known: SubjectHistory) -> PrimaryFound:
    """Whether there was a primary in the breast before any treatment of the study, by the newest statement.

    That may be dated after randomization: what it is about does not change with its date. YES where the study names no
    fact for it: then it plans surgery for everybody. Raises LookupError where it plans no treatment.
    """
    plan = treatment_of(protocol).surgery
    asked = plan.no_primary if plan else None
    if asked is None:
        return PrimaryFound(YES)
    found = list(recorded_facts(known, protocol.vocabulary, asked.fact))
    seqs = tuple(dict.fromkeys(entry.latest.seq for entry, _ in found))
    facts: tuple[Fact, ...] = tuple(fact for _, fact in found)
    value = View(Person("", {asked.fact: facts}), protocol.vocabulary, date.max, {}).one(asked.fact)
    if isinstance(value, Unknown):
        return PrimaryFound(value, f"whether a primary is in the breast is not known: {value.reasons[0].detail}", seqs)
    if value not in asked.codes:
        return PrimaryFound(YES, "", seqs)
    label = protocol.vocabulary.facts[asked.fact].codes.get(str(value), str(value))
    return PrimaryFound(NO, f"{NO_PRIMARY}: {label}", seqs)
