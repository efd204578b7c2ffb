"""A mistyped name, number or day of birth is mended, or the name erased: the record says so, without any name."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
from django.conf import settings

from evenhand.accrual import screening_tally
from evenhand.eligibility.judged import last_judged_on
from evenhand.refusal import Refusal
from evenhand.web import models, store
from evenhand.web.store import Seen, Who
from tests.eligible import PROTOCOL
from tests.web.candidate_help import Visitor, address, form_of, text
from tests.web.databases import together
from tests.web.naming_help import ADA, RIGHT, enter, entries, lines, named, started
from tests.web.store_help import verified
from tests.web.trial_here import ADMINISTRATOR, COORDINATOR, NORTH, SOUTH, STUDY, today

WHY = {"reason": "two letters were swapped"}
BORN = date(1970, 5, 18)


def mend(subject, who, **more):
    return store.correct_identity_of(STUDY, subject, who, **({"by": COORDINATOR} | WHY | more))


@pytest.fixture
def ada(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    started()
    return enter(ADA)


# ---- the store ---------------------------------------------------------------------------------


def test_the_name_is_mended_and_the_record_says_who_when_why_and_no_name(each_database):
    started()
    subject = enter(ADA)
    done = mend(subject, Who(" H-17 ", "Ada Example", BORN))
    assert named(subject) == Who("H-17", "Ada Example", BORN)
    entry = done.entries[0]
    assert (entry.kind, entry.subject, entry.by, entry.reason) == (
        "identity_corrected", subject, COORDINATOR, WHY["reason"],
    )  # fmt: skip
    assert entry.body == {"changed": ["number", "name", "birth date"]}
    told = lines()
    assert not [word for word in ("Exmaple", "Example", "H-1", "1970-05-1") if word in told]
    assert [(one.seq, one.who) for one in store.former_identities(STUDY, subject)] == [(entry.seq, ADA)]
    assert verified().findings == ()


@pytest.mark.parametrize(
    ("who", "changed"),
    [
        (RIGHT, ["name"]),
        (Who("H-2", ADA.name, ADA.birth_date), ["number"]),
        (Who("H-1", ADA.name, BORN), ["birth date"]),
        (Who("H-1", "", ADA.birth_date), ["name"]),
    ],
)
def test_the_record_says_which_parts_were_mended(ada, who, changed):
    assert mend(ada, who).entries[0].body == {"changed": changed}
    assert named(ada) == who


def test_nothing_to_mend_is_refused(ada):
    with pytest.raises(Refusal, match="nothing was changed"):
        mend(ada, ADA)
    with pytest.raises(Refusal, match="no name is kept of S9999-9"):
        mend("S9999-9", ADA)
    assert len(entries(ada)) == 1


@pytest.mark.parametrize(
    ("other", "site", "wanted", "reason"),
    [
        (Who("H-2", "Bo Sample", None), NORTH, Who("H-2", ADA.name, ADA.birth_date), "the number H-2 belongs to"),
        (Who("X-2", "example ada", ADA.birth_date), SOUTH, RIGHT, "a candidate of this name and birth date"),
    ],
)
def test_what_belongs_to_somebody_else_is_refused(ada, other, site, wanted, reason):
    enter(other, site)
    with pytest.raises(Refusal, match=reason):
        mend(ada, wanted)
    assert named(ada) == ADA
    assert store.former_identities(STUDY, ada) == ()


def test_namesakes_stay_apart_when_somebody_confirms_it_and_when_a_number_changes(ada):
    enter(RIGHT, SOUTH)
    mend(ada, RIGHT, another_person=True)
    mend(ada, Who("H-9", RIGHT.name, RIGHT.birth_date))  # is not asked again
    assert named(ada).number == "H-9"


def test_who_was_mended_is_known_again_by_the_right_name_alone(ada):
    mend(ada, RIGHT)
    with pytest.raises(Refusal, match="is known here as"):
        enter(Who("H-5", "EXAMPLE Ada", ADA.birth_date))
    assert enter(Who("H-6", ADA.name, ADA.birth_date))


@pytest.mark.parametrize(
    "reason",
    ["it is Example, not that", "was exmaple", "number h-1 was wrong", "born 1970-05-17", "born 17 May 1970", "for Bo"],
)
def test_a_reason_that_names_the_person_is_refused(ada, reason):
    who = Who("H-7", "Bo Example", BORN)
    for act in (lambda: mend(ada, who, reason=reason), lambda: mend(ada, RIGHT, reason="Ada typed it")):
        with pytest.raises(Refusal, match="the reason names the person"):
            act()
    assert len(entries(ada)) == 1


def test_short_names_are_words_of_a_reason_only_as_they_are_written(ada):
    assert mend(ada, Who("H-7", "Bo Example", BORN), reason="the letter bo was missing, 1 digit too many")


def test_a_form_sent_twice_counts_once_and_another_under_its_key_is_refused(ada):
    seen = Seen(ada, entries(ada)[-1].seq)
    first = mend(ada, RIGHT, key="k", seen=seen)
    again = mend(ada, RIGHT, key="k", seen=seen)
    assert again.repeated
    assert again.entries == first.entries
    with pytest.raises(Refusal, match="sent before"):
        mend(ada, Who("H-1", "Ada Exempel", ADA.birth_date), key="k", seen=seen)
    assert named(ada) == RIGHT


def test_of_two_at_one_moment_one_is_told_to_look_again(each_database):
    started()
    subject = enter(ADA)
    seen = Seen(subject, entries(subject)[-1].seq)
    whom = [Who("H-1", name, ADA.birth_date) for name in ("Ada Example", "Ada Beispiel")]
    told = together([partial(mend, subject, who, seen=seen) for who in whom])
    assert [one.clause for one in told if isinstance(one, Refusal)] == ["stale form"]
    assert len(store.former_identities(STUDY, subject)) == 1


def test_what_was_written_before_is_erased_with_the_name(ada):
    mend(ada, RIGHT)
    with pytest.raises(Refusal, match="the reason names the person"):
        store.erase(STUDY, ada, reason="Exmaple asked for it", by=COORDINATOR)
    store.erase(STUDY, ada, reason="the person asked for it", by=COORDINATOR)
    assert store.identity_of(STUDY, [ada]) == {}
    assert not models.FormerIdentity.objects.exists()
    with pytest.raises(Refusal, match="no name is kept"):
        mend(ada, ADA)
    assert verified().findings == ()


def test_names_are_mended_after_the_study_is_closed(ada):
    store.close(STUDY, by=ADMINISTRATOR)
    mend(ada, RIGHT)
    assert verified().findings == ()


def test_nobody_is_judged_anew_by_a_name(ada):
    long_ago = today() - timedelta(days=400)
    subject = enter(Who("H-8", "Bo Sample", None), on=long_ago)
    before = screening_tally(PROTOCOL, store.current(STUDY))
    mend(subject, Who("H-9", "Bo Sample", None))
    store.erase(STUDY, subject, reason="the person asked for it", by=COORDINATOR)
    after = store.current(STUDY)
    assert last_judged_on(after.subject(subject)) == long_ago
    assert screening_tally(PROTOCOL, after) == before


# ---- the page ----------------------------------------------------------------------------------


def told(answer):
    return text(answer)


def test_a_coordinator_mends_a_name_in_the_browser_and_the_inspector_sees_who_did_and_why(ada):
    carl = Visitor()
    assert f'href="{address("identity", ada)}"' in carl.sees("candidate", ada).content.decode()
    answer = carl.fills("identity", {"name": "Ada Example", **WHY}, ada)
    assert (answer.status_code, answer["Location"]) == (302, address("candidate", ada))
    assert named(ada) == RIGHT
    entry = entries(ada)[-1]
    ines = Visitor("ines", "inspector", None)
    page = ines.sees("candidate", ada)
    assert "Written earlier Ada Exmaple , number H-1, born 17 May 1970; until entry" in told(page)
    assert address("identity", ada) not in page.content.decode()
    shown = told(ines.client.get(f"/{STUDY}/record/{entry.seq}"))
    assert WHY["reason"] in shown
    assert COORDINATOR.user in shown
    assert "Ada" not in re.sub("Signed in.*", "", shown).replace("ada", "")
    assert "name" in told(ines.client.get(f"/{STUDY}/record?kind=identity_corrected"))


@pytest.mark.parametrize(("who", "role", "site"), [("dan", "data_manager", None), ("stat", "statistician", None)])
def test_who_sees_no_names_sees_no_former_ones(ada, who, role, site):
    mend(ada, RIGHT)
    page = told(Visitor(who, role, site).sees("candidate", ada))
    assert "Exa" not in page
    assert "Exm" not in page


def test_the_person_is_mended_from_the_participants_page_too(ada):
    page = Visitor().sees("candidate", ada)
    assert "Correct name or number" in told(page)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": ""}, "This field is required"),
        ({"reason": ""}, "This field is required"),
        ({"birth_date": ""}, "This field is required"),
        ({"birth_date": "May 1970"}, "Give one day"),
        ({"birth_date": "17 May 1950"}, "The record says another age"),
        ({"birth_date": "17/05/1970"}, "date"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(ada, changes, said):
    answer = Visitor().fills("identity", WHY | changes, ada)
    assert answer.status_code == 422
    assert said in told(answer)
    assert named(ada) == ADA


def test_a_day_of_birth_of_the_same_age_is_mended_here(ada):
    answer = Visitor().fills("identity", {"birth_date": "18 May 1970", **WHY}, ada)
    assert answer.status_code == 302
    assert named(ada).birth_date == BORN


def test_a_birth_date_that_is_not_kept_is_asked_among_the_facts(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    started()
    subject = enter(Who("H-1", "Bo Sample", None))
    carl = Visitor()
    assert "Date of birth" not in told(carl.sees("identity", subject))
    assert carl.fills("identity", {"number": "H-2", **WHY}, subject).status_code == 302
    assert named(subject) == Who("H-2", "Bo Sample", None)


def test_a_namesake_is_confirmed_on_the_page(ada):
    enter(Who("X-2", RIGHT.name, RIGHT.birth_date), SOUTH)
    carl = Visitor()
    refused = carl.fills("identity", {"name": RIGHT.name, **WHY}, ada)
    assert refused.status_code == 409
    assert "This is another person" in told(refused)
    sent = form_of(refused) | {"another_person": "on"}
    assert carl.sends("identity", sent, ada).status_code == 302
    assert named(ada) == RIGHT


def test_a_stale_page_is_refused_and_shows_what_is_kept_now(ada):
    carl = Visitor()
    old = form_of(carl.sees("identity", ada)) | {"name": "Ada Beispiel", **WHY}
    mend(ada, RIGHT)
    refused = carl.sends("identity", old, ada)
    assert refused.status_code == 409
    assert "So far: Ada Example , number H-1" in told(refused)
    assert named(ada) == RIGHT


def test_a_damaged_form_changes_nothing(ada):
    assert Visitor().sends("identity", {"name": "Nobody"}, ada).status_code == 409
    assert Visitor().sends("erase-name", {"sure": "on"}, ada).status_code == 409
    assert named(ada) == ADA


def test_a_name_is_erased_in_the_browser(ada):
    carl = Visitor()
    assert address("erase-name", ada) in carl.sees("identity", ada).content.decode()
    assert "Ada Exmaple" in told(carl.sees("erase-name", ada))
    assert carl.fills("erase-name", {"reason": "the person asked"}, ada).status_code == 422
    assert carl.fills("erase-name", {"reason": "Ada asked", "sure": "on"}, ada).status_code == 409
    assert carl.fills("erase-name", {"reason": "the person asked", "sure": "on"}, ada).status_code == 302
    assert store.identity_of(STUDY, [ada]) == {}
    assert "erased" in told(carl.sees("candidate", ada))
    assert carl.sees("identity", ada).status_code == 404
    assert carl.sees("erase-name", ada).status_code == 404


def test_what_was_typed_outlives_the_session(ada):
    carl = Visitor()
    form = form_of(carl.sees("identity", ada)) | {"name": RIGHT.name, **WHY}
    carl.client.logout()
    sent = carl.sends("identity", form, ada)
    kept = re.search("kept%3D([^&]+)", sent["Location"])[1]
    carl.client.force_login(carl.account, "django.contrib.auth.backends.ModelBackend")
    shown = form_of(carl.sees("identity", ada, query=f"?kept={kept}"))
    assert (shown["name"], shown["reason"]) == (RIGHT.name, WHY["reason"])
