"""Who takes part and who is lost: baseline, inclusion tables, representation, by real steps and a real record."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from evenhand.analysis import analyse, cut
from evenhand.analysis.inclusion import inclusion_section, representation_section
from evenhand.analysis.inclusion.categories import ethnicity_in, race_of_1997, races_in
from evenhand.dates import DateSpan, on_day
from evenhand.protocol.endpoints import Endpoints
from evenhand.statistics.survival import proportion, proportion_difference
from tests.eligible import ON, PROTOCOL, Trial, changed, person
from tests.walked_help import answer, cells, counts, cut_at, part, swapped, with_arms

CATEGORIES = [
    ("White", {"white"}, ()),
    ("white", {"white"}, ()),
    ("2106-3", {"white"}, ()),
    ("White, Asian", {"white", "asian"}, ()),
    ("Black or African American; White", {"black", "white"}, ()),
    ("Native Hawaiian or Other Pacific Islander", {"pacific"}, ()),
    ("Native Hawaiian or Pacific Islander", {"pacific"}, ()),
    ("Middle Eastern or North African", {"mena"}, ()),
    ("Hispanic or Latino, White", {"hispanic", "white"}, ()),
    ("not reported", set(), ()),
    ("", set(), ()),
    ("Martian", set(), ("Martian",)),
    ("Asian, Martian", {"asian"}, ("Martian",)),
    ("whitefish", set(), ("whitefish",)),
]


@pytest.mark.parametrize(("text", "expected", "unplaced"), CATEGORIES)
def test_an_answer_names_the_categories_that_it_says_and_no_other(text, expected, unplaced):
    assert races_in(text) == (expected, unplaced)


ETHNICITIES = [
    ("Hispanic or Latino", "hispanic", ()),
    ("not hispanic or latino", "not_hispanic", ()),
    ("Non-Hispanic or Latino", "not_hispanic", ()),
    ("2186-5", "not_hispanic", ()),
    ("unknown", None, ()),
    ("Spanish", None, ("Spanish",)),
]


@pytest.mark.parametrize(("text", "expected", "unplaced"), ETHNICITIES)
def test_an_answer_names_an_ethnicity(text, expected, unplaced):
    assert ethnicity_in(text) == (expected, unplaced)


ROWS = [
    ({"white"}, "white"),
    ({"mena"}, "white"),
    ({"mena", "white"}, "white"),
    ({"asian", "white"}, "several"),
    ({"hispanic"}, None),
    ({"hispanic", "black"}, "black"),
    (set(), None),
]


@pytest.mark.parametrize(("races", "row"), ROWS)
def test_the_row_of_1997(races, row):
    assert race_of_1997(frozenset(races)) == row


# ---- a record of a few people -------------------------------------------------------------------


def somebody(race="", ethnicity="", sex="", *more):
    said = [changed(name, text) for name, text in (("race", race), ("ethnicity", ethnicity), ("sex", sex)) if text]
    return person(*said, *more)


def trial(*people, registered=True):
    of = Trial().activated(["north"])
    for who in people:
        (of.randomized if registered else of.screened)(who)
    return of


def cut_of(of, on=ON):
    return cut(PROTOCOL, of.history, effective=on, recorded=datetime.combine(on, time(23), UTC))


def inclusion(of, by_arm=False):
    return inclusion_section(analyse(cut_of(of)), by_arm=by_arm)


PEOPLE = [
    somebody("White", "Not Hispanic or Latino", "female"),
    somebody("White, Asian", "Not Hispanic or Latino", "male"),
    somebody("White", "Hispanic or Latino", "female"),
    somebody("not reported", "Hispanic or Latino", "other"),
    somebody("Martian", "", "unknown"),
    somebody(),
]


def row_of(table, id):
    return [cell.text for cell in next(one for one in table.rows if one.id == id).cells]


def test_the_table_of_1997_has_each_person_once():
    table = part(inclusion(trial(*PEOPLE)), "inclusion_1997")
    assert row_of(table, "race_white") == ["1", "0", "0", "1", "0", "0", "0", "0", "0", "2"]
    assert row_of(table, "race_several") == ["0", "1", "0", "0", "0", "0", "0", "0", "0", "1"]
    assert row_of(table, "race_unknown") == ["0", "0", "0", "0", "0", "1", "0", "0", "2", "3"]
    assert row_of(table, "race_total") == ["1", "1", "0", "1", "0", "1", "0", "0", "2", "6"]
    assert table.notes == ("Answers of 1 people are in no category and count as unknown: Martian.",)


def test_the_combined_question_counts_a_person_in_each_category_and_never_splits_what_was_not_asked():
    table = part(inclusion(trial(*PEOPLE)), "inclusion_2024")
    assert row_of(table, "category_white") == ["1", "3", "2", "1", "0"]
    assert row_of(table, "category_asian") == ["0", "1", "0", "1", "0"]
    assert row_of(table, "category_hispanic") == ["1", "2", "1", "0", "1"]
    assert row_of(table, "category_mena") == ["not asked"] * 5
    assert row_of(table, "category_several")[1:] == ["2", "1", "1", "0"]
    assert row_of(table, "category_unknown")[1:] == ["2", "0", "0", "2"]
    assert "cannot be told apart" in table.notes[0]


def test_an_answer_that_was_not_asked_for_counts_all_the_same():
    table = part(inclusion(trial(somebody("Middle Eastern or North African", "", "female"))), "inclusion_2024")
    assert row_of(table, "category_mena") == ["1", "1", "1", "0", "0"]


def test_people_who_are_screened_alone_are_not_enrolled():
    table = part(inclusion(trial(*PEOPLE, registered=False)), "inclusion_1997")
    assert row_of(table, "race_total")[-1] == "0"


# ---- baseline -----------------------------------------------------------------------------------


def test_each_characteristic_adds_up_to_everybody_unless_several_may_hold():
    table = part(inclusion_section(answer(1.0), by_arm=True), "baseline")
    several = next(note for note in table.notes if note.startswith("A person may count"))
    blocks, label = {}, ""
    for one in table.rows:
        if not one.cells:
            label = one.label
        elif not one.id.endswith(("_median", "_range")):
            blocks.setdefault(label, []).append([dict(cell.values)["count"] for cell in one.cells])
    columns = [int(head.rpartition("= ")[2].rstrip(")")) for head in table.head[1:]]
    assert columns[0] + columns[1] == columns[2]
    for name, rows in blocks.items():
        sums = [sum(column) for column in zip(*rows, strict=True)]
        if len(rows) > 1 and name not in several:
            assert sums == columns, name
        assert all(one[0] + one[1] == one[2] for one in rows), name


BASELINE = [
    ("sex_female", changed("sex", "female"), "1 (100.0 %)"),
    ("sex_not_recorded", changed("sex", "unknown"), "1 (100.0 %)"),
    ("performance_status_1", changed("ecog", 1, "2026-06-20"), "1 (100.0 %)"),
    ("her2_ihc_3_in_a_specimen", changed("her2_tests", {"specimen": "S1", "ihc": 3}), "1 (100.0 %)"),
    ("metastases_1", changed("ecog", 1, "2026-06-20"), "1 (100.0 %)"),
    ("sites_liver", changed("ecog", 1, "2026-06-20"), "1 (100.0 %)"),
    ("karnofsky_not_recorded", changed("ecog", 1, "2026-06-20"), "1 (100.0 %)"),
    ("estrogen_receptor_positive", changed("estrogen_receptor", "positive"), "1 (100.0 %)"),
    ("first_line_months_median", changed("ecog", 1, "2026-06-20"), "4.0 (4.0 to 4.0)"),
    ("stratum_metastases_1_to_3_metastases", changed("ecog", 1, "2026-06-20"), "1 (100.0 %)"),
]


@pytest.mark.parametrize(("row", "fact", "text"), BASELINE, ids=[one[0] for one in BASELINE])
def test_what_a_person_counts_under(row, fact, text):
    assert cells(part(inclusion(trial(person(fact))), "baseline"))[row] == text


def test_a_partial_date_gives_no_months():
    of = trial(person(changed("first_line", {"start": DateSpan(date(2026, 2, 1), date(2026, 2, 28))})))
    found = cells(part(inclusion(of), "baseline"))
    assert (found["first_line_months_median"], found["first_line_months_not_recorded"]) == (
        "not estimable", "1 (100.0 %)",
    )  # fmt: skip


def test_medians_are_those_of_the_people_and_keep_their_precision():
    starts = [date(2026, 3, 1), date(2026, 2, 1), date(2025, 12, 1)]
    of = trial(*(person(changed("first_line", {"start": on_day(day)})) for day in starts))
    row = next(one for one in part(inclusion(of), "baseline").rows if one.id == "first_line_months_median")
    values = dict(row.cells[0].values)
    assert values["median"] == (ON - starts[1]).days / 30.4375
    assert values["low_quartile"] == pytest.approx(((ON - starts[0]).days + (ON - starts[1]).days) / 2 / 30.4375)
    assert len(row.cells[0].behind) == values["count"] == 3


def test_every_number_names_the_entries_of_its_people():
    found = answer(0.5)
    for table in inclusion_section(found, by_arm=True).parts:
        for row, cell in ((one, cell) for one in table.rows for cell in one.cells):
            for one in cell.behind:
                assert one.seqs or row.label == "Not recorded"
                assert all(found.cut.history.entry(seq).subject == one.subject for seq in one.seqs)


def test_together_nothing_depends_on_an_arm():
    found = answer(0.5)
    other = analyse(with_arms(found.cut, swapped))
    assert inclusion_section(other, by_arm=False) == inclusion_section(found, by_arm=False)
    assert not any(one.by_arm for one in inclusion_section(found, by_arm=False).parts)
    assert representation_section(other.cut) == representation_section(found.cut)


def without_baseline(found):
    endpoints = Endpoints(found.endpoints.by_id, found.endpoints.populations)
    return replace(found, endpoints=endpoints)


def test_a_study_that_names_no_baseline_has_its_strata_alone():
    section = inclusion_section(without_baseline(answer(0.5)), by_arm=True)
    assert [one.id for one in section.parts] == ["baseline"]
    assert {one.id.partition("_")[0] for one in section.parts[0].rows} == {"stratum"}
    assert "no inclusion tables" in section.says[0]


# ---- representation -----------------------------------------------------------------------------


def lost(*, failing, fine, other_failing, other_fine):
    """A record in which women fail the criterion on performance otherwise than men."""
    bad = changed("ecog", 3, "2026-06-20")
    women = [person(changed("sex", "female"), bad)] * failing + [person(changed("sex", "female"))] * fine
    men = [person(changed("sex", "male"), bad)] * other_failing + [person(changed("sex", "male"))] * other_fine
    return cut_of(trial(*women, *men, registered=False))


def test_a_rule_that_narrows_access_shows_itself():
    section = representation_section(lost(failing=6, fine=1, other_failing=0, other_fine=8))
    table = part(section, "representation_differences")
    (women, men) = table.rows
    assert women.label == "I7 ECOG 0 to 2, KPS 60 to 100: sex Female"
    values = dict(women.cells[2].values)
    expected = proportion_difference((0, 8), (6, 7))
    assert (values["difference"], values["low"], values["high"]) == (expected.difference, expected.low, expected.high)
    assert dict(men.cells[2].values)["difference"] == -expected.difference
    assert section.says[1].startswith("Lost more often than everybody else: Female at I7.")


def test_shares_have_exact_intervals_and_the_fates_add_up():
    table = part(representation_section(lost(failing=3, fine=2, other_failing=1, other_fine=4)), "representation_lost")
    row = next(one for one in table.rows if one.label == "Female")
    exact = proportion(3, 5)
    values = dict(row.cells[1].values)
    assert (values["share"], values["low"], values["high"]) == (exact.proportion, exact.low, exact.high)
    fates = [dict(row.cells[place].values)["count"] for place in (1, 3, 4, 5)]
    assert sum(fates) == dict(row.cells[0].values)["count"] == 5


def test_small_groups_are_counted_and_not_compared():
    section = representation_section(lost(failing=4, fine=0, other_failing=0, other_fine=9))
    assert part(section, "representation_differences").rows == ()
    assert counts(part(section, "representation_sex"))["criterion_i7"] == 4


def test_those_of_whom_nothing_is_known_are_a_group_and_set_against_nobody():
    section = representation_section(cut_of(trial(person(), registered=False)))
    rows = [one for one in part(section, "representation_lost").rows if one.label == "Unknown or not reported"]
    assert {row.cells[2].text for row in rows} == {""}
    assert all(dict(row.cells[0].values)["count"] == 1 for row in rows)


def test_everybody_assessed_stands_in_one_group_of_each_characteristic():
    found = cut_at(0.6)
    table = part(representation_section(found), "representation_lost")
    sums, name = {}, ""
    for row in table.rows:
        name = row.label if not row.cells else name
        if row.cells:
            sums[name] = sums.get(name, 0) + dict(row.cells[0].values)["count"]
    assert set(sums.values()) == {len(found.history.subjects)}
    assert list(sums) == ["Age group in years", "Sex", "Race", "Ethnicity"]
