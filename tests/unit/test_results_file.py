"""``results.json``: every key is documented, every documented key is there, and names stay what they are."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evenhand.reports import files_of
from tests.report_help import made_up, reported

PAGE = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")
TABLE = PAGE[PAGE.index("## results.json") : PAGE.index("## In a program")]
DOCUMENTED = {name for line in TABLE.splitlines() if line.startswith("| `")
              for name in re.findall(r"`([^`]+)`", line.split("|")[1])}  # fmt: skip
NAMED_BY_DATA = re.compile(r"^(numbers|people|numbers\.\*\.values|people\.\*)$")
NOT_OF_EVERY_KIND = {"numbers.*.people", "people.*.*[]", "numbers.*.values.*"}


def keys(told: Any, path: str = "") -> Iterator[str]:
    """The path of every value: ``[]`` for the items of a list, ``*`` for a key that the data name."""
    if isinstance(told, dict):
        for name, value in told.items():
            step = "*" if NAMED_BY_DATA.match(path) else name
            yield from keys(value, f"{path}.{step}" if path else step)
    elif isinstance(told, list):
        for value in told:
            yield from keys(value, f"{path}[]")
    else:
        yield path


def results(report, **more):
    return json.loads(files_of(report, **more)["results.json"])


@pytest.mark.parametrize("kind", ["accrual", "final"])
def test_the_page_tells_of_every_key_and_of_no_other(kind):
    assert set(keys(results(reported(kind)))) == DOCUMENTED


def test_without_names_nobody_is_listed():
    found = set(keys(results(reported("accrual"), named=False)))
    assert found == DOCUMENTED - {"numbers.*.people", "people.*.*[]"}


def test_the_keys_stand_in_the_order_of_the_page():
    top = list(dict.fromkeys(re.split(r"[.\[]", name)[0] for name in re.findall(r"^\| `([^`]+)`", TABLE, re.MULTILINE)))
    order = [one for one in results(made_up()) if one not in ("randomized",)]
    assert order == top


def test_every_number_belongs_to_a_row_of_a_table():
    told = results(reported("final"))
    rows = {f"{part['id']}.{row['id']}" for section in told["sections"] for part in section["parts"]
            for row in part.get("rows", ())}  # fmt: skip
    assert {name.rpartition(".")[0] for name in told["numbers"]} <= rows
    assert {one["people"] for one in told["numbers"].values() if "people" in one} == set(told["people"])
