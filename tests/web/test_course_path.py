"""The way of a participant on the real server in real browsers: from randomization to determined progression."""

import re

import pytest

from evenhand.conduct.ending import ends_of
from evenhand.conduct.quality import queries
from evenhand.conduct.schedule import occurrences
from tests.eligible import PROTOCOL
from tests.web.course_path_help import Course, everybody, known, newest
from tests.web.desks_help import STUDY, today
from tests.web.store_help import verified

TREATED, SCANNED, AGAIN = 24, 91, 175  # days of the study
ILL = 170


@pytest.fixture
def made(database):
    return Course(days=200)


def test_from_randomization_to_progression_with_local_therapy(made, server, new_page):
    subject = made.participant(arm="local")
    made.keep()
    staff = everybody(new_page, server, subject, "radiation_oncologist", "surgeon")
    carl, clin = staff["coordinator"], staff["treating_clinician"]
    begins(made, carl)
    queried = treats(made, carl, staff["monitor"])
    operates(made, staff["surgeon"])
    irradiates(made, staff["radiation_oncologist"])
    sees_local_therapy_complete(carl)
    visits(made, carl, sizes={"M1": "14"}, seen={"M2": "present"}, gone=["P1"], response="NON-CR/NON-PD")
    falls_ill(made, carl, "lungs inflamed", "Pneumonitis", "metastasis_radiation")
    shows_the_clock(staff["data_manager"], "Pneumonitis")
    progresses(made, carl, clin, sizes={"M1": "14"}, seen={"M2": "present"}, new="N1")
    determines(made, clin, distant="yes")
    settles(staff["monitor"], staff["data_manager"], carl, queried)
    is_over(made, carl, clin)
    is_sound(staff["monitor"], subject)


def test_from_randomization_to_progression_with_usual_therapy(made, server, new_page):
    subject = made.participant(arm="usual")
    made.keep()
    staff = everybody(new_page, server, subject)
    carl, clin = staff["coordinator"], staff["treating_clinician"]
    begins(made, carl)
    queried = treats(made, carl, staff["monitor"])
    assert carl.about("participant").count("Local therapy") == 0
    sizes = {"P1": "18", "M1": "20"}
    visits(made, carl, sizes=sizes, seen={"M2": "present"}, gone=[], response="SD")
    falls_ill(made, carl, "fever low white cells", "Febrile neutropenia", "chemotherapy")
    shows_the_clock(staff["data_manager"], "Febrile neutropenia")
    progresses(made, carl, clin, sizes=sizes | {"M1": "40"}, seen={"M2": "present"})
    determines(made, clin, distant="yes")
    settles(staff["monitor"], staff["data_manager"], carl, queried)
    is_over(made, carl, clin)
    is_sound(staff["monitor"], subject)


# ---- treatment ---------------------------------------------------------------------------------


def begins(made, carl):
    """The first visit: the lesions as they stood before treatment."""
    assert "in follow-up" in carl.about("participant")
    carl.in_order(phone=True)
    carl.begins("Lesions at baseline", "First visit")
    carl.answers(imaged=made.day(-6))
    carl.rows(
        "lesions",
        {"lesion": "P1", "site": "breast", "nature": "solid", "size": "20", "method": "mri", "followed": "target"},
        {"lesion": "M1", "site": "liver", "nature": "solid", "size": "25", "method": "ct", "followed": "target"},
        {"lesion": "M2", "site": "vertebra", "nature": "never_measurable", "followed": "non_target"},
    )
    carl.in_order(phone=True)
    carl.records()
    assert len(newest(carl.subject, "lesions").rows("lesions")) == 3


def treats(made, carl, mona):
    """Systemic therapy, begun in the wrong year at first: a query opens by rule, and closes by the correction."""
    carl.begins("Systemic therapy")
    carl.answers(started=made.day(5), regimen="thp_hp", because="first_treatment")
    carl.rows("agents", *({"agent": one} for one in ("trastuzumab", "pertuzumab", "paclitaxel")), label="Drugs")
    assert "A query was opened: First treatment of metastatic disease cannot begin" in carl.records()
    carl.in_order()
    seq = newest(carl.subject, "systemic_therapy").seq
    assert "Asked by the rule ST2" in carl.about("form-entry", seq=seq)
    assert "First treatment of metastatic disease cannot begin" in mona.desk("quality")
    mona.in_order(phone=True)
    carl.chooses("Correct")
    carl.answers(started=made.day(-150))
    carl.page.get_by_label("Reason for the correction").fill("The first dose was given before registration")
    assert "A query was closed, since the data agree now" in carl.records("Record the correction")
    assert "closed: " in carl.reads()
    (query,) = [one for one in queries(known(carl.subject)) if one.check == "ST2"]
    assert (query.state, query.by_rule) == ("closed", True)
    return seq


