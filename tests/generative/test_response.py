"""Responses from the record: made-up treatment and scans against the plain telling of RECIST, lesion by lesion."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.conduct.response import evaluation
from tests.generative.naive_recist import Seen, overall_responses
from tests.response_help import LIVER, LUNG, NODE, followed

START = date(2026, 8, 1)
LESIONS = (LIVER, LUNG, NODE)
NODES = {"M1": False, "M2": False, "N1": True}
SIZES = {lesion["lesion"]: int(lesion["size"]) for lesion in LESIONS}
sizes = st.sampled_from([0, 5, 8, 10, 12, 14, 16, 20, 24, 30]) | st.none()
worlds = st.tuples(
    st.lists(st.fixed_dictionaries(dict.fromkeys(SIZES, sizes)), min_size=1, max_size=4),
    st.fixed_dictionaries({label: st.none() | st.integers(0, 400) for label in ("M1", "M2")}),
)


def day(number):
    return START + timedelta(days=91 * number)


def record(scans, removed):
    """A participant of the arm with local treatment; lesions are removed on days counted from the start."""
    acts = [(day(number), "scan", seen) for number, seen in enumerate(scans)]
    acts += [(START + timedelta(days=days), "removal", label) for label, days in removed.items() if days is not None]
    person = followed("local", *LESIONS)
    for on, what, said in sorted(acts, key=lambda act: (act[0], act[1])):
        if what == "removal":
            person = person.resected(on, said)
        else:
            seen = {label: "absent" if size == 0 else size for label, size in said.items() if size is not None}
            person = person.scanned(on, {label: size for label, size in seen.items() if not gone(label, on, removed)})
    return person


def gone(label, on, removed):
    days = removed.get(label)
    return days is not None and START + timedelta(days=days) <= on


def expected(scans, removed):
    """Each scan with what is left by its day, and all scans before it read with just that."""
    answers = []
    for number in range(len(scans)):
        left = [label for label in SIZES if not gone(label, day(number), removed)]
        seen = [
            Seen(tuple(None if gone(label, day(place), removed) else scan[label] for label in left))
            for place, scan in enumerate(scans[: number + 1])
        ]
        baseline, nodes = tuple(SIZES[label] for label in left), tuple(NODES[label] for label in left)
        answers.append(overall_responses(baseline, nodes, seen)[-1])
    return answers


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(worlds)
def test_what_was_removed_counts_at_no_scan(world):
    scans, removed = world
    person = record(scans, removed)
    assert [point.overall for point in evaluation(*person.about).points] == expected(scans, removed)
