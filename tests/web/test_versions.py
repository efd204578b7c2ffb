"""The pages of amendments: versions and their adoption, who must consent anew, and which version a person follows."""

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from pypdf import PdfReader

from evenhand import administration, steps
from evenhand.administration import Grant
from evenhand.refusal import Refusal
from evenhand.web import access, store
from evenhand.web.templatetags.evenhand import day
from tests.amended import ADMINISTRATOR, add_version, amended_study, fit_person
from tests.web.amended_help import FIRST, STUDY, Desk, kept
from tests.web.candidate_help import form_of
from tests.web.trial_here import PASSWORD, today

SECOND = FIRST + timedelta(days=2)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def trial(tmp_path, monkeypatch):
    """The tiny study with a randomized participant and a consenting candidate at the ward, under v1."""
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    return kept(amended_study(tmp_path))


@pytest.fixture
def ada(trial):
    return Desk("ada", "administrator", None)


@pytest.fixture
def carl(trial):
    return Desk("carl", "coordinator", "ward")


def adopted(site="ward", version="v3", **more):
    given = {"site": site, "version": version, "reason": "approved", **more}
    return store.perform(STUDY, steps.adopt_version, by=ADMINISTRATOR, **given)


def test_the_administrator_sees_the_versions_and_who_follows_which(ada):
    said = ada.text("versions")
    assert f"ward v1 {day(FIRST)}" in said
    assert "v3 : what it changes 3 Jun 2026 New risks are told." in said
    assert "consent is asked for anew" in said and "earlier consent carries over" in said
    assert "1 ward, annex" in said


def test_an_adoption_is_signed_and_stands_in_the_record(ada):
    answer = ada.sends("adopt", site="ward", version="v3", on=day(SECOND), reason="approved before")
    assert answer.status_code == 302
    entry = store.current(STUDY).head
    assert (entry.kind, entry.body["version"], entry.reason) == ("version_adopted", "v3", "approved before")
    assert entry.signature.signer == "Ada (ada)"
    assert f"ward v3 {day(SECOND)}" in ada.text("versions")
    assert "approved before" in ada.text("versions")
    assert store.verified(STUDY).findings == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": ""}, "required"),
        ({"on": "1 Jan 2030"}, "lies in the future"),
        ({"version": "v9"}, "not one of the available choices"),
        ({"password": "wrong"}, "password is not the one"),
        ({"on": "2 Aug 2026"}, f"adopted v1 on {day(FIRST)}"),
    ],
)
def test_an_adoption_that_is_not_in_order_says_why_and_records_nothing(ada, changed, said):
    before = store.current(STUDY).head
    given = {"site": "ward", "version": "v3", "on": day(SECOND), "reason": "approved", **changed}
    answer = ada.sends("adopt", **given)
    assert answer.status_code == 422
    assert said in ada.said(answer)
    assert store.current(STUDY).head is before


def test_nobody_else_adopts_a_version(carl):
    assert carl.get("versions").status_code == carl.get("adopt").status_code == 403
    assert carl.get("reconsent").status_code == 200


def test_what_a_version_changes_is_shown_beside_any_earlier_one(ada):
    said = ada.text("changes", version="v2")
    assert "Beside v1: 1 change." in said
    assert "at most 14 days have passed" in said and "at most 21 days have passed" in said
    assert "consent version changed 1 3" in ada.text("changes", "?from=v2", version="v4")
    assert "first version" in ada.text("changes", version="v1")
    assert ada.get("changes", version="v9").status_code == 404
    assert ada.get("changes", "?from=v9", version="v2").status_code == 404


