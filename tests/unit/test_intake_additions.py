"""What newly given facts add to known ones."""

import pytest

from evenhand.intake import additions, read_form
from tests.eligible import PROTOCOL
from tests.studies_here import TINY, protocol_of

WORDS = PROTOCOL.vocabulary


def facts(vocabulary=WORDS, **given):
    (person,) = read_form({"patient": "p", "facts": given}, vocabulary, "form")
    assert not person.problems
    return person.facts


def dated(value, day):
    return {"value": value, "date": day}


M1 = {"lesion": "M1", "site": "liver"}
CASES = [
    # what is known, what is given, how many are new, how many known already, what is contradicted
    ({}, {"ecog": 1}, 1, 0, []),
    ({"ecog": 1}, {"ecog": 1}, 0, 1, []),
    ({"ecog": 1}, {"ecog": 2}, 1, 0, ["ecog"]),  # neither has a day
    ({"ecog": dated(1, "2026-05-03")}, {"ecog": dated(2, "2026-06-03")}, 1, 0, []),  # the newest counts
    ({"ecog": dated(1, "2026-06-03")}, {"ecog": dated(2, "2026-05-03")}, 1, 0, []),  # an older one changes nothing
    ({"ecog": dated(1, "2026-05-03")}, {"ecog": dated(2, "2026-05-03")}, 1, 0, ["ecog"]),
    ({"ecog": dated(1, "2026-05-03")}, {"ecog": dated(1, "2026-05-03")}, 0, 1, []),
    ({"ecog": dated(1, "2026-05-03")}, {"ecog": dated(1, "2026-06-03")}, 1, 0, []),  # still so: that is news
    ({"ecog": dated(1, "2026-05-03")}, {"ecog": dated(2, "2026-05")}, 1, 0, ["ecog"]),  # may be the same day
    ({"ecog": [dated(1, "2026-05-03"), dated(2, "2026-05-03")]}, {"kps": 80}, 1, 0, []),  # an old conflict is not told
    ({"metastases": [M1]}, {"metastases": [M1]}, 0, 2, []),  # the entry, and that the list is complete
    ({"metastases": {"complete": False, "items": [M1]}}, {"metastases": [M1]}, 1, 1, []),
    ({"metastases": [M1]}, {"metastases": [{**M1, "site": "lung"}]}, 1, 1, ["metastases(M1).site"]),
    ({"metastases": [M1]}, {"metastases": [{**M1, "size": 12}]}, 1, 1, []),  # more about the same lesion
    (
        {"metastases": [{**M1, "size": 12, "date": "2026-05-03"}]},
        {"metastases": [{**M1, "size": 14, "date": "2026-06-03"}]},
        1, 1, [],
    ),
    ({"comorbidities": [{"condition": "asthma"}]}, {"comorbidities": [{"condition": "gout"}]}, 1, 1, []),
    ({"first_line": {"start": "2026-05-03"}}, {"first_line": {"start": "2026-05-04"}}, 1, 0, ["first_line"]),
]  # fmt: skip


@pytest.mark.parametrize(("known", "given", "new", "same", "contradicted"), CASES)
def test_only_what_is_new_counts_and_contradictions_are_told(known, given, new, same, contradicted):
    found = additions(facts(**known), facts(**given), WORDS)
    assert sum(map(len, found.new.values())) == new
    assert found.known == same
    assert [problem.where for problem in found.contradictions] == contradicted


def test_where_a_statement_comes_from_makes_it_no_other():
    old = {name: tuple(one._replace(source=one.source._replace(path="elsewhere")) for one in some)
           for name, some in facts(ecog=1).items()}  # fmt: skip
    assert not additions(old, facts(ecog=1), WORDS).new


def test_entries_of_a_list_without_a_key_never_contradict():
    words = protocol_of(TINY).vocabulary
    walk, other = {"metres": 200, "seated": True}, {"metres": 200, "seated": False}
    found = additions(facts(words, walks=[walk]), facts(words, walks=[other]), words)
    assert not found.contradictions
    assert len(found.new["walks"]) == 1
