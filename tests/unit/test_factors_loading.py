"""What ``endpoints.yaml`` fixes of the analysis: what it says, what it may get wrong, and where it is read."""

import shutil
from pathlib import Path

import pytest

from evenhand.protocol import StudyError, load_protocol
from evenhand.protocol.compare import compare
from evenhand.protocol.endpoints import endpoint_findings
from evenhand.protocol.factors import Planned
from evenhand.protocol.render import render_markdown
from evenhand.protocol.trace import trace_faults
from tests.studies_here import SHIPPED, protocol_of

STUDY = SHIPPED[0]
TEXT = (STUDY / "v1" / "endpoints.yaml").read_text("utf-8")
SUBGROUPS = "# How the primary endpoint is looked at in parts"
PLANS = (
    "    analysis: {landmarks: [12, 24, 36], assumed: Each full year of follow-up.}\n",
    TEXT[TEXT.index("    analysis:\n      landmarks: [12, 24]\n") : TEXT.index("  distant_failure:")],
    TEXT[TEXT.index("    analysis:\n      landmarks: [12, 24, 36]\n") : TEXT.index("    sensitivity:")],
)


def written(tmp_path, text=TEXT):
    study = Path(shutil.copytree(STUDY, tmp_path / STUDY.name))
    (study / "v1" / "endpoints.yaml").write_text(text, "utf-8")
    return study


def changed(tmp_path, old, new):
    assert TEXT.count(old) >= 1
    return load_protocol(written(tmp_path, TEXT.replace(old, new, 1)))


def test_the_plans_are_read():
    endpoints = protocol_of(STUDY).endpoints
    pfs = endpoints.by_id["pfs"].analysis
    assert (pfs.landmarks, pfs.restricted_mean) == ((12, 24, 36), 36)
    assert [(one.id, one.label, one.number) for one in pfs.adjusted_for] == [
        ("stratum_hormone_receptors", "Hormone receptors", False),
        ("stratum_metastases", "Number of metastases", False),
        ("baseline_age", "Age", True),
    ]
    assert endpoints.by_id["local_failure"].analysis == Planned((12, 24))
    assert endpoints.by_id["best_response"].analysis == Planned()


def test_the_subgroups_are_read():
    found = protocol_of(STUDY).endpoints.subgroups
    assert found.fewest_events == 10
    by = {one.id: one for one in found.by}
    assert {"sex", "age", "race", "ethnicity"} <= set(by)
    assert [one.label for one in by["age"].groups] == ["below 50 years", "50 years or more"]
    assert (by["metastases"].number, by["metastases"].label) == (True, "Number of metastases")


@pytest.mark.parametrize(("age", "group"), [(17, 0), (49, 0), (50, 1), (49.5, None), (120, 1)])
def test_a_number_belongs_to_one_group_at_most(age, group):
    (ages,) = (one for one in protocol_of(STUDY).endpoints.subgroups.by if one.id == "age")
    assert [place for place, one in enumerate(ages.groups) if one.holds(age)] == ([] if group is None else [group])


def test_a_study_may_name_nothing(tmp_path):
    """No default steps in: nothing is estimated, adjusted for or divided."""
    text = TEXT.partition(SUBGROUPS)[0]
    for plan in PLANS:
        text = text.replace(plan, "")
    found = load_protocol(written(tmp_path, text))
    assert all(one.analysis == Planned() for one in found.endpoints.by_id.values())
    assert found.endpoints.subgroups is None
    said = render_markdown(found)
    assert "What is estimated" not in said and "Subgroups" not in said


