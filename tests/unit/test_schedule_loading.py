"""What a schedule file may get wrong, one thing at a time: refused with its place and a plain reason."""

import shutil
from pathlib import Path

import pytest

from evenhand.conduct.quality import sign_within
from evenhand.dates import Period
from evenhand.protocol import StudyError, load_protocol
from tests.studies_here import TINY

FORMS = {
    "visit": """
        title: Visit
        domain: SV
        reads: visit
        visits: true
        entered_by: [coordinator]
        day: date
        fields: {date: {kind: date, label: day, required: true}}
    """,
    "blood": """
        title: Blood
        domain: LB
        visits: true
        entered_by: [coordinator]
        fields: {taken: {kind: yes_no, label: taken}}
    """,
    "operation": """
        title: Operation
        domain: PR
        reads: surgery
        repeats: true
        entered_by: [surgeon]
        day: performed
        fields:
          performed: {kind: date, label: day}
          procedure: {kind: code, label: procedure, codes: {open: open}}
    """,
    "leaving": """
        title: Leaving
        domain: DS
        reads: disposition
        entered_by: [coordinator]
        day: ended
        fields:
          ending: {kind: code, label: what, codes: {moved: moved away}}
          ended: {kind: date, label: day}
    """,
}
SCHEDULE = """
phases: {start: Start}
entry_within: {period: days(10), assumed: a test}
coming_within: {period: days(30), assumed: a test}
visits:
  first:
    label: First
    phase: start
    arms: [leaflet]
    anchor: randomization
    window: {before: days(1), after: days(1)}
    forms: [visit, {form: blood, when: "any(o.performed <= visited for o in operation_entries)"}]
  rounds:
    label: Rounds
    phase: start
    anchor: {reads: [surgery], date: performed, which: first}
    offset: months(1)
    every: months(1)
    times: 3
    moves: nothing
    window: {before: days(13), after: days(14)}
    forms: [visit]
    until: {visit: last}
  last:
    label: Last
    phase: start
    anchor: {reads: [surgery], date: performed}
    offset: years(1)
    window: {}
    forms: [visit]
  call:
    label: Call
    phase: start
    anchor: {visit: rounds}
    offset: days(7)
    window: {}
    forms: [visit]
unscheduled: {forms: [visit], assumed: a test}
disposition:
  within: days(28)
  endings:
    moved:
      label: Moved away
      by: disposition
      ends: follow_up
      clause: design/1
      afterwards: {disposition: always, blood: days(30)}
    died: {label: Death, by: death, ends: follow_up, afterwards: {}}
"""


def written(tmp_path, text=SCHEDULE, forms=FORMS):
    study = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    folder = study / "v2" / "forms"
    folder.mkdir(exist_ok=True)
    for name, form in forms.items():
        (folder / f"{name}.yaml").write_text(f"id: {name}\n" + form.replace("\n        ", "\n"), "utf-8")
    (study / "v2" / "schedule.yaml").write_text(text, "utf-8")
    return study


def test_a_schedule_is_read(tmp_path):
    plan = load_protocol(written(tmp_path)).plan
    schedule = plan.schedule
    assert list(schedule.visits) == ["first", "rounds", "last", "call"]
    assert [visit.id for visit in schedule.in_order] == ["first", "last", "rounds", "call"]
    assert [visit.series for visit in schedule.visits.values()] == [False, True, False, True]
    assert schedule.visits["call"].occurrence(2) == "call.2"
    assert [check.id for check in schedule.conditions.checks] == ["first.blood"]
    assert schedule.endings.by_id["moved"].afterwards["disposition"] is None
    assert schedule.endings.by("death").id == "died"


