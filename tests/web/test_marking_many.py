"""Several entries locked, or confirmed against the source, in one signed act."""

import pytest
from django.conf import settings

from evenhand.conduct.forms import marks_of
from evenhand.record.rules import signature_faults
from tests.web.participant_help import PASSWORD, STUDY, Somebody, count, form_of, known, participant, text

WEIGHED = {"f.weighed": "2026-05-03", "f.weight": "70"}


@pytest.fixture
def nina(database, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    return Somebody("nina", participant(tmp_path / "study"))


def signed(somebody, page, seqs, query=""):
    """Tick these entries and sign."""
    form = form_of(somebody.sees(page, query)) | {"user_name": somebody.name, "password": PASSWORD}
    return somebody.posts(page, form | {"entry": [str(seq) for seq in seqs]}, query)


def weighs(nina, visit):
    answer = nina.fills("form", WEIGHED, f"?visit={visit}", form="weight")
    assert answer.status_code == 302, text(answer)
    return int(answer.url.rpartition("/")[2])


def marks(nina, seq):
    return marks_of(known(nina.subject), seq)


def test_entries_are_confirmed_in_one_signed_act(nina):
    seqs = [nina.enters(), weighs(nina, "v1"), weighs(nina, "v2")]
    mona, before = Somebody("mona", nina.subject), count()
    page = mona.sees("verify-forms")
    assert "20.5 mm" in text(page), "what is to be compared is shown"
    assert signed(mona, "verify-forms", seqs[:2]).status_code == 302
    first, second, third = (marks(nina, seq).verified for seq in seqs)
    assert (first, third, count() - before) == (second, None, 1)
    assert first.signature.signer == "Mona Test (mona)"
    assert first.signature.meaning in text(page)
    assert list(signature_faults(first)) == []
    assert [one["seq"] for one in first.body["entries"]] == seqs[:2]


def test_all_of_a_visit(nina):
    nina.enters()
    seqs = [weighs(nina, "v1"), weighs(nina, "v2")]
    mona = Somebody("mona", nina.subject)
    page = mona.sees("verify-forms", "?visit=v2&all=1").content.decode()
    assert f'value="{seqs[1]}" checked' in page
    assert f'value="{seqs[0]}"' not in page
    assert signed(mona, "verify-forms", [seqs[1]], "?visit=v2").status_code == 302
    assert [marks(nina, seq).verified is None for seq in seqs] == [True, False]
    assert "No entry of this visit waits" in text(mona.sees("verify-forms", "?visit=v2"))


def test_nothing_is_chosen_for_whoever_signs(nina):
    seq, before = nina.enters(), count()
    mona = Somebody("mona", nina.subject)
    assert "checked" not in mona.sees("verify-forms").content.decode()
    answer = signed(mona, "verify-forms", [])
    assert (answer.status_code, "No entry was chosen" in text(answer), count()) == (200, True, before)
    assert marks(nina, seq).verified is None


def test_what_cannot_be_locked_is_said_entry_by_entry(nina):
    asked, unsigned, plain = nina.enters(), nina.enters(), weighs(nina, "v1")
    dan, clin = Somebody("dan", nina.subject), Somebody("clin", nina.subject)
    clin.signs("sign-forms", {}, f"?entry={asked}&entry={plain}")
    dan.fills("ask-query", {"text": "Is it mm?"}, seq=asked)
    shown = text(dan.sees("lock-forms"))
    assert f"about entry {asked} is open. Close it first." in shown
    assert f"Entry {unsigned} is not signed as it stands. Have it signed by" in shown
    before = count()
    refused = signed(dan, "lock-forms", [plain, unsigned])
    assert (refused.status_code, count()) == (409, before), "all of it or nothing"
    assert f"Entry {unsigned} is not signed as it stands" in text(refused)
    assert f'value="{plain}" checked' in refused.content.decode(), "what was chosen stays chosen"
    assert signed(dan, "lock-forms", [plain]).status_code == 302
    locked = marks(nina, plain).locked
    assert (locked.signature.signer, marks(nina, unsigned).locked) == ("Dan Test (dan)", None)
    assert f"entry {plain}<" not in dan.sees("lock-forms").content.decode(), "it waits no more"


def test_nobody_confirms_what_has_changed_meanwhile(nina):
    seq = nina.enters()
    mona = Somebody("mona", nina.subject)
    form = form_of(mona.sees("verify-forms")) | {"user_name": "mona", "password": PASSWORD, "entry": [str(seq)]}
    nina.fills("correct-form", {"f.size": "25", "reason": "misread"}, seq=seq)
    form["seen"] = form_of(mona.sees("verify-forms"))["seen"]
    answer = mona.posts("verify-forms", form)
    assert (answer.status_code, f"Entry {seq} has changed since it was shown" in text(answer)) == (409, True)
    assert f'value="{seq}" checked' not in answer.content.decode(), "it is to be looked at anew"
    assert marks(nina, seq).verified is None


@pytest.mark.parametrize("chosen", [["1"], ["999"], ["x"], ["1" * 40], ["-1"]])
def test_whatever_is_sent_marks_no_other_entry(nina, chosen):
    nina.enters()
    before, mona = count(), Somebody("mona", nina.subject)
    form = form_of(mona.sees("verify-forms")) | {"user_name": "mona", "password": PASSWORD, "entry": chosen}
    assert mona.posts("verify-forms", form).status_code in (200, 409)
    assert count() == before


def test_a_wrong_password_locks_nothing(nina):
    seq, dan = weighs(nina, "v1"), Somebody("dan", nina.subject)
    Somebody("clin", nina.subject).signs("sign-forms")
    before = count()
    form = form_of(dan.sees("lock-forms")) | {"user_name": "dan", "password": "guessed", "entry": [str(seq)]}
    answer = dan.posts("lock-forms", form)
    assert (answer.status_code, count()) == (200, before)
    assert f'value="{seq}" checked' in answer.content.decode()


@pytest.mark.parametrize(("page", "name"), [("verify-forms", "dan"), ("lock-forms", "mona"), ("lock-forms", "nina")])
def test_only_whose_task_it_is(nina, page, name):
    assert Somebody(name, nina.subject).sees(page).status_code == 403


def test_the_page_of_the_participant_and_the_desk_lead_there(nina):
    seq = weighs(nina, "v1")
    dan, mona = Somebody("dan", nina.subject), Somebody("mona", nina.subject)
    assert nina.address("lock-forms") in dan.sees("participant").content.decode()
    assert nina.address("verify-forms") in mona.sees("participant").content.decode()
    assert nina.address("lock-forms") not in nina.sees("participant").content.decode()
    desk = mona.client.get(f"/{STUDY}/quality?view=waiting&for=source").content.decode()
    assert f"{nina.address('verify-forms')}?visit=v1" in desk
    assert seq
