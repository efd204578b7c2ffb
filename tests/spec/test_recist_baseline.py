"""Which lesions are followed as targets, what a reader may write down, and the states of a treated lesion."""

from datetime import date
from decimal import Decimal

import pytest

from evenhand.oncology.recist import (
    Baseline,
    Candidate,
    Change,
    LesionState,
    NewLesion,
    NonTargetState,
    Reading,
    Seen,
    Target,
    faults_of_changes,
    faults_of_choice,
    micrometres,
    propose,
    scan_of,
    size_of,
    state_on,
)

DAY, LATER = date(2026, 2, 2), date(2026, 4, 1)


def lesion(label, organ, size, nature="solid", **more):
    return Candidate(label, organ, nature, micrometres(size), "ct", micrometres(5), **more)


LIVER = [lesion("L1", "liver", 40), lesion("L2", "liver", 35), lesion("L3", "liver", 30)]
LUNG = [lesion("P1", "lung", 22), lesion("P2", "lung", 20)]
NODES = [lesion("N1", "axilla", 18, "node"), lesion("N2", "mediastinum", 17, "node"), lesion("N3", "neck", 16, "node")]
SMALL = [lesion("A1", "adrenal", 12), lesion("S1", "skin", 11)]


# ---- the proposal -----------------------------------------------------------------------------------

PROPOSALS = [
    ("one organ, two targets", LIVER, {"L1", "L2"}),
    ("all nodes are one organ", NODES, {"N1", "N2"}),
    ("each organ before a second lesion of one", LIVER + LUNG + NODES + SMALL, {"L1", "P1", "N1", "A1", "S1"}),
    ("then the largest seconds", LIVER + LUNG + NODES, {"L1", "P1", "N1", "L2", "P2"}),
    ("of equals the first label", [lesion(label, "liver", 20) for label in ("C", "B", "A")], {"A", "B"}),
    ("what cannot be measured again is no target", [lesion("L1", "liver", 40, reproducible=False), LIVER[2]], {"L3"}),
    ("nothing measurable", [lesion("L1", "liver", 9), lesion("N1", "axilla", 12, "node")], set()),
    ("nothing at all", [], set()),
]


@pytest.mark.parametrize(("sentence", "lesions", "targets"), PROPOSALS, ids=[case[0] for case in PROPOSALS])
def test_the_proposal(sentence, lesions, targets):
    selection = propose(lesions)
    assert set(selection.targets) == targets
    assert {choice.label for choice in selection.choices} == {one.label for one in lesions}
    assert all(choice.why for choice in selection.choices)
    assert faults_of_choice(lesions, selection.targets) == []


def test_every_choice_is_explained():
    lesions = [*LIVER, *NODES[:1], lesion("N9", "neck", 9, "node"), lesion("N8", "neck", 12, "node"),
               Candidate("B1", "bone", "never_measurable"), Candidate("X1", "lung")]  # fmt: skip
    said = {choice.label: (choice.role, choice.why) for choice in propose(lesions).choices}
    assert said == {
        "L1": ("target", "the largest of organ liver; 40 mm is 10 mm or more on CT"),
        "L2": ("target", "number 2 by size of organ liver; 35 mm is 10 mm or more on CT"),
        "L3": ("non-target", "measurable, but 2 larger ones of organ liver are targets"),
        "N1": ("target", "the largest of the lymph nodes; 18 mm is 15 mm or more on CT"),
        "N9": ("not recorded", "a normal node: a short axis of 9 mm is below 10 mm"),
        "N8": ("non-target", "pathological node: 12 mm is below 15 mm on CT"),
        "B1": ("non-target", "not measurable: disease of this kind has no diameter to follow"),
        "X1": ("non-target", "undetermined: its size is not recorded: record it"),
    }
    assert propose(lesions).open == ("X1",)
    assert set(propose(lesions).non_targets) == {"L3", "N8", "B1", "X1"}


def test_the_limit_of_five_is_named():
    said = {choice.label: choice.why for choice in propose(LIVER + LUNG + NODES + SMALL).choices}
    assert said["L2"] == "measurable, but 5 targets are larger or stand for other organs"


def test_a_site_may_choose_other_measurable_lesions():
    assert faults_of_choice(LIVER + NODES, ["L3", "N3"]) == []


@pytest.mark.parametrize(
    ("targets", "fault"),
    [
        (["L1", "L2", "L3"], "3 targets of liver: at most 2 of an organ (RECIST 1.1, 4.1.2)"),
        (["N1", "N2", "N3"], "3 targets of lymph nodes: at most 2 of an organ (RECIST 1.1, 4.1.2)"),
        (["L1", "L2", "P1", "P2", "N1", "A1"], "6 targets: at most 5 are followed (RECIST 1.1, 4.1.2)"),
        (["T9"], "T9 is no lesion of the baseline list"),
        (["F1"], "F1 cannot be a target: not measurable; 9 mm is below 10 mm on CT (RECIST 1.1, 4.1.1)"),
    ],
)
def test_what_a_choice_breaks_is_said(targets, fault):
    assert faults_of_choice([*LIVER, *LUNG, *NODES, *SMALL, lesion("F1", "skin", 9)], targets) == [fault]