BROKEN = [
    ("phase: start\n    arms", "phase: end\n    arms", "schedule.yaml:8:12: 'end' is none of the phases"),
    ("arms: [leaflet]", "arms: [other]", "schedule.yaml:9:11: 'other' is no arm: exercises, leaflet"),
    ("forms: [visit, {", "forms: [{", "nobody could say that it took place"),
    ("forms: [visit, {form: blood", "forms: [visit, {form: bloood", "'bloood' is no form"),
    ("unscheduled: {forms: [visit]", "unscheduled: {forms: [operation]", "'operation' is no form of visits"),
    ("o.performed <= visited", "o.performed <= seen", "rule: "),
    ("anchor: randomization", "anchor: someday", "Input should be 'randomization'"),
    ("anchor: randomization", "anchor: {visit: never}", "'never' is no visit of this schedule"),
    ("anchor: randomization", "anchor: {visit: first}", "it leads back to this visit"),
    ("anchor: {reads: [surgery], date: performed}\n", "anchor: {visit: call}\n", "it leads back to this visit"),
    ("anchor: randomization", "anchor: {reads: [scan], date: day}", "no form reads as 'scan'"),
    ("date: performed}", "date: procedure}", "the form operation has no date 'procedure'"),
    ("anchor: randomization", "anchor: {reads: [surgery]}", "an anchor names a `visit`, or the roles"),
    ("anchor: {visit: rounds}", "anchor: {visit: first}", "'first' is not planned in every arm of this visit"),
    ("until: {visit: last}", "until: {visit: call}", "it leads back to this visit"),
    ("offset: years(1)\n", "offset: years(1)\n    every: years(1)\n", "'last' repeats, so it names no one day"),
    ("every: months(1)", "every: months(0)", "it repeats after no time"),
    ("every: months(1)", "every: monthly", "'monthly' is no period: write days(28), months(3) or years(1)"),
    ("after: days(14)}", "after: days(15)}", "windows of neighbours overlap: they lie as little as 28 days apart"),
    ("window: {before: days(13), after: days(14)}", "window: {after: months(1)}", "windows of neighbours overlap"),
    ("moves: nothing\n    window: {before: days(13), after: days(14)}", "moves: later\n    window: tiled",
     "what moves cannot tile the calendar"),
    ("window: {before: days(1), after: days(1)}", "window: tiled", "only visits that repeat can tile the calendar"),
    ("window: {before: days(1), after: days(1)}", "window: {}\n    moves: later", "only visits that repeat have later"),
    ("window: {before: days(1), after: days(1)}", "window: {}\n    times: 3", "`times` belongs to visits that repeat"),
    ("offset: days(7)", "offset: days(7)\n    every: days(7)", "does not repeat besides"),
    ("  first:\n", "  unscheduled:\n", "'unscheduled' is the name of visits that were not planned"),
    ("  first:\n", "  First:\n", "String should match pattern"),
    ("clause: design/1", "clause: design/9", "'design/9' is no clause of study.yaml"),
    ("blood: days(30)", "bloood: days(30)", "'bloood' is neither a role of forms nor a form"),
    ("blood: days(30)", "blood: a month", "'a month' is no period"),
    ("by: death", "by: disposition", "no disposition form offers the code 'died'"),
    ("    moved:\n", "    gone:\n", "the form leaving offers the ending 'moved', which is not described here"),
    ("    died: {", "    perished: {label: Death, by: death, ends: follow_up, afterwards: {}}\n    died: {",
     "a second ending is told by 'death'"),
    ("within: days(28)", "within: soon", "'soon' is no period"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), BROKEN)
def test_a_fault_is_named_with_its_place(tmp_path, old, new, said):
    assert old in SCHEDULE, "the change has nothing to change"
    with pytest.raises(StudyError) as caught:
        load_protocol(written(tmp_path, SCHEDULE.replace(old, new, 1)))
    found = [fault for fault in caught.value.faults if said in fault]
    assert found, caught.value
    assert all(fault.startswith("schedule.yaml:") for fault in found)


def test_endings_need_a_form_that_says_them(tmp_path):
    forms = {name: form for name, form in FORMS.items() if name != "leaving"}
    with pytest.raises(StudyError, match="no form reads as 'disposition': nobody could say that somebody left"):
        load_protocol(written(tmp_path, forms=forms))


@pytest.mark.parametrize(("line", "days"), [("", 30), ("sign_within: {period: days(7), assumed: a test}\n", 7)])
def test_how_long_an_entry_may_wait_for_its_signature_is_data(tmp_path, line, days):
    protocol = load_protocol(written(tmp_path, SCHEDULE.replace("visits:\n", f"{line}visits:\n", 1)))
    assert sign_within(protocol) == Period(days, "days")
