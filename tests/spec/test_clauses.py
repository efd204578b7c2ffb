"""Every sentence of the description is carried by data, told in words, and held by cases and tests that there are."""

import ast

import pytest

from evenhand.protocol.render import render_markdown
from evenhand.protocol.trace import clause_uses
from tests import manual
from tests.spec.clauses_table import ANSWERS, FILES, PROTOCOL, TESTED, answers, cases, page
from tests.studies_here import ROOT

CLAUSES = pytest.mark.parametrize("clause", PROTOCOL.clauses)


def test_the_table_names_each_clause_once_and_in_order():
    assert list(TESTED) == list(PROTOCOL.clauses)


@CLAUSES
def test_a_clause_is_carried_by_more_than_words(clause):
    """Objectives and the arms' descriptions are read by nobody but people."""
    words = ("objective ", "arm ")
    assert [part for part in clause_uses(PROTOCOL)[clause] if not part.startswith(words)]


@CLAUSES
def test_a_clause_is_told_in_words(clause):
    assert f"| {clause} | {PROTOCOL.clauses[clause]} |" in render_markdown(PROTOCOL)


@CLAUSES
def test_the_tests_of_a_clause_exist(clause):
    named, pages = TESTED[clause]
    assert named
    for name in named:
        path, _, test = name.partition("::")
        found = {node.name for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))) if hasattr(node, "name")}
        assert not test or test in found, name
    assert set(pages) <= set(manual.PAGES)


@pytest.mark.parametrize("criterion", [criterion.id for criterion in PROTOCOL.criteria])
@pytest.mark.parametrize("answer", ANSWERS)
def test_each_criterion_has_a_case_for_each_answer(criterion, answer):
    assert answers()[criterion][answer] > 0


@pytest.mark.parametrize("flag", [flag.id for flag in PROTOCOL.flags])
def test_each_flag_has_a_case(flag):
    assert [sentence for _, sentence, expect in cases() if flag in expect.get("flags", ())]


def test_the_files_of_cases_exist():
    assert set(FILES) <= {file for file, _, _ in cases()}


def test_the_page_holds_every_clause():
    text = page()
    assert [clause for clause in PROTOCOL.clauses if f"## {clause}\n\n{PROTOCOL.clauses[clause]}\n" not in text] == []
