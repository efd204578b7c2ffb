"""Central monitoring of sites: a planted habit is found, quiet sites are left in peace."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from evenhand.analysis.monitoring import overdue_section, sites_section
from evenhand.analysis.monitoring.sites import sites_found
from tests.monitoring_world import CUT, PROTOCOL, SITES, START, Habits, activated, adverse, many, randomized

PLANTED = {"s2": Habits(enters=0.15), "s4": Habits(rounds=True), "s5": Habits(later=25)}
MORE = {"s1": Habits(copies=True), "s6": Habits(saturdays=True)}


@cache
def planted():
    return many(PLANTED).analysis()


@cache
def quiet():
    return many(seed=1).analysis()


def outstanding(analysis):
    return {(one.site, one.measure.id) for one in sites_found(analysis).findings}


def test_the_site_that_enters_too_few_events_the_one_that_rounds_and_the_late_one_are_found_and_no_other():
    assert outstanding(planted()) == {("s2", "adverse_events"), ("s4", "lesion_digits"), ("s5", "late_entry")}


def test_copied_values_and_visits_on_saturdays_are_found_and_no_other():
    assert outstanding(many(MORE, seed=1).analysis()) == {("s1", "changes"), ("s6", "weekend_visits")}


def test_quiet_sites_are_left_in_peace():
    section = sites_section(quiet())
    assert len(section.says) == 1
    assert section.says[0].startswith("No site stands out: of ")


def test_a_finding_is_a_sentence_with_both_values():
    says = sites_section(planted()).says
    (said,) = [one for one in says if one.startswith("Site s2")]
    assert said.startswith("Site s2: fewer adverse events are entered, 0.0")
    assert " a person-month against 0.3" in said
    assert " events of 9 people, elsewhere 2" in said
    assert says[0].startswith("3 of ")


def test_behind_every_number_of_a_site_are_its_people_and_their_entries():
    found = planted()
    (table, _) = sites_section(found).parts
    rows = {row.id: row for row in table.rows}
    here = rows["adverse_events_s2"].cells[1]
    values = dict(here.values)
    assert values["counted"] == sum(len(one.seqs) for one in here.behind)
    for one in here.behind:
        for seq in one.seqs:
            entry = found.cut.history.entry(seq)
            assert (entry.subject, entry.by.site, entry.body["form"]) == (one.subject, "s2", "adverse_event")
    assert len({one.subject for one in here.behind}) == 9


def test_every_site_is_in_the_table_and_in_the_data_and_no_arm_is():
    found = planted()
    section = sites_section(found)
    (table, figure) = section.parts
    assert not table.by_arm
    assert not figure.by_arm
    assert {row.label for row in table.rows if row.indent} == set(SITES)
    assert len({row.id for row in table.rows}) == len(table.rows)
    assert {line[1] for line in figure.data[1:]} == set(SITES)
    texts = [
        *section.says,
        *table.notes,
        *(row.label for row in table.rows),
        *(c.text for r in table.rows for c in r.cells),
    ]
    assert not any(arm.label in text for arm in found.protocol.arms for text in texts)


def test_it_reads_no_outcome_and_no_arm():
    """Outcomes and arms of analysis handed round among people change nothing."""
    found = planted()
    turned = (*found.people[1:], found.people[0])
    people = tuple(
        replace(one, outcomes=other.outcomes, memberships=other.memberships)
        for one, other in zip(found.people, turned, strict=True)
    )
    assert sites_section(replace(found, people=people)) == sites_section(found)
    assert overdue_section(replace(found, people=people)) == overdue_section(found)


BY_PLAN = {"missed_visits", "missing_forms", "deviations"}  # what is planned is another in each arm


def test_the_arm_itself_changes_nothing_but_what_was_planned():
    def said(analysis):
        return [
            (one.measure.id, one.compared, one.ratio)
            for one in sites_found(analysis).found
            if one.measure.id not in BY_PLAN
        ]

    assert said(many(PLANTED, swapped=True).analysis()) == said(planted())


def test_the_same_analysis_gives_the_same_section():
    assert sites_section(planted()) == sites_section(planted())


def test_a_small_site_is_shown_and_not_judged():
    habits = {"s2": Habits(enters=0.0)}
    analysis = many(habits, each=3).analysis()
    found = sites_found(analysis)
    assert found.findings == ()
    assert all(one.p is None for one in found.found)
    (table, _) = sites_section(analysis).parts
    assert any("Not judged: fewer than 5 people." in note for note in table.notes)
    assert table.rows[1].cells[5].text == "not judged"


def test_one_site_has_nothing_to_be_compared_with():
    (said,) = sites_section(many(sites=("s1",), each=2).analysis()).says
    assert said == "With fewer than two sites there is nothing to compare."


def test_people_of_whom_nothing_is_entered_break_nothing():
    world = activated()
    for number, site in enumerate(("s1", "s1", "s2", "s2")):
        randomized(world, (f"P-{number}", site), world.events[0][2].effective, "usual", number)
    section = sites_section(world.analysis())
    assert section.says[0].startswith("No site stands out")


def test_events_are_weighed_by_the_time_since_randomization():
    """Everybody has events in the first month alone; at the site that opened late, hardly more time has passed."""
    world = activated()
    for number in range(24):
        who = (f"P-{number}", SITES[number % 2])
        day = START if number % 2 == 0 else CUT - timedelta(days=50)
        randomized(world, who, day, PROTOCOL.arms[number // 2 % 2].id, number)
        for item in range(1, 2 + number // 2 % 3):
            adverse(world, who, day + timedelta(days=9 * item), str(item), term="Fatigue", grade=1)
    found = sites_found(world.analysis())
    early, late = [one for one in found.found if one.measure.id == "adverse_events"]
    assert late.compared.told.here > 8 * late.compared.told.elsewhere
    assert early.compared.told.ratio == pytest.approx(1, abs=0.1)
    assert not early.stands_out
    assert not late.stands_out
