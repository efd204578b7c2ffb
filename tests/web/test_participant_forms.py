"""The page made from a form: what it asks, what it takes, and that nothing typed is lost."""

import random

import pytest
from django.conf import settings

from evenhand.web import store
from tests.web.participant_help import (
    FILLED,
    FORM,
    STUDY,
    Somebody,
    count,
    entries,
    form_of,
    participant,
    recorded,
    text,
)

VALUES = {
    "seen": "2026-05-03",
    "began": "2026-04",
    "size": "20.5",
    "titre": {"range": {"low": None, "high": "0.2"}, "open": ["high"]},
    "side": "left",
    "place": "two",
    "pain": False,
    "told": "two\nlines",
    "label": "A",
    "parts": [{"part": "P1", "weight": "1.5"}, {"part": "P2", "whole": True}],
}


@pytest.fixture
def subject(database, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    return participant(tmp_path / "study")


@pytest.fixture
def nina(subject):
    return Somebody("nina", subject)


def test_what_is_filled_in_is_recorded_as_it_was_meant(nina):
    answer = nina.fills("form", FILLED, form=FORM)
    (entry,) = entries(nina.subject)
    assert answer["Location"] == nina.address("form-entry", seq=entry.seq)
    body = recorded(entry.seq).body
    assert body["values"] == VALUES
    assert (entry.day.isoformat(), body["unless"], body["not_done"], entry.item) == ("2026-05-03", {}, None, "1")


def test_the_entry_is_shown_in_words(nina):
    seq = nina.enters()
    shown = text(nina.sees("form-entry", seq=seq))
    for words in ("3 May 2026", "Apr 2026", "20.5 mm", "less than 0.2", "the second", "P1", "1.5 kg", "to be signed"):
        assert words in shown, words
    assert "Where it hurts" not in shown  # it was not asked


def test_a_form_asks_what_follows_only_once_it_follows(nina):
    first = nina.sees("form", form=FORM)
    assert "f.where" not in form_of(first)
    before = count()
    second = nina.posts("form", form_of(first) | FILLED | {"f.pain": "yes"}, form=FORM)
    assert (second.status_code, count()) == (200, before)
    assert "More is asked, because of what you answered: Where it hurts" in text(second)
    typed = form_of(second)
    assert {name: typed[name] for name in FILLED} == FILLED | {"f.pain": "yes"}
    third = nina.posts("form", typed | {"f.where": "in the knee"}, form=FORM)
    assert third.status_code == 302
    assert entries(nina.subject)[0].values["where"] == "in the knee"


def test_a_question_no_longer_asked_keeps_its_answer_on_the_page(nina):
    form = form_of(nina.sees("form", form=FORM)) | FILLED | {"f.where": "in the knee", "shown.where": "1"}
    answer = nina.posts("form", form, form=FORM)
    assert "Where it hurts is not asked for here" in text(answer)
    assert form_of(answer)["f.where"] == "in the knee"


def test_looking_again_shows_the_questions_and_records_nothing(nina):
    before = count()
    form = form_of(nina.sees("form", form=FORM)) | {"f.pain": "yes", "f.size": "no number", "again": "1"}
    answer = nina.posts("form", form, form=FORM)
    assert "f.where" in form_of(answer)
    assert form_of(answer)["f.size"] == "no number"
    assert ('class="errorlist"' in answer.content.decode(), count()) == (False, before)


FAULTS = [
    ({"f.seen": ""}, "f.seen", "Day is missing"),
    ({"f.seen": "3/5/2026"}, "f.seen", "is no date"),
    ({"f.seen": "May 2026"}, "f.seen", "is not a full day"),
    ({"f.seen": "2099-01-01"}, "f.seen", "This day has not come yet"),
    ({"f.size": "big"}, "f.size", "is no number"),
    ({"f.size": "300.1"}, "f.size", "out of range"),
    ({"f.size": "20.55"}, "f.size", "in steps of 0.1"),
    ({"f.size": "less than 5"}, "f.size", "no exact number"),
    ({"f.side": "middle"}, "f.side", "none of left, right"),
    ({"f.side": ""}, "f.side", "Side is missing"),
    ({"f.pain": "perhaps"}, "f.pain", "perhaps"),
    ({"f.began": "2026-06"}, "f.began", "It began after it was seen"),
    ({"f.told": "a\0b"}, "f.told", "Null characters are not allowed"),
    ({"f.told": "x" * 4001}, "f.told", "at most 4000 characters"),
    ({"f.parts.1.weight": "9.1"}, "f.parts.1.weight", "out of range"),
    ({"f.parts.1.part": ""}, "f.parts.1.part", "Part in row 2 of Parts is missing"),
    ({"f.parts.1.part": "P1"}, "f.parts.1.part", "P1 stands in two rows"),
    ({"rows.parts": "0"}, "f.parts", "Parts is missing"),
]


@pytest.mark.parametrize(("changes", "field", "words"), FAULTS)
def test_a_fault_is_said_at_its_question_and_nothing_typed_is_lost(nina, changes, field, words):
    before = count()
    answer = nina.fills("form", FILLED | changes, form=FORM)
    page = answer.content.decode()
    assert (answer.status_code, count()) == (200, before)
    assert words in text(answer)
    kept = form_of(answer)
    wanted = FILLED | changes
    if "rows.parts" in changes:
        wanted = {name: value for name, value in wanted.items() if not name.startswith("f.parts")}
    assert {name: kept.get(name) for name in wanted if "\0" not in wanted[name]} == {
        name: value for name, value in wanted.items() if "\0" not in value
    } | ({"f.side": None} if changes.get("f.side") in ("", "middle") else {}) | (
        {"f.pain": None} if changes.get("f.pain") == "perhaps" else {}
    )
    if field != "f.parts":
        assert f'id="id_{field}_error"' in page or f'id="id_{field}_0_error"' in page, (
            "the message is tied to its field"
        )


def test_all_faults_are_said_at_once(nina):
    shown = text(nina.fills("form", {"f.size": "big", "f.began": "soon"}, form=FORM))
    for words in (
        "Day is missing",
        "Side is missing",
        "Pain is missing",
        "is no number",
        "is no date",
        "Parts is missing",
    ):
        assert words in shown, words


def test_a_reason_stands_in_for_an_answer(nina):
    first = nina.fills("form", FILLED | {"f.side": ""}, form=FORM)
    assert "Why there is no answer" in text(first)
    second = nina.posts("form", form_of(first) | {"why.side": "on both"}, form=FORM)
    assert second.status_code == 302
    (entry,) = entries(nina.subject)
    assert ("side" in entry.values, entry.unless) == (False, {"side": "on both"})
    assert "on both" in text(nina.sees("form-entry", seq=entry.seq))


def test_no_reason_is_asked_for_where_an_answer_is_there_that_cannot_be_read(nina):
    assert "Why there is no answer" not in text(nina.fills("form", FILLED | {"f.seen": "3/5/2026"}, form=FORM))


def test_an_answer_and_a_reason_for_none_contradict_each_other(nina):
    answer = nina.fills("form", FILLED | {"why.side": "on both"}, form=FORM)
    assert "Side has an answer and a reason for having none" in text(answer)


def test_rows_come_and_go_without_a_script(nina):
    first = nina.fills("form", FILLED | {"add": "parts"}, form=FORM)
    assert form_of(first)["rows.parts"] == "3"
    third = form_of(first) | {"f.parts.2.part": "P3", "drop": "parts.0"}
    second = nina.posts("form", third, form=FORM)
    kept = form_of(second)
    assert (kept["rows.parts"], kept["f.parts.0.part"], kept["f.parts.1.part"]) == ("2", "P2", "P3")
    assert (kept["f.parts.0.whole"], kept["f.size"], kept["f.seen"]) == ("yes", "20.5", "3 May 2026")
    nina.posts("form", kept, form=FORM)
    assert [row["part"] for row in entries(nina.subject)[0].rows("parts")] == ["P2", "P3"]


@pytest.mark.parametrize("told", ["parts.9", "parts.x", "nothing.0", "parts", "parts.-1"])
def test_a_row_that_is_not_there_cannot_be_taken_out(nina, told):
    kept = form_of(nina.fills("form", FILLED | {"drop": told}, form=FORM))
    assert (kept["f.parts.0.part"], kept["f.parts.1.part"]) == ("P1", "P2")


def test_empty_rows_are_left_out_and_faults_stay_in_their_rows(nina):
    gap = {
        "rows.parts": "4",
        "f.parts.1.part": "",
        "f.parts.1.whole": "",
        "f.parts.3.part": "P4",
        "f.parts.3.weight": "99",
    }
    answer = nina.fills("form", FILLED | gap, form=FORM)
    assert 'id="id_f.parts.3.weight_error"' in answer.content.decode()
    nina.posts("form", form_of(answer) | {"f.parts.3.weight": "9"}, form=FORM)
    assert [row["part"] for row in entries(nina.subject)[0].rows("parts")] == ["P1", "P4"]


def test_a_form_is_marked_not_done_with_a_reason(nina):
    assert nina.fills("form", {"not_done": "machine broken"}, form=FORM).status_code == 302
    (entry,) = entries(nina.subject)
    assert (entry.not_done, dict(entry.values)) == ("machine broken", {})
    assert "Not done: machine broken" in text(nina.sees("form-entry", seq=entry.seq))


def test_what_was_not_done_has_no_answers(nina):
    answer = nina.fills("form", FILLED | {"not_done": "machine broken"}, form=FORM)
    assert "There are answers as well" in text(answer)
    assert form_of(answer)["f.size"] == "20.5"
    assert entries(nina.subject) == ()


def test_what_is_taken_and_doubted_is_said_after_recording(nina):
    answer = nina.fills("form", FILLED | {"f.size": "4", "f.parts.0.weight": "6"}, form=FORM)
    shown = text(nina.client.get(answer["Location"]))
    for words in ("A query was opened", "Small and without pain.", "Size 4 mm lies outside of 5 to 150 mm."):
        assert words in shown, words
    assert "Parts, row 1: Weight" in shown


def test_the_next_page_suggests_what_was_answered_before(nina):
    nina.enters()
    page = nina.sees("form", form=FORM).content.decode()
    suggested = page[page.index('<datalist id="offered-labels">') :]
    assert [f'<option value="{one}">' in suggested for one in ("A", "P1", "P2")] == [True] * 3


def test_a_form_sent_twice_counts_once(nina):
    form = form_of(nina.sees("form", form=FORM)) | FILLED
    answers = [nina.posts("form", form, form=FORM) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert len(entries(nina.subject)) == 1


def test_a_page_that_is_out_of_date_says_so_and_keeps_what_was_typed(nina):
    form = form_of(nina.sees("form", form=FORM)) | FILLED
    Somebody("sur", nina.subject).enters()
    answer = nina.posts("form", form, form=FORM)
    assert answer.status_code == 409
    assert "has changed since you opened this page" in text(answer)
    assert {name: form_of(answer)[name] for name in FILLED} == FILLED
    assert nina.posts("form", form_of(answer), form=FORM).status_code == 302
    assert [one.item for one in entries(nina.subject)] == ["1", "2"]


def test_a_damaged_page_is_made_anew_with_what_was_typed(nina):
    form = form_of(nina.sees("form", form=FORM)) | FILLED | {"key": "", "seen": "x"}
    answer = nina.posts("form", form, form=FORM)
    assert "the page that was sent is not whole" in text(answer).lower()
    assert form_of(answer)["f.size"] == "20.5"


@pytest.mark.parametrize("name", ["clin", "dan", "mona"])
def test_only_those_fill_a_form_in_whom_it_names(nina, name):
    assert Somebody(name, nina.subject).sees("form", form=FORM).status_code == 403


def test_a_form_or_an_entry_that_is_not_there_is_not_found(nina):
    seq = nina.enters()
    assert nina.sees("form", form="nothing").status_code == 404
    assert nina.sees("form-entry", seq=seq + 99).status_code == 404
    assert nina.sees("form-entry", seq=1).status_code == 404


def test_what_is_typed_is_shown_as_text(nina):
    seq = nina.enters({"f.told": "<script>alert(1)</script>", "f.label": '"><b>x'})
    for page in (nina.sees("form-entry", seq=seq), nina.sees("correct-form", seq=seq), nina.sees("form", form=FORM)):
        assert b"<script>alert" not in page.content
        assert b'"><b>x' not in page.content


# ---- forms of visits, and forms that stand once ----------------------------------------------------------------------

WEIGHED = {"f.weighed": "2026-05-03", "f.weight": "70"}


def test_a_form_of_visits_asks_at_which_visit(nina):
    answer = nina.sees("form", form="weight")
    assert "at which visit" in text(answer).lower()
    assert nina.fills("form", WEIGHED, "?visit=v1", form="weight").status_code == 302
    (entry,) = entries(nina.subject)
    assert entry.visit == "v1"
    assert nina.sees("form", "?visit=v1", form="weight")["Location"] == nina.address("form-entry", seq=entry.seq)


def test_a_form_without_visits_takes_none(nina):
    assert nina.sees("form", "?visit=v1", form=FORM)["Location"] == nina.address("form", form=FORM)


def test_a_form_that_stands_once_leads_to_its_entry(nina):
    nina.fills("form", {"f.content": "yes"}, form="summary")
    (entry,) = entries(nina.subject)
    assert nina.sees("form", form="summary")["Location"] == nina.address("form-entry", seq=entry.seq)


# ---- corrections -----------------------------------------------------------------------------------------------------


def test_a_correction_begins_with_what_stands(nina):
    seq = nina.enters()
    before = entries(nina.subject)[0]
    assert nina.fills("correct-form", {"f.size": "25", "reason": "misread"}, seq=seq).status_code == 302
    (after,) = entries(nina.subject)
    assert (after.values, after.unless) == ({**before.values, "size": 25}, {})
    assert (after.day, after.place, len(after.standing.corrections)) == (before.day, before.place, 1)


def test_a_correction_that_changes_nothing_is_refused(nina):
    seq = nina.enters()
    answer = nina.fills("correct-form", {"reason": "looked at again"}, seq=seq)
    assert (answer.status_code, form_of(answer)["reason"]) == (409, "looked at again")
    assert entries(nina.subject)[0].standing.corrections == ()


def test_a_correction_shows_before_and_after(nina):
    seq = nina.enters()
    nina.fills("correct-form", {"f.size": "25", "f.label": "", "reason": "misread"}, seq=seq)
    page = nina.sees("form-entry", seq=seq).content.decode()
    assert "<del>20.5 mm</del>" in page
    assert "<ins>25 mm</ins>" in page
    assert "<del>A</del>" in page
    assert "<ins>no answer</ins>" in page
    assert "misread" in page


def test_a_correction_needs_a_reason_and_keeps_what_was_typed(nina):
    seq = nina.enters()
    answer = nina.fills("correct-form", {"f.size": "25"}, seq=seq)
    assert answer.status_code == 200
    assert form_of(answer)["f.size"] == "25"
    assert entries(nina.subject)[0].standing.corrections == ()


def test_an_entry_can_turn_out_not_to_have_been_done_and_back(nina):
    seq = nina.enters()
    empty = {name: "" for name in FILLED if name.startswith("f.")} | {"f.side": "", "f.pain": "", "rows.parts": "0"}
    page = form_of(nina.sees("correct-form", seq=seq)) | empty | {"not_done": "wrong person", "reason": "mixed up"}
    page = {name: value for name, value in page.items() if name not in ("f.side", "f.pain")}
    assert nina.posts("correct-form", page, seq=seq).status_code == 302
    assert entries(nina.subject)[0].not_done == "wrong person"
    assert nina.fills("correct-form", FILLED | {"not_done": "", "reason": "it was"}, seq=seq).status_code == 302
    assert entries(nina.subject)[0].not_done is None


# ---- whatever is sent ------------------------------------------------------------------------------------------------

ODD = [
    *("", " ", "yes", "P1", "2026-05-03", "2026-02-30", "0001-01-01", "9999", "1e400", "NaN", "-0", "\uff11\uff12"),
    *("<b>", "x" * 5000, "\0", "9" * 400, "less than", "1/2/3", "{}", "\u202e", "left", "1.5"),
]


def test_no_answer_whatever_breaks_the_page(nina):
    """Whatever is sent is recorded as the form's kinds, or refused with words; never an error of the program."""
    draw = random.Random(7)
    page = form_of(nina.sees("form", form=FORM))
    names = [*FILLED, "why.side", "not_done", "shown.where", "f.where", "f.parts.x.part", "f.nothing", "rows.nothing"]
    for _ in range(60):
        chosen = {name: draw.choice(ODD) for name in draw.sample(names, draw.randint(1, len(names)))}
        data = page | FILLED | chosen
        data |= {"rows.parts": draw.choice(["0", "2", "61", "999", "x", "-1"]), "key": f"k{draw.random()}"}
        answer = nina.posts("form", data | {"seen": count()}, form=FORM)
        assert answer.status_code in (200, 302, 409), data
    assert store.verified(STUDY).findings == ()
