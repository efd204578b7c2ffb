"""Laboratory grades by CTCAE 5.0: values on both sides of each boundary, written from the publication's numbers.

The limits are those beside each table; ``0|1`` are the grades that are possible where something is not known.
"""

from decimal import Decimal as D

import pytest

from evenhand.oncology.ctcae import Circumstances, Sample, analytes, converted, corrected_calcium, gradings
from evenhand.units import Range
from tests.spec.adverse_events_table import OPEN

# analyte unit LLN ULN : value grade, value grade, ... for the first term of the analyte
LOW = """
hemoglobin  g/L    120 160 : 120 0, 119 1, 100 1, 99.9 2, 80 2, 79.9 3
hemoglobin  g/dL   12  16  : 12 0, 11.9 1, 10 1, 9.9 2, 8 2, 7.9 3
hemoglobin  mmol/L 7.4 9.9 : 7.4 0, 7.3 1, 6.2 1, 6.1 2, 4.9 2, 4.8 3
neutrophils 10*9/L 1.8 7.0 : 1.8 0, 1.79 1, 1.5 1, 1.49 2, 1.0 2, 0.99 3, 0.5 3, 0.49 4
platelets   10*9/L 150 400 : 150 0, 149 1, 75 1, 74 2, 50 2, 49 3, 25 3, 24 4
leukocytes  10*9/L 4.0 10  : 4.0 0, 3.9 1, 3.0 1, 2.9 2, 2.0 2, 1.9 3, 1.0 3, 0.9 4
lymphocytes 10*9/L 1.0 4.0 : 1.0 0, 0.99 1, 0.8 1, 0.79 2, 0.5 2, 0.49 3, 0.2 3, 0.19 4
albumin     g/L    35  50  : 35 0, 34 1, 30 1, 29 2, 20 2, 19 3
calcium     mmol/L 2.1 2.6 : 2.1 0, 2.09 1, 2.0 1, 1.99 2, 1.75 2, 1.74 3, 1.5 3, 1.49 4
calcium     mg/dL  8.5 10.5 : 8.5 0, 8.4 1, 8.0 1, 7.9 2, 7.0 2, 6.9 3, 6.0 3, 5.9 4
magnesium   mmol/L 0.7 1.0 : 0.7 0, 0.69 1, 0.5 1, 0.49 2, 0.4 2, 0.39 3, 0.3 3, 0.29 4
glucose     mmol/L 3.9 5.6 : 3.9 0, 3.8 1, 3.0 1, 2.9 2, 2.2 2, 2.1 3, 1.7 3, 1.6 4
"""
# The same for the term of high values.
HIGH = """
sodium      mmol/L 135 145 Hypernatremia  : 145 0, 146 1, 150 1, 151 2, 155 2, 156 3, 160 3, 161 4
potassium   mmol/L 3.5 5.0 Hyperkalemia   : 5.0 0, 5.1 1, 5.5 1, 5.6 2, 6.0 2, 6.1 3, 7.0 3, 7.1 4
calcium     mmol/L 2.1 2.6 Hypercalcemia  : 2.6 0, 2.7 1, 2.9 1, 2.91 2, 3.1 2, 3.11 3, 3.4 3, 3.41 4
magnesium   mmol/L 0.7 1.0 Hypermagnesemia : 1.0 0, 1.1 1, 1.23 1, 1.24 3, 3.3 3, 3.31 4
"""
# Multiples of an upper limit of 40, by the baseline: normal (30), at the limit (40), or high (60).
BY_BASELINE = """
alt       30 : 40 0, 41 1, 120 1, 121 2, 200 2, 201 3, 800 3, 801 4
alt       40 : 40 0, 41 1, 120 1, 121 2
alt       60 : 41 0, 89 0, 90 1, 180 1, 181 2, 300 2, 301 3, 1200 3, 1201 4
ast       60 : 89 0, 90 1, 180 1, 181 2
alp       30 : 40 0, 41 1, 100 1, 101 2, 200 2, 201 3, 800 3, 801 4
alp       60 : 119 0, 120 1, 150 1, 151 2, 300 2, 301 3, 1200 3, 1201 4
ggt       60 : 119 0, 120 1, 150 1, 151 2
bilirubin 30 : 40 0, 41 1, 60 1, 61 2, 120 2, 121 3, 400 3, 401 4
bilirubin 60 : 60 0, 61 1, 90 1, 91 2, 180 2, 181 3, 600 3, 601 4
"""
# Upper limit 100: above a baseline of 40, and of 90.
CREATININE = """
40 : 60 0, 61 2, 100 2, 120 2, 121 3, 300 3, 301 3, 600 3, 601 4
90 : 100 0, 101 1, 135 1, 136 2, 150 2, 151 2, 270 2, 271 3, 300 3, 301 3, 600 3, 601 4
"""
# Ejection fraction, %, by baseline.
EJECTION = """
65 : 60 0, 56 0, 55 2, 51 2, 50 2, 46 2, 45 3, 40 3, 39 3, 20 3, 19 4
52 : 51 0, 50 2, 42 2, 40 2, 39.5 3, 32 3
75 : 66 0, 65 2, 56 2, 55 3
"""
BY_SYMPTOMS = """
sodium    none   : 135 0, 134 1, 130 1, 129 2, 125 2, 124 3, 120 3, 119 4
sodium    some   : 135 0, 134 1, 130 1, 129 3, 125 3, 124 3, 120 3, 119 4
sodium    unknown : 134 1, 129 2|3, 124 3, 119 4
potassium none   : 3.5 0, 3.4 1, 3.0 1, 2.9 3, 2.5 3, 2.4 4
potassium some   : 3.4 2, 3.0 2, 2.9 3, 2.4 4
potassium unknown : 3.5 0, 3.4 1|2, 2.9 3
"""


