"""Signed judgements as they are entered: checked against the judgements that the study knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from evenhand.dates import parse_date
from evenhand.facts import Attestation, Problem, Source
from evenhand.intake.accept import did_you_mean, shown

_ANSWERS: Final = {"yes": True, "no": False, "True": True, "False": False}  # the last two from YAML and JSON
_KEYS: Final = frozenset({"patient", "judgement", "answer", "by", "role", "on", "item", "reason", "details"})
_NEEDED: Final = ("judgement", "answer", "by", "role", "on")
_TEXTS: Final = ("judgement", "by", "role", "item", "reason")


@dataclass(frozen=True, slots=True)
class JudgementKind:
    """What intake must know of a judgement: who may sign it, about entries of which list, with which details."""

    name: str
    roles: tuple[str, ...]
    about: str | None
    details: tuple[str, ...]


def read_signatures(
    given: object, judgements: Mapping[str, JudgementKind], source: Source, problems: list[Problem]
) -> Iterator[Attestation]:
    """The signatures of a list; each that cannot count becomes a problem saying why."""
    if not isinstance(given, list):
        problems.append(Problem(source.path, f"a list of signed judgements is needed, not {shown(given)}"))
        return
    for number, one in enumerate(given):
        try:
            yield read_signature(one, judgements, source)
        except ValueError as error:
            problems.append(Problem(f"{source.path}[{number}]", str(error)))


def read_signature(given: object, judgements: Mapping[str, JudgementKind], source: Source) -> Attestation:
    """One signature. Raises ValueError with what is wrong and what would be right."""
    if not isinstance(given, dict):
        raise ValueError(f"a mapping with {', '.join(_NEEDED)} is needed, not {shown(given)}")
    unknown = sorted(str(key) for key in set(given) - _KEYS)
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no part of a signature{did_you_mean(unknown[0], _KEYS)}")
    absent = [key for key in _NEEDED if _blank(given.get(key))]
    if absent:
        raise ValueError(f"it lacks {', '.join(absent)}")
    for key in _TEXTS:
        if not isinstance(given.get(key), str | int | None):
            raise ValueError(f"its {key} is {shown(given[key])}, which is no text")
    kind = judgements.get(str(given["judgement"]))
    if kind is None:
        hint = did_you_mean(str(given["judgement"]), judgements)
        raise ValueError(f"{shown(given['judgement'])} is no judgement of this study{hint}")
    _check(given, kind)
    return Attestation(
        kind.name, _ANSWERS[str(given["answer"])], str(given["by"]), str(given["role"]), parse_date(str(given["on"])),
        source, None if given.get("item") is None else str(given["item"]), str(given.get("reason") or ""),
        {str(name): str(value) for name, value in _details(given).items()} or None,
    )  # fmt: skip


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _details(given: dict[str, object]) -> dict[object, object]:
    details = given.get("details")
    if details is None:
        return {}
    if not isinstance(details, dict):
        raise ValueError(f"its details are {shown(details)}, which is no mapping")
    return {name: value for name, value in details.items() if not _blank(value)}


def _check(given: dict[str, object], kind: JudgementKind) -> None:
    if str(given["answer"]) not in _ANSWERS:
        raise ValueError(f"the answer {shown(given['answer'])} is neither yes nor no")
    if given["role"] not in kind.roles:
        raise ValueError(f"a {given['role']} may not sign {kind.name}: {' or '.join(kind.roles)} may")
    if _blank(given.get("item")) != (kind.about is None):
        wanted = f"needs the `item` of {kind.about}" if kind.about else "is about the person and takes no `item`"
        raise ValueError(f"{kind.name} {wanted}")
    if not parse_date(str(given["on"])).exact:
        raise ValueError(f"a signature has a day, not {given['on']}")
    details = _details(given)
    absent = [name for name in kind.details if name not in details]
    if absent:
        raise ValueError(f"{kind.name} needs the details {', '.join(absent)}")