def operates(made, sur):
    sur.begins("Surgery of the primary")
    sur.answers(
        performed=made.day(TREATED), procedure="breast_conserving", side="left", axilla="sentinel", nodes_examined="2",
        nodes_positive="0", margin="clear", pathology="residual", yp_t="t1", yp_n="n0",
    )  # fmt: skip
    sur.in_order(phone=True)
    sur.records()
    sur.signs_what_waits("Sign 1 entry")


def irradiates(made, rad):
    """The breast and the nodes, then every metastasis; all signed at once."""
    rad.begins("Locoregional radiation")
    rad.answers(course="R1", started=made.day(55), technique="vmat")
    dose = {"planned_gy": "40.05", "planned_fractions": "15", "delivered_gy": "40.05", "delivered_fractions": "15"}
    rad.rows("volumes", *({"volume": one, **dose} for one in ("breast", "axilla_1", "supraclavicular")))
    rad.answers(ended=made.day(75), sessions="15")
    rad.in_order()
    rad.records()
    for course, lesion, site, gray, day in (("S1", "M1", "liver", "45", 35), ("S2", "M2", "spine", "30", 42)):
        rad.begins("Radiation of a metastasis")
        rad.answers(course=course)
        rad.rows("lesions", {"lesion": lesion}, label="Metastases in the target")
        rad.answers(site=site, started=made.day(day), planned_gy=gray, planned_fractions="3", ended=made.day(day + 4))
        rad.answers(delivered_gy=gray, delivered_fractions="3")
        rad.records()
    rad.in_order(phone=True)
    rad.signs_what_waits("Sign 3 entries")


def sees_local_therapy_complete(carl):
    carl.about("participant")
    said = carl.reads("[aria-labelledby=local]")
    assert said.count("complete") >= 4, said
    assert "Metastasis M1" in said and "Metastasis M2" in said
    carl.in_order(phone=True)


# ---- visits ------------------------------------------------------------------------------------


def visits(made, carl, *, sizes, seen, gone, response):
    """The visit after 3 months, and its scan, whose rows are those of baseline that are still followed."""
    carl.begins("Visit", "Follow-up 1")
    carl.answers(date=made.day(SCANNED), way="in_person")
    carl.records()
    carl.begins("Scan", "Follow-up 1")
    for label in gone:
        assert f"{label} was resected on" in carl.reads()
    scans(made, carl, SCANNED, sizes, seen)
    carl.in_order(phone=True)
    carl.records()
    assert f"{response}:" in carl.reads("[aria-labelledby=overall]") + ":"
    carl.in_order()


def scans(made, carl, day, sizes, seen):
    """Fill in the rows that the page gives: one for each lesion followed, labels in place."""
    carl.answers(imaged=made.day(day), complete="yes")
    labels = carl.page.locator("input[type=hidden][name^='f.lesions.'][name$='.lesion']")
    rows = {labels.nth(one).input_value(): one for one in range(labels.count())}
    assert set(rows) == {*sizes, *seen}
    for label, size in sizes.items():
        carl.answers({f"lesions.{rows[label]}.seen": "measured", f"lesions.{rows[label]}.size": size})
    for label, what in seen.items():
        carl.answers({f"lesions.{rows[label]}.seen": what})


def falls_ill(made, carl, words, term, treatment):
    """A serious event, found by everyday words, of which the site knows since today."""
    carl.begins("Adverse event")
    carl.page.get_by_label("Search for the event").press_sequentially(words)
    carl.page.locator(f"[name=found][value='{words}']").wait_for(state="attached")
    carl.answers(term=term, onset=made.day(ILL), outcome="recovering")
    carl.answers({"course.0.day": made.day(ILL), "course.0.grade": "3"})
    relates(carl, treatment)
    carl.answers(treated="yes", serious="yes", death="no", life_threatening="no", hospitalized="yes")
    carl.answers(planned_admission="no", prolonged="no", disability="no", congenital="no", important="no")
    carl.answers(aware=f"{today():%d %b %Y}", expected="yes", narrative="Admitted, treated, better")
    carl.in_order(phone=True)
    assert "First report of a serious event: to the sponsor's safety desk by" in carl.records()


def relates(carl, treatment):
    """The page gives a row for each treatment that was given, and one for the cancer; one of them did it."""
    given = carl.page.locator("select[name^='f.attribution.'][name$='.intervention']")
    treatments = [given.nth(one).input_value() for one in range(given.count())]
    assert {treatment, "disease"} <= set(treatments)
    for row, one in enumerate(treatments):
        carl.answers({f"attribution.{row}.relation": "probable" if one == treatment else "unlikely"})


