"""The record page: what happened, found again; one entry in full; before and after."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from evenhand import administration, steps
from evenhand.administration import ROLES
from evenhand.record import Actor, History
from evenhand.web import access, desk, store
from evenhand.web.access import Action
from tests.eligible import PROTOCOL, SECRET
from tests.web.enrol_help import text
from tests.web.study_help import (
    NORTH,
    SOUTH,
    STUDY,
    WHY,
    Visitor,
    corrected,
    member,
    randomized_trial,
    with_other_arms,
)
from tests.web.trial_here import ADMINISTRATOR, COORDINATOR, Making, eligible_now

pytestmark = pytest.mark.usefixtures("database")
READERS = [role for role in ROLES if Action.SEE_RECORD in access.TABLE[role]]


def north(name="nora"):
    """A coordinator of the northern site alone."""
    return Visitor(name, "coordinator", NORTH)


def numbers(answer):
    """The numbers of the entries that a list shows, in its order."""
    assert answer.status_code == 200, text(answer)
    return [
        int(found)
        for found in re.findall(r'<th scope="row"[^>]*><a href="[^"]*/record/(\d+)"', answer.content.decode())
    ]


def entries():
    return store.current(STUDY).entries


# ---- who sees what -----------------------------------------------------------------------------


def test_who_may_not_read_the_record_is_turned_away():
    randomized_trial(1, 0)[0].keep()
    for role in ROLES:
        expected = 200 if role in READERS else 403
        assert member(role).sees("record").status_code == expected, role


def test_a_site_sees_its_own_candidates_and_what_concerns_the_study():
    making, subjects = randomized_trial(2, 2)
    making.keep()
    person = north()
    seen = {
        seq
        for before in (None, 40)
        for seq in numbers(person.sees("record", query=f"?before={before}" if before else ""))
    }
    others = {entry.seq for entry in entries() if entry.subject in subjects[SOUTH]}
    assert seen == {entry.seq for entry in entries()} - others
    assert {person.sees("entry", seq=seq).status_code for seq in others} == {404}
    assert "No entry that you may see matches" in text(person.sees("record", query=f"?candidate={subjects[SOUTH][0]}"))


def test_a_role_for_the_whole_study_sees_everything():
    making, _ = randomized_trial(2, 1)
    making.keep()
    person = member("monitor")
    assert numbers(person.sees("record", query="?before=30")) == list(range(29, 0, -1))
    assert person.sees("entry", seq=10**6).status_code == 404


def test_every_entry_of_every_kind_has_a_page():
    making, subjects = randomized_trial(1, 1)
    corrected(making, making.candidate("consented"))
    making.take(steps.withdraw_consent, COORDINATOR, subject=subjects[NORTH][0], on=making.at.date(), reason=None)
    making.take(steps.halt_accrual, ADMINISTRATOR, reason="a look", on=making.at.date())
    making.take(
        administration.erase_identity, COORDINATOR, subject=subjects[NORTH][0], reason="asked", on=making.at.date()
    )
    making.keep()
    person = member("inspector")
    for entry in entries():
        answer = person.sees("entry", seq=entry.seq)
        assert answer.status_code == 200
        assert entry.hash in text(answer)
        assert "differs the entry is not what was written" not in text(answer)


# ---- the arm stays hidden from who may not see it ----------------------------------------------


@pytest.fixture
def without_arms(monkeypatch):
    """A coordinator who may not see arms: no role of today, perhaps one of tomorrow."""
    table = {**access.TABLE, "coordinator": access.TABLE["coordinator"] - {Action.SEE_ARM}}
    monkeypatch.setattr(access, "TABLE", table)


def allocation_and_next(making):
    by = Actor(COORDINATOR.user, "coordinator", NORTH)
    seq = next(entry.seq for entry in making.history.entries if entry.kind == "randomized")
    making.take(steps.screen, by, person=eligible_now(), on=making.at.date())
    return seq, seq + 1


def test_who_may_see_arms_reads_the_arm_by_its_label():
    making, _ = randomized_trial(1, 0)
    seq, after = allocation_and_next(making)
    making.keep()
    one = entries()[seq - 1]
    page = text(north().sees("entry", seq=seq))
    assert PROTOCOL.arm(one.body["arm"]).label in page
    assert one.hash in page
    assert one.hash in text(north().sees("entry", seq=after))


@pytest.mark.usefixtures("without_arms")
def test_who_may_not_finds_neither_the_arm_nor_a_hash_that_would_tell_it(monkeypatch):
    making, _ = randomized_trial(1, 0)
    seq, after = allocation_and_next(making)
    making.keep()
    person, history = north(), store.current(STUDY)
    pages = []
    for told in (history, with_other_arms(history)):
        with monkeypatch.context() as patch:
            patch.setattr(desk.store, "current", lambda _study, told=told: told)
            pages.append([text(person.sees("entry", seq=number)) for number in (seq, after)])
    one = history.entries[seq - 1]
    for page in pages[0]:
        assert one.hash not in page
        assert "not shown to you" in page
        assert not any(arm.label in page or arm.treatment in page for arm in PROTOCOL.arms)
    assert [re.sub("as written|differs the entry is not what was written", "", page) for page in pages[0]] == [
        re.sub("as written|differs the entry is not what was written", "", page) for page in pages[1]
    ]


def test_who_recruits_reads_no_number_in_the_stratum():
    making, _ = randomized_trial(2, 0)
    making.keep()
    seq = next(entry.seq for entry in entries() if entry.kind == "randomized")
    assert "Number in the stratum not shown to you" in text(north().sees("entry", seq=seq))
    assert "Number in the stratum 0 counted from 0" in text(member("statistician").sees("entry", seq=seq))


# ---- search ------------------------------------------------------------------------------------


SEARCHES = [
    ("?kind=randomized", lambda one, _: one.kind == "randomized"),
    ("?kind=consented&site=south", lambda one, at: one.kind == "consented" and one.by.site == SOUTH),
    ("?user=PAT", lambda one, _: "pat" in one.by.user),
    ("?user=nobody", lambda one, _: False),
    ("?site=south", lambda one, _: one.by.site == SOUTH),
    ("?candidate=S0002-6", lambda one, _: one.subject == "S0002-6"),
    ("?candidate=+s0002-6+", lambda one, _: one.subject == "S0002-6"),
    ("?candidate=P0001-3", lambda one, _: one.subject == "S0001-3"),
    ("?candidate=P9999-9", lambda one, _: False),
    ("?candidate=anna", lambda one, _: False),
    ("?reason=ecog+2", lambda one, _: one.reason == WHY),
    ("?reason=ECOG+2&kind=attested", lambda one, _: False),
    ("?first={second}", lambda one, at: one.recorded_at.date() >= at),
    ("?last={first}", lambda one, at: one.recorded_at.date() < at),
    ("?first={first}&last={first}&kind=randomized", lambda one, at: one.kind == "randomized" and one.by.site == NORTH),
    ("?first={first}&last={second}&kind=registered", lambda one, _: one.kind == "registered"),
]


def test_a_search_finds_just_what_it_asks_for():
    making, subjects = randomized_trial(2, 0)
    first = making.at.date()
    making.at += timedelta(hours=24)
    by = Actor(COORDINATOR.user, "coordinator", SOUTH)
    subject = making.candidate("registered", SOUTH)
    making.take(steps.randomize, by, subject=subject, secret=SECRET, on=making.at.date())
    corrected(making, subjects[NORTH][0])
    second = making.at.date()
    making.keep()
    person = member("inspector")
    every = [entry for entry in entries() if entry.seq <= making.history.head.seq]
    for query, wanted in SEARCHES:
        asked = query.format(first=first, second=second)
        joined = f"{asked}&before={len(every) + 1}"
        expected = [one.seq for one in reversed(every) if wanted(one, second)]
        assert numbers(person.sees("record", query=joined)) == expected[:50], asked


MISTAKES = [
    ("?first=yesterday", "Enter a valid date."),
    ("?first=2026-02-02&last=2026-02-01", "This day lies before the first one."),
    ("?kind=nonsense", "nonsense is not one of the available choices."),
]


@pytest.mark.parametrize(("query", "said"), MISTAKES)
def test_a_search_that_cannot_be_meant_is_told(query, said):
    Making().keep()
    answer = member("inspector").sees("record", query=query)
    assert said in text(answer)
    assert numbers(answer) == []


def test_pages_follow_one_another_without_gap_or_repetition():
    making, _ = randomized_trial(8, 6)
    making.keep()
    person, found, query = member("inspector"), [], ""
    for _ in range(20):
        answer = person.sees("record", query=query)
        found += numbers(answer)
        older = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())
        if older is None:
            break
        query = older[1].replace("&amp;", "&")
    assert found == list(range(len(entries()), 0, -1))
    assert len(found) > 100


def test_a_page_of_a_search_keeps_the_search():
    making, _ = randomized_trial(14, 0)
    making.keep()
    person = member("inspector")
    answer = person.sees("record", query="?kind=attested")
    older = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())[1].replace("&amp;", "&")
    assert "kind=attested" in older
    both = numbers(answer) + numbers(person.sees("record", query=older))
    assert both == [one.seq for one in reversed(entries()) if one.kind == "attested"]


@pytest.mark.parametrize("before", ["x", "-1", "", "9" * 40, "0"])
def test_a_strange_address_is_no_error(before):
    Making().keep()
    assert member("inspector").sees("record", query=f"?before={before}").status_code == 200


def test_a_line_says_who_did_what_when_in_words():
    making = Making()
    subject = making.candidate("attested")
    yesterday = making.at.date() - timedelta(days=1)
    making.take(steps.consent, COORDINATOR, subject=subject, on=yesterday)
    original, correction = corrected(making, subject)
    making.keep()
    page = text(member("inspector").sees("record"))
    assert re.search(
        r"happened \d+ \w{3} \d{4} Recorded consent participant-information 1.0 .*carl coordinator, North", page
    )
    assert f"corrects {original} Reason: {WHY}" in page
    assert "corrected later" in page
    assert "no progression: yes" in page
    assert "Granted a role coordinator of carl, North" in page
    assert f"Entry {correction}" in page


# ---- one entry, before and after ---------------------------------------------------------------


def test_a_correction_shows_before_and_after_and_marks_what_changed():
    making = Making()
    original, correction = corrected(making, making.candidate("screened"))
    making.keep()
    answer = member("inspector").sees("entry", seq=correction)
    source, page = answer.content.decode(), text(answer)
    assert f"Reason {WHY}" in page
    assert "dana data manager, North" in page
    assert re.search(rf"Corrects entry {original} , recorded .* by carl", page)
    ecog, receptor = PROTOCOL.vocabulary.facts["ecog"].label, PROTOCOL.vocabulary.facts["estrogen_receptor"].label
    changes, same = page.split("What stayed the same")
    assert re.search(rf"{ecog} changed 1 .* 2 ", changes)
    assert re.search(rf"{receptor} left out positive .* not there", changes)
    assert "<del>1</del>" in source
    assert "<ins>2</ins>" in source
    assert PROTOCOL.vocabulary.facts["progesterone_receptor"].label in same
    assert "<ins>" not in source.split("What stayed the same")[1]


def test_the_corrected_entry_says_who_changed_it_when_and_why():
    making = Making()
    original, correction = corrected(making, making.candidate("screened"))
    making.keep()
    page = text(member("inspector").sees("entry", seq=original))
    assert re.search(
        rf"Corrected by entry {correction} \d+ \w{{3}} \d{{4}}, \d\d:\d\d UTC, by dana data manager, North : {WHY}",
        page,
    )
    assert "Before and after" not in page


def test_a_correction_of_a_correction_is_compared_with_what_stood_before_it():
    making = Making()
    subject = making.candidate("screened")
    original, first = corrected(making, subject)
    body = making.history.entry(original).body
    by = Actor("dana", "data_manager", NORTH)
    making.take(steps.correct, by, seq=original, body=body, reason="It was right", on=making.at.date())
    making.keep()
    person = member("inspector")
    page = text(person.sees("entry", seq=making.history.head.seq))
    assert f"before (entry {first})" in page
    assert re.search("added not there positive", page)
    assert text(person.sees("entry", seq=original)).count("Corrected by entry") == 2
    assert text(person.sees("entry", seq=first)).count("Corrected by entry") == 1


def test_facts_are_read_with_the_labels_of_the_vocabulary():
    making = Making()
    subject = making.candidate("screened")
    making.keep()
    seq = store.current(STUDY).subject(subject).entries[0].seq
    page = text(north().sees("entry", seq=seq))
    words = PROTOCOL.vocabulary.facts
    assert f"{words['metastases'].label} M1" in page
    assert f"{words['metastases'].fields['site'].label}: {words['metastases'].fields['site'].codes['liver']}" in page
    assert "the list is complete: nothing else exists" in page
    assert re.search(rf"{words['ecog'].label} 1 \d+ \w{{3}} \d{{4}}; submission; by c.ordinator", page)


def test_a_signature_is_shown_and_computed_again():
    making = Making()
    subject = making.candidate("attested")
    making.keep()
    one = next(entry for entry in entries() if entry.kind == "attested")
    assert one.subject == subject
    page = text(north().sees("entry", seq=one.seq))
    judgement = PROTOCOL.judgements[one.body["judgement"]]
    assert f"Signed by {one.signature.signer} Meaning {judgement.statement}" in page
    assert "Computed again valid it is of exactly what this entry says" in page
    assert one.signature.digest in page


def test_a_signature_of_something_else_is_not_valid(monkeypatch):
    making = Making()
    making.candidate("attested")
    making.keep()
    person, history = north(), store.current(STUDY)
    seq = next(entry.seq for entry in history.entries if entry.kind == "attested")
    forged = [replace(one, body={**one.body, "answer": False}) if one.seq == seq else one for one in history.entries]
    told = History(STUDY).extend(forged)
    monkeypatch.setattr(desk.store, "current", lambda _study: told)
    page = text(person.sees("entry", seq=seq))
    assert "not valid what this entry says is not what was signed" in page
    assert "differs the entry is not what was written" in page


def test_from_a_candidate_to_who_changed_what_and_why_are_two_clicks():
    making = Making()
    subject = making.candidate("screened")
    original, correction = corrected(making, subject)
    making.keep()
    person = member("inspector")
    first = person.sees("candidate", subject).content.decode()
    assert f'/record/{original}"' in first or f'/record/{correction}"' in first
    for seq in (original, correction):
        page = text(person.sees("entry", seq=seq))
        assert WHY in page
        assert "dana data manager" in page
