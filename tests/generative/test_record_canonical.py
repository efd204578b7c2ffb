"""Canonical JSON against the standard library, and there and back."""

from __future__ import annotations

import json

import orjson
from hypothesis import given
from hypothesis import strategies as st

from evenhand.record import JSON, RecordError, canonical
from tests.record_samples import JSON_VALUES


@given(JSON_VALUES)
def test_the_canonical_form_is_the_standard_library_s_and_reads_back(value: JSON) -> None:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(value) == text.encode()
    assert orjson.loads(canonical(value)) == json.loads(text) == value
    assert canonical(orjson.loads(canonical(value))) == canonical(value)


NOT_JSON = st.floats() | st.dates() | st.decimals() | st.uuids() | st.binary() | st.tuples(st.integers())
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()) | NOT_JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.integers(), inner, max_size=3),
    max_leaves=6,
)


def is_exact(value: object) -> bool:
    """Said plainly, type by type: the reference for what may be written."""
    if isinstance(value, list):
        return all(map(is_exact, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_exact(key) and is_exact(item) for key, item in value.items())
    if isinstance(value, str):
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, int):
        return -(2**63) <= value < 2**64
    return value is None


@given(ANYTHING)
def test_exactly_what_has_an_exact_form_is_written(value: object) -> None:
    try:
        written = canonical(value)  # type: ignore[arg-type]
    except RecordError as error:
        assert not is_exact(value)
        assert error.where.startswith("$")
    else:
        assert is_exact(value)
        assert orjson.loads(written) == value
