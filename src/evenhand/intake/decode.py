"""Bytes to JSON values: encodings, byte order marks, NDJSON, and what is no JSON at all."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Final

import orjson

from evenhand.facts import Problem
from evenhand.intake.elements import Json
from evenhand.intake.errors import InputError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONGEST_NUMBER: Final = 400  # digits; Python itself refuses to read more than 4,300


def read_bytes(source: Path | bytes) -> bytes:
    """The content of a file, or the bytes themselves. Raises InputError when there is no file to read."""
    if isinstance(source, bytes):
        return source
    try:
        return source.read_bytes()
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error.strerror or error}") from None


def decode(data: bytes, origin: str) -> tuple[list[Json], list[Problem]]:
    """The JSON documents of a file: one, or one a line (NDJSON), and the lines that could not be read.

    Raises InputError when nothing in the file is JSON.
    """
    try:
        return [orjson.loads(data)], []
    except orjson.JSONDecodeError:
        return _patiently(text_of(data, origin), origin)


def text_of(data: bytes, origin: str) -> str:
    """The text of a file in UTF-8, or in UTF-16 or UTF-32 with a byte order mark. Raises InputError for others."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{origin}: byte {error.start} is not {encoding.upper()}: save the file as UTF-8") from None
    if not text.strip():
        raise InputError(f"{origin}: the file is empty")
    return text


def _patiently(text: str, origin: str) -> tuple[list[Json], list[Problem]]:
    """One document by the lenient parser, or else one document a line."""
    try:
        return [_lenient(text)], []
    except ValueError as error:
        documents, problems = _lines(text, origin)
        if documents:
            return documents, problems
        raise InputError(f"{origin}: no JSON: {_where(error)}") from None


def _lines(text: str, origin: str) -> tuple[list[Json], list[Problem]]:
    """NDJSON: every line by itself, so that one bad line costs only itself. A line has to hold an object."""
    documents: list[Json] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            documents.append(_record(line))
        except ValueError as error:
            problems.append(Problem(f"{origin} line {number}", f"not read: {_where(error)}"))
    return documents, problems


def _record(line: str) -> Json:
    try:
        value = orjson.loads(line)
    except ValueError:
        value = _lenient(line)
    if not isinstance(value, dict) or "resourceType" not in value:
        raise ValueError("a line of NDJSON has to be a FHIR resource")
    return value


def _lenient(text: str) -> Json:
    """Python's parser: reads NaN, infinities and lone surrogates, which the reader of the element then reports."""
    try:
        return json.loads(text, parse_int=_integer)  # type: ignore[no-any-return]  # what it reads is Json
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < _LONGEST_NUMBER else float("inf")


def _where(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    return str(error)
