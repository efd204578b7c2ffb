"""Laboratory grades against admiral (pharmaverse): every threshold, its neighbours on both sides, limits there or not.

Where the publication asks for symptoms, consequences or anticoagulation, admiral assumes the worst; we keep all grades
that are possible, so its grade must be our highest.
"""

import json
from decimal import Decimal as D
from itertools import product

import pytest

from evenhand.oncology.ctcae import Sample, analytes, gradings, terms_of
from tests.double.admiral_grades import Given, clauses, grade, numbers_in
from tests.shared_data import shared

UNITS = {"MMOL/L": "mmol/L", "10^9/L": "10*9/L", "10^3/uL": "10*3/uL", "1/uL": "/uL"}
# Not compared: 10^3/mL stands beside thresholds per microlitre there; for ionized calcium CTCAE knows mmol/L only.
LEFT_OUT = {("Hypercalcemia (Ionized)", "mg/dL"), ("Hypocalcemia (Ionized)", "mg/dL")}
COMPARED = 78  # rules: 40 in SI units, 38 in those of US laboratories
EPSILON = D("0.000001")
# Where we differ on purpose, with the text of CTCAE 5.0 that we follow.
DIFFERENT = {
    "GGT increased": "grade 1 is 2.0 - 2.5 x baseline: at 2.0 it begins, as it does for ALP, whose text is the same",
    "Hypertriglyceridemia": "grade 1 is 150 mg/dL - 300 mg/dL: at 150 it begins",
}


def rules():
    for name in ("admiral_ncictcaev5.json", "admiral_ncictcaev5_uscv.json"):
        for row in json.loads(shared(f"ctcae/{name}").read_text("utf-8")):
            unit = row.get("UNIT_CHECK")
            if unit != "10^3/mL" and (row["TERM"], unit) not in LEFT_OUT:
                yield name, row, UNITS.get(unit, unit)


def analyte_of(term):
    if "Ionized" in term:
        return "calcium_ionized", term.split(" (")[0]
    return next(name for name in analytes() if term in terms_of("5.0", name)), term


def around(numbers):
    return sorted({D(number) + shift for number in numbers for shift in (-EPSILON, 0, EPSILON) if number + shift > 0})


def limits(row):
    """Limits and baselines near the numbers of the rule, and missing ones."""
    near = [number for number in numbers_in(row) if number > 0] or [D(40)]
    middle = near[len(near) // 2]
    low, high = middle * D("1.1"), middle * D("1.3")
    for lln, uln in product((low, None), (high, None)):
        for base in (high * D("0.8"), high, high * D("1.7"), None):
            yield lln, uln, base


def grid(row):
    numbers = numbers_in(row)
    for low, high, base in limits(row):
        edges = set(numbers)
        for limit in (low, high, base):
            if limit is not None:
                edges |= {limit, *(limit * number for number in numbers), *(limit + number for number in numbers)}
        for value in around(edges):
            yield Given(value, low, high, base)


def ours(analyte, term, unit, given):
    def sample(value):
        return Sample(analyte, value, unit, given.low, given.high)

    baseline = None if given.base is None else sample(given.base)
    return next(item for item in gradings("5.0", sample(given.value), baseline) if item.term == term)


def differs_on_purpose(term, given):
    if term == "GGT increased":
        return given.base is not None and given.value == 2 * given.base
    return term == "Hypertriglyceridemia" and given.value in (D("1.71"), D(150))


def test_both_files_are_compared_term_by_term():
    found = list(rules())
    assert len(found) == COMPARED
    assert {row["TERM"].split(" (")[0] for _, row, _ in found} <= {
        term for name in analytes() for term in terms_of("5.0", name)
    }


@pytest.mark.parametrize("number", range(COMPARED))
def test_grades_agree_on_both_sides_of_every_boundary(number):
    _, row, unit = list(rules())[number]
    analyte, term = analyte_of(row["TERM"])
    unit = unit or next(iter(analytes()[analyte].units))
    compiled = list(clauses(row))
    compared, deviations = 0, 0
    for given in grid(row):
        theirs, found = grade(compiled, given), ours(analyte, term, unit, given)
        if differs_on_purpose(term, given) and theirs not in found.possible:
            deviations += 1
            continue
        compared += 1
        everything = None not in (given.low, given.high, given.base)
        if theirs is None:
            assert found.grade is None, given
        else:
            assert theirs in found.possible, (given, found)
        if everything:
            assert theirs == found.possible[-1], (given, found)
        if found.grade is None:
            assert found.open_because, given
    assert compared > 30
    assert bool(deviations) == (term in DIFFERENT)
