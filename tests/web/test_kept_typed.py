"""What is typed outlives the session: kept sealed for whoever typed it, shown again, and recorded once at most."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from django.urls import reverse

from evenhand.web import store, typed
from evenhand.web.models import Kept
from tests.web import desks_help
from tests.web.candidate_help import Visitor
from tests.web.candidate_help import address as address_of
from tests.web.door_help import let_pass
from tests.web.enrol_help import BACKEND
from tests.web.participant_help import FILLED, FORM, Somebody, count, entries, form_of, participant, text
from tests.web.trial_here import NORTH, PASSWORD, trial


@pytest.fixture(autouse=True)
def no_second_factor(monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)


@pytest.fixture
def nina(database, tmp_path):
    return Somebody("nina", participant(tmp_path / "study"))


def comes_in(client, name):
    client.force_login(get_user_model().objects.get(username=name), BACKEND)


def late(client, address, form):
    """Send a form after the session ended; gives where the sign-in leads back to."""
    client.logout()
    answer = client.post(address, form)
    assert answer.status_code == 302 and answer.url.startswith("/account/login/?next="), answer
    return parse_qs(urlsplit(answer.url).query)["next"][0]


def typed_in(client, address, changes):
    shown = client.get(address)
    assert shown.status_code == 200, text(shown)
    return form_of(shown) | changes


def test_a_form_that_comes_too_late_is_there_again_after_the_sign_in_and_counts_once(nina):
    before, address = count(), nina.address("form", form=FORM)
    form = typed_in(nina.client, address, FILLED)
    back = late(nina.client, address, form)
    assert (count(), back.partition("=")[0]) == (before, f"{address}?kept")
    assert "kept for an hour" in text(nina.client.get(f"/account/login/?next={back}"))
    comes_in(nina.client, "nina")
    for _ in range(2):  # looked at twice, it is still there
        shown = nina.client.get(back)
        assert {name: form_of(shown)[name] for name in FILLED} == FILLED
        assert (count(), "is back in the form" in text(shown)) == (before, True)
    answers = [nina.client.post(back, form_of(shown)) for _ in range(2)]
    assert answers[0].status_code == 302 and answers[0].url == answers[1].url
    assert (len(entries(nina.subject)), count() - before, Kept.objects.count()) == (1, 1, 0)
    assert "Nothing that was typed is kept" in text(nina.client.get(back))


def test_a_session_that_timed_out_keeps_it_too(nina):
    form = typed_in(nina.client, nina.address("form", form=FORM), FILLED)
    let_pass(minutes=31)
    answer = nina.client.post(nina.address("form", form=FORM), form)
    comes_in(nina.client, "nina")
    shown = nina.client.get(parse_qs(urlsplit(answer.url).query)["next"][0])
    assert form_of(shown)["f.told"] == FILLED["f.told"]


def test_what_was_recorded_before_the_session_ended_is_not_recorded_again(nina):
    """The answer to the first click never came; the second came after the end of the session."""
    address = nina.address("form", form=FORM)
    form = typed_in(nina.client, address, FILLED)
    assert nina.client.post(address, form).status_code == 302
    back = late(nina.client, address, form)
    comes_in(nina.client, "nina")
    assert nina.client.post(back, form_of(nina.client.get(back))).status_code == 302
    assert len(entries(nina.subject)) == 1


def test_a_question_that_the_page_asked_by_itself_keeps_it_as_well(nina):
    """An answer changes, htmx asks for what follows, and the session is over: the whole page goes to the sign-in."""
    form = typed_in(nina.client, nina.address("form", form=FORM), FILLED | {"again": "1", "f.pain": "yes"})
    nina.client.logout()
    heads = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{nina.address('form', form=FORM)}"}
    answer = nina.client.post(nina.address("form", form=FORM), form, headers=heads)
    comes_in(nina.client, "nina")
    shown = form_of(nina.client.get(parse_qs(urlsplit(answer["HX-Redirect"]).query)["next"][0]))
    assert ("f.where" in shown, shown["f.size"]) == (True, FILLED["f.size"])


def test_a_row_that_was_asked_for_is_there(nina):
    address = nina.address("form", form=FORM)
    back = late(nina.client, address, typed_in(nina.client, address, FILLED | {"add": "parts"}))
    comes_in(nina.client, "nina")
    assert form_of(nina.client.get(back))["rows.parts"] == "3"


@pytest.mark.parametrize("name", ["sur", "clin"])
def test_somebody_else_gets_nothing_of_it_and_takes_nothing_away(nina, name):
    """One may fill this form in too, the other may not."""
    address = nina.address("form", form=FORM)
    back = late(nina.client, address, typed_in(nina.client, address, FILLED))
    Somebody(name, nina.subject)
    comes_in(nina.client, name)
    shown = nina.client.get(back)
    assert FILLED["f.size"] not in shown.content.decode()
    if shown.status_code == 200:
        assert "only for the user who typed it" in text(shown)
        assert nina.client.post(back, form_of(shown) | {"f.side": "left"}).status_code == 200
    comes_in(nina.client, "nina")
    assert form_of(nina.client.get(back))["f.size"] == FILLED["f.size"]


def test_it_is_shown_in_no_other_form(nina):
    address = nina.address("form", form=FORM)
    back = late(nina.client, address, typed_in(nina.client, address, FILLED))
    comes_in(nina.client, "nina")
    shown = nina.client.get(back.replace(FORM, "summary"))
    assert ("is back in the form" in text(shown), "Nothing that was typed" in text(shown)) == (False, True)


def test_it_is_gone_after_an_hour(nina):
    address = nina.address("form", form=FORM)
    back = late(nina.client, address, typed_in(nina.client, address, FILLED))
    Kept.objects.update(expires=F("expires") - store.KEPT_FOR)
    comes_in(nina.client, "nina")
    assert form_of(nina.client.get(back))["f.size"] == ""
    assert Kept.objects.count() == 0, "what is too old goes when somebody signs in"
    late(nina.client, address, typed_in(nina.client, address, FILLED))
    Kept.objects.update(expires=F("expires") - store.KEPT_FOR)
    comes_in(nina.client, "nina")
    late(nina.client, address, typed_in(nina.client, address, FILLED))
    assert Kept.objects.count() == 1, "and when something new comes"


def test_the_database_alone_tells_nothing_of_it(nina):
    address = nina.address("form", form=FORM)
    back = late(nina.client, address, typed_in(nina.client, address, FILLED | {"f.told": "never in the clear"}))
    (row,) = Kept.objects.all()
    sealed = bytes(row.sealed)
    assert b"never" not in sealed and b"nina" not in sealed and row.digest not in back


@pytest.mark.parametrize("told", ["", "nina", "nina:made-up", "sur"])
def test_nobody_lays_anything_before_somebody_else(nina, told):
    """Only a page of ours, made for a user, carries that user's mark."""
    form = typed_in(nina.client, nina.address("form", form=FORM), FILLED) | {typed.OPENED_BY: told}
    back = late(nina.client, nina.address("form", form=FORM), form)
    assert (Kept.objects.count(), "kept" in back) == (0, False)


