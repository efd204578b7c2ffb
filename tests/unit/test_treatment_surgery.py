"""Operations and their complications."""

from datetime import date

import pytest

from evenhand.conduct import treatment
from evenhand.oncology import clavien_dindo
from tests.treatment_entries import complication, of, resection, surgery

GRADES = ("I", "II", "IIIa", "IIIb", "IVa", "IVb", "V")


def test_grades_are_in_order_of_severity():
    assert tuple(clavien_dindo.GRADES) == GRADES
    for place, grade in enumerate(GRADES):
        assert clavien_dindo.worst(GRADES[: place + 1][::-1]) == grade
        assert clavien_dindo.is_major(grade) == (place >= 2)
    assert clavien_dindo.worst(()) is None
    with pytest.raises(KeyError):
        clavien_dindo.worst(("VI", "I"))


def test_the_form_offers_exactly_the_grades():
    form = of().protocol.plan.forms["surgical_complication"]
    assert tuple(form.fields["grade"].type.codes) == GRADES


@pytest.mark.parametrize(
    ("began", "counts"),
    [
        ("2026-07-19", False),
        ("2026-07-20", True),
        ("2026-10-18", True),  # 90 days after 20 July
        ("2026-10-19", False),
    ],
)
def test_a_complication_counts_for_90_days(began, counts):
    who = complication(surgery(of()), began, "IIIb")
    (operation,) = treatment.operations(who.protocol, who.known)
    assert operation.worst == ("IIIb" if counts else None)
    assert len(treatment.complications(who.protocol, who.known)) == 1


def test_a_complication_counts_with_the_latest_operation_before_it():
    who = resection(surgery(surgery(of()), "2026-08-10", "re_excision"), performed="2026-09-21")
    for began, grade in (("2026-08-09", "I"), ("2026-08-10", "II"), ("2026-09-20", "IIIa"), ("2026-09-22", "IVa")):
        who = complication(who, began, grade)
    found = treatment.operations(who.protocol, who.known)
    assert [one.performed for one in found] == [date(2026, 7, 20), date(2026, 8, 10), date(2026, 9, 21)]
    assert [[each.grade for each in one.complications] for one in found] == [["I"], ["II", "IIIa"], ["IVa"]]
    assert [one.worst for one in found] == ["I", "IIIa", "IVa"]
