"""``monitoring.yaml``: what it says, what it may get wrong, and where it is read: render, compare, the digest."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from evenhand.protocol import StudyError, load_protocol
from evenhand.protocol.compare import compare
from evenhand.protocol.monitoring import EventRule, LookRule, Monitoring
from evenhand.protocol.render import render_html, render_markdown
from tests.studies_here import SHIPPED, TINY, protocol_of

STUDY = SHIPPED[0]
TEXT = (STUDY / "v1" / "monitoring.yaml").read_text("utf-8")


def written(tmp_path, text=TEXT):
    study = Path(shutil.copytree(STUDY, tmp_path / STUDY.name))
    (study / "v1" / "monitoring.yaml").write_text(text, "utf-8")
    return study


def test_monitoring_is_read():
    found = protocol_of(STUDY).monitoring
    assert [type(one) for one in found.stopping.values()] == [LookRule, EventRule, EventRule, EventRule]
    rule = found.stopping["local_toxicity"]
    assert (str(rule.within), rule.grades, rule.more_than) == ("90 days", {3, 4, 5}, Decimal("0.25"))
    assert (rule.boundary.method, rule.boundary.error) == ("exact", Decimal("0.05"))
    assert found.stopping["early_death"].death
    assert found.ages == (30, 90)
    assert str(found.meets_every) == "6 months"
    assert [one.id for one in found.event_rules if one.pauses_accrual] == ["local_toxicity", "early_death"]


def test_a_study_may_have_none_and_what_it_leaves_out_is_ours(tmp_path):
    assert protocol_of(TINY).monitoring is None
    text = TEXT[: TEXT.index("\nboard:")]
    found = load_protocol(written(tmp_path, text)).monitoring
    assert (found.sites, found.ages) == (Monitoring({}).sites, Monitoring({}).ages)
    assert found.meets_every is None


BROKEN = [
    ("stop: efficacy", "stop: futility", "design.yaml has no bound for futility"),
    ("stop: efficacy", "stop: luck", "Input should be 'efficacy' or 'futility'"),
    ("treated: [surgery,", "treated: [sugary,", "'sugary' is no intervention of safety.yaml: her2_antibodies"),
    ("treated: [surgery,", "treated: [disease,", "no form says when 'disease' was given"),
    ("related_to: [surgery,", "related_to: [luck,", "'luck' is no intervention of safety.yaml"),
    ("within: days(90)", "within: weeks(12)", "'weeks(12)' is no period"),
    ("terms: [Pneumonitis]", "terms: [Bad lungs]", "'Bad lungs' is no term of CTCAE"),
    ("grades: [3, 4, 5]\n", "grades: [3, 4, 6]\n", "less than or equal to 5"),
    ("event: {death: true}", "event: {death: true, grades: [5]}", "name one"),
    ("event: {death: true}", "event: {death: true, terms: [Nausea]}", "`death` is from any cause"),
    ("event: {death: true}", "event: {}", "name one"),
    ("more_than: 0.25", "more_than: 1.25", "less than 1"),
    ("looks: [10, 20, 40, 60, 80]", "looks: [10, 20, 20]", "in the order in which they come"),
    ("looks: [10, 20, 40, 60, 80]", "looks: []", "at least 1 item"),
    ("{method: exact, error: 0.05}", "{method: exact}", "an exact boundary has its `error`"),
    ("{method: exact, error: 0.05}", "{method: exact, error: 0.05, probable: 0.9}", "and nothing else"),
    ("probable: 0.9}", "error: 0.05}", "a beta_binomial boundary has its `prior`"),
    ("prior: {events: 0.3, people: 10}", "prior: {events: 10, people: 10}", "fewer events than people"),
    ("kind: look", "kind: book", "does not match any of the expected tags"),
    ("ratio: 1.25", "ratio: 1", "greater than 1"),
    ("every: months(6)", "every: half a year", "'half a year' is no period"),
    ("pauses_accrual: true", "pauses_accrual: perhaps", "valid boolean"),
    ("ages: [30, 90]", "ages: [90, 30]", "in their order"),
    ("    act: The safety board\n", "", "the key 'act' is missing"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN, ids=[f"{new} {said}" for _, new, said in BROKEN])
def test_what_it_gets_wrong_is_said_with_its_place(tmp_path, old, new, said):
    assert TEXT.count(old) >= 1
    with pytest.raises(StudyError) as refused:
        load_protocol(written(tmp_path, TEXT.replace(old, new, 1)))
    assert any(fault.startswith("monitoring.yaml:") and said in fault for fault in refused.value.faults), refused.value


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("design.yaml", "there is no design.yaml, whose bounds it would go by"),
        ("safety.yaml", "there is no safety.yaml, whose interventions it would name"),
        ("forms/death.yaml", "no form is read as 'death'"),
    ],
)
def test_what_it_needs_from_other_files_is_said(tmp_path, gone, said):
    study = written(tmp_path)
    (study / "v1" / gone).unlink()
    with pytest.raises(StudyError) as refused:
        load_protocol(study)
    assert any(fault.startswith("monitoring.yaml:") and said in fault for fault in refused.value.faults)


def test_it_counts_in_the_digest_and_compare_says_what_changed(tmp_path):
    old = load_protocol(written(tmp_path / "a"))
    new = load_protocol(written(tmp_path / "b", TEXT.replace("more_than: 0.25", "more_than: 0.3")))
    assert old.digest == protocol_of(STUDY).digest != new.digest
    (changed,) = compare(old, new)
    assert (changed.section, changed.before, changed.after) == ("Monitoring", "0.25", "0.3")


def test_its_assumptions_are_listed_and_it_is_rendered():
    protocol = protocol_of(STUDY)
    about = [origin.about for origin in protocol.assumptions]
    assert {
        "stopping rule local toxicity",
        "stopping rule early death",
        "monitoring of sites",
        "what is overdue",
        "meetings of the safety board",
    } <= {*about}
    text = render_markdown(protocol)
    for said in (
        "## Monitoring",
        "| Efficacy | the bound of the design for efficacy is crossed at one of its looks |",
        "an adverse event of grade 3 to 5 related to it, within 90 days of any of it, in more than 25 % of people",
        "exact one-sided binomial test, 5 % over all looks, after 10, 20, 40, 60 and 80 people",
        "death from any cause, within 30 days",
        "posterior probability above 90 %, beta prior of 0.3 events in 10 people",
        "One with fewer than 5 people is shown and not judged.",
        "The safety board meets at least every 6 months while anybody is followed.",
    ):
        assert said in text
    assert "<h2>Monitoring</h2>" in render_html(protocol)
