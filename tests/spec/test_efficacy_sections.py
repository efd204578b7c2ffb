"""Efficacy from an analysis: every section, of whom, from which entries, and what is not compared."""

import math
from dataclasses import replace
from datetime import date

import pytest

from evenhand.analysis import Analysis, analyse, cut
from evenhand.analysis.efficacy import between_looks_section, efficacy_sections
from evenhand.analysis.efficacy.arms import arms_of
from evenhand.analysis.efficacy.cases import cases
from evenhand.analysis.efficacy.patterns import patterns_table
from evenhand.analysis.efficacy.people import Profile, adjustment
from evenhand.analysis.efficacy.responses import best_responses, response_table
from evenhand.analysis.tables import Figure, Table
from evenhand.protocol import as_versions
from evenhand.protocol.factors import Factor
from tests.conduct_help import participant
from tests.efficacy_help import STRATA, analysis_of, empty, outcome, somebody, table_of, trial, value
from tests.eligible import PROTOCOL
from tests.response_help import BONE, LIVER, Person, followed, month

assert PROTOCOL.endpoints is not None
ARMS = arms_of(PROTOCOL)
PFS = PROTOCOL.endpoints.by_id["pfs"]
ABOUT = {"id": "x", "population": "Everybody"}


@pytest.fixture(scope="module")
def analysis():
    return trial((50, 30), (60, 60))


@pytest.fixture(scope="module")
def sections(analysis):
    return efficacy_sections(analysis)


def parts(sections, kind):
    return [part for section in sections for part in section.parts if isinstance(part, kind)]


def part_of(sections, id):
    (found,) = (part for section in sections for part in section.parts if part.id == id)
    return found


def test_every_endpoint_has_its_section(sections):
    assert [section.id for section in sections] == [
        "efficacy_pfs", "efficacy_pfs_sensitivity", "efficacy_pfs_subgroups", "efficacy_os", "efficacy_local_failure",
        "efficacy_distant_failure", "efficacy_best_response",
    ]  # fmt: skip
    ids = [part.id for section in sections for part in section.parts]
    assert len(ids) == len(set(ids))


def test_the_result_stands_in_a_sentence(sections):
    said = sections[0].says[0]
    assert said.startswith("50 of 60 people (Usual approach) and 30 of 60 people (Usual approach plus local therapy)")
    assert "log-rank, one-sided p" in said


def test_all_of_it_tells_the_arms_apart_and_says_so(sections):
    assert all(part.by_arm for section in sections for part in section.parts)


def test_every_part_says_of_whom_and_how(sections):
    found = parts(sections, (Table, Figure))
    assert all(part.population and part.method and part.title for part in found)
    assert part_of(sections, "pfs_comparison").population == "Intention to treat population (n = 120)"


def test_whoever_is_counted_can_be_shown(sections):
    table = part_of(sections, "pfs_counts")
    for row in table.rows:
        for cell in row.cells:
            assert len({one.subject for one in cell.behind}) == dict(cell.values)["count"]
    assert all(one.seqs == (7,) for row in table.rows for cell in row.cells for one in cell.behind)


def test_the_same_analysis_gives_the_same(analysis, sections):
    assert efficacy_sections(analysis) == sections


def test_the_order_of_people_changes_nothing(analysis, sections):
    turned = efficacy_sections(replace(analysis, people=tuple(reversed(analysis.people))))
    for one, other in zip(parts(sections, Table), parts(turned, Table), strict=True):
        assert table_of(one) == table_of(other)
    assert [one.svg for one in parts(turned, Figure)] == [one.svg for one in parts(sections, Figure)]


def test_figures_carry_their_data(sections):
    curve = part_of(sections, "pfs_curves")
    assert curve.svg.startswith("<svg") and curve.says
    assert curve.data[0] == ("arm", "months", "at_risk", "events", "censored", "survival", "low", "high")
    by_arm = {row[0]: row for row in curve.data[1:]}
    assert set(by_arm) == {"Usual approach", "Usual approach plus local therapy"}
    forest = part_of(sections, "pfs_forest")
    everybody = forest.data[1]
    assert everybody[:2] == ("all", "Everybody")
    assert everybody[2] == value(part_of(sections, "pfs_comparison"), "cox")


