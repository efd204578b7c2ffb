"""An entry that is made is the entry that its own line gives: nothing is parsed again to know it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.record import (
    JSON,
    Actor,
    Entry,
    Event,
    History,
    RecordError,
    ahead,
    appended,
    digest,
    entry_hash,
    entry_line,
    parse_line,
    quick_digest,
    sign,
)
from evenhand.record.vector import Entries
from tests.record_samples import AT, ATTESTED, BY, CONSENT, DAY, JSON_VALUES, STUDY, TEXT, event, every_kind, facts

NAME = TEXT.filter(bool)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-5), "there")])


class Marked(str):
    """Text that is more than text, as a web framework marks it."""

    def __str__(self) -> str:
        return "something else"


class Named(StrEnum):
    """Texts by name."""

    SUBJECT = "S-1"
    SURGEON = "surgeon"


def made(one: Event, by: Actor = BY) -> Entry:
    (entry,), _ = appended(History(STUDY), [one], by=by, at=AT)
    return entry


@given(
    st.dictionaries(TEXT, JSON_VALUES, max_size=4),
    st.builds(Actor, NAME, NAME, st.none() | NAME),
    NAME,
    st.none() | NAME,
    ZONES,
    st.timedeltas(timedelta(0), timedelta(hours=2)),
    st.booleans(),
)
def test_what_is_made_is_what_is_read(more, by, subject, reason, zone, later, signed):
    body: dict[str, JSON] = {**more, **ATTESTED}
    at = (AT + later).astimezone(zone)
    signature = sign(body, meaning="judged", signer="Dr Ä", at=at) if signed else None
    one = Event("attested", subject, DAY, body, reason=reason, signature=signature)
    (entry,), history = appended(History(STUDY), [one], by=by, at=at)
    assert parse_line(entry_line(entry), 1) == entry
    assert entry.hash == entry_hash(entry)
    assert entry.body is not body
    assert history.head == entry == ahead(History(STUDY), one, by=by, at=at).entries[-1]


@pytest.mark.parametrize("text", [Marked, str])
def test_text_that_is_more_than_text_becomes_plain(text):
    given_by = Actor(text("user-17"), Named.SURGEON, text("site-3"))
    signature = replace(sign(ATTESTED, meaning="judged", signer="x", at=AT), meaning=text("judged"), signer=text("x"))
    entry = made(Event("attested", Named.SUBJECT, DAY, ATTESTED, reason=text("why"), signature=signature), given_by)
    assert entry.signature is not None
    kept = [entry.subject, entry.reason, entry.by.user, entry.by.role, entry.by.site, entry.signature.meaning]
    assert kept == ["S-1", "why", "user-17", "surgeon", "site-3", "judged"]
    assert all(type(one) is str for one in [*kept, entry.signature.signer])
    assert parse_line(entry_line(entry), 1) == entry


def test_a_signature_given_elsewhere_is_kept_in_utc():
    there = AT.astimezone(timezone(timedelta(hours=9)))
    signature = replace(sign(ATTESTED, meaning="judged", signer="x", at=AT), signed_at=there)
    entry = made(event("attested", "S-1", ATTESTED, signature=signature))
    assert entry.signature is not None
    assert entry.signature.signed_at.tzinfo is UTC
    assert parse_line(entry_line(entry), 1) == entry


@pytest.mark.parametrize(
    ("one", "by", "what", "where"),
    [
        (facts("S-1", reason="half \ud800"), BY, "half of a surrogate pair", "$.reason"),
        (facts("S-1", {"a": "half \ud800"}), BY, "half of a surrogate pair", "$.body.facts[0].a"),
        (facts("S-1", reason="a\0b"), BY, "NUL", "$.reason"),
        (facts("S-1", reason=1.5), BY, '"reason" must be text', 'field "reason"'),
        (facts("S-1"), Actor("", "coordinator"), '"user" must be text', 'field "by"'),
        (facts("S-1"), Actor("ada", "half \ud800"), "surrogate", "role"),
    ],
)
def test_what_cannot_be_written_is_named_with_its_place(one, by, what, where):
    with pytest.raises(RecordError) as caught:
        made(one, by)
    assert what in caught.value.what
    assert where in str(caught.value.where)


def test_what_is_looked_ahead_at_may_still_be_refused():
    naked = event("consented", "S-1", {})
    assert ahead(History(STUDY), naked, by=BY, at=AT).standing[-1].kind == "consented"
    with pytest.raises(RecordError, match='lacks "document"'):
        made(naked)


def test_what_was_looked_ahead_at_is_appended_as_it_is_and_serves_once():
    history, one = History(STUDY), event("consented", "S-1", CONSENT)
    known = ahead(history, one, by=BY, at=AT)
    (entry,), grown = appended(history, [one], by=BY, at=AT)
    assert grown.subject("S-1") is known
    assert (entry, known) == (made(one), history.extend([entry]).subject("S-1"))
    assert appended(history, [one], by=BY, at=AT)[1].subject("S-1") is not known


@pytest.mark.parametrize("what", ["history", "event", "author", "moment", "body", "place"])
def test_what_was_looked_ahead_at_does_not_serve_for_anything_else(what):
    history, body = History(STUDY), dict(CONSENT)
    one = event("consented", "S-1", body)
    known = ahead(history, one, by=BY, at=AT)
    by, at, events = BY, AT, [one]
    if what == "history":
        history = History(STUDY)
    elif what == "event":
        events = [replace(one, reason="why")]
    elif what == "author":
        by = Actor("somebody else", "coordinator")
    elif what == "moment":
        at = AT + timedelta(seconds=1)
    elif what == "body":
        body["version"] = "changed since"
    else:
        events = [facts("S-2"), one]
    entries, grown = appended(history, events, by=by, at=at)
    assert grown.subject("S-1") is not known
    assert (entries[-1].by, entries[-1].recorded_at, entries[-1].reason) == (by, at, events[-1].reason)
    assert (entries[-1].body, entries[-1].seq) == (dict(one.body), len(events))
    assert [entry.hash for entry in entries] == [entry_hash(entry) for entry in entries]


@given(JSON_VALUES)
def test_the_quick_digest_is_the_digest(value):
    assert quick_digest(value) == digest(value)


def test_the_quick_digest_says_what_json_does_not_know():
    with pytest.raises(RecordError, match="set, which JSON does not know"):
        quick_digest({"days": {1, 2}})


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 200])
def test_the_last_entry_is_found_at_the_edge_of_a_block(size):
    entry = made(event("consented", "S-1", CONSENT))
    entries = [replace(entry, seq=seq) for seq in range(1, size + 1)]
    whole = Entries().extended(entries)
    one_by_one = Entries()
    for one in entries:
        one_by_one = one_by_one.extended([one])
    assert list(whole) == list(one_by_one) == entries
    assert whole.last == one_by_one.last == (entries[-1] if entries else None)


def test_subjects_are_counted_without_the_study():
    history = History(STUDY).extend(every_kind())
    assert history.subject_count == len(history.subjects) == 2
    assert History(STUDY).subject_count == 0
