"""Lesions from first sight to last, and what is to be asked about them."""

from datetime import date

from evenhand.conduct.lesions import lives
from tests.response_help import LIVER, LUNG, Person, followed, month, overalls, row, says


def test_a_choice_that_is_not_as_proposed_needs_a_reason():
    small = {**LIVER, "size": "8"}
    assert says(followed("usual", LIVER)) == []
    assert says(followed("usual", {**LIVER, "followed": "non_target"})) == [
        "M1 is proposed as a target (the largest of organ liver; 20 mm is 10 mm or more on CT) and followed as "
        "non-target: why is not said."
    ]
    assert says(followed("usual", {**LIVER, "followed": "non_target", "because": "cystic"})) == []
    assert says(followed("usual", small)) == [
        "M1 cannot be a target: not measurable; 8 mm is below 10 mm on CT (RECIST 1.1, 4.1.1)."
    ]


def test_a_smaller_target_instead_of_a_larger_one_is_asked_about_on_both():
    three = [{**LIVER, "lesion": label, "size": size} for label, size in (("M1", "30"), ("M2", "25"), ("M3", "20"))]
    three[0]["followed"] = "non_target"
    assert [say.split(" is ")[0] for say in says(followed("usual", *three))] == ["M1", "M3"]


def test_metastases_of_registration_that_are_not_listed_are_asked_about():
    assert says(followed("usual", LUNG)) == [
        "M1 is a metastasis at registration and not in this list: is it there under another label?"
    ]


def test_rows_of_lesions_that_nobody_listed_are_asked_about():
    person = followed().scanned(month(1), {"M1": 20, "M7": 10})
    assert says(person) == ["M7 is no lesion of baseline; a lesion first seen later belongs to the new lesions."]
    assert lives(*person.about).unlisted == ("M7",)


def test_of_two_scans_of_a_day_the_later_entry_is_read():
    person = followed().scanned(month(1), {"M1": 20}).scanned(month(1), {"M1": 30})
    assert overalls(person) == ["PD"]
    (say,) = says(person)
    assert say.startswith("Another scan of the same day, entry ")


def test_a_second_list_is_not_read():
    given = followed().given.entered("lesions", on=month(1), visit="unscheduled.1", imaged="2026-07-20",
                                     lesions=[row(LUNG)])  # fmt: skip
    assert [life.label for life in lives(given.protocol, given.known).lesions] == ["M1"]
    assert says(Person(given)) == [
        "The lesions at baseline stand in the list of 20 Jun 2026; this second list is not read."
    ]


def test_states_that_cannot_follow_are_asked_about():
    person = followed("local", LIVER).irradiated(month(1), month(1, 10), "M1")
    person = person.treated("metastasis_untreated", month(2), decided=month(2).isoformat(), because="participant",
                            lesions=[{"lesion": "M1"}])  # fmt: skip
    assert says(person) == ["M1: not treated on 1 Sep 2026 cannot follow irradiated: correct one of the two."]


def test_a_lesion_is_known_from_first_sight_to_last():
    person = followed("local", LIVER).scanned(month(1), {"M1": 18}).irradiated(month(2), month(2, 10), "M1")
    person = person.scanned(month(5), {"M1": 9}, [{"lesion": "X1", "site": "lung", "size": "7"}])
    m1, x1 = lives(*person.about).lesions
    assert [(sight.day, sight.size, sight.seen) for sight in m1.sights] == [
        (date(2026, 6, 20), 20, "measured"), (month(1), 18, "measured"), (month(5), 9, "measured"),
    ]  # fmt: skip
    assert (m1.kind, m1.organ, m1.first_seen) == ("target", "liver", date(2026, 6, 20))
    assert (x1.kind, x1.organ, [sight.seen for sight in x1.sights]) == ("new", "lung", ["unequivocal"])