def rows(table):
    """The words of each line before the colon, with each value and its grades after it."""
    found = []
    for line in table.strip().splitlines():
        head, _, cells = line.partition(":")
        for value, grades in (cell.split() for cell in cells.split(",")):
            found.append((*head.split(), value, tuple(map(int, grades.split("|")))))
    return found


def possible(sample, term=None, baseline=None, circumstances=None):
    found = gradings("5.0", sample, baseline, circumstances or Circumstances())
    return next(grading for grading in found if term in (None, grading.term)).possible


@pytest.mark.parametrize(("analyte", "unit", "low", "high", "value", "grades"), rows(LOW))
def test_low_values(analyte, unit, low, high, value, grades):
    assert possible(Sample(analyte, D(value), unit, D(low), D(high))) == grades


@pytest.mark.parametrize(("analyte", "unit", "low", "high", "term", "value", "grades"), rows(HIGH))
def test_high_values(analyte, unit, low, high, term, value, grades):
    assert possible(Sample(analyte, D(value), unit, D(low), D(high)), term) == grades


@pytest.mark.parametrize(("analyte", "base", "value", "grades"), rows(BY_BASELINE))
def test_values_that_depend_on_the_baseline(analyte, base, value, grades):
    unit = "umol/L" if analyte == "bilirubin" else "U/L"
    assert possible(Sample(analyte, D(value), unit, None, 40), None, Sample(analyte, D(base), unit, None, 40)) == grades


@pytest.mark.parametrize(("base", "value", "grades"), rows(CREATININE))
def test_creatinine(base, value, grades):
    baseline = Sample("creatinine", D(base), "umol/L", 50, 100)
    assert possible(Sample("creatinine", D(value), "umol/L", 50, 100), None, baseline) == grades


@pytest.mark.parametrize(("base", "value", "grades"), rows(EJECTION))
def test_ejection_fraction(base, value, grades):
    assert possible(Sample("lvef", D(value), "%"), None, Sample("lvef", D(base), "%")) == grades


@pytest.mark.parametrize(("analyte", "said", "value", "grades"), rows(BY_SYMPTOMS))
def test_values_that_depend_on_symptoms(analyte, said, value, grades):
    limits = {"sodium": (135, 145), "potassium": (D("3.5"), 5)}[analyte]
    around = Circumstances(symptoms={"none": False, "some": True, "unknown": None}[said])
    assert possible(Sample(analyte, D(value), "mmol/L", *limits), None, None, around) == grades


# ---- what is not known is never grade 0 ---------------------------------------------------------


@pytest.mark.parametrize(("sample", "baseline", "grades", "reasons"), OPEN)
def test_every_grade_that_is_possible_is_kept_with_the_reason(sample, baseline, grades, reasons):
    found = gradings("5.0", sample, baseline)[0]
    assert found.possible == grades
    assert found.at_least == grades[0]
    assert found.grade == (grades[0] if len(grades) == 1 else None)
    assert len(found.open_because) == len(reasons)
    for said, reason in zip(found.open_because, reasons, strict=True):
        assert reason in said


