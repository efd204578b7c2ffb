"""What is estimated, adjusted for and divided is what the protocol names: no more, no less, and no default."""

from dataclasses import replace

import pytest

from evenhand.analysis.efficacy import efficacy_sections
from evenhand.analysis.efficacy.arms import arms_of
from evenhand.analysis.efficacy.cases import cases
from evenhand.analysis.efficacy.people import Profile, adjustment
from evenhand.analysis.tables import Table
from evenhand.protocol.factors import Factor, Group, Planned, Subgroups
from tests.efficacy_help import analysis_of, somebody, table_of, trial, value
from tests.eligible import PROTOCOL

ARMS = arms_of(PROTOCOL)
RECEPTORS = Factor("receptors", "Receptors", "stratum", "hormone_receptors")


def planning(*, pfs=None, os=None, subgroups=None):
    """The shipped study with other plans for its endpoints, and with these subgroups alone."""
    by_id = dict(PROTOCOL.endpoints.by_id)
    for name, planned in (("pfs", pfs), ("os", os)):
        by_id[name] = replace(by_id[name], analysis=planned or Planned())
    for name in ("local_failure", "distant_failure"):
        by_id[name] = replace(by_id[name], analysis=Planned())
    return replace(PROTOCOL, endpoints=replace(PROTOCOL.endpoints, by_id=by_id, subgroups=subgroups))


def sections_of(protocol):
    return {one.id: one for one in efficacy_sections(trial((30, 20), (40, 40), protocol=protocol))}


def part_of(section, id):
    (found,) = (part for part in section.parts if part.id == id)
    return found


@pytest.fixture(scope="module")
def bare():
    """The sections of a study that plans nothing."""
    return sections_of(planning())


# ---- nothing planned: nothing estimated, and said so ------------------------------------------------


def test_without_subgroups_there_is_no_table_and_the_section_says_so(bare):
    section = bare["efficacy_pfs_subgroups"]
    assert (section.says, section.parts) == (("The protocol names no subgroups, so none are shown.",), ())


def test_without_covariates_there_is_no_adjusted_model_and_the_table_says_so(bare):
    table = part_of(bare["efficacy_pfs"], "pfs_comparison")
    assert "cox_adjusted" not in table_of(table)
    assert "adjusted" not in table.method
    assert "The protocol names no covariates for this endpoint, so there is no adjusted model." in table.notes


def test_without_landmarks_no_month_is_estimated(bare):
    tables = [part for section in bare.values() for part in section.parts if isinstance(part, Table)]
    rows = [row for table in tables for row in table.rows]
    assert not [row.id for row in rows if (" at " in row.label and "months (95" in row.label) or "up to" in row.label]
    assert "restricted mean" not in part_of(bare["efficacy_pfs"], "pfs_estimates").method
    assert 'stroke-dasharray="1 3"' not in part_of(bare["efficacy_pfs"], "pfs_curves").svg


# ---- what is planned is what is estimated -----------------------------------------------------------


def test_landmarks_and_horizons_are_those_of_each_endpoint():
    found = sections_of(planning(pfs=Planned((6, 18), 24), os=Planned((30,), 30)))
    rows = list(table_of(part_of(found["efficacy_pfs"], "pfs_estimates")))
    assert rows == ["median", "follow_up", "at_6", "at_18", "rmst"]
    assert list(table_of(part_of(found["efficacy_os"], "os_estimates")))[2] == "at_30"
    assert value(part_of(found["efficacy_pfs"], "pfs_estimates"), "rmst", name="horizon") == 24
    curves = part_of(found["efficacy_pfs"], "pfs_curves")
    assert "at 18" in curves.says and curves.svg.count('stroke-dasharray="1 3"') == 2


def test_an_endpoint_that_is_described_has_its_mean_by_arm_and_no_difference():
    people = [somebody("A", "usual", 90, True), somebody("B", "local", 90, False)]
    protocol = planning(os=Planned((12,), 12))
    found = {one.id: one for one in efficacy_sections(analysis_of(people, protocol=protocol))}
    table = part_of(found["efficacy_os"], "os_estimates")
    assert len(table.head) == 3 and "rmst" in table_of(table)