def test_more_than_anybody_types_is_not_kept(nina):
    address = nina.address("form", form=FORM)
    back = late(nina.client, address, typed_in(nina.client, address, FILLED | {"f.told": "x" * 1_100_000}))
    assert (Kept.objects.count(), "kept" in back) == (0, False)


def test_a_correction_is_kept_and_refused_where_the_entry_changed_meanwhile(nina):
    seq = nina.enters()
    address = nina.address("correct-form", seq=seq)
    back = late(nina.client, address, typed_in(nina.client, address, {"f.size": "25", "reason": "misread"}))
    comes_in(nina.client, "nina")
    Somebody("sur", nina.subject).fills("correct-form", {"f.size": "26", "reason": "mine"}, seq=seq)
    shown = form_of(nina.client.get(back))
    assert (shown["f.size"], shown["reason"]) == ("25", "misread")
    refused = nina.client.post(back, shown)
    assert (refused.status_code, "has changed since" in text(refused)) == (409, True)
    assert form_of(refused)["f.size"] == "25"
    assert Kept.objects.count() == 1, "a refusal has recorded nothing, so it stays"


def test_a_form_that_stands_once_is_shown_with_what_was_typed_though_somebody_entered_it(nina):
    address = nina.address("form", form="summary")
    back = late(nina.client, address, typed_in(nina.client, address, {"f.content": "yes"}))
    Somebody("nina", nina.subject).fills("form", {"f.content": "no"}, form="summary")  # at another computer
    comes_in(nina.client, "nina")
    shown = nina.client.get(back)
    assert form_of(shown)["f.content"] == "yes"
    assert nina.client.post(back, form_of(shown)).status_code == 409


