"""The whole path on the real server in a real browser: from the entry of a candidate to the inspector's verdict."""

import io
import re

import pytest
from pypdf import PdfReader

from evenhand.cli.main import main
from evenhand.web import store
from tests.eligible import PROTOCOL, SECRET
from tests.web.candidate_help import address
from tests.web.trial_here import NORTH, PASSWORD, STUDY, Making
from tests.web.whole_path_help import Person, days_ago, file_of, last_entry

NAME, REASON = "Ada Example", "The chart of that day says ECOG 1, not 2"
LONG = "Dr Carl-Friedrich Example-Placeholder the Younger"  # a name that a narrow page must bear
BY_ARM = "Randomized by stratum and arm"


@pytest.mark.parametrize("each_database", ["postgresql"], indirect=True)
def test_from_the_entry_of_a_candidate_to_the_inspectors_verdict(each_database, server, new_page, tmp_path):
    Making(sites=(NORTH,)).keep()
    carl = Person(new_page(), server, "carl", "coordinator", NORTH, LONG).comes_in(looks=True)
    subject = enters_by_form(carl)
    other = enters_by_file(carl, file_of("clara", tmp_path))
    sees_what_is_missing(carl, subject, other)
    corrects(carl, subject)
    clinician_signs(Person(new_page(), server, "clin", "treating_clinician", NORTH).comes_in(), subject)
    pathologist_signs(Person(new_page(), server, "pat", "pathologist", NORTH).comes_in(), subject)
    radiation_oncologist_signs(Person(new_page(), server, "rad", "radiation_oncologist", NORTH).comes_in(), subject)
    takes_consent_and_registers(carl, subject)
    arm = randomizes_by_keyboard(carl, subject)
    prints(carl, subject, arm)
    statistician_sees_arms(Person(new_page(), server, "stat", "statistician").comes_in(), carl, subject)
    ines = Person(new_page(), server, "ines", "inspector").comes_in()
    finds_who_did_it(ines, subject)
    changes_nothing(ines, subject)
    verifies(ines, tmp_path, carl)


# ---- the coordinator ---------------------------------------------------------------------------


def enters_by_form(carl):
    """Who it is and what is known, but for the ECOG status; gives the subject."""
    assert "Nobody has been screened at your sites yet" in carl.reads()
    carl.in_order()
    carl.chooses("New candidate")
    for label, value in (("Number of the person", "4711"), ("Name", NAME), ("Date of birth", "17 May 1970")):
        carl.page.locator("#main").get_by_label(label).fill(value)
    carl.fills("primary_cancer", {"Type": "breast cancer"})
    lesion = {"Label of the lesion": "M1", "Site": "liver", "Way of confirmation": "pathology"}
    carl.fills("metastases", lesion, complete=True)
    seen = {
        "Date of imaging": days_ago(20),
        "Number of discrete metastases reported": "1",
        "Disease of the central nervous system seen": "no",
    }
    carl.fills("imaging", seen, complete=True)
    carl.fills("her2_tests", {"Specimen": "S1", "IHC score": "3"})
    carl.fills("estrogen_receptor", {"Estrogen receptor": "positive"})
    carl.fills("progesterone_receptor", {"Progesterone receptor": "negative"})
    carl.fills("first_line", {"First dose": days_ago(150)})
    carl.fills("disease_status", {"Date": days_ago(10), "Status": "stable"})
    for absent in ("systemic_therapy", "comorbidities", "prior_cancers"):
        carl.fills(absent, complete=True)
    carl.in_order()
    carl.presses("Record the candidate")
    carl.page.wait_for_url(re.compile(r"/candidates/S\d"))
    carl.in_order(phone=True)
    assert NAME in carl.title
    return carl.title.split()[0]


def enters_by_file(carl, path):
    """A second candidate, from an mCODE bundle that is looked at first; gives the subject."""
    carl.goes("new-candidate")
    carl.page.set_input_files("#id_file", str(path))
    carl.presses("Read the file")
    assert "HER2 tests by specimen" in carl.reads()
    carl.in_order()
    carl.presses("Record the candidate")
    carl.page.wait_for_url(re.compile(r"/candidates/S\d"))
    carl.in_order()
    return carl.title.split()[0]


