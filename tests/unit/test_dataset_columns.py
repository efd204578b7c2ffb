"""``datasets:`` in ``endpoints.yaml``: which columns describe people, what is refused, and what stands in them."""

import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from evenhand.analysis import analyse, cut
from evenhand.analysis.datasets import csv_of, datasets
from evenhand.analysis.inclusion.baseline import baseline_table
from evenhand.protocol import StudyError, load_protocol
from evenhand.protocol.columns import OF_EVERY_STUDY
from evenhand.protocol.render import render_markdown
from tests.report_help import trial
from tests.studies_here import SHIPPED
from tests.tables_help import texts

FOLDER = SHIPPED[0]
TEXT = (FOLDER / "v1" / "endpoints.yaml").read_text(encoding="utf-8")
PART = TEXT[TEXT.index("datasets:\n") : TEXT.index("# How the primary endpoint is looked at")]
SEX = "    SEX: sex\n"


def written(tmp_path, text):
    """The shipped study with another ``endpoints.yaml``."""
    study = Path(shutil.copytree(FOLDER, tmp_path / FOLDER.name))
    (study / "v1" / "endpoints.yaml").write_text(text, "utf-8")
    return study


@pytest.fixture
def loaded(tmp_path):
    """The shipped study with other columns."""
    assert TEXT.count(PART) == 1
    return lambda part: load_protocol(written(tmp_path, TEXT.replace(PART, part)))


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("    SEX: weather\n", "'weather' is nothing that `baseline:` describes: age, sex, race, "),
        ("    SITEID: sex\n", "SITEID is a column that every study has"),
        ("    STRAT1: sex\n", "STRAT1 is a column that every study has"),
        ("    SAFFL: sex\n", "SAFFL is a column that every study has"),
        ("    PPROTRS: sex\n", "PPROTRS is a column that every study has"),
        ("    TOOLONGNAME: sex\n", "TOOLONGNAME"),
        ("    sex: sex\n", "sex"),
    ],
)
def test_what_a_study_may_not_name_is_refused_where_it_stands(loaded, new, said):
    with pytest.raises(StudyError, match=re.escape(said)) as caught:
        loaded(PART.replace(SEX, new))
    assert "endpoints.yaml:" in str(caught.value)


def test_a_fact_that_there_is_not_is_refused_where_the_baseline_names_it(tmp_path):
    with pytest.raises(StudyError, match=r"'weather' is no fact of facts\.yaml"):
        load_protocol(written(tmp_path, TEXT.replace("  sex: sex\n", "  sex: weather\n")))


def test_a_study_that_names_none_has_the_columns_of_every_study_alone(loaded):
    assert loaded("").endpoints.columns == ()


def test_the_protocol_tells_of_them_and_of_what_is_assumed():
    protocol = load_protocol(FOLDER)
    assert "| `ETHNIC` | Ethnicity |" in render_markdown(protocol)
    assert any(one.about == "datasets" and one.assumed for one in protocol.origins)


def _analysis():
    protocol, history = trial()
    return analyse(cut(protocol, history, effective=date(2027, 6, 30), recorded=history.head.recorded_at))


def test_the_names_that_are_taken_are_those_that_every_study_has():
    analysis = _analysis()
    made = {one.name for one in analysis.endpoints.columns}
    flags = {one.parameter for one in analysis.endpoints.populations.values()}
    there = {one.name for one in datasets(analysis)[0].columns} - made - flags
    assert {one for one in there if not re.fullmatch(r"STRAT\d+|\w+RS", one)} == OF_EVERY_STUDY


def test_the_table_of_characteristics_can_be_made_from_them():
    analysis = _analysis()
    subjects, rows = datasets(analysis)[0], texts(baseline_table(analysis, by_arm=False))
    for name, row in (("ECOGBL", "performance_status"), ("ERBL", "estrogen_receptor"), ("HER2BL", "her2")):
        counted = Counter(f"{one:g}" if isinstance(one, float) else one for one in subjects.column(name))
        shown = [int(cells[0].split()[0]) for id, cells in rows.items() if id.startswith(f"{row}_")]
        assert sorted(n for n in shown if n) == sorted(counted.values()), name


def test_numbers_are_numbers_and_several_values_stand_in_one_cell():
    subjects = datasets(_analysis())[0]
    kinds = {one.name: one.kind for one in subjects.columns}
    assert (kinds["AGE"], kinds["KPSBL"], kinds["FLMONTHS"], kinds["METSITES"]) == ("whole", "number", "number", "text")
    assert any("; " in str(one) for one in subjects.column("METSITES"))
    place = [one.name for one in subjects.columns].index("ECOGBL")
    first = csv_of(subjects).decode().splitlines()[1].split(",")[place]
    assert first in {"0", "1", "2"}
