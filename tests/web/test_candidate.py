"""The page of one candidate: what it shows, to whom, and what it never shows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evenhand import steps
from evenhand.facts import Fact, Person, Source
from evenhand.intake import read_people
from evenhand.web import access, store
from evenhand.web.templatetags.evenhand import day
from tests.eligible import PROTOCOL, signed
from tests.web.candidate_help import PATIENTS, Visitor, address, text
from tests.web.trial_here import ADMINISTRATOR, COORDINATOR, NORTH, SOUTH, STUDY, Making, eligible_now, today

WHO = store.Who("N-77", "Ada Example", today() - timedelta(days=50 * 365))
ARMS = [arm.label for arm in PROTOCOL.arms]


def made(stage="screened", who=None, site=NORTH):
    making = Making()
    subject = making.candidate(stage, site, who=who)
    making.keep()
    return subject


def without(*names):
    return Person("x", {name: some for name, some in eligible_now().facts.items() if name not in names})


def named(person=None):
    """A candidate with a name."""
    Making().keep()
    keep = store.identify(STUDY, NORTH, WHO)
    given = person or eligible_now()
    return store.perform(STUDY, steps.screen, by=COORDINATOR, also=keep, person=given).entries[0].subject


def randomized():
    subject = made("registered")
    store.perform(STUDY, steps.randomize, by=COORDINATOR, subject=subject)
    return subject


def shown(subject, visitor=None, query=""):
    answer = (visitor or Visitor()).sees("candidate", subject, query)
    assert answer.status_code == 200, text(answer)
    return text(answer)


# ---- what is next ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "lacking", "name", "role", "title", "link"),
    [
        ("screened", ("ecog",), "carl", "coordinator", "Record: ECOG performance status", "/facts?facts=ecog"),
        ("screened", (), "carl", "coordinator", "Record consent", "/consent"),
        (
            "screened",
            (),
            "pat",
            "pathologist",
            "Sign: “The carcinoma is HER2-positive",
            "/attest/her2_determined_positive",
        ),
        (
            "screened",
            (),
            "rad",
            "radiation_oncologist",
            "Sign (M1): “This metastasis",
            "/attest/locally_treatable?item=M1",
        ),
        ("attested", (), "carl", "coordinator", "Record consent", "/consent"),
        ("consented", (), "carl", "coordinator", "Register", "/register"),
        ("registered", (), "carl", "coordinator", "Randomize", "/randomize"),
    ],
)
def test_the_next_step_of_this_user_comes_first_with_its_link(database, stage, lacking, name, role, title, link):
    subject = made(stage, without(*lacking))
    answer = Visitor(name, role, NORTH).sees("candidate", subject)
    assert f"Next: {title}" in text(answer)
    assert f'<a class="button" href="{address("candidate", subject)}{link}' in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "role", "stage", "who"),
    [
        ("mona", "monitor", "screened", "coordinator"),
        ("clin", "treating_clinician", "consented", "coordinator"),
        ("ines", "inspector", "registered", "coordinator"),
    ],
)
def test_a_step_of_others_says_whose_it_is_and_has_no_link(database, name, role, stage, who):
    subject, site = made(stage), NORTH if role == "treating_clinician" else None
    answer = Visitor(name, role, site).sees("candidate", subject)
    assert f"To be done by the {who}" in text(answer)
    assert "Do this now" not in text(answer)


def test_nothing_is_next_once_randomized_ineligible_or_withdrawn(database):
    making = Making()
    failing = replace(eligible_now(), facts={**eligible_now().facts, "ecog": (Fact("ecog", 4, None, Source("form")),)})
    late = making.candidate("screened", who=failing)
    gone = making.candidate("consented")
    done = making.candidate("registered")
    making.keep()
    store.perform(STUDY, steps.withdraw_consent, by=COORDINATOR, subject=gone, reason=None)
    store.perform(STUDY, steps.randomize, by=COORDINATOR, subject=done)
    assert "no later day changes that" in shown(late)
    assert "I7 ECOG 0 to 2" in shown(late)
    assert "Consent was withdrawn on" in shown(gone)
    assert "The participant is randomized" in shown(done)


def test_who_withdrew_after_randomization_is_not_taken_for_somebody_to_be_called(database):
    subject = randomized()
    assert "withdrawn" not in shown(subject)
    store.perform(STUDY, steps.withdraw_consent, by=COORDINATOR, subject=subject, reason=None)
    page = shown(subject)
    assert f"Consent withdrawn {day(today())}" in page.split("Next:")[0]
    assert f"The participant was randomized. Consent withdrawn: {day(today())}." in page


def test_a_halt_of_accrual_is_said_on_top(database):
    subject = made("consented")
    store.perform(STUDY, steps.halt_accrual, by=ADMINISTRATOR, reason="supply of a drug")
    assert "Accrual is halted (supply of a drug)" in shown(subject)
    store.perform(STUDY, steps.resume_accrual, by=ADMINISTRATOR, reason="supply is back")
    assert "Accrual is halted" not in shown(subject)


# ---- criteria, evidence, time ------------------------------------------------------------------


def test_criteria_stand_in_the_order_of_the_protocol_with_verdicts_in_words(database):
    page = shown(made("screened")).split("Criteria")[-1]
    titles = [item.title for item in PROTOCOL.criteria]
    places = [page.index(title) for title in titles]
    assert places == sorted(places)
    for word in ("passes", "unknown", "provisional"):
        assert word in page


def test_a_gap_says_what_is_missing_whose_it_is_and_where_to_close_it(database):
    subject = made("screened", without("ecog"))
    answer = Visitor().sees("candidate", subject)
    page = answer.content.decode()
    assert "ECOG performance status : nothing recorded. (treating clinician)" in text(answer)
    assert f"{address('facts', subject)}?facts=ecog" in page
    assert address("attest", subject, judgement="progression_free") not in page  # not this user's to sign
    assert address("attest", subject, judgement="progression_free") in (
        Visitor("clin", "treating_clinician").sees("candidate", subject).content.decode()
    )


def test_evidence_is_shown_in_the_studys_words_and_leads_to_its_entry(database):
    subject = made("attested")
    answer = Visitor().sees("candidate", subject)
    entries = store.current(STUDY).subject(subject).entries
    assert "site: liver; way of confirmation: pathology" in text(answer)
    assert "Specimen S1: positive" in text(answer)  # how the derived fact came about
    for entry in entries:
        assert address_of(entry.seq) in answer.content.decode()


def address_of(seq):
    return f'href="/{STUDY}/record/{seq}"'


def test_evidence_leads_to_the_correction_once_it_is_corrected(database):
    subject = made("screened")
    first = store.current(STUDY).subject(subject).entries[0]
    body = {"facts": [one if one["fact"] != "ecog" else {**one, "value": 2} for one in first.body["facts"]]}
    store.perform(STUDY, steps.correct, by=COORDINATOR, seq=first.seq, body=body, reason="typing error")
    page = Visitor().sees("candidate", subject).content.decode()
    section = page[page.index('id="I7"') :]
    assert address_of(first.seq + 1) in section[: section.index("</details>")]


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2027-12-24", "As of 24 Dec 2027: not eligible"),
        ("24 Dec 2027", "As of 24 Dec 2027: not eligible"),
        ("2027-12", "Give one day"),
        ("soon", "is no date"),
        ("", "Today"),
        ("x" * 500, "is no date"),
    ],
)
def test_another_day_is_looked_at_without_changing_anything(database, on, said):
    subject = made("consented")
    before = len(store.current(STUDY).entries)
    assert said in shown(subject, query=f"?on={on}")
    assert len(store.current(STUDY).entries) == before


def test_looking_ahead_does_not_change_what_today_says(database):
    subject = made("consented")
    before = shown(subject).split("Criteria")[-1].split("Times are")[0]
    shown(subject, query="?on=2027-12-24")
    assert shown(subject).split("Criteria")[-1].split("Times are")[0] == before


def test_the_window_is_drawn_and_said_in_words(database):
    subject = made("consented")
    page = Visitor().sees("candidate", subject).content.decode()
    assert '<svg class="chart" role="img" aria-label="On ' in page
    assert '<rect class="eligible"' in page
    assert "opened by" in page
    assert "closed by" in page


def test_notes_and_strata_are_shown(database):
    who = eligible_now()
    facts = {**who.facts, "kps": (Fact("kps", 30, who.facts["ecog"][0].date, Source("form")),)}
    page = shown(made("screened", replace(who, facts=facts)))
    assert "ECOG and KPS disagree" in page
    for stratum in PROTOCOL.randomization.strata:
        assert stratum.label in page


def test_signatures_say_who_when_and_until_when(database):
    subject = made("attested")
    given = signed("progression_free", "treating_clinician", answer=True, day=today(), reason="seen")
    store.perform(STUDY, steps.attest, by=COORDINATOR, subject=subject, given=given)
    page = shown(subject)
    assert "holds until" in page
    assert "reason: seen" in page
    assert "method as examined" in page


# ---- who sees what -----------------------------------------------------------------------------

SEES = [
    # name, role, site, whether the name, whether the arm
    ("carl", "coordinator", NORTH, True, True),
    ("clin", "treating_clinician", NORTH, True, True),
    ("mona", "monitor", None, True, True),
    ("ines", "inspector", None, True, True),
    ("dan", "data_manager", None, False, True),
    ("sally", "statistician", None, False, True),
]


@pytest.mark.parametrize(("name", "role", "site", "names", "_arm"), SEES)
def test_names_are_shown_only_to_who_may_see_them(database, name, role, site, names, _arm):
    subject = named()
    page = shown(subject, Visitor(name, role, site))
    for secret in (WHO.name, WHO.number):
        assert (secret in page) == names


@pytest.mark.parametrize(("name", "role", "site", "_names", "arm"), SEES)
def test_the_arm_is_shown_only_to_who_may_see_it(database, monkeypatch, name, role, site, _names, arm):
    subject = randomized()
    visitor = Visitor(name, role, site)
    assert any(label in shown(subject, visitor) for label in ARMS) == arm
    monkeypatch.setitem(access.TABLE, role, access.TABLE[role] - {access.Action.SEE_ARM})
    page = visitor.sees("candidate", subject).content.decode()
    assert not any(label in page for label in ARMS)
    assert "/confirmation" not in page


@pytest.mark.parametrize(
    ("name", "role", "site", "status"),
    [
        ("soren", "coordinator", SOUTH, 404),
        ("tara", "treating_clinician", SOUTH, 404),
        ("adam", "administrator", None, 403),
        ("bo", "safety_board", None, 403),
    ],
)
def test_who_may_not_see_a_candidate(database, name, role, site, status):
    subject = made("screened")
    assert Visitor(name, role, site).sees("candidate", subject).status_code == status


def test_there_is_no_page_for_nobody(database):
    made("screened")
    visitor = Visitor()
    for subject in ("S9999-9", "x", "S0001-4"):
        assert visitor.sees("candidate", subject).status_code == 404
    visitor.client.logout()
    assert visitor.sees("candidate", "S0001-3").status_code == 302


def test_an_erased_name_is_gone_from_the_page(database):
    subject = named()
    store.erase(STUDY, subject, reason="the person asked", by=ADMINISTRATOR)
    page = shown(subject)
    assert WHO.name not in page
    assert "erased" in page


def test_links_are_offered_only_where_they_may_be_followed(database):
    subject = made("consented")
    pages = {"facts": "carl", "upload": "carl", "correct": "carl", "consent": "carl"}
    coordinator = Visitor().sees("candidate", subject).content.decode()
    monitor = Visitor("mona", "monitor", None).sees("candidate", subject).content.decode()
    for page in pages:
        more = {"seq": store.current(STUDY).subject(subject).entries[0].seq} if page == "correct" else {}
        link = address("withdraw" if page == "consent" else page, subject, **more)
        assert link in coordinator
        assert link not in monitor


@pytest.mark.parametrize("name", ["anna", "berta", "clara", "dora", "emil"])
def test_each_of_the_studys_own_patients_has_a_page(database, name):
    (person,) = read_people(PATIENTS / f"{name}.json", PROTOCOL.vocabulary)
    subject = named(person)
    for visitor in (Visitor(), Visitor("pat", "pathologist"), Visitor("ines", "inspector", None)):
        assert "What it rests on" in shown(subject, visitor)


def test_nothing_that_people_wrote_becomes_markup(database):
    who = eligible_now()
    nasty = "<script>alert(1)</script>"
    facts = {**who.facts, "comorbidities": (Fact("comorbidities", {"condition": nasty}, None, Source("form")),)}
    subject = named(Person("x", facts))
    answer = Visitor().sees("candidate", subject)
    assert nasty not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()