def test_every_estimand_and_every_population_is_a_row(sections):
    assert [row.id for row in part_of(sections, "pfs_estimands").rows] == [one.id for one in PFS.estimands]
    assert list(table_of(part_of(sections, "pfs_populations"))) == [
        "intention_to_treat", "as_treated", "per_protocol"
    ]  # fmt: skip


def test_populations_go_by_their_own_arm_and_leave_people_out():
    people = [
        somebody("A", "usual", 100, True), somebody("B", "usual", 200, False, treated="local"),
        somebody("C", "local", 150, True, excluded=("per_protocol",)), somebody("D", "local", 250, False),
    ]  # fmt: skip
    printed = table_of(part_of(efficacy_sections(analysis_of(people)), "pfs_populations"))
    assert printed["intention_to_treat"][:2] == ("1/2", "1/2")
    assert printed["as_treated"][:2] == ("1/1", "1/3")
    assert printed["per_protocol"][:2] == ("1/1", "0/2")


def test_survival_is_described_and_not_compared(sections):
    """The design tests another endpoint: no p-value, no hazard ratio, no difference."""
    (section,) = (one for one in sections if one.id == "efficacy_os")
    assert section.says[0] == "Described, not compared: the design tests another endpoint."
    tables = [part for part in section.parts if isinstance(part, Table)]
    assert not any(
        name == "p" for table in tables for row in table.rows for cell in row.cells for name, _ in cell.values
    )
    assert section.says[1].startswith("Assumed by the protocol: Deaths are collected until 30 days after progression")


def test_nobody_randomized_gives_clear_refusals():
    found = efficacy_sections(empty())
    assert table_of(part_of(found, "pfs_counts"))["cases"] == ("0", "0", "0")
    assert value(part_of(found, "pfs_comparison"), "log_rank", name="reason") == "nobody was followed"


FEW = {
    "one arm": [("usual", 90, True), ("usual", 200, False)],
    "one event": [("usual", 90, True), ("usual", 200, False), ("local", 300, False)],
    "all ties": [("usual", 90, True), ("usual", 90, True), ("local", 90, True), ("local", 90, True)],
    "censored at randomization": [("usual", 1, False), ("local", 1, False)],
    "event at randomization": [("usual", 1, True), ("local", 1, True)],
}


@pytest.mark.parametrize("name", FEW)
def test_tables_and_figures_stand_on_very_few_people(name):
    people = [somebody(f"P-{number}", *row) for number, row in enumerate(FEW[name])]
    found = efficacy_sections(analysis_of(people))
    assert value(part_of(found, "pfs_counts"), "cases", 2, "count") == len(people)
    assert all("nan" not in part.svg.lower() for part in parts(found, Figure))


def test_three_arms_are_refused_in_words():
    third = replace(PROTOCOL, arms=(*PROTOCOL.arms, replace(PROTOCOL.arms[0], id="third")))
    (section,) = efficacy_sections(analysis_of((), protocol=third))
    assert section.says == ("The protocol has 3 arms; these methods compare two.",)


def test_without_a_design_the_first_endpoint_is_compared_plainly():
    plain = replace(PROTOCOL, design=None)
    found = efficacy_sections(trial((12, 8), (20, 20), protocol=plain))
    assert found[0].id == "efficacy_pfs"
    assert "two-sided" in part_of(found, "pfs_comparison").notes[0]


def test_an_endpoint_that_no_curve_can_show_is_not_primary():
    designed = replace(PROTOCOL, design=replace(PROTOCOL.design, endpoint="best_response"))
    found = efficacy_sections(analysis_of((), protocol=designed))
    assert found[0].says == ("The study names no primary endpoint that can be compared here.",)