def sees_what_is_missing(carl, subject, other):
    """The worklist tells what is missing and who must act, and leads there."""
    carl.goes("worklist")
    carl.in_order(phone=True)
    ahead, below = carl.line(subject).inner_text(), carl.line(other).inner_text()
    assert "ECOG performance status" in ahead and "Take consent" in ahead
    for job in ("Sign HER2-positive as determined", "Sign treatable by SBRT or resection (M1)", "no progression"):
        assert job in ahead, job
    assert "HER2" in below and "radiation oncologist" in below
    carl.chooses("ECOG", f"li.line:has-text('{subject}')")
    carl.fills("ecog", {"ECOG performance status": "2", "Day on which it was so": days_ago(10)})
    carl.in_order(phone=True)
    carl.presses("Record what is new")
    carl.page.wait_for_url(f"**{address('candidate', subject)}")
    assert "ECOG" not in carl.reads(".candidate-head")


def corrects(carl, subject):
    """What was mistyped is put right; why is asked for."""
    carl.chooses(re.compile("^Correct ECOG"))
    carl.page.get_by_label("ECOG performance status").select_option("1")
    carl.page.get_by_label("Reason for the correction").fill(REASON)
    carl.presses("Show what changes")
    carl.in_order()
    carl.presses("Record the correction")
    carl.page.wait_for_url(f"**{address('candidate', subject)}")
    assert last_entry("facts_recorded").reason == REASON


def takes_consent_and_registers(carl, subject):
    carl.waited_for(subject, "consent")
    carl.in_order()
    carl.signs("Sign and record consent")
    carl.page.wait_for_url(f"**{address('candidate', subject)}")
    assert "eligible" in carl.reads(".heads h2")
    carl.waited_for(subject, "the candidate")
    carl.in_order()
    carl.signs("Sign and register")
    carl.page.locator("h1", has_text="is registered as").wait_for()
    carl.in_order()


def randomizes_by_keyboard(carl, subject):
    """From the worklist to the arm without a mouse; gives the arm."""
    carl.goes("worklist")
    carl.tabs_to("the participant")
    carl.page.keyboard.press("Enter")
    carl.page.wait_for_url(f"**{address('randomize', subject)}")
    carl.in_order(phone=True)
    carl.tabs_to("User name")
    carl.page.keyboard.type(carl.name)
    carl.page.keyboard.press("Tab")
    carl.page.keyboard.type(PASSWORD)
    carl.tabs_to("Sign and randomize")
    carl.page.keyboard.press("Enter")
    carl.page.wait_for_url(f"**{address('allocation', subject)}")
    carl.in_order(phone=True)
    arm = carl.reads(".arm")
    assert arm == PROTOCOL.arm(last_entry("randomized").body["arm"]).label
    return arm


def prints(carl, subject, arm):
    (sheet,) = PdfReader(io.BytesIO(carl.downloads("Confirmation to print"))).pages
    said = " ".join(sheet.extract_text().split())
    randomized, participant = last_entry("randomized"), last_entry("registered").body["participant"]
    for what in (subject, participant, arm, randomized.signature.signer, randomized.hash):
        assert str(what) in said, what
    assert NAME not in said
    carl.goes("worklist")
    carl.chooses("1 randomized")
    carl.in_order()
    carl.chooses(subject)
    assert arm in carl.reads()
    carl.in_order()


# ---- those who sign ----------------------------------------------------------------------------


def clinician_signs(clin, subject):
    assert NAME in clin.reads()
    clin.in_order()
    for judgement, on_a_phone in (("no progression", True), ("no comorbidity", False)):
        clin.waited_for(subject, judgement)
        clin.page.get_by_label("Yes, it holds").check()
        clin.in_order(on_a_phone)
        clin.signs("Sign and record")
        clin.page.wait_for_url(f"**{address('candidate', subject)}")
        assert last_entry("attested").signature.signer == "Clin (clin)"


