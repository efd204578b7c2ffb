"""Laws of laboratory grading: worse values, no lower grade; more knowledge, fewer grades; units change nothing."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from evenhand.oncology.ctcae import Circumstances, Sample, analytes, converted, dictionary, gradings, search, terms_of
from evenhand.units import Range

GRADED = [name for name in analytes() if terms_of("5.0", name)]
NUMBERS = st.decimals(min_value="0.01", max_value="2000", places=2)
LIMITS = st.none() | NUMBERS
SAID = st.none() | st.booleans()
LOW_IS_BAD = ("decreased", "Anemia", "Hypo", "Acidosis")


@st.composite
def samples(draw, analyte):
    unit = draw(st.sampled_from(list(analytes()[analyte].units)))
    return Sample(analyte, draw(NUMBERS), unit, draw(LIMITS), draw(LIMITS))


@st.composite
def situations(draw):
    analyte = draw(st.sampled_from(GRADED))
    baseline = draw(st.none() | samples(analyte))
    return draw(samples(analyte)), baseline, Circumstances(draw(SAID), draw(SAID))


def possible(sample, baseline, around):
    return {grading.term: set(grading.possible) for grading in gradings("5.0", sample, baseline, around)}


@given(situations())
def test_there_is_always_a_grade_and_only_grades_that_exist(situation):
    for grading in gradings("5.0", *situation):
        assert grading.possible == tuple(sorted(set(grading.possible))) != ()
        term = dictionary("5.0").terms[grading.term]
        assert all(grade == 0 or term.offers(grade) for grade in grading.possible)
        assert bool(grading.open_because) == (grading.grade is None)


@given(situations(), st.data())
def test_knowing_more_never_adds_a_grade(situation, data):
    sample, baseline, around = situation
    less = Sample(
        sample.analyte,
        sample.value,
        sample.unit,
        data.draw(st.sampled_from([sample.low, None])),
        data.draw(st.sampled_from([sample.high, None])),
    )
    knows_less = Circumstances(
        data.draw(st.sampled_from([around.symptoms, None])), data.draw(st.sampled_from([around.anticoagulated, None]))
    )
    more = possible(sample, baseline, around)
    for term, grades in possible(less, baseline, knows_less).items():
        assert more[term] <= grades


@given(situations())
def test_a_baseline_above_a_shared_limit_or_none_at_all_leaves_its_grades_possible(situation):
    sample, baseline, around = situation
    if baseline is None or sample.high is None:
        return
    same = Sample(baseline.analyte, converted(baseline, sample.unit).value, sample.unit, sample.low, sample.high)
    more, less = possible(sample, same, around), possible(sample, None, around)
    for term, grades in more.items():
        assert grades <= less[term]


@given(situations(), NUMBERS, NUMBERS)
def test_bounds_keep_the_grades_of_all_values_between_them(situation, one, other):
    sample, baseline, around = situation
    low, high = sorted((one, other))
    between = Sample(sample.analyte, Range(low, high), sample.unit, sample.low, sample.high)
    wide = possible(between, baseline, around)
    for value in (low, (low + high) / 2, high):
        exact = Sample(sample.analyte, value, sample.unit, sample.low, sample.high)
        for term, grades in possible(exact, baseline, around).items():
            assert grades <= wide[term]


@given(situations(), NUMBERS)
def test_a_worse_value_never_has_a_lower_grade(situation, other):
    sample, baseline, around = situation
    worse = Sample(sample.analyte, other, sample.unit, sample.low, sample.high)
    better_grades, worse_grades = possible(sample, baseline, around), possible(worse, baseline, around)
    for term, grades in better_grades.items():
        low_is_bad = any(part in term for part in LOW_IS_BAD)
        if (other <= sample.value) if low_is_bad else (other >= sample.value):
            assert max(worse_grades[term]) >= max(grades)
            assert min(worse_grades[term]) >= min(grades)


@given(situations(), st.data())
def test_a_decimal_unit_changes_no_grade(situation, data):
    """Between units that differ by a power of ten; others have numbers of their own in the publication."""
    sample, baseline, around = situation
    units = analytes()[sample.analyte].units
    tenfold = [unit for unit, factor in units.items() if _power_of_ten(factor / units[sample.unit])]
    unit = data.draw(st.sampled_from(tenfold))
    assert possible(converted(sample, unit), baseline, around) == possible(sample, baseline, around)


def _power_of_ten(factor):
    return Decimal(factor).normalize().as_tuple().digits == (1,)


@given(st.text(max_size=30))
def test_a_search_gives_terms_of_the_dictionary_each_once_whatever_is_typed(query):
    found = search("5.0", query)
    assert len(found) == len(set(found)) <= 12
    assert all(term is dictionary("5.0").terms[term.name] for term in found)
