"""docs/scenario.md: its examples fit the shipped study and do what it says, its keys are those of the sheets."""

import re
import shutil
from datetime import date, timedelta
from itertools import islice
from math import sqrt
from random import Random

import pytest

from evenhand.protocol import load_protocol
from evenhand.protocol.places import read_sheet
from evenhand.record import Allocation
from evenhand.simulation import load_scenario, walk
from evenhand.simulation.arriving import arriving
from evenhand.simulation.candidates import draw_candidate
from evenhand.simulation.courses.truth import hazard_factor
from evenhand.simulation.fit import check_fit
from evenhand.simulation.scenario import Scenario
from tests.command_line import Run, changed_study
from tests.docs_help import keys_of, words_of
from tests.studies_here import ROOT, SHIPPED, protocol_of

PAGE = (ROOT / "docs" / "scenario.md").read_text("utf-8")
STUDY = SHIPPED[0]
PROTOCOL = protocol_of(STUDY)
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
START = date(2026, 1, 5)
WORDS = words_of(PAGE)


def told(opening):
    """The example that follows these words."""
    return next(text for text in EXAMPLES if PAGE.index(text) > PAGE.index(opening))


def changed(text, folder):
    """The shipped scenario with what an example says in the place of what stands there."""
    file = folder / "scenario.yaml"
    file.write_text(text, "utf-8")
    whole = read_sheet(STUDY / PROTOCOL.version.id / "scenario.yaml").data
    return Scenario.model_validate(_merged(whole, read_sheet(file).data))


def _merged(whole, part):
    within = ("after_randomization", "facts", "progression", "visits")  # what an example says a part of
    said = {name: _merged(whole[name], value) if name in within else value for name, value in part.items()}
    return {**whole, **said}


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.split("\n")[0])
def test_an_example_fits_the_shipped_study(tmp_path, text):
    check_fit(changed(text, tmp_path), PROTOCOL)


# ---- the examples do what is said of them -------------------------------------------------------


def test_facts_are_drawn_as_the_example_says(tmp_path):
    scenario, random = changed(told("A value is drawn"), tmp_path), Random(1)
    seen = [draw_candidate(scenario, PROTOCOL.vocabulary, number, START, random) for number in range(400)]
    receptors = [
        tuple(person.facts[name][0].value for name in ("estrogen_receptor", "progesterone_receptor")) for person in seen
    ]
    assert {one for one, _ in receptors} == {"positive", "negative"}
    assert ("negative", "positive") not in receptors  # drawn together
    missing = sum("ecog" not in person.facts for person in seen)
    assert abs(missing - 400 * 0.05) < 4 * sqrt(400 * 0.05 * 0.95)
    assert {len([fact for fact in person.facts["metastases"] if isinstance(fact.value, dict)]) for person in seen} == {
        *(1, 2, 6)
    }


def test_control_drifts(tmp_path):
    progressing = changed(told("What if control drifts"), tmp_path).after_randomization.progression
    progressing = progressing.model_copy(update={"prognosis": []})
    for years in (0, 1, 2):
        day = START + timedelta(days=round(years * 365.25))
        one = Allocation(1, "S1", day, PROTOCOL.arms[0].id, "permuted_blocks", "", {}, 1)
        assert hazard_factor(progressing, one, START) == pytest.approx(0.8**years, rel=1e-3)


def test_a_site_opens_late(tmp_path):
    scenario = changed(told("What if a site opens late"), tmp_path)
    came = list(islice(arriving(scenario, START, Random(1)), 300))
    late = min(day for day, site in came if site == "west")
    assert late - START >= timedelta(days=365)
    assert min(day for day, _ in came) - START < timedelta(days=60)


def test_scans_are_missed(tmp_path):
    scenario = changed(told("What if scans are missed"), tmp_path)
    entries = walk(PROTOCOL, scenario, people=12, seed=1).history.entries
    scans = [entry.body.get("not_done") for entry in entries if entry.body.get("form") == "scan"]
    left_out = sum(why == "made up: no scanner was free" for why in scans)
    assert len(scans) > 20
    assert abs(left_out - 0.2 * len(scans)) < 4 * sqrt(0.16 * len(scans))


def test_the_effect_comes_late(tmp_path):
    hazards = changed(told("What if the effect comes late"), tmp_path).after_randomization.progression.hazards
    early, late = ([arm.id, *[(float(one.from_month), float(one.monthly)) for one in hazards[arm.id]]]
                   for arm in PROTOCOL.arms)  # fmt: skip
    assert early[1:] == [(0, 0.03)]
    assert late[1:] == [(0, 0.03), (6, 0.015)]


def test_a_scenario_is_no_part_of_the_protocol(tmp_path):
    copy = tmp_path / "what-if"
    shutil.copytree(STUDY, copy)
    file = copy / PROTOCOL.version.id / "scenario.yaml"
    file.write_text(file.read_text("utf-8").replace("consents: 0.84", "consents: 0.7"), "utf-8")
    assert load_scenario(copy, PROTOCOL.version.id).consents != load_scenario(STUDY, PROTOCOL.version.id).consents
    assert load_protocol(copy).digest == PROTOCOL.digest


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("consents: 2", "scenario.yaml:4:11: Input should be less than or equal to 1"),
        ("consents: 1\njudgements: {can_fly: {signed: 1}}", "scenario.yaml: judgements.can_fly: no judgement of this"),
    ],
)
def test_check_says_what_does_not_fit(capsys, tmp_path, new, said):
    study = changed_study(tmp_path, "v2/scenario.yaml", "consents: 1", new)
    file = study / "v2" / "scenario.yaml"
    file.write_text(re.sub(r"judgements:\n  can_sit.*\n", "", file.read_text("utf-8")), "utf-8")
    ran = Run(capsys, ["check", study])
    assert ran.code == 1
    assert said in ran.flat


def test_check_asks_for_no_scenario(capsys, tmp_path):
    study = changed_study(tmp_path, "v2/scenario.yaml", "consents: 1", "consents: 1")
    (study / "v2" / "scenario.yaml").unlink()
    assert Run(capsys, ["check", study]).code == 0


GRIDS = re.findall(r"```\n\$ evenhand (simulate[^\n]*)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("command", "printed"), GRIDS, ids=[command for command, _ in GRIDS])
def test_the_figures_are_those_that_the_command_prints(capsys, command, printed):
    ran = Run(capsys, command.split())
    found = [line.split() for line in ran.out.splitlines()]
    assert ran.code == 0
    assert [line for line in printed.splitlines() if line.split() not in found] == []


# ---- the keys ----------------------------------------------------------------------------------


KEYS = keys_of(Scenario)


def test_the_sheets_are_all_found():
    assert {"start", "weight", "drift_yearly", "noise", "removes", "of_treatment", "age_between"} <= set(KEYS)


@pytest.mark.parametrize("name", KEYS)
def test_every_key_is_explained(name):
    assert name in WORDS


def test_every_key_of_a_table_is_one_that_there_is():
    cells = re.findall(r"^\| (`[^|]+) \|", PAGE, re.MULTILINE)
    named = {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}
    assert {"start", "each", "hazards"} <= named
    assert named - set(KEYS) == set()
