"""Files of people: FHIR or form, told apart by their content; and what was signed and stated beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evenhand.facts import Attestation, Fact, Person, Problem, Vocabulary
from evenhand.intake.decode import read_bytes, text_of
from evenhand.intake.errors import InputError
from evenhand.intake.fhir import read_people
from evenhand.intake.form import read_form
from evenhand.intake.sheet import read_data
from evenhand.intake.signatures import JudgementKind


@dataclass(frozen=True, slots=True)
class Supplement:
    """What was signed and stated about one patient beside the files."""

    patient: str
    facts: Mapping[str, tuple[Fact, ...]]
    attestations: tuple[Attestation, ...]
    problems: tuple[Problem, ...]


def read_any(
    source: Path | bytes,
    vocabulary: Vocabulary,
    judgements: Mapping[str, JudgementKind] | None = None,
    origin: str = "",
) -> list[Person]:
    """The people of a file, or of its content, which is then called ``origin``.

    Raises InputError when it is neither FHIR nor a form.
    """
    origin = origin or (source.name if isinstance(source, Path) else "input")
    content = read_bytes(source)
    if b'"resourceType"' in content.replace(b"\0", b""):  # as UTF-16 writes it, too
        return read_people(content, vocabulary, origin)
    data = read_data(text_of(content, origin), origin)
    forms = data if isinstance(data, list) else [data]
    if forms and all(isinstance(form, dict) and "patient" in form for form in forms):
        return read_form(data, vocabulary, origin, judgements)
    raise InputError(f"{origin}: neither FHIR (no resourceType) nor a form of facts (no `patient`)")


def read_attestations(path: Path, vocabulary: Vocabulary, judgements: Mapping[str, JudgementKind]) -> list[Supplement]:
    """Signed judgements and stated facts: a list of forms, one a patient. Raises InputError."""
    data = read_data(text_of(read_bytes(path), path.name), path.name)
    people = read_form(data, vocabulary, path.name, judgements)
    return [Supplement(person.id, person.facts, person.attestations, person.problems) for person in people]


def told_apart(people: Sequence[Person]) -> list[Person]:
    """The people, with a warning on those who share an id: nobody can tell whether they are one person or several."""
    known = Counter(person.id for person in people)
    return [person if known[person.id] == 1 else _warned(person, known[person.id]) for person in people]


def _warned(person: Person, number: int) -> Person:
    what = f"{number} people in these files have this id; each is judged alone"
    return replace(person, problems=(*person.problems, Problem(person.id, what, "warning")))


def supplemented(people: Sequence[Person], supplements: Sequence[Supplement]) -> list[Person]:
    """The people with what was signed and stated about them.

    Raises InputError for somebody who is in no file: a signature must not vanish without a word.
    """
    known = Counter(person.id for person in people)
    strangers = list(dict.fromkeys(given.patient for given in supplements if given.patient not in known))
    if strangers:
        raise InputError(
            f"signed or stated about {', '.join(map(repr, strangers))}, who is in none of the files; "
            f"these hold {', '.join(sorted(map(repr, known))) or 'nobody'}"
        )
    twice = [given.patient for given in supplements if known[given.patient] > 1]
    if twice:
        raise InputError(
            f"signed or stated about {', '.join(map(repr, twice))}, an id that several people in the files have; "
            "screen them one by one"
        )
    return [_with(person, [given for given in supplements if given.patient == person.id]) for person in people]


def _with(person: Person, given: list[Supplement]) -> Person:
    facts = dict(person.facts)
    for one in given:
        for name, more in one.facts.items():
            facts[name] = (*facts.get(name, ()), *more)
    return replace(
        person,
        facts=facts,
        attestations=(*person.attestations, *(signed for one in given for signed in one.attestations)),
        problems=(*person.problems, *(problem for one in given for problem in one.problems)),
    )
