"""The flow of participants adds up for any record: made-up trials of some seeds, cut at any moment, with any arms."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.analysis import analyse, cut
from evenhand.analysis.flow import after, before, flow_section, of_arm, screening_section
from evenhand.simulation import load_scenario, walk
from tests.studies_here import TINY, protocol_of
from tests.walked_help import ARMS, PROTOCOL, assert_adds_up, counts, cut_at, part, walked, with_arms

CUTS = st.tuples(st.sampled_from([3, 11]), st.floats(0, 1), st.integers(0, 120))


def cut_of(given):
    seed, share, days = given
    return cut_at(share, days, walked(8, seed))


@settings(max_examples=12, deadline=None)
@given(CUTS, st.randoms(use_true_random=False))
def test_every_stage_has_everybody_once(given, random):
    found = cut_of(given)
    arms = {one.subject: random.choice(ARMS) for one in found.history.allocations}
    answer = analyse(with_arms(found, lambda subject, _: arms[subject]))
    first = before(answer.cut)
    assert_adds_up(first)
    assert first.subjects == set(found.history.subjects)
    assert first.find("randomized").subjects == set(arms)
    for arm in PROTOCOL.arms:
        some = of_arm(answer, arm.id)
        assert {one.person.subject for one in some} == {name for name, one in arms.items() if one == arm.id}
        stages = after(answer, some, by_arm=True)
        for stage in (stages.allocation, stages.follow_up, *stages.analysed):
            assert_adds_up(stage)
            assert stage.number == len(some)
        assert stages.stopped.subjects <= stages.follow_up.subjects


@settings(max_examples=8, deadline=None)
@given(CUTS, st.randoms(use_true_random=False))
def test_pooled_the_arms_may_be_any(given, random):
    found = cut_of(given)
    arms = {one.subject: random.choice(ARMS) for one in found.history.allocations}
    other = with_arms(found, lambda subject, _: arms[subject])
    assert flow_section(analyse(other), by_arm=False) == flow_section(analyse(found), by_arm=False)


@settings(max_examples=12, deadline=None)
@given(CUTS)
def test_sites_and_criteria_add_up(given):
    found = cut_of(given)
    section = screening_section(found)
    sites = part(section, "accrual_by_site")
    for column in range(5):
        numbers = counts(sites, column)
        assert numbers.pop("site_all_together") == sum(numbers.values())
    criteria = part(section, "screening_criteria")
    together = [number for name, number in counts(criteria, 1).items() if name.startswith("together")]
    waiting = [name for name in found.history.subjects if found.history.subject(name).registration is None]
    assert sum(together) == len(waiting)
    alone, failed = counts(criteria, 2), counts(criteria, 1)
    assert all(number <= failed[name] for name, number in alone.items())
    assert sum(alone.values()) <= failed["together_any"]


def test_another_study_has_a_flow_up_to_randomization():
    protocol = protocol_of(TINY)
    history = walk(protocol, load_scenario(TINY, protocol.version.id), people=12, seed=2).history
    last = history.entries[-1].recorded_at
    first = before(cut(protocol, history, effective=last.date(), recorded=last))
    assert_adds_up(first)
    assert first.number == len(history.subjects)