def shows_the_clock(dan, term):
    said = dan.desk("safety")
    for words in (term, "1 of them serious", "First report of a serious event", "admitted to hospital"):
        assert words.casefold() in said.casefold(), words
    assert re.search(r"\bhours? left\b", said.casefold())  # at the end of a day it is one hour, or less
    dan.in_order(phone=True)


# ---- progression -------------------------------------------------------------------------------


def progresses(made, carl, clin, *, sizes, seen, new=""):
    """The scan after 6 months shows it, and the page proposes progression."""
    carl.begins("Visit", "Follow-up 2")
    carl.answers(date=made.day(AGAIN), way="in_person")
    carl.records()
    carl.begins("Scan", "Follow-up 2")
    scans(made, carl, AGAIN, sizes, seen)
    if new:
        row = {"lesion": new, "site": "lung", "certainty": "unequivocal", "in_field": "no", "size": "12"}
        carl.rows("new_lesions", row, label="New lesions")
    carl.records()
    said = carl.reads()
    assert "PD: progression" in said and "missing" in carl.reads("[aria-labelledby=determined]")
    carl.in_order(phone=True)
    assert not ends_of(PROTOCOL, known(carl.subject)).over(today()), "a proposal ends nothing"
    assert "in follow-up" in clin.about("participant")
    assert "Follow-up 3" in clin.reads("[aria-labelledby=visits]")


def determines(made, clin, **where):
    """The clinician determines what was proposed; it counts once it is signed, with the password given again."""
    scan = newest(clin.subject, "scan").seq
    clin.about("scan-response", seq=scan)
    clin.chooses("Determine the response")
    clin.answers(assessed=made.day(AGAIN + 3), overall="pd", progressed="yes", progressed_on=made.day(AGAIN))
    clin.answers(basis="radiographic", local="no", regional="no", **where)
    clin.in_order()
    clin.records()
    assert "agrees, to be signed" in clin.about("scan-response", seq=scan)
    assert "in follow-up" in clin.about("participant"), "not signed yet"
    clin.chooses(re.compile(r"^Sign \d+ entries$"))
    clin.in_order(phone=True)
    assert clin.page.get_by_label("Password", exact=True).input_value() == ""
    clin.page.get_by_label("User name").fill(clin.name)
    clin.page.get_by_label("Password", exact=True).fill("not the password")
    button = clin.page.locator("main form button").last.inner_text()
    clin.presses(button)
    assert "The password is not the one of this user name. Nothing was recorded" in clin.reads()
    clin.signs(button)
    assert "agrees, signed" in clin.about("scan-response", seq=scan)
    clin.in_order()


def settles(mona, dan, carl, seq):
    """What was queried and corrected is compared with its source, and locked."""
    mona.about("form-entry", seq=seq)
    mona.chooses("Confirm against the source")
    mona.in_order()
    mona.presses("Confirm")
    assert "confirmed against the source" in mona.reads()
    dan.about("form-entry", seq=seq)
    dan.chooses("Lock")
    dan.in_order()
    dan.presses("Lock")
    dan.in_order(phone=True)
    assert "locked" in carl.about("form-entry", seq=seq)
    assert carl.page.get_by_role("link", name="Correct", exact=True).count() == 0


def is_over(made, carl, clin):
    """Follow-up has ended: the page says so, and no visit comes any more."""
    carl.begins("End of treatment or follow-up")
    carl.answers(ending="progression", ended=made.day(AGAIN))
    carl.records()
    clin.signs_what_waits("Sign 1 entry")
    said = carl.about("participant")
    assert "in follow-up" not in said
    assert re.search(r"State Progression\b.*Progression " + made.day(AGAIN).lstrip("0"), said), said[:600]
    assert "Follow-up 3" not in carl.reads("[aria-labelledby=visits]")
    carl.in_order(phone=True)
    subject = known(carl.subject)
    ends = ends_of(PROTOCOL, subject)
    later = [one for one in occurrences(PROTOCOL, subject, today(), ends) if one.id.startswith("follow_up.")][2:]
    assert later and {one.state for one in later} == {"cancelled"}
    carl.desk("participants", "?show=over")
    assert carl.page.locator("main").get_by_role("link", name=re.compile(".")).count() > 0
    carl.in_order(phone=True)


def is_sound(mona, subject):
    """The record is whole: by the page, and read and replayed anew from its lines."""
    assert verified().findings == ()
    mona.page.goto(f"{mona.home}/{STUDY}/record/verify")
    mona.page.get_by_role("button", name="Verify now").click()
    mona.page.locator("#result h2").wait_for()
    assert "The record is whole" in mona.reads("#result")