AGE = "groups: [{label: below 50 years, at_most: 49}, {label: 50 years or more, at_least: 50}]"
COUNT = 'groups: [{label: "1", at_least: 1, at_most: 1}, {label: 2 or 3, at_least: 2, at_most: 3}, '
SEX = "    sex: {baseline: sex,"
RECEPTOR = "    sex: {baseline: estrogen_receptor, groups: [{label: a, values: [positive]}, {label: b, values: [%s]}],"
BROKEN = [
    ("landmarks: [12, 24, 36]", "landmarks: [12, 24, 48]", "the landmark of 48 months lies after follow-up"),
    ("landmarks: [12, 24, 36]", "landmarks: [24, 12]", "`landmarks` are months that rise"),
    ("landmarks: [12, 24, 36]", "landmarks: [0, 12]", "greater than 0"),
    ("landmarks: [12, 24, 36]", "landmarks: [a year]", "found 'a year'"),
    ("restricted_mean: 36", "restricted_mean: 37", "the horizon of 37 months lies after follow-up, which lasts 3"),
    ("{landmarks: [12, 24, 36], assumed", "{assumed", "it names none of `landmarks`, `restricted_mean`"),
    ("landmarks: [12, 24]\n", "restricted_mean: 24\n", "local_failure has competing events: no `restricted_mean`"),
    ("parameter: BOR\n", "parameter: BOR\n    analysis: {landmarks: [12]}\n", "best_response is counted"),
    ("{baseline: age}]", "{baseline: weather}]", "'weather' is nothing that `baseline:` describes: age, sex, race, "),
    ("{stratum: metastases}", "{stratum: weather}", "'weather' is no stratum of randomization.yaml: hormone_receptors"),
    ("{stratum: metastases}", "{stratum: metastases, baseline: age}", "it is a `stratum` of the randomization, or"),
    ("{stratum: metastases}", "{}", "it is a `stratum` of the randomization, or"),
    ("{stratum: metastases}", "{stratum: hormone_receptors}", "'hormone_receptors' is adjusted for already"),
    ("fewest_events: 10", "fewest_events: 0", "greater than or equal to 1"),
    ("  fewest_events: 10\n", "", "the key 'fewest_events' is missing"),
    (SEX, "    sex: {baseline: weather,", "'weather' is nothing that `baseline:` describes"),
    (SEX, "    sex: {baseline: sites,", "'sites' may give a person several values"),
    (SEX, "    sex: {baseline: age,", "'age' is a number: divide it into `groups`"),
    (SEX, "    sex: {baseline: first_line_months,", "'first_line_months' is a number"),
    (AGE, "groups: [{label: all, at_least: 0}]", "at least 2 items"),
    (AGE, AGE.replace("at_most: 49", "at_most: 50"), "groups rise, and may not overlap"),
    (AGE, AGE.replace(", at_most: 49", ", at_least: 40"), "groups rise, and may not overlap"),
    (AGE, AGE.replace(", at_most: 49", ""), "as it stands it is empty"),
    (AGE, AGE.replace("at_most: 49", "at_most: 49, at_least: 60"), "nobody belongs to this group"),
    (AGE, AGE.replace("50 years or more", "below 50 years"), "another group is called 'below 50 years' already"),
    (AGE, AGE.replace("at_most: 49", "values: [young]"), "'age' is a number: its groups go by `at_least`"),
    (COUNT, COUNT.replace("at_least: 2, at_most: 3", "at_least: 1, at_most: 3"), "may not overlap"),
    (SEX, RECEPTOR.replace("values: [positive]", "at_least: 1") % "negative", "is no number: its groups list `values`"),
    (SEX, RECEPTOR % "unclear", "'unclear' is no answer of 'estrogen_receptor': positive, negative"),
    (SEX, RECEPTOR % "positive", "'positive' belongs to a group already: groups may not overlap"),
    (SEX, RECEPTOR % "negative, negative", "'negative' belongs to a group already"),
    ("race: {baseline: race,", "race: {baseline: race, groups: [{label: a, values: [A]}, {label: b, values: [B]}],",
     "'race' goes by the categories in which it is asked"),
    ("    performance_status: {label", "    age: {label", "'age' stands for what `baseline` has of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), BROKEN, ids=[f"{n} {said}" for n, (_, _, said) in enumerate(BROKEN)])
def test_what_it_gets_wrong_is_said_with_its_place(tmp_path, old, new, said):
    with pytest.raises(StudyError) as refused:
        changed(tmp_path, old, new)
    assert any(fault.startswith("endpoints.yaml:") and said in fault for fault in refused.value.faults)


def test_without_a_baseline_nothing_of_it_can_be_named(tmp_path):
    start, end = TEXT.index("baseline:\n  age:"), TEXT.index(SUBGROUPS)
    with pytest.raises(StudyError, match="'age' is nothing that `baseline:` describes: none"):
        load_protocol(written(tmp_path, TEXT[:start] + TEXT[end:]))


@pytest.mark.parametrize(
    ("new", "values"),
    [
        (RECEPTOR % "negative", ("positive",)),
        ("    sex: {baseline: first_line, groups: [{label: a, values: [THP]}, {label: b, values: [HP]}],", ("THP",)),
        ("    sex: {baseline: her2, groups: [{label: a, values: [negative]}, "
         "{label: b, values: [IHC 3+ in a specimen]}],",
         ("negative",)),
        ("    sex: {stratum: metastases, groups: [{label: a, values: [one_to_three]}, "
         "{label: b, values: [four_to_five]}],",
         ("1 to 3 metastases",)),
    ],
)  # fmt: skip
def test_groups_list_codes_words_levels_and_strata_as_people_read_them(tmp_path, new, values):
    assert changed(tmp_path, SEX, new).endpoints.subgroups.by[0].groups[0].values == values


def test_landmarks_may_be_parts_of_a_month(tmp_path):
    found = changed(tmp_path, "landmarks: [12, 24, 36]", "landmarks: [1.5, 12]")
    assert [float(one) for one in found.endpoints.by_id["pfs"].analysis.landmarks] == [1.5, 12]


def test_each_of_it_says_where_it_comes_from(tmp_path):
    found = changed(tmp_path, "{baseline: ethnicity, source: NIH NOT-OD-18-014}", "{baseline: ethnicity}")
    assert trace_faults(found) == ["subgroup ethnicity: it needs a `source:` or an `assumed:`"]
    about = [one.about for one in protocol_of(STUDY).origins]
    assert {"endpoint pfs analysis", "subgroups", "subgroup sex", "subgroup metastases"} <= set(about)
    assert trace_faults(protocol_of(STUDY)) == []


CHANGES = [
    ("landmarks: [12, 24, 36]", "landmarks: [12, 36]", "by_id pfs analysis landmarks", "12, 24, 36", "12, 36"),
    ("{baseline: age}]", "{baseline: karnofsky}]", "by_id pfs analysis adjusted_for baseline_age key", "age", None),
    ("fewest_events: 10", "fewest_events: 12", "subgroups fewest_events", "10", "12"),
    ("at_most: 49", "at_most: 44", "subgroups by age groups 1 at_most", "49", "44"),
    (SEX, "    sex: {baseline: estrogen_receptor,", "subgroups by sex key", "sex", "estrogen_receptor"),
]


@pytest.mark.parametrize(("old", "new", "name", "before", "after"), CHANGES, ids=[one[2] for one in CHANGES])
def test_an_amendment_shows_what_it_changes(tmp_path, old, new, name, before, after):
    changes = compare(protocol_of(STUDY), changed(tmp_path, old, new))
    assert (name, before, after) in [(one.name, one.before, one.after) for one in changes if one.section == "Endpoints"]


def test_it_is_rendered():
    text = render_markdown(protocol_of(STUDY))
    for said in (
        "| Progression-free survival | 12, 24 and 36 | up to 36 months |",
        "Progression-free survival is also compared in a model adjusted for hormone receptors (the levels at",
        "and age (as a number).",
        "| Age | below 50 years (at most 49); 50 years or more (at least 50) |",
        "| Number of metastases | 1; 2 or 3 (2 to 3); 4 or more (at least 4) |",
        "| Race | each answer of the baseline |",
        "With fewer than 10 events a subgroup has counts alone.",
    ):
        assert said in text


def test_only_what_the_design_compares_is_adjusted(tmp_path):
    text = "{landmarks: [12, 24, 36], assumed: Each full"
    found = changed(tmp_path, text, "{adjusted_for: [{baseline: age}], assumed: Each full")
    (said,) = endpoint_findings(found.endpoints, "pfs")
    assert said == (
        "endpoints.yaml: the design compares 'pfs', so that nothing of 'os' is adjusted: remove its `adjusted_for`"
    )
    assert endpoint_findings(found.endpoints, None) == []