def test_a_page_of_before_another_sign_in_is_shown_again(nina):
    """Signed out and in again in another tab: the form carries the guard of the first sign-in."""
    guarded = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    comes_in(guarded, "nina")
    address = nina.address("form", form=FORM)
    form, before = typed_in(guarded, address, FILLED), count()
    comes_in(guarded, "nina")
    answer = guarded.post(address, form | {"csrfmiddlewaretoken": "x" * 64})
    assert (answer.status_code, answer.url.startswith(f"{address}?kept=")) == (302, True)
    shown = guarded.get(answer.url)
    assert (form_of(shown)["f.size"], count()) == (FILLED["f.size"], before)
    assert "signed in again since" in text(shown)
    assert guarded.post(answer.url, form_of(shown)).status_code == 302
    assert len(entries(nina.subject)) == 1


def test_a_page_of_somebody_else_says_for_whom_it_is_kept(nina):
    guarded = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    comes_in(guarded, "nina")
    form = typed_in(guarded, nina.address("form", form=FORM), FILLED)
    Somebody("sur", nina.subject)
    comes_in(guarded, "sur")
    answer = guarded.post(nina.address("form", form=FORM), form | {"csrfmiddlewaretoken": "x" * 64})
    assert (answer.status_code, "for nina alone" in text(answer)) == (403, True)
    assert FILLED["f.size"] not in answer.content.decode()


# ---- the other forms -------------------------------------------------------------------------------------------------


def test_questions_answers_and_reasons_are_kept(nina):
    seq = nina.enters()
    dan = Somebody("dan", nina.subject)
    for address, who, changes in [
        (dan.address("ask-query", seq=seq), dan, {"text": "Is it mm?", "path": "size"}),
        (dan.address("lock-entry", seq=seq), dan, {}),
        (nina.address("strike-entry", seq=seq), nina, {"reason": "another person"}),
        (nina.address("correct-form", seq=seq), nina, {"reason": "a reason"}),
    ]:
        before = count()
        back = late(who.client, address, typed_in(who.client, address, changes))
        comes_in(who.client, who.name)
        shown = form_of(who.client.get(back))
        assert ({name: shown[name] for name in changes}, count()) == (changes, before), address


@pytest.fixture
def followed(database):
    """A participant of the shipped study with lesions at baseline and a scan; gives the subject."""
    made = desks_help.Made()
    subject = made.participant(arm="usual")
    made.lesions(subject)
    made.scan(subject, desks_help.ago(110), "follow_up.1", size="14")
    made.keep()
    return subject


def special(page, form, subject, query=""):
    where = {"study": desks_help.STUDY, "subject": subject, "form": form}
    return reverse(page, kwargs=where) + query


def test_a_scan_comes_back_with_its_lesions_and_the_sizes_before_its_day(followed):
    carl = desks_help.Somebody("carl")
    address = special("scan", "scan", followed, "?visit=follow_up.2")
    changes = {"f.imaged": desks_help.ago(120).isoformat(), "f.lesions.0.size": "12", "f.complete": "yes"}
    back = late(carl.client, address, typed_in(carl.client, address, changes))
    assert back.startswith(f"{address}&kept=")
    comes_in(carl.client, "carl")
    shown = carl.client.get(back)
    assert {name: form_of(shown)[name] for name in changes} == changes
    assert ("20 mm" in text(shown), "14 mm" in text(shown)) == (True, False), "those before the day that was typed"