def test_a_value_below_a_threshold_is_graded_even_within_the_limits_of_its_laboratory():
    found = gradings("5.0", Sample("neutrophils", D("1.4"), "10*9/L", D("1.2"), 7))[0]
    assert found.grade == 2


# ---- units ---------------------------------------------------------------------------------------


CONVERTED = [
    (Sample("neutrophils", 1490, "/uL", 1800, 7000), Sample("neutrophils", D("1.49"), "10*9/L", D("1.8"), 7)),
    (Sample("platelets", 74, "10*3/uL", 150, 400), Sample("platelets", 74, "10*9/L", 150, 400)),
    (Sample("hemoglobin", 10, "mmol/L"), Sample("hemoglobin", D("161.14"), "g/L")),
    (Sample("creatinine", 1, "mg/dL", None, D("1.2")), Sample("creatinine", D("88.42"), "umol/L", None, D("106.104"))),
    (Sample("alt", 2, "ukat/L", None, 1), Sample("alt", 120, "U/L", None, 60)),
]


@pytest.mark.parametrize(("given", "expected"), CONVERTED)
def test_conversion_is_exact_and_takes_the_limits_along(given, expected):
    assert converted(given, expected.unit) == expected


def test_a_baseline_in_another_unit_is_converted_exactly():
    value = Sample("creatinine", D("132.63"), "umol/L", None, 300)
    baseline = Sample("creatinine", 1, "mg/dL", None, 3)  # 88.42 umol/L; one and a half times is 132.63
    assert possible(value, None, baseline) == (0,)
    assert possible(Sample("creatinine", D("132.64"), "umol/L", None, 300), None, baseline) == (2,)


def test_a_value_of_exactly_one_and_a_half_baselines_is_no_more_than_that_in_any_pair_of_units():
    for thirds in range(1, 60):
        value = Sample("creatinine", D(3 * thirds), "mg/dL", None, 1000)
        baseline = Sample("creatinine", D("88.42") * 2 * thirds, "umol/L", None, 90_000)
        assert possible(value, None, baseline) == (0,)


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (Sample("alt", 40, "mmol/L"), r"Alanine aminotransferase \(ALT\) in 'mmol/L' is not known: use U/L, ukat/L"),
        (Sample("mercury", 40, "U/L"), r"the analyte 'mercury' is not known: use hemoglobin"),
    ],
)
def test_an_unknown_unit_or_analyte_is_refused_with_those_that_there_are(sample, said):
    with pytest.raises(ValueError, match=said):
        gradings("5.0", sample)
    with pytest.raises(ValueError, match="is not known"):
        gradings("5.0", Sample("alt", 40, "U/L"), Sample("alt", 40, "stones"))
    with pytest.raises(ValueError, match="'stones' is not known"):
        converted(Sample("alt", 40, "U/L"), "stones")


def test_every_analyte_has_a_first_unit_of_factor_one():
    assert [name for name, analyte in analytes().items() if next(iter(analyte.units.values())) != 1] == []


# ---- calcium -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calcium", "unit", "albumin", "albumin_unit", "corrected"),
    [
        ("2.00", "mmol/L", "40", "g/L", "2.00"),
        ("2.00", "mmol/L", "30", "g/L", "2.20"),
        ("2.00", "mmol/L", "3.0", "g/dL", "2.20"),
        ("2.50", "mmol/L", "50", "g/L", "2.30"),
        ("8.0", "mg/dL", "3.0", "g/dL", "8.8"),
        ("8.0", "mg/dL", "30", "g/L", "8.8"),
    ],
)
def test_calcium_is_corrected_for_albumin(calcium, unit, albumin, albumin_unit, corrected):
    total, protein = Sample("calcium_total", D(calcium), unit, 2, 3), Sample("albumin", D(albumin), albumin_unit)
    found = corrected_calcium(total, protein)
    assert found == Sample("calcium", D(corrected), unit, 2, 3)
    assert found.value == D(corrected)


def test_calcium_known_by_bounds_is_not_corrected():
    with pytest.raises(ValueError, match="exact values only"):
        corrected_calcium(Sample("calcium_total", Range(high=2), "mmol/L"), Sample("albumin", 40, "g/L"))


def test_total_calcium_itself_has_no_grade():
    assert gradings("5.0", Sample("calcium_total", 1, "mmol/L", 2, 3)) == ()
