"""Local treatment of metastases: laws over made-up records, against a slow reference that reads the statements anew."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.conduct import treatment
from evenhand.conduct.forms import FORM_ENTERED, read_typed
from evenhand.record import Event, append
from tests.conduct_help import BY, RANDOMIZED_ON, participant

LABELS = ("M1", "M2", "M3")
AT = datetime(2028, 1, 1, 9, tzinfo=UTC)


def day(number):
    return RANDOMIZED_ON + timedelta(days=number)


def rows(labels):
    return [{"lesion": label} for label in labels]


def course(labels, number, percent=None, because=None):
    """A course that began on a day and ended the day after with so much of its dose; None: it runs."""
    typed = {"course": f"S{number}", "lesions": rows(labels), "site": "liver", "started": str(day(number))}
    typed |= {"planned_gy": "50", "planned_fractions": "5"}
    if percent is not None:
        typed |= {"ended": str(day(number + 1)), "delivered_gy": str(percent / 2), "delivered_fractions": "5"}
    return "metastasis_radiation", typed | ({"stopped_because": because} if because else {})


def resection(labels, number):
    return "metastasis_resection", {"performed": str(day(number)), "operation": "x", "lesions": rows(labels)}


def untreated(labels, number):
    return "metastasis_untreated", {"decided": str(day(number)), "because": "participant", "lesions": rows(labels)}


def recorded(statements):
    """A participant's record after these forms; they go straight into it, so that many can be tried."""
    who = participant("local")
    events = []
    for number, (form, typed) in enumerate(statements, start=1):
        asked = who.protocol.plan.forms[form]
        read = read_typed(asked, typed)
        assert not read.faults, read.faults
        body = {"form": form, "item": str(number), "visit": None, "values": read.values, "unless": {}, "not_done": None}
        events.append(Event(FORM_ENTERED, who.subject, date.fromisoformat(typed[asked.day]), body))
    return replace(who, history=who.history.extend(append(who.history, events, by=BY, at=AT)))


SOME = st.lists(st.sampled_from(LABELS), min_size=1, max_size=3, unique=True)
NUMBERS = st.integers(0, 20)
PERCENTS = st.one_of(st.none(), st.sampled_from([0, 50, 94, 95, 100]))
STATEMENTS = st.lists(
    st.one_of(
        st.builds(course, SOME, NUMBERS, PERCENTS),
        st.builds(lambda labels, number: course(labels, number, 50, "toxicity"), SOME, NUMBERS),
        st.builds(resection, SOME, NUMBERS),
        st.builds(untreated, SOME, NUMBERS),
    ),
    max_size=5,
)
TRIES = settings(max_examples=60)


def stands(statements):
    who = recorded(statements)
    return treatment.metastases(who.protocol, who.known, LABELS)


def states(statements):
    return {label: (one.state, one.on) for label, one in stands(statements).by_label.items()}


# ---- the slow reference ------------------------------------------------------------------------------


def what(form, typed):
    """What one form says about its lesions: a state and a day."""
    if form == "metastasis_untreated":
        return "closed with a reason", date.fromisoformat(typed["decided"])
    if form == "metastasis_resection":
        return "complete", date.fromisoformat(typed["performed"])
    if "ended" not in typed:
        return "open", date.fromisoformat(typed["started"])
    ended = date.fromisoformat(typed["ended"])
    if float(typed["delivered_gy"]) >= 47.5:
        return "complete", ended
    return ("closed with a reason" if "stopped_because" in typed else "open"), ended


def slowly(statements, label):
    """Day by day: completed treatment ends the story; otherwise what was said last, a reason before what is open."""
    said = [what(form, typed) for form, typed in statements if {"lesion": label} in typed["lesions"]]
    for number in range(40):
        if ("complete", day(number)) in said:
            return "complete", day(number)
    for number in reversed(range(40)):
        for state in ("closed with a reason", "open"):
            if (state, day(number)) in said:
                return state, day(number)
    return "open", RANDOMIZED_ON


@TRIES
@given(STATEMENTS)
def test_every_lesion_stands_as_the_slow_reference_says(statements):
    assert states(statements) == {label: slowly(statements, label) for label in LABELS}


# ---- laws --------------------------------------------------------------------------------------------


@TRIES
@given(STATEMENTS)
def test_every_lesion_is_in_exactly_one_state(statements):
    found = stands(statements)
    assert tuple(found.by_label) == LABELS
    settled = {label for label, one in found.by_label.items() if one.settled}
    assert settled | set(found.open) == set(LABELS)
    assert not settled & set(found.open)
    assert found.unknown == {}


@TRIES
@given(STATEMENTS.filter(lambda given: len(given) <= 3))
def test_the_order_of_entry_does_not_matter(statements):
    assert len({tuple(sorted(states(list(turned)).items())) for turned in permutations(statements)}) == 1


@TRIES
@given(STATEMENTS, SOME, NUMBERS)
def test_completed_treatment_stays_complete_whatever_is_said(statements, labels, number):
    before, after = states(statements), states([*statements, untreated(labels, number)])
    for label in LABELS:
        if before[label][0] == "complete" or label not in labels:
            assert after[label] == before[label]


@TRIES
@given(STATEMENTS, NUMBERS)
def test_treating_everything_completes_everything(statements, number):
    found = states([*statements, resection(LABELS, number)])
    assert {state for state, _ in found.values()} == {"complete"}
    assert all(on <= day(number) for _, on in found.values())


@TRIES
@given(STATEMENTS)
def test_the_whole_is_complete_when_its_last_part_is(statements):
    who = recorded(statements)
    found = treatment.local_therapy(who.protocol, who.known, LABELS)
    assert found.complete_on is None  # surgery and locoregional radiation are open
    lesions = found.lesions.by_label.values()
    assert (found.lesions.open == ()) == all(one.settled for one in lesions)
    treated = [form for form, _ in statements if form != "metastasis_untreated"]
    assert (found.begun is None) == (not treated)


@TRIES
@given(STATEMENTS)
def test_a_label_is_unknown_exactly_when_it_is_not_asked_for(statements):
    who = recorded(statements)
    named = {row["lesion"] for _, typed in statements for row in typed["lesions"]}
    found = treatment.metastases(who.protocol, who.known, ["M1"])
    assert set(found.unknown) == named - {"M1"}
    assert all(found.unknown.values())
