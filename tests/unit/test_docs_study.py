"""docs/study.md: its small study is one, and every key of a study's files is explained."""

import re

import pytest

from evenhand.cases import CaseSheet
from evenhand.protocol.monitoring_sheets import MonitoringSheet
from evenhand.protocol.sheets import AmendedSheet, EligibilitySheet, EnrollmentSheet, FactsSheet, RandomizationSheet
from evenhand.protocol.sheets import StudySheet as Study
from tests.command_line import Run
from tests.docs_help import keys_of, words_of
from tests.studies_here import ROOT, SHIPPED

PAGE = (ROOT / "docs" / "study.md").read_text("utf-8")
FILES = re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)
SHEETS = (Study, AmendedSheet, FactsSheet, EligibilitySheet, RandomizationSheet, EnrollmentSheet, MonitoringSheet)
WORDS = words_of(PAGE)


@pytest.fixture
def walking(tmp_path):
    for name, text in FILES:
        file = tmp_path / "walking" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path / "walking"


def test_the_small_study_is_sound(capsys, walking):
    ran = Run(capsys, ["check", walking])
    assert (ran.code, ran.err) == (0, "")
    assert "2 cases played, 2 as expected" in ran.flat


def test_made_up_people_walk_it(capsys, walking, tmp_path):
    record = tmp_path / "walking.jsonl"
    assert Run(capsys, ["walk", walking, "--people", "60", "--seed", "1", "--out", record]).code == 0
    found = Run(capsys, ["verify", record, "--study", walking])
    assert found.code == 0
    assert "allocation" in found.flat


@pytest.mark.parametrize("name", [name for name in keys_of(*SHEETS, CaseSheet) if name not in ("source", "assumed")])
def test_every_key_is_explained(name):
    assert name in WORDS


def test_every_file_of_the_shipped_study_is_named():
    table = PAGE.partition("## study.yaml")[0]
    for file in (*SHIPPED[0].glob("*.yaml"), *SHIPPED[0].glob("v1/*.yaml")):
        assert str(file.relative_to(SHIPPED[0])) in table
