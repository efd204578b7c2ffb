"""A file that somebody uploads: read, looked at, and only then recorded.

Between looking and recording the facts travel through the browser, signed so that nothing can be changed on the way,
and only for the same user and study. The file itself is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.core.files.base import File

from evenhand.cases import judgement_kinds
from evenhand.facts import Fact, Person, Problem
from evenhand.facts.wire import fact_json, read_fact
from evenhand.intake import InputError, Proposed, proposed_identity, read_any
from evenhand.protocol import Protocol
from evenhand.web.desk import Desk
from evenhand.web.pages.candidates.words import birth_fact

LARGEST: Final = 20 * 1024 * 1024  # bytes; assumed: the largest published mCODE bundle has some 5 MB
_SALT: Final = "evenhand.web.upload"
_KEPT: Final = 12 * 60 * 60  # seconds between reading and recording; no session lasts longer
_SHOWN: Final = 8  # people named in a message

Facts = Mapping[str, tuple[Fact, ...]]


class UnfitFile(Exception):
    """The file cannot be used: what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a file says about one person: facts of the study, what could not be used, who it seems to be."""

    facts: Facts
    problems: tuple[Problem, ...]
    proposed: Proposed


def read_upload(file: File[bytes], protocol: Protocol) -> Upload:
    """Read a file about one person. Raises UnfitFile."""
    if (file.size or 0) > LARGEST:
        raise UnfitFile(f"The file is larger than {LARGEST // 1024 // 1024} MB. Export this one person's data alone.")
    content = file.read()
    try:
        people = read_any(content, protocol.vocabulary, judgement_kinds(protocol), "the file")
    except InputError as error:
        raise UnfitFile(f"{str(error)[:1].upper()}{str(error)[1:]}. Nothing was recorded.") from None
    person = _only(people)
    proposed = proposed_identity(content)
    if proposed == Proposed():
        proposed = _by_form(person, protocol)
    return Upload(_of_study(person, protocol), (*person.problems, *_unsigned(person)), proposed)


def _by_form(person: Person, protocol: Protocol) -> Proposed:
    """What a simple form says about who it is about: its id, and the birth date among its facts."""
    birth = birth_fact(protocol.vocabulary)
    born = person.facts.get(birth, ()) if birth is not None else ()
    return Proposed(number=person.id, birth_date=str(born[0].value) if born else "")


def _only(people: Sequence[Person]) -> Person:
    """The one person of a file, with the problems of what belongs to nobody."""
    some = [person for person in people if person.facts or person.id]
    if len(some) > 1:
        names = ", ".join(person.id or "without an id" for person in some[:_SHOWN])
        more = f" and {len(some) - _SHOWN} more" if len(some) > _SHOWN else ""
        mend = "Export each person alone, and upload one file a person."
        raise UnfitFile(f"The file holds {len(some)} people ({names}{more}). {mend}")
    if not some or not some[0].facts:
        said = "; ".join(str(problem) for person in people for problem in person.problems[:_SHOWN])
        raise UnfitFile(f"The file holds not one fact that this study asks for. {said}".strip())
    others = [problem for person in people if person is not some[0] for problem in person.problems]
    return Person(some[0].id, some[0].facts, some[0].attestations, (*some[0].problems, *others))


def _of_study(person: Person, protocol: Protocol) -> Facts:
    kinds = protocol.vocabulary.facts
    return {name: facts for name, facts in person.facts.items() if name in kinds and kinds[name].derived is None}


def _unsigned(person: Person) -> list[Problem]:
    if not person.attestations:
        return []
    count = len(person.attestations)
    what = f"{count} signed judgement{'s are' if count > 1 else ' is'} not taken over: judgements are signed here"
    return [Problem("attestations", what, "warning")]


def carried(facts: Facts, desk: Desk) -> str:
    """The facts as text that only this application can have made, for a hidden field."""
    told = [fact_json(fact) for some in facts.values() for fact in some]
    return signing.dumps({"for": [desk.study, desk.user], "facts": told}, salt=_SALT, compress=True)


def brought_back(text: str, desk: Desk) -> Facts:
    """The facts that were carried. Raises UnfitFile for text that was changed, is somebody else's or too old."""
    try:
        told = signing.loads(text, salt=_SALT, max_age=_KEPT)
    except signing.BadSignature:
        told = {}
    if told.get("for") != [desk.study, desk.user]:
        raise UnfitFile(
            "What was read from the file is no longer at hand. Nothing was recorded. Choose the file again."
        )
    found: dict[str, tuple[Fact, ...]] = {}
    for one in told["facts"]:
        fact = read_fact(one, desk.protocol.vocabulary)
        found[fact.name] = (*found.get(fact.name, ()), fact)
    return found
