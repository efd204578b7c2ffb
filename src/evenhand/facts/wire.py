"""Facts and attestations as JSON, the form in which the record keeps them.

Decimals are text, because JSON numbers are floats to most readers; whole numbers are numbers. A value is read back with
its type from the vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from evenhand.codes import Unmapped
from evenhand.dates import DateSpan, parse_date
from evenhand.facts.fact import COMPLETE, Attestation, Fact, Scalar, Source, Value
from evenhand.facts.vocabulary import FactType, Vocabulary
from evenhand.units import Number, Range, exact

JSON = dict[str, Any]
"""JSON objects; Any because every reader here checks what it finds."""

_AS_IT_IS: Final = frozenset({str, bool, int})
_DECODED: Final = frozenset({"date", "number", "yes_no"})


def fact_json(fact: Fact) -> JSON:
    """One fact as a JSON object."""
    return {
        "fact": fact.name,
        "value": value_json(fact.value),
        "date": None if fact.date is None else str(fact.date),
        "source": {"origin": fact.source.origin, "path": fact.source.path, "by": fact.source.by},
    }


def value_json(value: Value) -> Any:
    """A value as JSON: text for dates and decimals, objects for records, bounds and unmapped codes."""
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, DateSpan):
        return str(value)
    if value is COMPLETE:
        return {"complete": True}
    if isinstance(value, (dict, Mapping)):
        return {name: item if type(item) in _AS_IT_IS else value_json(item) for name, item in value.items()}
    if isinstance(value, Range):
        ends = {"low": value.low, "high": value.high}
        return {
            "range": {name: None if end is None else value_json(end) for name, end in ends.items()},
            "open": [name for name, is_open in (("low", value.low_open), ("high", value.high_open)) if is_open],
        }
    if isinstance(value, Unmapped):
        return {"unmapped": [value.system, value.code, value.display]}
    return str(value)


def read_fact(given: JSON, vocabulary: Vocabulary) -> Fact:
    """One fact from its JSON object. Raises ValueError when it does not fit the vocabulary."""
    name, dated, source = given["fact"], given["date"], given["source"]
    kind = vocabulary.facts.get(name)
    if kind is None:
        raise ValueError(f"{name!r} is no fact of this study")
    value = read_scalar(given["value"], kind) if kind.kind != "record" else _read_record(given["value"], kind)
    on = None if dated is None else parse_date(dated)
    return Fact(name, value, on, Source(source["origin"], source["path"], source["by"]))


def _read_record(given: Any, kind: FactType) -> Value:
    if given == {"complete": True}:
        return COMPLETE
    return {name: read_scalar(item, kind.fields[name]) for name, item in given.items()}


def read_scalar(given: Any, kind: FactType) -> Scalar:
    """One value from its JSON. Raises ValueError when it is not of its kind."""
    if type(given) is str and kind.kind not in _DECODED:  # mostly: text and codes
        return given
    if isinstance(given, dict) and "unmapped" in given:
        return Unmapped(*given["unmapped"])
    if kind.kind == "date":
        return parse_date(given)
    if kind.kind == "number":
        return _read_range(given) if isinstance(given, dict) else exact(given)
    if kind.kind == "yes_no" and not isinstance(given, bool):
        raise ValueError(f"{kind.name}: {given!r} is neither true nor false")
    return given  # type: ignore[no-any-return]  # text and codes


def _read_range(given: JSON) -> Range:
    ends: dict[str, Number | None] = {name: None if end is None else exact(end) for name, end in given["range"].items()}
    return Range(ends["low"], ends["high"], "low" in given["open"], "high" in given["open"])


def attestation_json(given: Attestation) -> JSON:
    """An attestation as a JSON object; its date is the entry's effective date."""
    return {
        "judgement": given.judgement,
        "answer": given.answer,
        "by": given.by,
        "role": given.role,
        "item": given.item,
        "reason": given.reason,
        "details": {name: value_json(item) for name, item in (given.details or {}).items()},
    }


def read_attestation(given: Mapping[str, Any], date: DateSpan, source: Source) -> Attestation:
    """An attestation from its JSON object."""
    return Attestation(
        given["judgement"], given["answer"], given["by"], given["role"], date, source,
        given["item"], given["reason"], given["details"] or None,
    )  # fmt: skip
