"""Stopping rules at a cut: whom they watch, what counts as an event, and when a look is decided."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evenhand.analysis.monitoring import stopping_section
from evenhand.analysis.monitoring.boundaries import Bound
from evenhand.analysis.monitoring.stopping import standing
from evenhand.analysis.monitoring.watched import Watched, watched
from evenhand.dates import add_months
from tests.monitoring_world import PROTOCOL, START, activated, adverse, randomized

assert PROTOCOL.monitoring is not None
RULES = PROTOCOL.monitoring.stopping
TOXICITY, DEATH, PNEUMONITIS = RULES["local_toxicity"], RULES["early_death"], RULES["pneumonitis"]
TREATED = START + timedelta(days=10)
RELATED = (("metastasis_radiation", "possible"),)
LATE = START + timedelta(days=300)


def treated(world, number=1, day=TREATED, arm="local"):
    """Somebody randomized, and irradiated from a day on."""
    who = (f"P-{number}", "s1")
    randomized(world, who, START, arm, number)
    irradiated(world, who, day)
    return who


def irradiated(world, who, day, item="1"):
    values = {"course": f"M{item}", "started": day.isoformat(), "lesions": [{"lesion": f"M{item}"}], "site": "bone"}
    world.entered(who, day, "metastasis_radiation", values, item=item)


def state(rule, tell, on=LATE):
    """Where the one person treated stands, after ``tell(world, who)``."""
    world = activated()
    who = treated(world)
    tell(world, who)
    (one,) = watched(world.analysis(on), rule)
    return one.state


def event(day=20, grade=3, relations=RELATED, term="Fatigue", item="1"):
    """An adverse event so many days after treatment began (or on a partial date)."""
    when = TREATED + timedelta(days=day) if isinstance(day, int) else day
    return lambda world, who: adverse(world, who, when, item, term=term, grade=grade, relations=relations)


def died(day):
    when = TREATED + timedelta(days=day) if isinstance(day, int) else day
    recorded = TREATED + timedelta(days=100)
    return lambda world, who: world.entered(who, recorded, "death", {"died": str(when), "cause": "breast_cancer"})


def both(*told):
    return lambda world, who: [one(world, who) for one in told]


def second_course(day):
    return lambda world, who: irradiated(world, who, TREATED + timedelta(days=day), "2")


def withdrew(day):
    return lambda world, who: world.add("consent_withdrawn", who, TREATED + timedelta(days=day), {})


CASES = [
    ("nothing happened, and the time is over", TOXICITY, both(), LATE, "free"),
    ("the last day of the time", TOXICITY, both(), TREATED + timedelta(days=90), "free"),
    ("a day before that", TOXICITY, both(), TREATED + timedelta(days=89), "open"),
    ("grade 3, related", TOXICITY, event(), LATE, "event"),
    ("grade 5, related", TOXICITY, event(grade=5), LATE, "event"),
    ("grade 2", TOXICITY, event(grade=2), LATE, "free"),
    ("on the day of treatment", TOXICITY, event(day=0), LATE, "event"),
    ("the day before treatment", TOXICITY, event(day=-1), LATE, "free"),
    ("on day 90", TOXICITY, event(day=90), LATE, "event"),
    ("on day 91", TOXICITY, event(day=91), LATE, "free"),
    ("on day 91, and 1 after a second course", TOXICITY, both(second_course(90), event(day=91)), LATE, "event"),
    ("in a month within the time", TOXICITY, event(day="2026-03"), LATE, "event"),
    ("in a month that may be after the time", TOXICITY, event(day="2026-05"), LATE, "open"),
    ("no grade", TOXICITY, event(grade=None), LATE, "open"),
    ("related to something else", TOXICITY, event(relations=(("metastasis_radiation", "unlikely"),)), LATE, "free"),
    ("not rated for what was given", TOXICITY, event(relations=(("disease", "definite"),)), LATE, "open"),
    ("nothing is rated", TOXICITY, event(relations=()), LATE, "open"),
    ("an open event beside one that counts", TOXICITY, both(event(grade=None), event(item="2")), LATE, "event"),
    ("died before the time was over", TOXICITY, died(40), TREATED + timedelta(days=120), "free"),
    ("left before the time was over", TOXICITY, withdrew(40), LATE, "left"),
    ("left after it", TOXICITY, withdrew(95), LATE, "free"),
    ("had the event, then left", TOXICITY, both(event(), withdrew(40)), LATE, "event"),
    ("died on day 30", DEATH, died(30), LATE, "event"),
    ("died on day 31", DEATH, died(31), LATE, "free"),
    ("died in a month that holds both", DEATH, died("2026-03"), LATE, "open"),
    ("pneumonitis, whatever it is related to", PNEUMONITIS, event(term="Pneumonitis", relations=()), LATE, "event"),
    ("another term", PNEUMONITIS, event(term="Nausea", relations=()), LATE, "free"),
]


@pytest.mark.parametrize(("rule", "tell", "on", "expected"), [one[1:] for one in CASES], ids=[one[0] for one in CASES])
def test_where_a_person_stands(rule, tell, on, expected):
    assert state(rule, tell, on) == expected


def test_who_was_not_treated_is_not_watched():
    world = activated()
    randomized(world, ("P-1", "s1"), START, "local")
    assert watched(world.analysis(LATE), TOXICITY) == ()


def test_people_come_in_the_order_of_their_treatment_and_an_event_names_its_entry():
    world = activated()
    treated(world, 1, TREATED + timedelta(days=9))
    event(day=30)(world, treated(world, 2))
    analysis = world.analysis(LATE)
    first, second = watched(analysis, TOXICITY)
    assert (first.subject, first.state, second.subject) == ("P-2", "event", "P-1")
    (seq,) = first.seqs
    assert analysis.cut.history.entry(seq).body["form"] == "adverse_event"


def people(states):
    """People by one letter each: e, f, o, l."""
    names = {"e": "event", "f": "free", "o": "open", "l": "left"}
    return [Watched(f"P-{n}", START, names[one], (n,)) for n, one in enumerate(states, start=1)]


def decided(states, looks=(4, 8)):
    """Of a rule that stops with 3 of 4 or 4 of 8, by its exact bounds."""
    boundary = replace(TOXICITY.boundary, error=TOXICITY.boundary.error * 4)  # 20 %
    found = standing(replace(TOXICITY, looks=looks, boundary=boundary, more_than=TOXICITY.more_than), people(states))
    assert [look.bound for look in found.looks] == [Bound(4, 3), Bound(8, 4)]
    return [look.decided for look in found.looks], found.decided


NOT_YET = "not yet evaluable"
LOOKS = [
    ("", NOT_YET, NOT_YET),
    ("ee", NOT_YET, NOT_YET),
    ("eee", "met", NOT_YET),  # decided before the fourth
    ("eeoo", NOT_YET, NOT_YET),
    ("eeof", NOT_YET, NOT_YET),
    ("eeff", "not met", NOT_YET),
    ("ff", "not met", NOT_YET),  # two of the first four have none, so three cannot
    ("elee", "met", NOT_YET),  # whoever left is passed over
    ("eelfe", "met", NOT_YET),  # and the next one counts instead
    ("eeffee", "not met", "met"),
    ("efffffff", "not met", "not met"),
    ("ffffeeeeeeee", "not met", "met"),
    ("fffff", "not met", "not met"),
]


@pytest.mark.parametrize(("states", "first", "second"), LOOKS, ids=[one[0] or "nobody" for one in LOOKS])
def test_a_look_is_decided_as_soon_as_nobody_can_change_it(states, first, second):
    looks, whole = decided(states)
    assert looks == [first, second]
    assert whole == ("met" if "met" in looks else "not met" if "not met" in looks else NOT_YET)


def test_a_rule_that_is_met_says_who_must_act_and_shows_the_people():
    world = activated()
    for number in range(1, 9):
        who = treated(world, number)
        if number != 3:
            event()(world, who)
    section = stopping_section(world.analysis(LATE))
    (said,) = [one for one in section.says if one.startswith(TOXICITY.label)]
    assert said.startswith(f"{TOXICITY.label}: met; 7 events in 8 people of the look at 10; it stops with 7.")
    assert said.endswith(f"Who must act: {TOXICITY.act}. {TOXICITY.does}")
    table, _ = section.parts
    look = next(row for row in table.rows if row.id == "local_toxicity_10")
    assert [cell.text for cell in look.cells] == ["8", "7", "0", "7 or more", "met", TOXICITY.act]
    assert {one.subject for one in look.cells[1].behind} == {f"P-{n}" for n in (1, 2, 4, 5, 6, 7, 8)}
    assert all(one.by_arm for one in section.parts)


def test_every_rule_stands_in_the_table_and_the_operating_characteristics_say_the_tolerated_rate():
    world = activated()
    treated(world)
    section = stopping_section(world.analysis(LATE))
    rules, operating = section.parts
    assert {row.id for row in rules.rows if not row.cells} == set(RULES)
    assert len({row.id for row in rules.rows}) == len(rules.rows)
    (row,) = [one for one in operating.rows if one.label == "25.0 % (tolerated)"]
    assert dict(row.cells[4].values)["probability"] <= 0.05
    assert section.says[0] == "Efficacy: not yet evaluable; the first look is at 50 events."


def deaths(control, other):
    """Sixty people in each arm, so many of whom die within four months."""
    world = activated()
    for number in range(120):
        arm = PROTOCOL.arms[number % 2].id
        who = (f"P-{number}", "s1")
        randomized(world, who, START, arm, number)
        row = {"lesion": "M1", "site": "liver", "nature": "solid", "size": 20, "followed": "target", "method": "ct"}
        world.entered(who, START, "lesions", {"imaged": START.isoformat(), "lesions": [row]}, visit="baseline")
        if number // 2 < (control if arm == PROTOCOL.design.control else other):
            day = START + timedelta(days=40 + number // 2)
            world.entered(who, day, "death", {"died": day.isoformat(), "cause": "breast_cancer"})
        else:
            day = add_months(START, 6)
            seen = [{"lesion": "M1", "seen": "measured", "size": 20}]
            world.entered(who, day, "scan", {"imaged": day.isoformat(), "complete": True, "lesions": seen})
    return stopping_section(world.analysis(LATE))


def test_efficacy_is_met_by_the_bound_of_the_design_at_the_events_that_there_are():
    met, even = deaths(55, 5), deaths(30, 28)
    row = next(row for row in met.parts[0].rows if row.id == "efficacy_look")
    assert row.label == "Look 1 of 2"
    assert row.cells[1].text == "60 of 100 planned"
    assert len(row.cells[1].behind) == 60
    numbers = dict(row.cells[3].values)
    assert numbers["z"] > numbers["bound"] > 2
    assert met.says[0].startswith("Efficacy: met; z is ")
    assert RULES["efficacy"].does in met.says[0]
    assert even.says[0].startswith("Efficacy: not met; z is ")


def test_a_study_without_rules_says_so():
    world = activated()
    treated(world)
    analysis = world.analysis(LATE)
    without = replace(analysis, protocol=replace(analysis.protocol, monitoring=None))
    assert stopping_section(without).says == ("The protocol names no stopping rules (monitoring.yaml).",)