def test_distant_failure_goes_by_what_came_first():
    people = []
    for number in range(30):
        for arm in ("usual", "local"):
            reason = ("distant", "other_progression", "death")[number % 3]
            name = f"{arm}-{number}"
            event = outcome(name, "distant_failure", 50 + 10 * number, reason == "distant", reason)
            people.append(somebody(name, arm, 50 + 10 * number, True, outcomes=(event,)))
    found = efficacy_sections(analysis_of(people))
    counts = table_of(part_of(found, "distant_failure_counts"))
    assert counts["event_distant"] == ("10 (33.3 %)", "10 (33.3 %)", "20 (33.3 %)")
    assert counts["competing"] == ("20 (66.7 %)", "20 (66.7 %)", "40 (66.7 %)")
    table = part_of(found, "distant_failure_incidence")
    assert value(table, "gray", 3, "p") > 0.99
    assert value(table, "cause_specific", 2) == pytest.approx(1)


# ---- from real entries -----------------------------------------------------------------------------


def analysed(person, subject, until):
    """A real record's person, under another name."""
    given = person.given if isinstance(person, Person) else person
    found = cut(given.protocol, given.history, effective=until, recorded=given.history.head.recorded_at)
    (one,) = analyse(found).people
    known = replace(one.person.known, subject=subject)
    outcomes = tuple(replace(each, subject=subject) for each in one.outcomes)
    return replace(one, person=replace(one.person, known=known), outcomes=outcomes)


def together(*people):
    """The analysis of several real records."""
    until = month(40)
    first = people[0].given
    found = cut(first.protocol, first.history, effective=until, recorded=first.history.head.recorded_at)
    named = tuple(analysed(one, f"P-{number}", until) for number, one in enumerate(people))
    return Analysis(replace(found, versions=as_versions(PROTOCOL)), PROTOCOL, PROTOCOL.endpoints, named)


def scanned(*sizes, arm="usual", lesions=(LIVER,)):
    person = followed(arm, *lesions)
    for number, size in enumerate(sizes, start=1):
        person = person.scanned(month(3 * number), size if isinstance(size, dict) else {"M1": size})
    return person


def progressed(person, on, **where):
    said = {"overall": "pd", "progressed": "yes", "basis": "radiographic", "progressed_on": on.isoformat()}
    return person.determined(on, **said, **where)


def test_the_first_failure_is_where_the_clinician_says_it_is():
    nowhere = dict.fromkeys(("local", "regional", "distant"), "no")
    people = [
        progressed(scanned(20, 30), month(6), **{**nowhere, "distant": "yes"}),
        progressed(scanned(20, 30), month(6), **{**nowhere, "local": "yes", "distant": "yes"}),
        progressed(scanned(20, 30), month(6), **{**nowhere, "regional": "yes"}),
        scanned(20, 20),
    ]
    analysis = together(*people)
    table = patterns_table(cases(analysis, ARMS, "pfs"), analysis, PFS, **ABOUT)
    printed = {id: texts[2] for id, texts in table_of(table).items()}
    assert printed == {
        "people": "4", "progressed": "3 (75.0 %)", "local": "0 (0.0 %)", "regional": "1 (25.0 %)",
        "distant": "1 (25.0 %)", "local_and_distant": "1 (25.0 %)", "place_unknown": "0 (0.0 %)", "none": "1 (25.0 %)",
    }  # fmt: skip


def test_a_place_that_nobody_recorded_is_its_own_row():
    silent = progressed(followed("usual", BONE).scanned(month(3), {"M3": "present"}), month(4))
    analysis = together(silent)
    printed = table_of(patterns_table(cases(analysis, ARMS, "pfs"), analysis, PFS, **ABOUT))
    assert printed["place_unknown"][0] == "1 (100.0 %)"


