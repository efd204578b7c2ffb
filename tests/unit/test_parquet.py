"""Datasets as Parquet: read back as they were, the same bytes each time, with what the columns mean."""

import json
import subprocess
import sys
from datetime import date

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.analysis.datasets import Column, Dataset, datasets, parquet_of
from tests.walked_help import answer

COLUMNS = (
    Column("USUBJID", "Participant", "text", "record"),
    Column("AVAL", "Days", "whole", "ADT - STARTDT + 1"),
    Column("ADT", 'Day: it\'s "quoted" ü', "date", "forms"),
    Column("ITTFL", "Flag", "flag", "endpoints.yaml, who's in"),
)
ROWS = st.lists(
    st.tuples(
        st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        st.none() | st.integers(-(2**31), 2**31 - 1),
        st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1)),
        st.none() | st.sampled_from("YN"),
    ),
    max_size=6,
)


def made(rows):
    return Dataset("ADTEST", "Made up", COLUMNS, tuple(rows))


def read(data, tmp_path):
    """What stands in a file, the types of its columns, and its metadata."""
    path = tmp_path / "data.parquet"
    path.write_bytes(data)
    with duckdb.connect() as base:
        found = base.read_parquet(str(path))
        said = base.execute("SELECT key, value FROM parquet_kv_metadata(?)", [str(path)]).fetchall()
        return found.fetchall(), [str(one) for one in found.types], {k.decode(): v.decode() for k, v in said}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_rows_are_read_back_as_they_were(tmp_path, rows):
    found, types, _ = read(parquet_of(made(rows)), tmp_path)
    assert found == rows
    assert types == ["VARCHAR", "INTEGER", "DATE", "VARCHAR"]


def test_the_file_says_what_it_holds(tmp_path):
    _, _, said = read(parquet_of(made([])), tmp_path)
    assert (said["dataset"], said["label"]) == ("ADTEST", "Made up")
    assert json.loads(said["columns"]) == [
        {"name": one.name, "label": one.label, "kind": one.kind, "source": one.source} for one in COLUMNS
    ]


def test_every_dataset_of_a_trial_is_read_back_and_gives_the_same_bytes(tmp_path):
    for one in datasets(answer(0.5)):
        written = parquet_of(one)
        assert written == parquet_of(one), one.name
        assert tuple(read(written, tmp_path)[0]) == one.rows, one.name


def test_many_rows_keep_their_order(tmp_path):
    rows = [(f"S{number}", number, None, None) for number in range(120_000)]
    assert read(parquet_of(made(rows)), tmp_path)[0] == rows


@pytest.mark.parametrize("wrong", [(1, 1, None, None), ("a", "1", None, None), ("a", True, None, None)])
def test_a_value_of_another_kind_is_refused(wrong):
    with pytest.raises(ValueError, match="mend its value"):
        parquet_of(made([wrong]))


def test_nobody_else_waits_for_duckdb():
    asked = "import sys, evenhand.analysis.datasets, evenhand.cli.main; print('duckdb' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