def pathologist_signs(pat, subject):
    pat.waited_for(subject, "HER2-positive as determined")
    assert "speaks for it" in pat.reads()
    pat.page.get_by_label("Yes, it holds").check()
    pat.in_order()
    pat.signs("Sign and record")
    pat.page.wait_for_url(f"**{address('candidate', subject)}")
    assert last_entry("attested").signature.signer == "Pat (pat)"
    offered = pat.page.get_by_role("link", name=re.compile("^Sign ")).all_inner_texts()
    assert all("HER2" in one for one in offered), offered  # the rest is for others


def radiation_oncologist_signs(rad, subject):
    rad.waited_for(subject, "treatable by SBRT")
    rad.page.get_by_label("Yes, it holds").check()
    rad.signs("Sign and record")
    assert "Needed: sign what was looked at" in rad.reads()
    rad.in_order()
    for label, value in (("Method", "sbrt"), ("Size", "14 mm"), ("Site", "liver, segment VI")):
        rad.page.get_by_label(label, exact=True).fill(value)
    rad.signs("Sign and record")
    rad.page.wait_for_url(f"**{address('candidate', subject)}")
    assert last_entry("attested").signature.signer == "Rad (rad)"


# ---- those who watch ---------------------------------------------------------------------------


def statistician_sees_arms(stat, carl, subject):
    """Balance by arm is for the statistician; it is not for whoever recruits. A name is for the site alone."""
    stat.goes("study")
    assert BY_ARM in stat.reads()
    stat.in_order(phone=True)
    stat.goes("candidate", subject)
    assert NAME not in stat.page.content()
    carl.goes("study")
    assert BY_ARM not in carl.page.content()


def finds_who_did_it(ines, subject):
    """Who signed what, when and why; who changed what, when and why: from the candidate in two clicks at most."""
    change = last_entry("facts_recorded")
    clicks = {
        "her2": (".judgement", re.compile("^entry")),
        "changed": ("[aria-labelledby=entries]", f"entry {change.seq}"),
    }
    said = {}
    for what, (within, link) in clicks.items():
        ines.goes("candidate", subject)
        ines.chooses(link, within)
        said[what] = ines.reads()
        ines.in_order(phone=what == "changed")
    signed = next(entry for entry in store.current(STUDY).entries if entry.by.user == "pat").signature
    for told in ("pat pathologist", signed.signer, signed.meaning, f"{signed.signed_at:%H:%M} UTC", "valid"):
        assert told in said["her2"], told
    for told in ("carl coordinator", REASON, "Before and after", f"{change.recorded_at:%H:%M} UTC"):
        assert told in said["changed"], told


def changes_nothing(ines, subject):
    ines.goes("candidate", subject)
    assert ines.page.locator("main").get_by_role("button").all_inner_texts() == ["Look"]
    for page in ("facts", "consent", "randomize"):
        assert ines.page.request.get(ines.home + address(page, subject)).status == 403, page


def verifies(ines, folder, carl):
    """The record is sound where it is kept, and where it is taken to."""
    ines.goes("record")
    ines.in_order()
    ines.chooses("Verify")
    ines.page.get_by_role("button", name="Verify now").click()
    ines.page.get_by_role("heading", name="The record is whole").wait_for()
    assert "1 allocation was derived again from the secret" in ines.reads()
    ines.in_order()
    ines.goes("record")
    taken, secret = folder / "record.jsonl", folder / "secret"
    taken.write_bytes(ines.downloads("Export as JSON lines"))
    secret.write_text(SECRET.hex(), "ascii")
    assert NAME.encode() not in taken.read_bytes()
    head = store.current(STUDY).head.hash
    assert main(["verify", str(taken), "--secret", str(secret), "--head", head]) == 0
    carl.goes("record")
    assert carl.page.get_by_role("link", name="Export").count() == 0