def test_the_planned_subgroups_alone_with_the_planned_number_of_events():
    found = sections_of(planning(subgroups=Subgroups(60, (RECEPTORS,))))
    table = part_of(found["efficacy_pfs_subgroups"], "pfs_subgroups")
    assert [row.id for row in table.rows] == [
        "all", "receptors", "receptors_estrogen_or_progesterone_receptor_positive",
        "receptors_both_receptors_negative",
    ]  # fmt: skip
    assert value(table, "all", 2, "reason") == "fewer than 60 events"


def test_what_is_assumed_of_a_subgroup_is_told_below_the_table():
    found = {one.id: one for one in efficacy_sections(trial((30, 20), (40, 40)))}
    notes = part_of(found["efficacy_pfs_subgroups"], "pfs_subgroups").notes
    assert any(one.startswith("Assumed by the protocol about age: About the age of menopause") for one in notes)
    says = found["efficacy_pfs"].says
    assert any(one.startswith("Assumed by the protocol about what is estimated: ") for one in says)


# ---- factors -----------------------------------------------------------------------------------------

LEVELS = {
    "each answer of its own": (Factor("x", "X", "baseline", "estrogen_receptor"), "positive"),
    "values in a group": (
        Factor(
            "x", "X", "baseline", "estrogen_receptor", groups=(Group("yes", ("positive",)), Group("no", ("negative",)))
        ),
        "yes",
    ),
    "in no group": (
        Factor(
            "x", "X", "baseline", "estrogen_receptor", groups=(Group("no", ("negative",)), Group("?", ("unclear",)))
        ),
        "None of these",
    ),
    "a number": (
        Factor("x", "X", "baseline", "performance_status", True, (Group("0", at_most=0), Group("1 or 2", at_least=1))),
        "1 or 2",
    ),
    "a number in no group": (
        Factor("x", "X", "baseline", "performance_status", True, (Group("0", at_most=0), Group("2", at_least=2))),
        "None of these",
    ),
    "levels by rule": (Factor("x", "X", "baseline", "her2"), "IHC 3+ in a specimen"),
    "race by the categories asked": (Factor("x", "X", "baseline", "race"), "not recorded"),
    "nothing of the kind": (Factor("x", "X", "baseline", "weather"), "not recorded"),
    "a stratum in groups": (
        Factor(
            "x", "X", "stratum", "metastases", groups=(Group("few", ("1 to 3 metastases",)), Group("many", ("more",)))
        ),
        "few",
    ),
    "no such stratum": (Factor("x", "X", "stratum", "weather"), "not recorded"),
}


@pytest.mark.parametrize("name", LEVELS)
def test_the_level_of_somebody(name):
    factor, level = LEVELS[name]
    analysis = analysis_of([somebody("A", "usual", 90, True, ("positive", "one_to_three"))])
    assert Profile(analysis).grouping(factor).level == {"A": level}


def test_covariates_are_numbers_or_columns_of_levels():
    """A number without groups has one coefficient; with groups, and of names, a column for each level but one."""
    factors = (
        Factor("baseline_age", "Age", "baseline", "age", True),
        Factor("stratum_metastases", "Number of metastases", "stratum", "metastases"),
        Factor("baseline_performance_status", "ECOG performance status", "baseline", "performance_status", True,
               (Group("0", at_most=0), Group("1 or 2", at_least=1))),
    )  # fmt: skip
    analysis = trial((30, 20), (40, 40))
    endpoint = replace(PROTOCOL.endpoints.by_id["pfs"], analysis=Planned(adjusted_for=factors))
    found = adjustment(cases(analysis, ARMS, "pfs"), Profile(analysis), endpoint)
    assert found.say == "age, number of metastases, ECOG performance status"
    assert list(found.covariates) == ["stratum_metastases 4 or 5 metastases"]
    assert found.alike == ("age", "ECOG performance status")  # the made-up people have the record of one
    assert set(found.covariates["stratum_metastases 4 or 5 metastases"]) == {0.0, 1.0}
