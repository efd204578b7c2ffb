"""What is done about entries: signed, locked, struck out, confirmed against the source, asked about."""

import pytest
from django.conf import settings

from evenhand.conduct.forms import marks_of
from evenhand.conduct.quality import queries
from evenhand.record.rules import signature_faults
from tests.web.participant_help import (
    FILLED,
    FORM,
    PASSWORD,
    Somebody,
    count,
    entries,
    form_of,
    known,
    participant,
    recorded,
    text,
)


@pytest.fixture
def nina(database, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    return Somebody("nina", participant(tmp_path / "study"))


@pytest.fixture
def others(nina):
    return lambda name: Somebody(name, nina.subject)


def marks(nina, seq):
    return marks_of(known(nina.subject), seq)


# ---- signing ---------------------------------------------------------------------------------------------------------


def test_several_entries_are_signed_under_one_signature(nina, others):
    seqs = [nina.enters(), nina.enters({"f.label": "B"})]
    clin = others("clin")
    shown = text(clin.sees("sign-forms"))
    assert f"Everything (entry {seqs[0]}), Everything (entry {seqs[1]})" in shown
    assert "20.5 mm" in shown
    assert clin.signs("sign-forms").status_code == 302
    signed = [marks(nina, seq).signatures for seq in seqs]
    assert signed[0] == signed[1] != ()
    signature = signed[0][0].signature
    assert signature.signer == "Clin Test (clin)"
    assert signature.meaning in shown, "what is recorded is what was shown"
    assert list(signature_faults(signed[0][0])) == []
    assert "Nothing about this participant waits for your signature" in text(clin.sees("sign-forms"))


def test_what_is_left_out_is_not_signed(nina, others):
    first, second = nina.enters(), nina.enters({"f.label": "B"})
    page = others("clin").sees("sign-forms").content.decode()
    assert f"/sign?entry={second}" in page, "a link that leaves the first one out"
    others("clin").signs("sign-forms", {}, f"?entry={second}")
    assert (marks(nina, first).signatures, len(marks(nina, second).signatures)) == ((), 1)


def test_nobody_signs_what_has_changed_meanwhile(nina, others):
    seq = nina.enters()
    clin = others("clin")
    form = form_of(clin.sees("sign-forms")) | {"user_name": "clin", "password": PASSWORD}
    nina.fills("correct-form", {"f.size": "25", "reason": "misread"}, seq=seq)
    form["seen"] = form_of(clin.sees("sign-forms"))["seen"]  # even if the page as a whole were up to date
    answer = clin.posts("sign-forms", form)
    assert answer.status_code == 409
    assert "has changed since it was shown" in text(answer)
    assert "25 mm" in text(answer)
    assert marks(nina, seq).signatures == ()


def test_a_wrong_password_signs_nothing(nina, others):
    nina.enters()
    before = count()
    answer = others("clin").signs("sign-forms", {"password": "guessed"})
    assert (answer.status_code, count()) == (200, before)
    assert "The password is not the one of this user name" in text(answer)


def test_a_correction_makes_a_signature_void(nina, others):
    seq = nina.enters()
    others("clin").signs("sign-forms")
    assert "signed" in text(nina.sees("form-entry", seq=seq))
    nina.fills("correct-form", {"f.size": "25", "reason": "misread"}, seq=seq)
    shown = text(nina.sees("form-entry", seq=seq))
    assert "to be signed again" in shown
    assert "no longer covers what stands" in shown
    assert f"entry {seq}" in text(others("clin").sees("sign-forms"))


# ---- locking, striking, verifying ------------------------------------------------------------------------------------


def test_a_locked_entry_is_not_corrected_until_it_is_unlocked(nina, others):
    seq = nina.enters()
    others("clin").signs("sign-forms")
    dan = others("dan")
    opened = form_of(nina.sees("correct-form", seq=seq))
    assert dan.fills("lock-entry", {}, seq=seq).status_code == 302
    assert marks(nina, seq).locked is not None
    page = nina.sees("form-entry", seq=seq)
    assert "locked" in text(page)
    assert nina.address("correct-form", seq=seq) not in page.content.decode()
    refused = nina.posts("correct-form", opened | {"f.size": "25", "reason": "misread", "seen": count()}, seq=seq)
    assert (refused.status_code, form_of(refused)["f.size"]) == (409, "25")
    without = dan.fills("unlock-entry", {"reason": ""}, seq=seq)
    assert (without.status_code, marks(nina, seq).locked is not None) == (200, True)
    assert dan.fills("unlock-entry", {"reason": "a mistake was found"}, seq=seq).status_code == 302
    assert nina.fills("correct-form", {"f.size": "25", "reason": "misread"}, seq=seq).status_code == 302


def test_what_would_be_refused_is_said_before_anybody_types(nina, others):
    seq = nina.enters()
    others("clin").signs("sign-forms")
    dan, home = others("dan"), nina.address("form-entry", seq=seq)

    def said(who, page):
        answer = who.client.get(who.address(page, seq=seq), follow=True)
        assert answer.redirect_chain == [(home, 302)], page
        return text(answer)

    assert "is not locked" in said(dan, "unlock-entry")
    dan.fills("lock-entry", {}, seq=seq)
    for who, page in ((nina, "correct-form"), (nina, "strike-entry")):
        assert f"Entry {seq} is locked. Have it unlocked by a data manager" in said(who, page)
    assert "is locked already" in said(dan, "lock-entry")
    dan.fills("unlock-entry", {"reason": "a mistake was found"}, seq=seq)
    nina.fills("strike-entry", {"reason": "another participant's"}, seq=seq)
    for page in ("correct-form", "strike-entry"):
        assert f"Entry {seq} is struck out" in said(nina, page)


def test_a_correction_of_what_was_struck_out_meanwhile_is_refused_with_what_was_typed(nina):
    seq = nina.enters()
    opened = form_of(nina.sees("correct-form", seq=seq)) | {"f.size": "25", "reason": "misread"}
    nina.fills("strike-entry", {"reason": "another participant's"}, seq=seq)
    answer = nina.posts("correct-form", opened | {"seen": count()}, seq=seq)
    assert (answer.status_code, form_of(answer)["f.size"]) == (409, "25")
    assert "is struck out" in text(answer)


def test_what_is_not_signed_is_not_locked(nina, others):
    seq = nina.enters()
    answer = others("dan").fills("lock-entry", {}, seq=seq)
    assert answer.status_code == 409
    assert "is not signed as it stands" in text(answer)


def test_an_entry_made_in_error_is_struck_out_and_stays_legible(nina):
    seq = nina.enters()
    without = nina.fills("strike-entry", {"reason": " "}, seq=seq)
    assert (without.status_code, entries(nina.subject)[0].struck) == (200, False)
    assert nina.fills("strike-entry", {"reason": "another participant's"}, seq=seq).status_code == 302
    shown = text(nina.sees("form-entry", seq=seq))
    assert "struck out" in shown
    assert "20.5 mm" in shown
    assert "another participant's" in shown
    assert nina.sees("correct-form", seq=seq)["Location"] == nina.address("form-entry", seq=seq)


def test_a_monitor_confirms_what_was_shown(nina, others):
    seq = nina.enters()
    mona = others("mona")
    form = form_of(mona.sees("verify-entry", seq=seq))
    nina.fills("correct-form", {"f.size": "25", "reason": "misread"}, seq=seq)
    stale = mona.posts("verify-entry", form | {"seen": count()}, seq=seq)
    assert (stale.status_code, marks(nina, seq).verified) == (409, None)
    assert mona.posts("verify-entry", form_of(stale), seq=seq).status_code == 302
    assert marks(nina, seq).verified.by.user == "mona"
    assert "confirmed against the source" in text(nina.sees("form-entry", seq=seq))


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("nina", {"correct-form", "strike-entry"}),
        ("sur", {"correct-form", "strike-entry", "sign-forms"}),
        ("clin", {"sign-forms"}),
        ("dan", {"lock-entry", "ask-query"}),
        ("mona", {"verify-entry", "ask-query"}),
    ],
)
def test_everybody_is_offered_what_the_role_may_do(nina, others, name, offered):
    seq = nina.enters()
    page = others(name).sees("form-entry", seq=seq).content.decode()
    every = ["correct-form", "strike-entry", "lock-entry", "verify-entry", "ask-query"]
    found = {one for one in every if f'href="{nina.address(one, seq=seq)}"' in page}
    if f'href="{nina.address("sign-forms")}?entry={seq}"' in page:
        found.add("sign-forms")
    assert found == offered


