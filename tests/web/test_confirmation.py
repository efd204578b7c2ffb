"""The printed confirmation: one page, what it says and what it does not, the same bytes for the same entry."""

import io
import json
import unicodedata

import pytest
from django.test import override_settings
from pypdf import PdfReader

from evenhand import administration, steps, typesetting
from evenhand.record import Actor
from evenhand.web import store
from evenhand.web.confirmation import as_pdf, confirmation_of, document
from tests.eligible import ON, PROTOCOL, SECRET, Trial
from tests.web.databases import forget
from tests.web.enrol_help import QUICK, Person
from tests.web.trial_here import COORDINATOR, STUDY, trial


@pytest.fixture
def made():
    """A trial with one allocation; gives what its confirmation says."""
    record = Trial().activated()
    subject = record.randomized()
    return confirmation_of(PROTOCOL, record.history, subject)


def page(pdf):
    """The only page of a PDF."""
    (one,) = PdfReader(io.BytesIO(pdf)).pages
    return one


def heights(one):
    """How far each piece of text stands above the bottom of the page, in points."""
    found = []

    def heard(text, matrix, line, *_):
        if text.strip():
            found.append(matrix[1] * line[4] + matrix[3] * line[5] + matrix[5])

    one.extract_text(visitor_text=heard)
    return found


def words(pdf):
    return " ".join(page(pdf).extract_text().split())


def test_it_says_what_was_allocated_where_it_stands_and_how_to_verify_it(made):
    shown = words(as_pdf(made))
    arm = PROTOCOL.arm(next(one.id for one in PROTOCOL.arms if one.label == made["arm"]))
    for said in (
        "Confirmation of randomization",
        "P0001-3",
        arm.label,
        arm.treatment,
        "Hormone receptors estrogen or progesterone receptor positive",
        "Number of metastases 1 to 3 metastases",
        f"Day {ON.day} Jul 2026",
        "c.ordinator, coordinator",
        f"Entry {made['seq']}",
        made["hash"],
        PROTOCOL.version.id,
        PROTOCOL.digest,
        made["commitment"],
        "evenhand verify",
        "another system asked for it",
    ):
        assert said in shown, said


def test_it_tells_no_position_no_block_and_no_other_participant(made):
    assert set(made) == {
        *("study", "title", "participant", "candidate", "arm", "treatment", "strata", "day", "time", "site", "local"),
        *("by", "signature", "version", "digest", "seq", "hash", "commitment", "made"),
    }
    shown = words(as_pdf(made)).lower()
    assert "position" not in shown
    assert "block" not in shown
    assert SECRET.hex() not in json.dumps(made)


def test_the_same_entry_gives_the_same_bytes_in_a_later_record_and_another_process(made):
    record = Trial().activated()
    subject = record.randomized()
    first = as_pdf(confirmation_of(PROTOCOL, record.history, subject))
    record.registered()
    record.take(administration.open_site, site="south", name="South", time_zone="Europe/Berlin", on=record.at.date())
    document._pdf.cache_clear()
    typesetting._fonts.cache_clear()
    assert as_pdf(confirmation_of(PROTOCOL, record.history, subject)) == first


def test_it_is_one_page_of_a4_whose_text_fits_letter_and_says_what_kind_of_file_it_is(made):
    pdf = as_pdf(made)
    one = page(pdf)
    width, height = (float(side) for side in (one.mediabox.width, one.mediabox.height))
    assert (round(width), round(height)) == (595, 842)
    letter_end = height - 11 * 72  # where a sheet of Letter ends that is laid on the top of this page
    lines = heights(one)
    assert min(lines) > letter_end + 36
    assert max(lines) < height - 36
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == "Confirmation of randomization P0001-3"
    assert reader.metadata.creation_date.isoformat() == made["made"]
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


MARKUP = {
    "markup of typst": "*bold* _x_ #panic() $x$ @reference <label> `code` \\u{41} // comment /* x */",
    "JSON": '"}], "arm": "other',
    "brackets": "[[ ]] {{ }} #[",
    "an address": "https://example.org/a_b_c",
    "letters of several scripts": "Zoë Łódź Ελένη Иван",
}


@pytest.mark.parametrize("given", MARKUP.values(), ids=MARKUP)
def test_text_is_text_whatever_stands_in_it(made, given):
    shown = words(as_pdf({**made, "treatment": given, "signature": {"signer": given, "meaning": "m", "at": "a"}}))
    assert shown.count(unicodedata.normalize("NFC", given)) == 2


@pytest.mark.parametrize(
    ("given", "shown"),
    [("李雷 (lei.li)", "[U+674E][U+96F7] (lei.li)"), ("a\x00b", "a[U+0000]b"), ("Zoë \ue000", "Zoë [U+E000]")],
)
def test_letters_that_no_font_has_are_shown_by_their_number_and_not_dropped(made, given, shown):
    assert shown in words(as_pdf({**made, "by": given}))


def test_a_long_text_stays_on_one_page(made):
    long = "A long account of what is to be done. " * 12
    signature = {"signer": "N" * 60, "meaning": long, "at": "1 Jul 2026, 09:00 UTC"}
    page(as_pdf({**made, "treatment": long, "signature": signature}))


def test_in_the_demonstration_it_says_that_people_are_made_up(made):
    assert "everybody here is made up" in words(as_pdf(made, demo=True))
    assert "everybody here is made up" not in words(as_pdf(made))


def test_nobody_is_confirmed_before_the_allocation():
    record = Trial().activated()
    assert confirmation_of(PROTOCOL, record.history, record.registered()) is None


# ---- the page that gives it --------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_it_comes_as_a_file_that_no_cache_keeps_signed_and_with_the_time_at_the_site():
    with override_settings(**QUICK):
        (subject,) = trial()
        carl = Person()
        carl.does("randomize", subject)
        answer = carl.get("confirmation", subject)
        forget()
        again = carl.get("confirmation", subject)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{STUDY}-P0001-3-randomization.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.content == again.content
    entry = store.current(STUDY).entries[-1]
    shown = words(answer.content)
    assert "Carl (carl)" in shown
    assert entry.signature.meaning in shown
    assert f"in Europe/Berlin, {entry.recorded_at:%H:%M:%S} UTC" in shown
    assert "Site North" in shown


@pytest.mark.usefixtures("database")
def test_what_another_system_asked_for_is_confirmed_without_a_signature():
    (subject,) = trial()
    store.perform(STUDY, steps.randomize, by=Actor("robot", "coordinator", COORDINATOR.site), subject=subject)
    content = confirmation_of(PROTOCOL, store.current(STUDY), subject)
    assert content["signature"] is None
    assert "robot, coordinator" in words(as_pdf(content))