# ---- readings ---------------------------------------------------------------------------------------

READINGS = [
    (Reading(Seen.MEASURED, (Decimal("12.5"),)), 12_500),
    (Reading(Seen.MEASURED, (7, 4)), 11_000),
    (Reading(Seen.MEASURED, (0,)), 0),
    (Reading(Seen.TOO_SMALL), 5_000),
    (Reading(Seen.TOO_SMALL, (3,)), 3_000),
    (Reading(Seen.ABSENT), 0),
    (Reading(Seen.NOT_ASSESSED), None),
    (Reading(Seen.MERGED, into="T2"), None),
]
CONTRADICTIONS = [
    (Reading(Seen.MEASURED), "no size is given"),
    (Reading(Seen.TOO_SMALL, (5,)), "5 mm or more"),
    (Reading(Seen.ABSENT, (5,)), "absent, but a size is given"),
    (Reading(Seen.NOT_ASSESSED, (5,)), "not assessed, but a size is given"),
    (Reading(Seen.MERGED, (5,), "T2"), "merged, but a size is given"),
    (Reading(Seen.MEASURED, (Decimal("1.0001"),)), "finer than 0.001 mm"),
]


@pytest.mark.parametrize(("reading", "size"), READINGS)
def test_what_a_reading_counts(reading, size):
    assert size_of(reading) == size


@pytest.mark.parametrize(("reading", "message"), CONTRADICTIONS)
def test_a_reading_that_contradicts_itself(reading, message):
    with pytest.raises(ValueError, match=message):
        size_of(reading)


BASE = Baseline(DAY, (Target("T1", 20_000), Target("T2", 10_000)), ("NT1", "NT2"))


def test_a_scan_is_in_the_order_of_the_baseline_and_silence_is_not_absence():
    readings = {"T2": Reading(Seen.MERGED, into="T1"), "T1": Reading(Seen.MEASURED, (30,))}
    new = (NewLesion("X", "equivocal"),)
    scan = scan_of(BASE, LATER, readings, {"NT2": NonTargetState.ABSENT}, new, searched=False)
    assert (scan.sizes, scan.merged) == ((30_000, None), {1: 0})
    assert scan.non_targets == (NonTargetState.NOT_ASSESSED, NonTargetState.ABSENT)
    assert (scan.new, scan.searched) == (new, False)
    assert scan_of(BASE, LATER, {}).sizes == (None, None)


@pytest.mark.parametrize(
    ("readings", "states", "message"),
    [
        ({"T9": Reading(Seen.ABSENT)}, {}, "T9: not at baseline"),
        ({}, {"T1": NonTargetState.ABSENT}, "T1: not at baseline"),
        ({"T1": Reading(Seen.MEASURED)}, {}, "T1: measured, but no size"),
        ({"T1": Reading(Seen.MERGED, into="NT1")}, {}, "T1: merged into NT1, which is no other target"),
        ({"T1": Reading(Seen.MERGED, into="T1")}, {}, "T1: merged into T1, which is no other target"),
        ({"T1": Reading(Seen.MERGED)}, {}, "T1: merged into nothing"),
        ({"T1": Reading(Seen.MERGED, into="T2"), "T2": Reading(Seen.MERGED, into="T1")}, {}, "circle"),
    ],
)
def test_a_scan_that_cannot_be(readings, states, message):
    with pytest.raises(ValueError, match=message):
        scan_of(BASE, LATER, readings, states)


# ---- states -----------------------------------------------------------------------------------------

P, PLANNED, IR, R, N = LesionState


def changes(*states):
    return [Change(date(2026, 3, 1 + number), state) for number, state in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "fault"),
    [
        ((PLANNED, IR), None),
        ((PLANNED, N), None),
        ((N, PLANNED, R), None),
        ((IR, PLANNED, IR), None),
        ((IR, R), None),
        ((R, IR), "irradiated on 2 Mar 2026 cannot follow resected: correct one of the two"),
        ((IR, N), "not treated on 2 Mar 2026 cannot follow irradiated: correct one of the two"),
    ],
)
def test_the_states_of_a_lesion(states, fault):
    assert faults_of_changes(changes(*states)) == ([] if fault is None else [fault])


def test_the_state_on_a_day():
    walk = changes(PLANNED, IR, PLANNED)
    days = (date(2026, 2, 28), date(2026, 3, 1), LATER)
    assert [state_on(walk, day) for day in days] == [P, PLANNED, IR]
