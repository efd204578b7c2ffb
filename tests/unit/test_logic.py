"""Kleene's three values."""

import pickle
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.logic import NO, YES, Reason, Unknown, conjunction, disjunction, merged, negation, truth

OPEN = Unknown(Reason("missing", "ecog"))
RANK = {"NO": 0, "?": 1, "YES": 2}
answers = st.sampled_from([YES, NO, OPEN])


def rank(answer):
    return 2 if answer is YES else 0 if answer is NO else 1


@pytest.mark.parametrize(("left", "right"), list(product([YES, NO, OPEN], repeat=2)))
def test_and_is_the_minimum_and_or_the_maximum_of_no_unknown_yes(left, right):
    assert rank(conjunction([left, right])) == min(rank(left), rank(right))
    assert rank(disjunction([left, right])) == max(rank(left), rank(right))


@given(st.lists(answers, max_size=5))
def test_de_morgan(parts):
    assert rank(negation(conjunction(parts))) == rank(disjunction([negation(part) for part in parts]))


@given(st.lists(answers, max_size=5), st.data())
def test_knowing_more_never_changes_a_known_answer(parts, data):
    better = [part if part is not OPEN else data.draw(answers) for part in parts]
    for combine in (conjunction, disjunction):
        before, after = combine(parts), combine(better)
        assert rank(before) == 1 or before is after


@pytest.mark.parametrize("answer", [YES, NO, OPEN])
def test_no_answer_is_a_python_condition(answer):
    with pytest.raises(TypeError, match="three-valued"):
        bool(answer)


def test_nothing_to_combine_gives_the_neutral_answer():
    assert conjunction([]) is YES
    assert disjunction([]) is NO


def test_an_unknown_keeps_every_reason_once_and_in_order():
    first, second = Reason("missing", "ecog"), Reason("imprecise", "kps", "at least 50")
    both = conjunction([Unknown(first), Unknown(second), Unknown(first)])
    assert both == Unknown(first, second)
    assert merged(Unknown(second), Unknown(first)).reasons == (second, first)
    assert str(second) == "kps: at least 50"
    assert str(first) == "ecog: missing"
    assert repr(both) == "Unknown(ecog: missing; kps: at least 50)"


def test_unknowns_with_equal_reasons_are_equal():
    assert Unknown(Reason("missing", "a")) == Unknown(Reason("missing", "a"))
    assert len({Unknown(Reason("missing", "a")), Unknown(Reason("missing", "a"))}) == 1
    assert Unknown() != YES


@pytest.mark.parametrize("answer", [YES, NO])
def test_a_pickled_answer_is_the_same_answer(answer):
    assert pickle.loads(pickle.dumps(answer)) is answer


def test_truth_of_known_conditions():
    assert (truth(True), truth(False)) == (YES, NO)
    assert (repr(YES), repr(NO)) == ("YES", "NO")