# ---- queries ---------------------------------------------------------------------------------------------------------


def test_a_query_is_asked_answered_and_closed(nina, others):
    seq = nina.enters()
    dan = others("dan")
    assert dan.fills("ask-query", {"path": "size", "text": "Is it mm?"}, seq=seq).status_code == 302
    (query,) = queries(known(nina.subject))
    assert (query.place, query.path, query.text) == ((FORM, "1", None), "size", "Is it mm?")
    shown = text(nina.sees("form-entry", seq=seq))
    assert "Is it mm?" in shown
    assert "Size (mm)" in shown
    early = dan.fills("close-query", {"how": "answered", "reason": "fine"}, query=query.seq)
    assert early.status_code == 409
    assert "has no answer" in text(early)
    assert form_of(early)["reason"] == "fine"
    assert nina.fills("answer-query", {"text": "It is, see the chart."}, query=query.seq).status_code == 302
    assert "answered, to be closed" in text(nina.sees("form-entry", seq=seq))
    stale = dan.posts("close-query", form_of(early), query=query.seq)
    assert (stale.status_code, form_of(stale)["reason"]) == (409, "fine"), "an answer came since the page was opened"
    assert dan.posts("close-query", form_of(stale), query=query.seq).status_code == 302
    assert queries(known(nina.subject))[0].state == "closed"
    assert "closed: answered" in text(nina.sees("form-entry", seq=seq))


@pytest.mark.parametrize("text_given", ["", "  "])
def test_a_query_needs_words(nina, others, text_given):
    seq = nina.enters()
    before = count()
    assert others("dan").fills("ask-query", {"text": text_given}, seq=seq).status_code == 200
    assert count() == before


def test_a_correction_closes_the_query_of_a_rule(nina):
    nina.fills("form", FILLED | {"f.size": "4"}, form=FORM)
    seq = entries(nina.subject)[0].seq
    assert [one.state for one in queries(known(nina.subject))] == ["open", "open"]
    answer = nina.fills("correct-form", {"f.size": "40", "reason": "a digit was lost"}, seq=seq)
    assert "A query was closed, since the data agree now." in text(nina.client.get(answer["Location"]))
    assert {one.state for one in queries(known(nina.subject))} == {"closed"}


def test_a_query_that_is_none_is_not_found(nina):
    assert nina.sees("answer-query", query=nina.enters()).status_code == 404
    assert recorded(1) is not None


def test_a_study_with_forms_alone_has_a_page_about_each_participant(nina):
    """Without a schedule, treatment, assessments or safety there are the forms, and nothing is due."""
    nina.enters()
    shown = text(nina.sees("participant"))
    assert "Nothing is late or due" in shown
    assert "Everything" in shown
    assert "1 shown of 1 participant" in text(nina.sees("participants"))
