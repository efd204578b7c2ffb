"""What the faithful simulation cannot do, because the study's own steps cannot: it says so, and how to mend it."""

from dataclasses import replace

import pytest

from evenhand.design.assumptions import assumptions_of
from evenhand.protocol import load_protocol
from evenhand.refusal import Refusal
from evenhand.simulation import load_scenario
from evenhand.simulation.faithful import people, scenario_for, simulate_faithfully
from evenhand.simulation.faithful.cox import log_hazard_ratio
from tests.faithful_help import ASSUMED, PROTOCOL, SCENARIO, assumed
from tests.studies_here import SHIPPED

CHANGES = [
    ({"allocation": "1:2", "block_sizes": "3"}, "allocation"),
    ({"cap_months": 12}, "cap_months"),
    ({"after_last_months": 12}, "cap_months"),
    ({"block_sizes": "6"}, "block_sizes"),
]


@pytest.mark.parametrize(("changes", "said"), CHANGES, ids=str)
def test_what_the_protocol_itself_says_is_changed_in_its_files(changes, said):
    with pytest.raises(Refusal, match=rf"{said} is .* in the protocol") as refused:
        scenario_for(PROTOCOL, assumed(**changes), SCENARIO)
    assert "fast path" in refused.value.mend


def test_strata_are_those_of_the_design():
    with pytest.raises(Refusal, match=r"there are 1 strata here and 2 in design\.yaml"):
        scenario_for(PROTOCOL, replace(ASSUMED, strata=ASSUMED.strata[:1]), SCENARIO)


def test_nothing_to_simulate():
    with pytest.raises(Refusal, match="nothing to simulate"):
        simulate_faithfully(PROTOCOL, SCENARIO, ASSUMED, trials=0, seed=1)


def test_a_stratum_of_which_the_scenario_draws_nobody(monkeypatch):
    monkeypatch.setattr(people, "_TRIES", 20)
    with pytest.raises(Refusal, match="nobody is eligible in the stratum: sleep bad"):
        sleeper = SCENARIO.facts["sleeper"].model_copy(update={"choice": {"good": 1}})
        draws = {**SCENARIO.facts, "sleeper": sleeper}
        people.find_people(
            PROTOCOL, SCENARIO.model_copy(update={"facts": draws}), ({"sleep": "good"}, {"sleep": "bad"})
        )


def test_without_a_way_to_leave_nobody_drops_out():
    found = scenario_for(PROTOCOL, assumed(dropout_yearly=0), SCENARIO).after_randomization
    assert found.leaving == []
    assert [one.ending for one in scenario_for(PROTOCOL, ASSUMED, SCENARIO).after_randomization.leaving] == ["moved"]


def test_the_scenario_has_the_assumptions_in_its_own_words():
    found = scenario_for(
        PROTOCOL, assumed(hazard_ratio="1@0,0.5@4", control_hazard="0.1@0,0.2@6", drift_yearly=0.9), SCENARIO
    ).after_randomization.progression
    said = {
        arm: [(float(one.from_month), float(one.monthly)) for one in pieces] for arm, pieces in found.hazards.items()
    }
    assert said == {"tea": [(0, 0.1), (6, 0.2)], "nap": [(0, 0.1), (4, 0.05), (6, 0.1)]}
    assert float(found.drift_yearly) == 0.9


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_every_shipped_study_with_a_design_can_be_simulated(folder):
    protocol = load_protocol(folder)
    if protocol.design is None:
        pytest.skip("it has no design")
    scenario = load_scenario(folder, protocol.version.id)
    found = simulate_faithfully(protocol, scenario, assumptions_of(protocol), trials=1, seed=1)
    assert found.looks[-1].people.mean == protocol.enrollment.target


COX = [
    # Everybody of the one arm before everybody of the other: no finite ratio fits best.
    ([("", 1.0, True, True), ("", 2.0, True, True), ("", 3.0, False, False)], None),
    ([("", 1.0, False, True), ("", 2.0, False, False)], None),
    # Two people a stratum, one of each arm, the first event in one arm twice and in the other once: log 2.
    (
        [("a", 1.0, True, True), ("a", 2.0, False, False), ("b", 1.0, True, True), ("b", 2.0, False, False),
         ("c", 1.0, True, False), ("c", 2.0, False, True)],
        0.6931471805599453,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("those", "wanted"), COX, ids=["separated", "no event", "pairs"])
def test_the_hazard_ratio_of_small_samples(those, wanted):
    assert log_hazard_ratio(those) == (None if wanted is None else pytest.approx(wanted, abs=1e-12))
