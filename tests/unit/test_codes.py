"""Codes and sets of codes."""

import pytest

from evenhand.codes import CodeSet, Unmapped, same_code
from evenhand.logic import NO, YES, Unknown

CNS = CodeSet("cns", frozenset({"brain"}), frozenset({"nervous_system"}))
STRANGE = Unmapped("http://snomed.info/sct", "12345", "something")


@pytest.mark.parametrize(("code", "answer"), [("brain", YES), ("liver", NO)])
def test_a_code_is_in_a_set_or_not(code, answer):
    assert CNS.contains(code) is answer


@pytest.mark.parametrize("code", ["nervous_system", STRANGE])
def test_a_vague_or_unmapped_code_leaves_it_open(code):
    answer = CNS.contains(code)
    assert isinstance(answer, Unknown)
    assert answer.reasons[0].why == "undecidable code"


def test_codes_are_the_same_or_not_or_unknown():
    assert same_code("liver", "liver") is YES
    assert same_code("liver", "lung") is NO
    assert isinstance(same_code(STRANGE, "liver"), Unknown)
    assert isinstance(same_code("liver", STRANGE), Unknown)


def test_a_code_cannot_be_member_and_undecidable():
    with pytest.raises(ValueError, match="cannot be both"):
        CodeSet("cns", frozenset({"brain"}), frozenset({"brain"}))


def test_an_unmapped_code_says_itself():
    assert str(STRANGE) == "something (http://snomed.info/sct 12345)"
