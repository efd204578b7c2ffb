"""Treatment as tables: what is entered, and where it stands then. Randomized on 2026-07-01."""

from tests.treatment_entries import resection, sbrt, untreated

COMPLETE, OPEN, CLOSED = "complete", "open", "closed with a reason"
SHORT = {"delivered_gy": "30", "delivered_fractions": "2"}

# what is entered about a metastasis, its state, since when, in a sentence
LESIONS = [
    ([], OPEN, "2026-07-01", "nothing is recorded: open since randomization"),
    ([sbrt], COMPLETE, "2026-09-18", "radiation is complete on the day of its last fraction"),
    ([resection], COMPLETE, "2026-09-21", "resection is complete on its day"),
    ([untreated], CLOSED, "2026-09-01", "a documented reason closes it"),
    ([lambda who: sbrt(who, ended=None)], OPEN, "2026-09-14", "a course that runs is open since it began"),
    ([lambda who: sbrt(who, **SHORT)], OPEN, "2026-09-18", "a course cut short without a reason is open"),
    (
        [lambda who: sbrt(who, stopped_because="toxicity", **SHORT)],
        CLOSED,
        "2026-09-18",
        "a course cut short for a reason is closed, not complete",
    ),
    ([lambda who: sbrt(who, delivered_gy="42.75")], COMPLETE, "2026-09-18", "95 % of the dose is delivered"),
    ([lambda who: sbrt(who, delivered_gy="42.74")], OPEN, "2026-09-18", "a little less is not"),
    ([sbrt, resection], COMPLETE, "2026-09-18", "treated twice, it is complete from the first time"),
    ([untreated, sbrt], COMPLETE, "2026-09-18", "a reason that was overcome does not count"),
    ([sbrt, lambda who: untreated(who, decided="2026-10-01")], COMPLETE, "2026-09-18", "nor does one given afterwards"),
    ([lambda who: sbrt(who, **SHORT), resection], COMPLETE, "2026-09-21", "resection completes what radiation did not"),
    (
        [lambda who: sbrt(who, **SHORT), lambda who: untreated(who, decided="2026-09-18")],
        CLOSED,
        "2026-09-18",
        "a reason on the day on which a course fell short closes it",
    ),
    (
        [lambda who: untreated(who, decided="2026-09-01"), lambda who: sbrt(who, ended=None)],
        OPEN,
        "2026-09-14",
        "a course begun after the reason opens it again",
    ),
]

# why a second regimen was begun, the line that the site says, the line that it is, in a sentence
LINES = [
    ("toxicity", None, 1, "a switch for side effects stays within its line"),
    ("availability", None, 1, "so does one for availability"),
    ("maintenance", None, 1, "planned maintenance"),
    ("participant", None, 1, "the participant's wish"),
    ("other", None, 1, "another reason"),
    ("progression", None, 2, "progression begins a line"),
    ("toxicity", "2", 2, "a line that is said is believed"),
    ("progression", "2", 2, "said and derived agree"),
    ("progression", "3", 3, "a higher line than the next is believed too"),
    ("progression", "1", 2, "a lower one than the reason makes it is not, and is asked about"),
    ("maintenance", "1", 1, "the same line may be said"),
]
