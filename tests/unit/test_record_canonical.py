"""Canonical JSON: what it looks like, and what has no exact form."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

import pytest

from evenhand.record import RecordError, canonical, digest


class Answer(StrEnum):
    YES = "yes"


class Grade(IntEnum):
    THREE = 3


class NeverTheSame(str):
    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


WRITTEN = [
    ({"b": 1, "a": [True, False, None]}, '{"a":[true,false,null],"b":1}'),
    ({"é": "é", "z": "z", "Z": "Z"}, '{"Z":"Z","z":"z","é":"é"}'),
    ({"\U0001f600": 1, "\uffff": 2}, '{"\uffff":2,"\U0001f600":1}'),
    ('quote " slash / back \\', '"quote \\" slash / back \\\\"'),
    ("\x00\x1f\x7f\n", '"\\u0000\\u001f\x7f\\n"'),
    ([-(2**63), 2**64 - 1], "[-9223372036854775808,18446744073709551615]"),
    ("1.5e3", '"1.5e3"'),
    ({"size,1.5": ":2.5"}, '{"size,1.5":":2.5"}'),
    ({"answer": Answer.YES, "grade": Grade.THREE}, '{"answer":"yes","grade":3}'),
    ({}, "{}"),
]


@pytest.mark.parametrize(("value", "text"), WRITTEN)
def test_the_canonical_form_is_that_of_the_standard_library_sorted_and_without_spaces(value, text):
    assert canonical(value).decode() == text
    assert json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) == text


def test_a_digest_is_the_sha256_of_the_canonical_bytes_whatever_the_order_of_keys():
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1}) == hashlib.sha256(b'{"a":2,"b":1}').hexdigest()


DEEP: list[object] = []
for _ in range(10_000):
    DEEP = [DEEP]

REFUSED = [
    ({"facts": [{"value": 1.8}]}, "$.facts[0].value", "float", '"1.8"'),
    (float("nan"), "$", "float", ""),
    ([float("inf")], "$[0]", "float", ""),
    ({"n": 2**64}, "$.n", "64 bits", "text"),
    ({"n": -(2**63) - 1}, "$.n", "64 bits", "text"),
    ({"day": date(2026, 3, 4)}, "$.day", "date", "text"),
    ({"size": Decimal("1.8")}, "$.size", "Decimal", "text"),
    ({"pair": (1, 2)}, "$.pair", "tuple", "lists"),
    ({"some": {1}}, "$.some", "set", "lists"),
    ({"a": {7: "x"}}, "$.a", "key 7 is not text", "text"),
    ({"a": "\ud800"}, "$.a", "surrogate", ""),
    ({"\ud800": 1}, "$", "surrogate", ""),
    (NeverTheSame("a"), "$", "does not read back", "text"),
    (DEEP, "$", "nested deeper", "flatter"),
]


@pytest.mark.parametrize(("value", "where", "what", "mend"), REFUSED)
def test_what_has_no_exact_form_is_refused_with_its_place_and_a_way_out(value, where, what, mend):
    with pytest.raises(RecordError) as caught:
        canonical(value)
    assert caught.value.where == where
    assert what in caught.value.what
    assert mend in caught.value.mend
