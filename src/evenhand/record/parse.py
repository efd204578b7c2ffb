"""From JSON back to an entry, strictly: nothing is guessed, nothing is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from evenhand.record.canonical import JSON
from evenhand.record.entry import Actor, Entry, Signature
from evenhand.record.errors import RecordError

_ENTRY = frozenset(Entry.__dataclass_fields__)
_ACTOR = frozenset(Actor.__dataclass_fields__)
_SIGNATURE = frozenset(Signature.__dataclass_fields__)
_MOST: Final = 20_000  # assumed: the days, and the people, that a record names again and again


class FieldError(RecordError):
    """A field of an entry is missing, unknown or of the wrong shape; ``field`` names it at the top of the
    entry.
    """

    def __init__(self, field: str, what: str) -> None:
        super().__init__(what, where=f'field "{field}"')
        self.field = field


def entry_from_json(value: JSON) -> Entry:
    """The entry of a JSON object as ``entry_json`` writes it; it keeps, and does not copy, the object's body.

    Raises RecordError (a FieldError where a field is at fault). The hash is not recomputed: that is
    ``verify``'s.
    """
    if not isinstance(value, dict):
        raise RecordError("An entry must be a JSON object.")
    _check_keys(value, _ENTRY, "")
    return Entry(
        study=text_of(value, "study"),
        seq=_count(value, "seq"),
        kind=text_of(value, "kind"),
        version=_count(value, "version"),
        subject=optional_text(value, "subject"),
        effective=_day(value, "effective"),
        recorded_at=_moment(value, "recorded_at"),
        by=actor_of(value),
        body=_object(value, "body"),
        reason=optional_text(value, "reason"),
        corrects=optional_count(value, "corrects"),
        signature=None if value["signature"] is None else _signature(value),
        previous=text_of(value, "previous"),
        hash=text_of(value, "hash"),
    )


def _check_keys(value: Mapping[str, JSON], wanted: frozenset[str], inside: str) -> None:
    if value.keys() == wanted:
        return
    missing, unknown = sorted(wanted - value.keys()), sorted(value.keys() - wanted)
    if missing:
        raise FieldError(inside or missing[0], f'The field "{missing[0]}" is missing.')
    raise FieldError(inside or unknown[0], f'The field "{unknown[0]}" is not known.')


def text_of(value: Mapping[str, JSON], key: str, inside: str = "") -> str:
    """Text that is not empty. Raises FieldError for anything else; it names ``inside`` where the key is within."""
    text = value[key]
    if not isinstance(text, str) or not text:
        raise FieldError(inside or key, f'"{key}" must be text, not {text!r}.')
    return text


def optional_text(value: Mapping[str, JSON], key: str, inside: str = "") -> str | None:
    """Text, or None for null. Raises FieldError for anything else, empty text included."""
    return None if value[key] is None else text_of(value, key, inside)


def optional_count(value: Mapping[str, JSON], key: str) -> int | None:
    """A number from 1, or None for null. Raises FieldError for anything else."""
    return None if value[key] is None else _count(value, key)


def _count(value: Mapping[str, JSON], key: str) -> int:
    number = value[key]
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise FieldError(key, f'"{key}" must be a whole number from 1, not {number!r}.')
    return number


def _object(value: Mapping[str, JSON], key: str) -> dict[str, JSON]:
    found = value[key]
    if not isinstance(found, dict):
        raise FieldError(key, f'"{key}" must be an object, not {found!r}.')
    return found


def _day(value: Mapping[str, JSON], key: str) -> date:
    text = text_of(value, key)
    day = _day_of(text)
    if day is None:
        raise FieldError(key, f'"{key}" must be a day such as 2026-03-04, not {text!r}.')
    return day


@lru_cache(_MOST)
def _day_of(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _moment(value: Mapping[str, JSON], key: str, inside: str = "") -> datetime:
    text = text_of(value, key, inside)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not UTC or f"{moment.isoformat()[: -len('+00:00')]}Z" != text:
        raise FieldError(inside or key, f'"{key}" must be a time such as 2026-03-04T10:11:12Z, not {text!r}.')
    return moment


def actor_of(value: Mapping[str, JSON]) -> Actor:
    """Whom the field ``by`` of an entry names."""
    by = _object(value, "by")
    _check_keys(by, _ACTOR, "by")
    return _actor_of(text_of(by, "user", "by"), text_of(by, "role", "by"), optional_text(by, "site", "by"))


@lru_cache(_MOST)
def _actor_of(user: str, role: str, site: str | None) -> Actor:
    """The same object for the same person: a record names few people very often."""
    return Actor(user, role, site)


def _signature(value: Mapping[str, JSON]) -> Signature:
    signed = _object(value, "signature")
    _check_keys(signed, _SIGNATURE, "signature")
    return Signature(
        meaning=text_of(signed, "meaning", "signature"),
        signer=text_of(signed, "signer", "signature"),
        signed_at=_moment(signed, "signed_at", "signature"),
        digest=text_of(signed, "digest", "signature"),
    )
