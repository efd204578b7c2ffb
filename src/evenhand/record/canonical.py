"""Canonical JSON: one value, one row of bytes, so that a digest means something.

Keys are sorted by code point, there are no spaces, text is UTF-8 and is escaped only where JSON demands it.
It is what the standard library writes with ``json.dumps(value, sort_keys=True, separators=(",", ":"),
ensure_ascii=False)``, so anyone can check a record without this program; a test holds the two writers
together.

Numbers are whole and fit into 64 bits. Fractions are refused, since a binary float does not keep the decimal
that was written down: a tumour of 1.8 cm is the text ``"1.8"``. Text is kept as it came and not normalized.
"""

from __future__ import annotations

import hashlib
import re
from typing import TypeAlias

import orjson

from evenhand.record.errors import RecordError

JSON: TypeAlias = "bool | int | str | list[JSON] | dict[str, JSON] | None"

_MIN_INTEGER, _MAX_INTEGER = -(2**63), 2**64 - 1
_MAX_DEPTH = 200
_NUMBERS = b"-0123456789"
_ALIKE = bytes.maketrans(b",[eE", b"::..")  # what may stand before a number; a point or an exponent
_MAYBE_FLOAT = re.compile(rb"(?:^|[:,\[])-?\d+[.eE]")
_TEXT_OR_FLOAT = re.compile(rb'"(?:[^"\\]|\\.)*"|(?P<float>-?\d+[.eE])')


def canonical(value: JSON) -> bytes:
    """The canonical bytes of ``value``; a member of an enumeration of texts or numbers becomes plain.

    Raises RecordError, naming the place inside ``value``, for what has no exact form: floats, whole numbers
    beyond 64 bits, text with half of a surrogate pair, keys that are not text, nesting deeper than some 200
    levels, any other type.
    """
    return read_back(value)[0]


def read_back(value: JSON) -> tuple[bytes, JSON]:
    """The canonical bytes of ``value``, and what they read as, which nobody else holds. Raises as ``canonical``."""
    try:
        written = dumps(value)
        own: JSON = orjson.loads(written)
        exact = float_at(written) is None and own == value
    except orjson.JSONEncodeError:
        exact = False
    if not exact:
        _check(value, "$", 0)
        mend = "Use text, whole numbers, lists and objects."
        raise RecordError("It does not read back as it was.", where="$", mend=mend)
    return written, own


def float_at(written: bytes) -> int | None:
    """Where in canonical bytes the first number with a fraction or an exponent begins, None without one.

    The quick searches may mistake text for a number, never the other way round, and settle nearly all cases: with all
    digits taken out, a point or an exponent stands right after what can stand before a number.
    """
    bare = written.translate(_ALIKE, _NUMBERS)
    if (b":." not in bare and not bare.startswith(b".")) or not _MAYBE_FLOAT.search(written):
        return None
    return next((match.start() for match in _TEXT_OR_FLOAT.finditer(written) if match["float"]), None)


def nul_at(value: JSON, path: str = "$") -> str | None:
    """Where a text holds a NUL character: JSON can write it, but not every database can keep it. None without one."""
    if isinstance(value, str):
        return path if "\0" in value else None
    if isinstance(value, dict):
        inside = [(f"{path}.{key}", item) for key, item in value.items()]
        if any("\0" in key for key in value):
            return path
    else:
        inside = [(f"{path}[{place}]", item) for place, item in enumerate(value)] if isinstance(value, list) else []
    return next((found for where, item in inside if (found := nul_at(item, where))), None)


def digest(value: JSON) -> str:
    """SHA-256 of the canonical bytes, as 64 lower-case hexadecimal digits. Raises as ``canonical``."""
    return hashlib.sha256(canonical(value)).hexdigest()


def quick_digest(value: JSON) -> str:
    """The same of what is about to be appended, or was: appending refuses what has no exact form. Raises RecordError
    for what JSON does not know at all."""
    try:
        return hashlib.sha256(dumps(value)).hexdigest()
    except orjson.JSONEncodeError:
        return digest(value)  # which says what is wrong, and where


def own_copy(body: dict[str, JSON]) -> dict[str, JSON]:
    """A deep copy that nobody else holds. Raises as ``canonical``."""
    copy: dict[str, JSON] = orjson.loads(canonical(body))
    return copy


def dumps(value: object) -> bytes:
    """Canonical bytes of what is known to be JSON already: it came from a parser or from ``own_copy``."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _check(value: object, path: str, depth: int) -> None:
    """Find what is wrong and say where. Slow, so it runs only once something is known to be wrong."""
    if depth > _MAX_DEPTH:
        raise RecordError(f"It is nested deeper than {_MAX_DEPTH} levels.", where="$", mend="Make it flatter.")
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, int):
        if not _MIN_INTEGER <= value <= _MAX_INTEGER:
            raise RecordError(f"{value} does not fit into 64 bits.", where=path, mend="Write it as text.")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check(item, f"{path}[{index}]", depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_key(key, path)
            _check(item, f"{path}.{key}", depth + 1)
    elif isinstance(value, float):
        mend = f'Write a decimal as text: "{value!r}".'
        raise RecordError(f"{value!r} is a float, which is not exact.", where=path, mend=mend)
    elif value is not None:
        what = f"{value!r} is a {type(value).__name__}, which JSON does not know."
        raise RecordError(what, where=path, mend="Use text, whole numbers, lists and objects.")


def _check_key(key: object, path: str) -> None:
    if not isinstance(key, str):
        raise RecordError(f"The key {key!r} is not text.", where=path, mend="Use text for every key.")
    _check_text(key, path)


def _check_text(text: str, path: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        what = f"The text {text!r} holds half of a surrogate pair."
        raise RecordError(what, where=path, mend="Decode it correctly where it is read.") from error
