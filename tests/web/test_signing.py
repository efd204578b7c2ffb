"""A signature: proves who signs, at that moment, and nothing else gets one."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.template.loader import render_to_string
from django.test import RequestFactory

from evenhand.web import signing
from evenhand.web.signing import SignatureForm
from evenhand.web.store import Signing
from tests.web.door_help import NAME, PASSWORD, account, let_pass

MEANING = "I have verified that this person meets the criterion."
GIVEN = {"user_name": NAME, "password": PASSWORD, "key": "k", "seen": "0"}


@pytest.fixture
def anna(database):
    return account()


def form(user, /, address="192.0.2.1", **given):
    request = RequestFactory().post("/somewhere?who=her", {**GIVEN, **given, "name": "a person"}, REMOTE_ADDR=address)
    request.user, request.session = user, SessionStore()
    return SignatureForm(request.POST, request=request, meaning=MEANING)


def said(bound):
    return " ".join(text for texts in bound.errors.values() for text in texts)


def test_a_signature_names_who_signs_and_what_it_means(anna):
    signed = form(anna)
    assert signed.is_valid()
    assert signed.signing == Signing("Anna Example (anna)", MEANING)
    assert signed.guards == {"key": "k", "seen": None}


def test_nothing_is_signed_in_words_that_the_page_did_not_show(anna):
    shown = form(anna).initial["meant"]
    assert form(anna, meant=shown).is_valid()
    other = form(anna, meant=shown[::-1])
    assert not other.is_valid()
    assert signing.CHANGED in said(other)
    assert other["meant"].value() == shown, "the page that is shown again carries the words that it shows"


WRONG = {
    "another password": ({"password": "not the password"}, signing.WRONG),
    "the password with a space": ({"password": PASSWORD + " "}, signing.WRONG),
    "no password": ({"password": ""}, "This field is required"),
    "no user name": ({"user_name": ""}, "This field is required"),
    "somebody else": ({"user_name": "ben"}, "only anna can sign here"),
    "the name in capitals": ({"user_name": "ANNA"}, "only anna can sign here"),
    "no key": ({"key": ""}, "This field is required"),
}


@pytest.mark.parametrize("given, told", WRONG.values(), ids=WRONG)
def test_there_is_no_signature_without_both_components_of_whoever_is_signed_in(anna, given, told):
    account("ben", "Ben Example", PASSWORD + "ben")
    unsigned = form(anna, **given)
    assert not unsigned.is_valid()
    assert told in said(unsigned)
    with pytest.raises(ValueError, match="there is no signature"):
        unsigned.signing  # noqa: B018 - asking is what raises


def test_a_colleague_with_valid_credentials_cannot_sign_in_the_session_of_another(anna):
    account("ben", "Ben Example", "another good password")
    assert "only anna can sign here" in said(form(anna, user_name="ben", password="another good password"))


def test_a_session_that_ended_is_told_so(anna):
    assert signing.ENDED in said(form(AnonymousUser()))


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour_and_the_right_one_does_not_open(anna):
    for _ in range(4):
        assert signing.WRONG in said(form(anna, password="wrong"))
    assert signing.LOCKED in said(form(anna, password="wrong"))
    assert signing.LOCKED in said(form(anna))
    assert form(anna, address="192.0.2.2").is_valid(), "nobody is locked out from elsewhere"
    let_pass(minutes=14)
    assert signing.LOCKED in said(form(anna))
    let_pass(minutes=2)
    assert form(anna).is_valid()


def test_a_good_signature_forgets_the_slips_before_it(anna):
    for _ in range(3):
        for _ in range(4):
            form(anna, password="wrong").is_valid()
        assert form(anna).is_valid()


def test_the_wrong_name_costs_no_attempt_and_nothing_of_the_form_is_kept(anna):
    form(anna, user_name="ben", password="wrong").is_valid()
    assert not AccessAttempt.objects.exists()
    form(anna, password="wrong").is_valid()
    attempt = AccessAttempt.objects.get()
    assert (attempt.username, attempt.post_data, attempt.get_data) == ("anna", "", "")


def test_an_account_that_was_stopped_signs_nothing(anna):
    type(anna).objects.update(is_active=False)
    assert signing.WRONG in said(form(anna))


def test_the_form_shows_what_is_signed_by_whom_and_fills_in_neither_field(anna):
    shown = render_to_string("_signature.html", {"form": form(anna, password="wrong")})
    assert MEANING in shown and "Anna Example (anna)" in shown
    assert "wrong" not in shown.replace("field wrong", "")
    fresh = SignatureForm(request=form(anna)._request, meaning=MEANING)
    assert "value=" not in str(fresh["password"]) + str(fresh["user_name"])
