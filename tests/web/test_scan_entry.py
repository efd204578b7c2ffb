"""Entering a scan: a row for each lesion, the sizes to compare with, treated lesions, and the proposed response."""

from datetime import timedelta

import pytest
from django.conf import settings

from evenhand.web import store
from tests.web.desks_help import Made, Somebody, ago, count, entries, fields_of, form_of, text

FORM = {"form": "scan"}
ROWS = ("f.lesions.0.lesion", "f.lesions.1.lesion")
SCANNED = {"f.complete": "yes", "f.lesions.0.size": "12", "f.lesions.1.seen": "present"}


@pytest.fixture
def made(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    return Made()


@pytest.fixture
def subject(made):
    subject = made.participant(arm="usual")
    made.lesions(subject)
    made.scan(subject, ago(110), "follow_up.1", size="14")
    made.keep()
    return subject


@pytest.fixture
def carl(subject):
    return Somebody("carl")


def shows(somebody, subject, **changes):
    """The page for a new scan, once these answers were given."""
    first = somebody.sees("scan", "?visit=follow_up.2", subject=subject, **FORM)
    if not changes:
        return first
    sent = form_of(first) | changes | {"again": "1"}
    return somebody.posts("scan", sent, "?visit=follow_up.2", subject=subject, **FORM)


def records(somebody, subject, **changes):
    sent = SCANNED | {"f.imaged": ago(5).isoformat()} | changes
    return somebody.fills("scan", sent, "?visit=follow_up.2", subject=subject, **FORM)


def test_each_lesion_has_its_row_and_its_sizes_beside_it(carl, subject):
    answer = shows(carl, subject)
    typed = form_of(answer)
    assert [typed[name] for name in ROWS] == ["M1", "M2"]
    assert typed["f.lesions.0.seen"] == "measured"
    shown = text(answer)
    for words in ("Liver", "target", "Baseline 20 mm", "Last 14 mm", "Smallest 14 mm", "non-target"):
        assert words in shown, words


def test_sizes_are_those_before_the_day_of_the_scan(carl, subject):
    shown = text(shows(carl, subject, **{"f.imaged": ago(150).isoformat()}))
    assert "Baseline 20 mm" in shown
    assert "14 mm" not in shown


def test_a_scan_is_recorded_and_its_response_proposed_with_reasons(carl, subject):
    answer = records(carl, subject, **{"f.lesions.0.size": "12"})
    assert answer.status_code == 302, text(answer)
    entry = entries(subject)[-1]
    assert answer["Location"].endswith(f"/entries/{entry.seq}/response")
    assert [(row["lesion"], row["seen"]) for row in entry.rows("lesions")] == [("M1", "measured"), ("M2", "present")]
    shown = text(carl.client.get(answer["Location"]))
    for words in ("PR: partial response", "RECIST 1.1", "12 mm", "Sum of targets", "The response of"):
        assert words in shown, words


def test_growth_beyond_the_smallest_sum_is_proposed_as_progression(carl, subject):
    answer = records(carl, subject, **{"f.lesions.0.size": "21"})
    assert "PD: progression" in text(carl.client.get(answer["Location"]))


def test_a_new_lesion_is_repeated_at_the_next_scan(carl, subject):
    new = {"lesion": "X1", "site": "lung", "certainty": "equivocal"}
    sent = {"rows.new_lesions": "1", **{f"f.new_lesions.0.{name}": value for name, value in new.items()}}
    assert records(carl, subject, **sent).status_code == 302
    typed = form_of(carl.sees("scan", "?visit=unscheduled.1", subject=subject, **FORM))
    assert (typed["f.new_lesions.0.lesion"], typed["f.new_lesions.0.site"]) == ("X1", "lung")
    assert typed["f.new_lesions.0.certainty"] == ""  # what is doubtful has to be said anew


FAULTS = [
    ({"f.lesions.0.size": ""}, "It is said to be measured: give its size"),
    ({"f.lesions.1.seen": ""}, "Seen as in row 2 of Lesions of baseline is missing"),
    ({"f.lesions.0.size": "big"}, "is no number"),
    ({"f.lesions.0.seen": "merged"}, "A lesion has a size and is said to be absent, merged or not assessed"),
    ({"f.complete": ""}, "is missing"),
]


@pytest.mark.parametrize(("changes", "words"), FAULTS)
def test_a_fault_is_said_and_nothing_typed_is_lost(carl, subject, changes, words):
    before = count()
    answer = records(carl, subject, **changes)
    assert (answer.status_code, count()) == (200, before)
    assert words in text(answer)
    assert form_of(answer)["f.lesions.0.lesion"] == "M1"


def test_a_correction_shows_what_stands_and_compares_with_what_was_before(carl, subject):
    seq = entries(subject)[-1].seq
    page = carl.sees("correct-scan", subject=subject, seq=seq)
    typed = form_of(page)
    assert (typed["f.lesions.0.size"], typed["rows.lesions"]) == ("14", "2")
    assert "Last" not in text(page)
    sent = typed | {"f.lesions.0.size": "16", "reason": "measured anew"}
    assert carl.posts("correct-scan", sent, subject=subject, seq=seq).status_code == 302
    assert entries(subject)[-1].rows("lesions")[0]["size"] == 16


def test_an_irradiated_lesion_is_marked_and_read_by_the_policy(made):
    subject = made.participant(arm="local")
    made.lesions(subject)
    made.irradiates(subject, made.begun + timedelta(days=30), "M1")
    made.keep()
    answer = shows(Somebody("carl"), subject)
    shown = text(answer)
    for words in ("irradiated", "left out of the sums", "Growth of 20 % and 5 mm", "56 days later, PET or a biopsy"):
        assert words in shown, words
    assert "f.lesions.0.pet" in fields_of(answer)


def test_without_lesions_at_baseline_the_page_says_so(made):
    subject = made.participant(arm="usual")
    made.keep()
    carl = Somebody("carl")
    assert "The lesions at baseline are not entered yet" in text(shows(carl, subject))


def test_a_struck_scan_proposes_nothing(carl, subject):
    seq = entries(subject)[-1].seq
    carl.fills("strike-entry", {"reason": "another person's"}, subject=subject, seq=seq)
    assert "struck out, so it proposes nothing" in text(carl.sees("scan-response", subject=subject, seq=seq))


def test_an_entry_that_is_no_scan_has_no_proposal(carl, subject):
    seq = next(entry.seq for entry in entries(subject) if entry.form.id == "lesions")
    assert carl.sees("scan-response", subject=subject, seq=seq).status_code == 404
    assert store.current("nct07053085").entry(seq).kind == "form_entered"


NEW = {
    "rows.new_lesions": "1",
    "f.new_lesions.0.lesion": "N1",
    "f.new_lesions.0.site": "distant_node",
    "f.new_lesions.0.certainty": "by_rule",
}


def test_the_certainty_of_a_node_that_grew_can_be_left_to_the_rules(carl, subject):
    refused = records(carl, subject, **NEW)
    assert refused.status_code == 200
    assert "neither the growth of a node nor a positive PET is described" in text(refused)
    grown = NEW | {"f.new_lesions.0.grew_from": "6", "f.new_lesions.0.size": "12"}
    answer = records(carl, subject, **grown)
    shown = text(carl.client.get(answer["Location"]))
    assert "N1: new beyond doubt, by the rules: a lymph node of 6 mm that is 12 mm now" in shown
    assert "PD" in shown


def test_a_word_that_differs_from_the_rules_is_asked_about_at_once(carl, subject):
    doubtful = {"f.new_lesions.0.certainty": "equivocal", "f.new_lesions.0.pet": "positive"}
    answer = records(carl, subject, **NEW | doubtful | {"f.new_lesions.0.pet_before": "negative"})
    assert "N1 is entered as doubtful; FDG-PET positive, at baseline negative" in text(carl.client.get(answer.url))
