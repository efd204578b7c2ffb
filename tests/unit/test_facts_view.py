"""What is known on a day."""

from datetime import date

import pytest

from evenhand.dates import parse_date
from evenhand.facts import COMPLETE, Fact, FactType, Person, Source, View, Vocabulary
from evenhand.logic import Unknown

HERE = Source("form")
WORDS = Vocabulary(
    {
        "ecog": FactType("ecog", "number"),
        "twice": FactType("twice", "number", derived="double", inputs=("ecog",)),
        "lesions": FactType(
            "lesions",
            "record",
            many=True,
            key="label",
            fields={"label": FactType("label", "text"), "size": FactType("size", "number")},
        ),
        "scans": FactType("scans", "record", many=True, fields={"total": FactType("total", "number")}),
    }
)


def view(on, *facts):
    by_name = {}
    for name, value, day in facts:
        by_name.setdefault(name, []).append(Fact(name, value, day and parse_date(day), HERE))
    person = Person("p", {name: tuple(given) for name, given in by_name.items()})
    return View(person, WORDS, date.fromisoformat(on), {"double": lambda seen, kind: seen.one(kind.inputs[0]) * 2})


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([("ecog", 1, "2026-01-01")], 1),
        ([("ecog", 1, "2026-01-01"), ("ecog", 2, "2026-02-01")], 2),
        ([("ecog", 2, "2026-02-01"), ("ecog", 1, "2026-01-01")], 2),
        ([("ecog", 1, "2026-01-01"), ("ecog", 3, "2026-04-01")], 1),  # not yet known
        ([("ecog", 1, None)], 1),
        ([("ecog", 1, "2026-01-01"), ("ecog", 1, None)], 1),
        ([("ecog", 2, "2026-03")], 2),  # whoever writes "March" in March knows it
        ([("ecog", 1, "2026-01-01"), ("ecog", 1, "2026-01-01")], 1),
    ],
)
def test_the_newest_known_value_counts(facts, expected):
    assert view("2026-03-15", *facts).one("ecog") == expected


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ([], "missing"),
        ([("ecog", 1, "2026-04-01")], "missing"),
        ([("ecog", 1, "2026-01-01"), ("ecog", 2, "2026-01-01")], "conflicting"),
        ([("ecog", 1, "2026-01-01"), ("ecog", 2, None)], "conflicting"),
        ([("ecog", 1, "2026-03-10"), ("ecog", 2, "2026-03")], "conflicting"),  # either may be the newer one
    ],
)
def test_nothing_or_two_values_leave_it_open(facts, why):
    seen = view("2026-03-15", *facts).one("ecog")
    assert isinstance(seen, Unknown)
    assert seen.reasons[0].why == why


def test_a_derived_fact_is_computed_once():
    seen = view("2026-03-15", ("ecog", 1, "2026-01-01"))
    assert seen.one("twice") == 2
    assert seen.one("twice") is seen.one("twice")


def test_entries_with_one_key_are_one_thing():
    seen = view(
        "2026-03-15",
        ("lesions", {"label": "M1", "size": 10}, "2026-01-01"),
        ("lesions", {"label": "M1", "size": 8}, "2026-02-01"),
        ("lesions", {"label": "M2"}, None),
        ("lesions", {"label": "M3"}, "2026-04-01"),
    ).items("lesions")
    assert [dict(entry) for entry in seen.entries] == [{"label": "M1", "size": 8}, {"label": "M2"}]
    assert not seen.complete


def test_fields_of_one_thing_can_conflict():
    seen = view(
        "2026-03-15",
        ("lesions", {"label": "M1", "size": 10}, "2026-01-01"),
        ("lesions", {"label": "M1", "size": 8}, "2026-01-01"),
    ).items("lesions")
    assert isinstance(seen.entries[0]["size"], Unknown)
    assert seen.entries[0]["label"] == "M1"


def test_a_list_is_complete_when_somebody_says_so_by_then():
    facts = [
        ("scans", {"total": 2}, "2026-01-01"),
        ("scans", {"total": 2}, "2026-01-01"),
        ("scans", COMPLETE, "2026-02-01"),
    ]
    assert view("2026-02-01", *facts).items("scans").complete
    assert not view("2026-01-31", *facts).items("scans").complete
    assert len(view("2026-02-01", *facts).items("scans").entries) == 2
