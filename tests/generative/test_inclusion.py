"""The inclusion tables hold everybody once, whatever was answered."""

from hypothesis import given
from hypothesis import strategies as st

from evenhand.analysis.inclusion.categories import CATEGORIES_2024, RACES_1997, ethnicity_in, races_in
from evenhand.analysis.inclusion.nih import Enrolled, table_1997, table_2024
from evenhand.analysis.inclusion.people import Origins
from evenhand.analysis.tables import Behind
from tests.walked_help import PROTOCOL, counts

NAMES = [*RACES_1997.values(), *CATEGORIES_2024.values(), "not reported", "unknown", "Martian", ""]
RACES = st.lists(st.sampled_from(NAMES), max_size=4).map(", ".join) | st.text(max_size=12)
ETHNICITIES = st.sampled_from(["Hispanic or Latino", "Not Hispanic or Latino", "not reported", "Martian", ""])
SEXES = st.sampled_from(["female", "male", "unknown"])
ANSWERS = st.lists(st.tuples(RACES, ETHNICITIES, SEXES), max_size=12)


def people(answers):
    found = []
    for number, (race, ethnicity, sex) in enumerate(answers):
        (races, strange), (known, other) = races_in(race), ethnicity_in(ethnicity)
        found.append(Enrolled(sex, Origins(races, known, (*strange, *other)), Behind(f"S{number}", (number,))))
    return tuple(found)


def columns(table):
    return [counts(table, place) for place in range(len(table.head) - 1)]


@given(ANSWERS)
def test_the_table_of_1997_has_everybody_once(answers):
    some = people(answers)
    found = columns(table_1997(some))
    for column in found:
        assert column.pop("race_total") == sum(column.values())
    *parts, total = found
    for name, number in total.items():
        assert number == sum(part[name] for part in parts)
    assert sum(total.values()) == len(some)


@given(ANSWERS)
def test_the_combined_question_has_everybody_at_least_once(answers):
    some = people(answers)
    alone, either, *sexes = columns(table_2024(some, PROTOCOL.endpoints.baseline))
    for name, number in either.items():
        assert number == sum(sex[name] for sex in sexes)
        assert alone.get(name, 0) <= number
    assert sum(alone.values()) + either["category_several"] + either["category_unknown"] == len(some)
    named = {name: number for name, number in either.items() if name not in ("category_several", "category_unknown")}
    assert sum(named.values()) >= len(some) - either["category_unknown"]


@given(st.randoms(use_true_random=False), ANSWERS)
def test_the_order_of_people_changes_no_number(random, answers):
    some = people(answers)
    other = list(some)
    random.shuffle(other)
    assert columns(table_1997(some)) == columns(table_1997(tuple(other)))
