"""Tables of adverse events and a plain recount from the record's entries agree on any small trial."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.analysis.safety import safety_sections
from evenhand.record import Event, append
from tests.conduct_help import BY, RANDOMIZED_ON, participant
from tests.generative.naive_safety import counted, worst_grades
from tests.tables_help import arms_exchanged, check_shape, parts, people, texts, world
from tests.treatment_entries import regimen, surgery

TERMS = ("Fatigue", "Nausea", "Dermatitis radiation", "Heart failure")
UNTIL = date(2029, 6, 1)
STARTS = {"usual": lambda: regimen(participant("usual"), "2026-03-01"), "local": lambda: surgery(participant("local"))}
DAYS = st.dates(RANDOMIZED_ON - timedelta(days=30), RANDOMIZED_ON + timedelta(days=400))
NEAR = st.integers(-2, 2).map(lambda days: RANDOMIZED_ON + timedelta(days=days))
YES_NO = st.booleans()


@st.composite
def adverse_events(draw):
    """The values of one event as the record holds them; every date is whole."""
    term, onset = draw(st.sampled_from(TERMS)), draw(DAYS | NEAR)
    steps = draw(st.lists(st.integers(0, 60), max_size=2, unique=True))
    days = [onset, *(onset + timedelta(days=step + 1) for step in sorted(steps))]
    course = [{"day": day.isoformat(), "grade": draw(st.integers(1, 5))} for day in days]
    values = {"term": term, "onset": onset.isoformat(), "outcome": "recovered", "course": course, "serious": False}
    values["attribution"] = [{"intervention": "disease", "relation": "unlikely"}]
    if draw(YES_NO):
        asked = ("death", "life_threatening", "hospitalized", "prolonged", "disability", "congenital", "important")
        values |= {name: draw(YES_NO) for name in asked} | {"serious": True, "aware": onset.isoformat()}
        if values["hospitalized"]:
            values["planned_admission"] = draw(YES_NO)
    return values


CONDITIONS = st.fixed_dictionaries({"term": st.sampled_from(TERMS), "grade": st.integers(1, 4)})
ONE = st.tuples(
    st.sampled_from(sorted(STARTS)),
    st.lists(CONDITIONS, max_size=1),
    st.lists(adverse_events(), max_size=4),
)


def recorded(arm, conditions, events):
    """A participant with these entries, written past the steps: any record may hold them."""
    who = STARTS[arm]()
    entries = [("baseline_condition", one) for one in conditions] + [("adverse_event", one) for one in events]
    given = [
        Event(
            "form_entered", who.subject, RANDOMIZED_ON, {"form": form, "item": str(place), "visit": None, "values": one}
        )
        for place, (form, one) in enumerate(entries, start=1)
    ]
    at = datetime.combine(UNTIL, time(12), UTC)
    return replace(who, history=who.history.extend(append(who.history, given, by=BY, at=at))) if given else who


@settings(max_examples=40)
@given(st.lists(ONE, min_size=1, max_size=4))
def test_a_plain_recount_agrees(drawn):
    analysis = world(*(recorded(*one) for one in drawn), until=UNTIL)
    arms = [one[0] for one in drawn]
    plain = [(one.person.subject, arm, one.person.known) for one, arm in zip(analysis.people, arms, strict=True)]
    found = parts(*safety_sections(analysis, by_arm=True))
    expected = counted(plain, RANDOMIZED_ON)
    for column, arm in enumerate(("usual", "local")):
        for row in ("any", "severe", "grade_4", "serious", "fatal", "before"):
            told = {name: list(seqs) for name, seqs in people(found["adverse_events"], row, column).items()}
            if row != "before":
                assert told == expected.get((row, arm), {}), (row, arm)
            else:
                assert set(told) == set(expected.get((row, arm), {}))
        grades = worst_grades(plain, RANDOMIZED_ON)
        table = found[f"adverse_event_grades_{arm}"]
        by_term = {row.label: row for row in table.rows if row.indent}
        assert set(by_term) == {term for term, of in grades if of == arm}
        for term, row in by_term.items():
            for grade in range(1, 6):
                names = {one.subject for one in row.cells[grade].behind}
                assert names == {name for name, worst in grades[term, arm].items() if worst == grade}
    pooled, exchanged = (safety_sections(one, by_arm=False) for one in (analysis, arms_exchanged(analysis)))
    assert pooled == exchanged
    for one in (*found.values(), *parts(*pooled).values()):
        if hasattr(one, "rows"):
            check_shape(one)
    whole = texts(parts(*pooled)["adverse_events"])
    assert whole["any"][0] == texts(found["adverse_events"])["any"][2]