def test_response_is_of_people_with_measurable_disease():
    people = [scanned(10, 10), scanned(20, 20), scanned({"M3": "present"}, lesions=(BONE,)), scanned()]
    table = response_table(best_responses(together(*people), ARMS), ARMS, PFS, **ABOUT)
    printed = {id: texts[0] for id, texts in table_of(table).items() if texts}
    assert (printed["people"], printed["not_measurable"], printed["measurable"]) == ("4", "1", "3")
    assert (printed["best_pr"], printed["best_sd"], printed["best_ne"]) == ("1 (33.3 %)", "1 (33.3 %)", "1 (33.3 %)")
    assert value(table, "objective_response") == pytest.approx(1 / 3)
    (rate,) = (row for row in table.rows if row.id == "objective_response")
    assert [one.subject for one in rate.cells[0].behind] == ["P-0"]
    assert dict(rate.cells[1].values)["reason"] == "nobody had measurable disease at baseline"


def test_without_a_list_of_lesions_response_is_not_counted():
    table = response_table(best_responses(together(Person(participant("usual"))), ARMS), ARMS, PFS, **ABOUT)
    printed = table_of(table)
    assert (printed["no_baseline"][0], printed["measurable"][0]) == ("1", "0")


def test_nobody_responding_has_an_exact_upper_limit():
    """Clopper and Pearson: of none in n the upper limit is 1 - (alpha / 2) to the power 1 / n."""
    people = [scanned(20, 20), scanned(20, 20), scanned(20, 20)]
    table = response_table(best_responses(together(*people), ARMS), ARMS, PFS, **ABOUT)
    assert value(table, "objective_response", name="high") == pytest.approx(1 - 0.025 ** (1 / 3))


def test_people_are_grouped_as_they_were_at_randomization(analysis):
    known = {one.id: one for one in Profile(analysis).groupings}
    assert list(known) == [
        "sex", "age", "race", "ethnicity", "stratum_hormone_receptors", "stratum_metastases", "metastases"
    ]  # fmt: skip
    assert [*known["stratum_metastases"].labels] == ["1 to 3 metastases", "4 or 5 metastases"]
    assert known["stratum_hormone_receptors"].labels["both receptors negative"] == "Both receptors negative"
    assert set(known["metastases"].level.values()) == {"1"}  # the one real record: one metastasis
    assert list(known["race"].labels) == ["not recorded"]


def test_strata_are_those_of_the_allocation(analysis):
    found = cases(analysis, ARMS, "pfs")
    assert {one.stratum for one in found.all} == set(STRATA)


def test_a_cut_before_anybody_has_an_event():
    people = [somebody(f"{arm}-{number}", arm, 30, False) for arm in ("usual", "local") for number in range(5)]
    found = efficacy_sections(analysis_of(people, effective=date(2026, 8, 1)))
    assert found[0].says[0].endswith("hazard ratio not estimable, log-rank, one-sided p not estimable.")


def test_every_number_can_be_written_as_json(sections):
    cells = [cell for part in parts(sections, Table) for row in part.rows for cell in row.cells]
    numbers = [number for cell in cells for _, number in cell.values]
    numbers += [number for part in parts(sections, Figure) for row in part.data for number in row if number is not None]
    assert {type(one) for one in numbers} == {int, float, str}
    assert all(math.isfinite(one) for one in numbers if not isinstance(one, str))


def test_a_covariate_in_which_nobody_differs_is_left_out_and_said(sections):
    """The made-up people have the age of the one real record."""
    table = part_of(sections, "pfs_comparison")
    assert "Not in the adjusted model, for everybody is alike: age." in table.notes
    assert "adjusted for hormone receptors, number of metastases, age, as planned" in table.method
    assert 0 < value(table, "cox_adjusted") < 1