def test_an_adverse_event_comes_back_with_what_was_searched_for(followed):
    carl = desks_help.Somebody("carl")
    address = special("adverse-event", "adverse_event", followed)
    back = late(carl.client, address, typed_in(carl.client, address, {"find": "tired", "f.outcome": "recovering"}))
    comes_in(carl.client, "carl")
    shown = carl.client.get(back)
    assert (form_of(shown)["find"], form_of(shown)["f.outcome"]) == ("tired", "recovering")
    assert 'value="Fatigue"' in shown.content.decode()


@pytest.fixture
def subject(database):
    (one,) = trial("screened")
    return one


CANDIDATE = [
    ("facts", {}, "?facts=ecog", {"fact.ecog": "2", "day.ecog": "20 Nov 2026"}),
    ("facts", {}, "", {"rows.metastases": "2", "fact.metastases.1.lesion": "M9", "fact.sex": "female"}),
    ("correct", {"seq": 0}, "", {"reason": "typing error"}),
    ("withdraw", {}, "", {"reason": "moved away", "on": "1 Jan 2026"}),
]


@pytest.mark.parametrize(("page", "where", "query", "changes"), CANDIDATE)
def test_what_is_typed_about_a_candidate_is_kept(database, page, where, query, changes):
    (subject,) = trial("consented")
    carl, before = Visitor(), len(store.current(store.studies()[0]).entries)
    seq = store.current(store.studies()[0]).subject(subject).entries[0].seq
    where = dict.fromkeys(where, seq)
    address = address_of(page, subject, **where) + query
    back = late(carl.client, address, typed_in(carl.client, address, changes))
    comes_in(carl.client, carl.name)
    shown = form_of(carl.client.get(back))
    assert {name: shown[name] for name in changes} == changes
    assert len(store.current(store.studies()[0]).entries) == before


def test_a_new_candidate_is_kept_but_no_file(subject):
    carl = Visitor()
    who = {"site": NORTH, "number": "N-1", "name": "Ada Example", "birth_date": "17 May 1970", "fact.sex": "female"}
    address = address_of("new-candidate")
    form = typed_in(carl.client, address, who)
    back = late(carl.client, address, form | {"file": SimpleUploadedFile("a.json", b"{}")})
    assert b"Ada" not in bytes(Kept.objects.get().sealed)
    comes_in(carl.client, carl.name)
    shown = carl.client.get(back)
    assert {name: form_of(shown)[name] for name in who} == who
    assert "choose it again" in text(shown)
    assert carl.client.post(back, form_of(shown)).status_code == 302
    assert Kept.objects.count() == 0


def test_no_password_is_ever_kept(subject, monkeypatch):
    pat = Visitor("pat", "pathologist")
    given = []
    monkeypatch.setattr(store, "keep", lambda user, path, told: given.append(told) or None)
    address = address_of("attest", subject, judgement="her2_determined_positive")
    answer = {"about-answer": "yes", "about-reason": "seen", "password": PASSWORD, "user_name": "pat"}
    late(pat.client, address, typed_in(pat.client, address, answer))
    (told,) = given
    assert told.fields["about-reason"] == ["seen"]
    assert not {"password", "user_name", "csrfmiddlewaretoken"} & set(told.fields)
    assert PASSWORD not in str(told)


def test_an_answer_to_a_judgement_is_kept_without_its_signature(subject):
    pat = Visitor("pat", "pathologist")
    address = address_of("attest", subject, judgement="her2_determined_positive")
    form = typed_in(pat.client, address, {"about-answer": "yes", "about-reason": "seen", "password": PASSWORD})
    back = late(pat.client, address, form)
    comes_in(pat.client, "pat")
    shown = form_of(pat.client.get(back))
    assert (shown["about-answer"], shown["about-reason"], shown["password"]) == ("yes", "seen", "")
