"""Which tests hold the program to each sentence of the shipped study's description, and the manual's page of it all.

What carries a clause is read from the study, and its cases from their files; the tests beside them are named here.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evenhand.protocol.places import read_sheet
from evenhand.protocol.trace import clause_uses
from tests.studies_here import SHIPPED, protocol_of

STUDY = SHIPPED[0]
PROTOCOL = protocol_of(STUDY)
ANSWERS = ("pass", "fail", "unknown")

# Clause, the tests beside the cases, the pages of the manual that have its rules.
TESTED: dict[str, tuple[list[str], list[str]]] = {
    "overview/1": (
        [
            "tests/spec/test_efficacy.py::test_the_test_of_the_design_comes_first",
            "tests/unit/test_treatment_local.py::test_everything_as_planned_is_complete_on_the_last_day",
            "tests/studies/test_treatment_forms.py::test_a_whole_course_of_local_therapy_raises_no_question",
            "tests/unit/test_treatment_local.py::test_no_local_therapy_is_planned_in_the_other_arm",
        ],
        ["treatment.md", "progression-free-survival.md"],
    ),
    "overview/2": (
        [
            "tests/spec/test_safety_events.py::test_an_event_has_its_term_its_worst_grade_and_its_relations",
            "tests/spec/test_safety_tables.py::test_terms_count_each_person_at_the_worst_grade",
        ],
        ["adverse-events.md"],
    ),
    "description/1": (
        [
            "tests/unit/test_treatment_systemic.py::test_versions_of_the_usual_approach_change_on_their_day",
            "tests/unit/test_treatment_systemic.py::test_nothing_recorded_before_randomization_counts_as_the_first_line",
        ],
        ["treatment.md"],
    ),
    "description/2": (
        [
            "tests/spec/test_steps.py::test_the_whole_path_leads_to_one_allocation",
            "tests/spec/test_steps.py::test_randomization_needs_registration",
            "tests/spec/test_steps.py::test_somebody_who_progressed_after_registration_is_not_randomized",
            "tests/generative/test_randomization_blocks.py::test_the_ratio_is_exact_at_every_block_end",
        ],
        [],
    ),
    "description/3": (
        [
            "tests/unit/test_disposition.py::test_follow_up_lasts_three_calendar_years_that_day_included",
            "tests/unit/test_disposition.py::test_progression_ends_follow_up_if_it_comes_within_the_time",
            "tests/spec/test_determination.py::test_only_a_signed_progression_is_determined",
            "tests/spec/test_schedule.py::test_visits_planned_after_the_end_of_follow_up_are_cancelled",
        ],
        ["schedule.md", "recist.md"],
    ),
    "description/4": (
        [
            "tests/unit/test_treatment_systemic.py::"
            "test_the_regimen_of_the_day_is_compared_with_the_version_of_the_day",
        ],
        ["treatment.md"],
    ),
    "inclusion/1": (["tests/unit/test_dates.py"], ["rule-language.md"]),
    "inclusion/2": (["tests/unit/test_intake_metastases.py"], []),
    "inclusion/3": (["tests/spec/test_lesion_count.py::test_the_policy_is_the_studys"], []),
    "inclusion/4": (["tests/spec/test_her2.py::test_every_row_of_the_truth_table"], ["her2.md"]),
    "inclusion/5": (
        ["tests/spec/test_steps.py::test_nobody_is_registered_on_evidence_that_is_not_attested"],
        ["treatment.md"],
    ),
    "inclusion/6": (["tests/spec/test_steps.py::test_nobody_is_randomized_after_the_window_closed"], []),
    "inclusion/7": (["tests/unit/test_intake_performance.py"], []),
    "exclusion/1": (["tests/spec/test_steps.py::test_somebody_who_is_not_eligible_is_not_registered"], []),
    "exclusion/2": (
        ["tests/unit/test_treatment_systemic.py::test_lines_follow_the_days_and_not_the_order_of_entry"],
        [],
    ),
    "exclusion/3": (["tests/unit/test_eligibility_signing.py::test_what_an_answer_goes_against"], []),
    "exclusion/4": (
        [
            "tests/spec/test_mcode_codes.py::test_disease_of_the_central_nervous_system_is_recognized",
            "tests/spec/test_mcode_codes.py::test_what_only_looks_like_the_central_nervous_system_is_permitted",
        ],
        [],
    ),
    "exclusion/5": (["tests/unit/test_intake_therapy.py"], []),
    "underrepresented/1": (
        [
            "tests/studies/test_studies.py::test_nothing_that_decides_reads_a_fact_for_reports",
            "tests/spec/test_inclusion.py::test_the_table_of_1997_has_each_person_once",
        ],
        [],
    ),
    "underrepresented/2": (
        [
            "tests/generative/test_judge.py::test_facts_for_reporting_change_no_verdict",
            "tests/spec/test_inclusion.py::test_a_rule_that_narrows_access_shows_itself",
        ],
        [],
    ),
    "underrepresented/3": (
        ["tests/studies/test_studies.py::test_a_rule_that_reads_a_fact_for_reports_is_refused"],
        [],
    ),
}

# Cases that are about a clause without a criterion of its own, by the file that holds them.
FILES = {"d1_first_line": ["description/1", "description/4"], "everybody": [
    "underrepresented/1", "underrepresented/2", "underrepresented/3",
]}  # fmt: skip


def cases() -> Iterator[tuple[str, str, dict[str, str]]]:
    """File, sentence and what is expected of each case of the study."""
    told: Any
    for path in sorted((STUDY / "cases").glob("*.yaml")):
        if path.stem != "people":
            told = read_sheet(path).data
            yield from ((path.stem, case["case"], case["expect"]) for case in told)


def answers() -> dict[str, Counter[str]]:
    """For each criterion, how many cases expect that it passes, fails, or is not known."""
    found: dict[str, Counter[str]] = {criterion.id: Counter() for criterion in PROTOCOL.criteria}
    for _, _, expect in cases():
        for name, counted in found.items():
            if name in expect:
                counted[str(expect[name]).split(":")[0]] += 1
    return found


def page() -> str:
    """The page as Markdown."""
    head = [
        "# Where each sentence of the description lives",
        "",
        "Made from the study, its cases, and the tests that `tests/spec/clauses_table.py` names; written anew by "
        "`./do docs`. Sentences are our own words for those of the public description. What is assumed beyond them "
        "`evenhand check` lists; `evenhand render` prints all of it for people.",
        "",
    ]
    uses = clause_uses(PROTOCOL)
    return "\n".join([*head, *(line for clause in PROTOCOL.clauses for line in _section(clause, uses[clause]))])


def _section(clause: str, carried: tuple[str, ...]) -> Iterator[str]:
    named, pages = TESTED[clause]
    yield from (f"## {clause}", "", PROTOCOL.clauses[clause], "")
    yield f"* carried by: {', '.join(carried)}"
    if pages:
        yield "* its rules: " + ", ".join(f"[{_words(name)}]({name})" for name in pages)
    yield from _cases_of(clause)
    yield "* tests: " + ", ".join(f"[{_words(name)}](../../{name.partition('::')[0]})" for name in named)
    yield ""


def _cases_of(clause: str) -> Iterator[str]:
    counted = answers()
    for criterion in PROTOCOL.criteria:
        if criterion.clause == clause:
            passes, fails, open_ones = (counted[criterion.id][answer] for answer in ANSWERS)
            yield f"* cases of {criterion.id}: {passes} pass, {fails} fail, {open_ones} not known"
    for name, clauses in FILES.items():
        if clause == clauses[0]:
            yield "* cases: " + "; ".join(sentence for file, sentence, _ in cases() if file == name)
        elif clause in clauses:
            yield f"* cases: those of {clauses[0]}"


def _words(name: str) -> str:
    """A page by its name, a test by its sentence."""
    path, _, test = name.partition("::")
    return (test or Path(path).stem).removeprefix("test_").replace("_", " ").replace("-", " ")