def test_whoever_lacks_a_covariate_is_left_out_of_the_adjusted_model_alone(analysis):
    """The version of the protocol that held for the control arm did not count metastases."""
    silent, count = without_facts(derived=("lesion_count",)), Factor("count", "Count", "baseline", "metastases", True)
    people = [
        replace(one, person=replace(one.person, protocol=silent)) if one.person.subject.startswith("usual") else one
        for one in analysis.people
    ]  # fmt: skip
    mixed = replace(analysis, people=tuple(people))
    planned = replace(PFS.analysis, adjusted_for=(*PFS.analysis.adjusted_for, count))
    adjusted = adjustment(cases(mixed, ARMS, "pfs"), Profile(mixed), replace(PFS, analysis=planned))
    assert (len(adjusted.kept.all), adjusted.left_out) == (60, 60)
    assert set(adjusted.covariates) == {
        "stratum_hormone_receptors estrogen or progesterone receptor positive",
        "stratum_metastases 4 or 5 metastases",
    }


def test_a_death_that_comes_first_is_no_progression():
    analysis = analysis_of([somebody("A", "usual", 90, True, reason="death"), somebody("B", "local", 90, False)])
    printed = table_of(patterns_table(cases(analysis, ARMS, "pfs"), analysis, PFS, **ABOUT))
    assert (printed["progressed"][2], printed["death"][2]) == ("0 (0.0 %)", "1 (50.0 %)")


def test_where_the_clinician_says_nothing_the_scans_show_the_place():
    """A new lesion outside of what was treated, in another organ."""
    lung = {"lesion": "X1", "site": "lung", "in_field": "no"}
    person = followed("usual").scanned(month(3), {"M1": 20}, new=[lung])
    analysis = together(progressed(person, month(3)))
    printed = table_of(patterns_table(cases(analysis, ARMS, "pfs"), analysis, PFS, **ABOUT))
    assert printed["distant"][0] == "1 (100.0 %)"


def test_a_study_that_names_no_population_of_everybody():
    """Then everybody randomized counts in the arm of allocation."""
    endpoints = replace(PROTOCOL.endpoints, populations={})
    bare = replace(PROTOCOL, endpoints=endpoints)
    found = efficacy_sections(trial((12, 8), (20, 20), protocol=bare))
    assert part_of(found, "pfs_counts").population == "Everybody randomized (n = 40)"
    assert table_of(part_of(found, "pfs_counts"))["cases"] == ("20", "20", "40")
    assert list(table_of(part_of(found, "pfs_populations"))) == ["all"]


def without_facts(*names, derived=()):
    """The shipped study without some facts."""
    kept = {
        name: one
        for name, one in PROTOCOL.vocabulary.facts.items()
        if name not in names and one.derived not in derived
    }  # fmt: skip
    return replace(PROTOCOL, vocabulary=replace(PROTOCOL.vocabulary, facts=kept))


def test_whoever_followed_a_version_without_a_fact_is_in_none_of_its_groups():
    plain = without_facts(derived=("lesion_count",))
    people = [somebody("A", "usual", 90, True, protocol=plain), somebody("B", "local", 90, False, protocol=plain)]
    groupings = {one.id: one for one in Profile(analysis_of(people, protocol=plain)).groupings}
    assert groupings["metastases"].level == {"A": "not recorded", "B": "not recorded"}
    people = [people[0], somebody("B", "local", 90, False)]
    mixed = {one.id: one for one in Profile(analysis_of(people)).groupings}
    assert mixed["metastases"].level == {"A": "not recorded", "B": "1"}


def test_between_looks_no_arm_is_tested_against_the_other(analysis):
    section = between_looks_section(analysis)
    assert [part.id for part in section.parts] == ["pfs_curves", "pfs_counts", "os_curves", "os_counts"]
    tables = [part for part in section.parts if isinstance(part, Table)]
    assert not any(
        name in ("p", "z") for table in tables for row in table.rows for cell in row.cells for name, _ in cell.values
    )
    assert all("azard ratio" not in part.svg for part in section.parts if isinstance(part, Figure))


def test_between_looks_three_arms_are_refused_in_words():
    third = replace(PROTOCOL, arms=(*PROTOCOL.arms, replace(PROTOCOL.arms[0], id="third")))
    assert "3 arms" in between_looks_section(analysis_of((), protocol=third)).says[0]
