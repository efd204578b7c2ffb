"""What is overdue at a cut, by site and by age."""

from datetime import timedelta

import pytest

from evenhand.analysis.monitoring import overdue_section
from evenhand.analysis.monitoring.overdue import KINDS, overdue
from evenhand.dates import add_months
from tests.monitoring_world import PROTOCOL, START, activated, randomized

WHO = ("P-1", "s1")
assert PROTOCOL.plan is not None
assert PROTOCOL.plan.schedule is not None
PLANNED = PROTOCOL.plan.schedule.visits["baseline"].forms


def world_of(*people):
    world = activated()
    for number, who in enumerate(people or (WHO,)):
        randomized(world, who, START, "usual", number)
    return world


def asked(world, who, day, text="why?"):
    body = {"form": "visit", "item": "1", "visit": "baseline", "path": "", "check": "", "text": text}
    world.add("query_opened", who, day, body, role="monitor")


def held(world, who, day, visit="baseline"):
    world.entered(who, day, "visit", {"date": day.isoformat(), "way": "in_person"}, visit=visit)


def kinds(world, on):
    return sorted(one.what for one in overdue(world.analysis(on)))


def row(world, on, what, site="all"):
    """The counts by age of a row."""
    (table,) = overdue_section(world.analysis(on)).parts
    (found,) = [one for one in table.rows if one.id == f"site_{site}_{what}"]
    return [dict(cell.values)["count"] for cell in found.cells]


def test_a_visit_is_overdue_after_the_last_day_of_its_window_and_not_before():
    world = world_of()
    last = START + timedelta(days=7)
    assert kinds(world, last) == []
    assert kinds(world, last + timedelta(days=1)) == ["visit"]


def test_a_visit_held_lacks_its_forms_and_what_is_entered_wants_its_signature():
    world = world_of()
    held(world, WHO, START)
    found = overdue(world.analysis(add_months(START, 2)))
    assert {one.what for one in found} == {"form"}
    assert sum("Lesions at baseline" in one.label for one in found) == 1
    assert len(found) == len(PLANNED) - 1
    values = {"assessed": START.isoformat(), "progressed": False, "overall": "sd"}
    world.entered(WHO, START, "response", values)
    (unsigned,) = [one for one in overdue(world.analysis(add_months(START, 2))) if one.what == "signature"]
    assert unsigned.since == START
    assert unsigned.behind.seqs


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, [1, 0, 0, 1]), (30, [1, 0, 0, 1]), (31, [0, 1, 0, 1]), (90, [0, 1, 0, 1]), (91, [0, 0, 1, 1])],
)
def test_an_age_is_counted_from_the_day_on_which_it_was_asked(days, expected):
    world = world_of()
    held(world, WHO, START)
    asked(world, WHO, START)
    assert row(world, START + timedelta(days=days), "unanswered", "s1") == expected


def test_an_answer_waits_to_be_closed_and_what_is_closed_waits_no_more():
    world = world_of()
    held(world, WHO, START)
    asked(world, WHO, START + timedelta(days=1))
    on = START + timedelta(days=5)
    (query,) = [one for one in overdue(world.analysis(on)) if one.what == "unanswered"]
    (seq,) = query.behind.seqs
    world.add("query_answered", WHO, START + timedelta(days=2), {"query": seq, "text": "so it is"})
    assert [one for one in kinds(world, on) if one != "form"] == ["answered"]
    world.add("query_closed", WHO, START + timedelta(days=3), {"query": seq, "how": "answered"})
    assert [one for one in kinds(world, on) if one != "form"] == []


def test_every_site_has_its_rows_and_all_of_them_add_up():
    world = world_of(("P-1", "s1"), ("P-2", "s2"), ("P-3", "s2"))
    on = add_months(START, 9)
    for what in KINDS:
        sums = [sum(pair) for pair in zip(row(world, on, what, "s1"), row(world, on, what, "s2"), strict=True)]
        whole = row(world, on, what)
        assert sums == whole
        assert sum(whole[:-1]) == whole[-1]
    assert row(world, on, "visit", "s2")[-1] == 2 * row(world, on, "visit", "s1")[-1] > 0
    (table,) = overdue_section(world.analysis(on)).parts
    (line,) = [one for one in table.rows if one.id == "site_s2_visit"]
    assert {one.subject for one in line.cells[-1].behind} == {"P-2", "P-3"}
    assert not table.by_arm


def test_one_site_has_no_row_of_all_and_nothing_overdue_is_said():
    section = overdue_section(world_of().analysis(START))
    assert section.says == ("Nothing is overdue, unsigned or asked.",)
    assert [row.label for row in section.parts[0].rows if not row.indent] == ["s1"]


def test_the_oldest_is_said_with_its_day_and_site():
    world = world_of()
    on = START + timedelta(days=10)
    (said,) = overdue_section(world.analysis(on)).says
    assert (
        said
        == "Visits of which nobody says whether they were held: 1, the oldest for 3 days (since 9 Feb 2026, at s1)."
    )