def test_a_draft_with_a_fault_is_told_and_a_version_that_may_not_be_adopted_too(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    study = amended_study(tmp_path)
    (study / "v3/facts.yaml").write_text("facts: 1\n", "utf-8")
    add_version(study, "v5", consent="3", randomization=("exercises: 2, leaflet: 1", "exercises: 1, leaflet: 1"))
    kept(study)
    ada = Desk("ada", "administrator", None)
    assert "v3 cannot be loaded" in ada.text("versions")
    assert "cannot take the place of v4 while the trial runs: it changes the ratio" in ada.text("changes", version="v5")


def test_the_list_of_those_to_be_asked_and_their_moving_on(trial, carl):
    participant, candidate = trial
    assert "No site follows a newer version" in carl.text("reconsent")
    adopted()
    said = carl.text("reconsent")
    assert f"{store.current(STUDY).subject(participant).registration.body['participant']}" in said
    assert candidate in said
    assert f"v3: leaflet-a 2 holds: leaflet-a 1 of {day(FIRST)}" in said
    assert "Who must be asked for consent anew" in carl.text("worklist")
    assert carl.sends("consent", subject=participant, which="2", on=day(today())).status_code == 302
    assert candidate in carl.text("reconsent") and "randomized" not in carl.text("reconsent")
    assert store.current(STUDY).subject(participant).consents[-1].version == "2"
    assert store.verified(STUDY).findings == ()


def test_whom_no_later_day_lets_in_is_not_asked_anew(trial, carl):
    past = fit_person(today(), operated=60)
    late = store.perform(STUDY, steps.screen, by=carl.actor, person=past).entries[0].subject
    store.perform(STUDY, steps.consent, by=carl.actor, subject=late)
    adopted()
    said = carl.text("reconsent")
    assert late not in said and "Not asked: 1 whose consent" in said
    participant, candidate = trial
    assert candidate in said
    assert store.current(STUDY).subject(participant).registration.body["participant"] in said


def test_who_withdrew_is_not_said_to_be_asked_anew(trial, carl):
    _, candidate = trial
    adopted()
    assert "asked for anew" in carl.text("candidate", subject=candidate)
    store.perform(STUDY, steps.withdraw_consent, by=carl.actor, subject=candidate, reason=None)
    assert "asked for anew" not in carl.text("candidate", subject=candidate)
    assert candidate not in carl.text("reconsent")


def test_those_of_other_sites_are_not_on_the_list(trial):
    adopted()
    said = Desk("dora", "coordinator", "annex").text("reconsent")
    assert "Nobody at your sites has to be asked." in said


def test_pages_say_which_version_a_person_follows(trial, carl):
    _, candidate = trial
    assert "protocol version v1" in carl.text("candidate", subject=candidate)
    adopted()
    said = carl.text("candidate", subject=candidate)
    assert "v1 the site follows v3" in said
    assert "protocol version v1. Times" in said, "the page goes by the version that the candidate follows"
    assert "leaflet-a 2 is current" in said
    assert "Leaflet a, version 2" in carl.text("consent", subject=candidate)
    assert "enrols under v3" in carl.text("register", subject=candidate)
    new = store.perform(STUDY, steps.screen, by=carl.actor, person=carl.person()).entries[0].subject
    assert "protocol version v3. Times" in carl.text("candidate", subject=new)
    assert "the site follows" not in carl.text("candidate", subject=new)


def test_a_registration_is_refused_until_the_consent_to_the_new_version(trial, carl):
    adopted()
    with pytest.raises(Refusal, match="enrols under v3 since"):
        store.perform(STUDY, steps.register, by=carl.actor, subject=trial[1])
    carl.sends("consent", subject=trial[1], which="2", on=day(today()))
    assert carl.sends("register", subject=trial[1]).status_code == 302
    assert store.current(STUDY).subject(trial[1]).registration.body["protocol_version"] == "v3"


def test_a_page_opened_before_the_amendment_never_records_consent_to_what_it_did_not_show(trial, carl):
    _, candidate = trial
    where = reverse("consent", kwargs={"study": STUDY, "subject": candidate})
    shown = form_of(carl.get("consent", subject=candidate))
    assert shown["which"] == "1"
    adopted()
    signed = {"user_name": "carl", "password": PASSWORD}
    before = store.current(STUDY).head
    answer = carl.client.post(where, {**shown, **signed})
    assert answer.status_code == 422
    assert "1 is not, or no longer, the current version." in carl.said(answer)
    assert store.current(STUDY).head == before
    on_paper = {**form_of(answer), **signed, "which": "other", "version": "1"}
    assert carl.client.post(where, on_paper).status_code == 302
    assert [given.version for given in store.current(STUDY).subject(candidate).consents][-1] == "1"


def test_the_record_and_its_verification_know_adoptions(trial):
    adopted()
    grant = Grant("iris", "inspector", None)
    access.make_account("iris", printed_name="Iris")
    store.perform(STUDY, administration.grant_role, by=ADMINISTRATOR, given=grant)
    iris = Desk("iris", "inspector", None)
    assert "Adopted a protocol version at a site v3, ward" in iris.text("record")
    entry = next(one for one in store.current(STUDY).entries if one.kind == "version_adopted")
    said = iris.text("entry", seq=entry.seq)
    assert "Protocol version v3" in said and "approved" in said


def test_a_site_opened_after_an_amendment_starts_with_the_newest_adopted(ada, trial):
    adopted()
    ada.sends("open-site", site="north", name="North", time_zone="UTC")
    assert store.current(STUDY).state.adopted_at("north").version == "v3"
    assert "North v3" in ada.text("versions")


def test_a_study_never_amended_takes_the_old_path(trial, carl):
    """One version in use: the protocol is the very same object everywhere."""
    history, versions = store.current(STUDY), store.versions_of(STUDY)
    assert not history.state.amended
    first = versions.named("v1")
    by = carl.actor
    assert all(
        steps.protocol_to_take(versions, history, steps.screen, {"subject": subject}, by) is first
        for subject in (*trial, None)
    )


def test_a_made_record_of_this_kind_is_verified(trial):
    assert store.verified(STUDY).findings == ()
    assert store.verified(STUDY).arms == "derived again"


def test_the_confirmation_says_the_version_of_the_randomization(trial, carl):
    adopted()
    carl.sends("consent", subject=trial[0], which="2", on=day(today()))
    (printed,) = PdfReader(io.BytesIO(carl.get("confirmation", subject=trial[0]).content)).pages
    said = "".join(printed.extract_text().split())
    versions = store.versions_of(STUDY)
    assert versions.named("v1").digest in said
    assert versions.named("v3").digest not in said
    assert "protocol version v3. Times" in carl.text("candidate", subject=trial[0])
