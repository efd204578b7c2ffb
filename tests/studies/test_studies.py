"""Every study folder: it loads, checks, renders, plays its cases and is walked by made-up people."""

import shutil
from pathlib import Path

import pytest

from evenhand.cases import play
from evenhand.cli.check import study_findings
from evenhand.protocol import StudyError, load_protocol
from evenhand.protocol.render import render_html, render_markdown
from evenhand.protocol.trace import clause_uses
from evenhand.record import dump
from evenhand.replay import verify_record
from evenhand.simulation import load_scenario, walk
from tests.studies_here import ALL, SHIPPED, protocol_of

STUDIES = pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
PLAYED = [(folder, case) for folder in ALL for case in play(protocol_of(folder), folder)]


@STUDIES
def test_a_study_loads_without_warnings(folder):
    assert protocol_of(folder).warnings == ()


@STUDIES
def test_a_study_is_sound(folder):
    assert study_findings(protocol_of(folder)) == []


@STUDIES
def test_every_version_of_a_study_loads(folder):
    versions = sorted(path.name for path in folder.glob("v*") if path.is_dir())
    assert [load_protocol(folder, version).version.id for version in versions] == versions


@pytest.mark.parametrize(("folder", "case"), PLAYED, ids=lambda value: getattr(value, "sentence", None))
def test_case(folder, case):
    assert case.differences == ()


@STUDIES
def test_every_case_has_a_sentence_of_its_own(folder):
    sentences = [case.sentence for other, case in PLAYED if other == folder]
    assert len(set(sentences)) == len(sentences)
    assert [sentence for sentence in sentences if len(sentence.split()) < 3] == []


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_shipped_study_has_at_least_60_cases(folder):
    assert sum(other == folder for other, _ in PLAYED) >= 60


@STUDIES
def test_every_clause_is_carried_by_something(folder):
    assert [clause for clause, uses in clause_uses(protocol_of(folder)).items() if not uses] == []


@STUDIES
def test_every_part_says_where_it_comes_from_or_why_it_was_assumed(folder):
    assert [part.about for part in protocol_of(folder).origins if not (part.source or part.assumed)] == []


@STUDIES
def test_a_study_is_rendered(folder):
    protocol = protocol_of(folder)
    for text in (render_markdown(protocol), render_html(protocol)):
        assert all(criterion.id in text for criterion in protocol.criteria)


@STUDIES
@pytest.mark.parametrize("seed", [1, 2])
def test_made_up_people_walk_a_study_and_their_record_is_verified(folder, seed):
    protocol = protocol_of(folder)
    walked = walk(protocol, load_scenario(folder, protocol.version.id), people=25, seed=seed)
    assert walked.report.screened == 25
    assert sum(walked.report.randomized.values()) > 0
    assert walked.report.registered == sum(walked.report.randomized.values()) + sum(
        count for clause, count in walked.report.turned_away.items() if clause.startswith("stratum ")
    ), "whoever is registered is randomized, unless a stratum is not known"
    result = verify_record(dump(walked.history.entries), protocol, secret=walked.secret)
    assert (result.findings, result.replayed, result.arms) == ((), True, "derived again")


# ---- nobody is chosen by sex, race or ethnicity ------------------------------------------------

REPORTED = [
    (folder, fact)
    for folder in SHIPPED
    for fact in protocol_of(folder).vocabulary.facts.values()
    if fact.reporting_only
]


def test_sex_race_and_ethnicity_are_for_reports_alone():
    for folder in SHIPPED:
        assert {fact.name for other, fact in REPORTED if other == folder} >= {"sex", "race", "ethnicity"}


@pytest.mark.parametrize(("folder", "fact"), REPORTED, ids=lambda value: value.name)
def test_nothing_that_decides_reads_a_fact_for_reports(folder, fact):
    protocol = protocol_of(folder)
    rules = [criterion.rule for criterion in protocol.criteria]
    rules += [flag.when for flag in protocol.flags]
    rules += [judgement.evidence for judgement in protocol.judgements.values() if judgement.evidence]
    rules += [level.rule for stratum in protocol.randomization.strata for level in stratum.levels]
    read = {raw for rule in rules for name in rule.facts for raw in protocol.vocabulary.raw_inputs(name)}
    assert fact.name not in read


@pytest.mark.parametrize("file", ["eligibility.yaml", "randomization.yaml"])
@pytest.mark.parametrize(("folder", "fact"), REPORTED, ids=lambda value: value.name)
def test_a_rule_that_reads_a_fact_for_reports_is_refused(tmp_path, folder, fact, file):
    copy = Path(shutil.copytree(folder, tmp_path / folder.name))
    path = copy / protocol_of(folder).version.id / file
    text = path.read_text("utf-8")
    asked = f"{fact.name} == {next(iter(fact.codes))}" if fact.codes else f"known({fact.name})"
    place = text.index("rule: ") if file == "randomization.yaml" else text.index("    rule: ")
    end = min(index for index in (text.find("\n", place), text.find("}", place)) if index > 0)
    path.write_text(f"{text[:place]}{'    ' * (file[0] == 'e')}rule: {asked}{text[end:]}", "utf-8")
    with pytest.raises(StudyError, match=f"{fact.name} is recorded for reports alone") as caught:
        load_protocol(copy)
    assert caught.value.faults[0].startswith(f"{file}:")
