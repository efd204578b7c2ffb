"""Small records for tests: events written briefly, one record with every kind, and generated ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from evenhand.record import JSON, START, Actor, Entry, Event, History, append, entry_hash, sign

STUDY = "two-arm-trial"
DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
BY = Actor("user-17", "coordinator", "site-3")
FIRST = {"protocol_version": "v1", "protocol_digest": "d" * 64, "commitment": "c" * 64, "sites": ["site-1"]}
CONSENT = {"document": "main", "version": "2.0"}
REGISTERED = {"participant": "P-7", "protocol_version": "v1", "evidence": {}, "evidence_digest": "e" * 64}
ALLOCATED = {"arm": "A", "method": "blocks", "stratum": "hr=positive", "position": 1}
ATTESTED: dict[str, JSON] = {"judgement": "treatable", "answer": "yes", "role": "surgeon"}
REPORT: dict[str, JSON] = {"report": "final", "effective": "2026-03-02", "manifest": "b" * 64}
REPORTED: dict[str, JSON] = {
    **REPORT,
    "recorded": "2026-03-02T12:00:00Z",
    "last_entry": 1,
    "hash": "a" * 64,
    "program": "1",
}
LOOK: dict[str, JSON] = {
    "look": 1,
    "effective": "2026-03-01",
    "recorded": "2026-03-02T12:00:00Z",
    "last_entry": 1,
    "hash": "a" * 64,
    "events": 50,
    "report": "",
    "manifest": "",
    "recommendation": "continue_unchanged",
}
_SEEN: dict[str, JSON] = {name: LOOK[name] for name in LOOK if name not in ("look", "events", "recommendation")}
MEETING: dict[str, JSON] = {
    **_SEEN,
    "occasion": "stopping_rule",
    "rules": [{"rule": "toxicity", "people": 20}],
    "recommendation": "continue_unchanged",
}
FINAL: dict[str, JSON] = {**_SEEN, "report": "final", "manifest": "b" * 64, "events": 100, "ground": "events"}
TOKEN: dict[str, JSON] = {
    "user": "ada",
    "role": "coordinator",
    "site": "site-1",
    "label": "Charts",
    "scopes": ["read"],
    "digest": "a" * 64,
    "expires": "2026-06-02T12:00:00Z",
}
SIGNED = sign(ATTESTED, meaning="judgement", signer="surgeon-2", at=AT)


def event(kind: str, subject: str | None = None, body: dict[str, Any] | None = None, **rest: Any) -> Event:
    """An event of the day on which these samples begin, unless another is given."""
    return Event(kind, subject, rest.pop("effective", DAY), body or {}, **rest)


def facts(subject: str, *facts: JSON, **rest: Any) -> Event:
    """Facts about a subject; the record does not look inside them."""
    return event("facts_recorded", subject, {"facts": list(facts)}, **rest)


def entries_of(*events: Event, history: History | None = None, at: datetime = AT) -> list[Entry]:
    """Entries of these events, one minute apart."""
    history = history or History(STUDY)
    entries: list[Entry] = []
    for number, one in enumerate(events):
        new = append(history, [one], by=BY, at=at + timedelta(minutes=number))
        history = history.extend(new)
        entries.extend(new)
    return entries


def folded(*events: Event) -> History:
    """The history of a record of these events."""
    return History(STUDY).extend(entries_of(*events))


def every_kind() -> list[Entry]:
    """A record with every kind, a signature and corrections; entry 4 is corrected by 5."""
    return entries_of(
        event("study_activated", None, FIRST),
        event("site_opened", None, {"site": "site-2"}),
        facts("S-1", {"name": "ecog", "value": "1"}),
        facts("S-2", {"name": "size", "value": "1.8"}),
        facts("S-2", {"name": "size", "value": "8.1"}, corrects=4, reason="Digits swapped."),
        event("attested", "S-1", ATTESTED, signature=SIGNED),
        event("consented", "S-1", CONSENT),
        event("registered", "S-1", REGISTERED),
        event("randomized", "S-1", ALLOCATED),
        event("consented", "S-2", CONSENT),
        event("consent_withdrawn", "S-2"),
        event("accrual_halted", reason="Interim analysis."),
        event("accrual_resumed"),
        event("consent_declined", "S-2", {**CONSENT, "because": "other", "words": "wants to wait"}),
        event("account_made", None, {"user": "ada", "name": "Dr Ada Example"}),
        event("way_in_given", None, {"user": "ada", "what": "password link"}),
        event("token_issued", None, TOKEN),
        event("token_revoked", None, {"digest": TOKEN["digest"], "label": TOKEN["label"]}, reason="Lost."),
        event("account_stopped", None, {"user": "ada"}, reason="Left the site."),
        event("account_restored", None, {"user": "ada"}),
        event("report_made", None, REPORTED),
        event("report_read", None, REPORT),
        event("interim_look_held", None, LOOK, reason="Nothing speaks against going on."),
        event("board_meeting_held", None, MEETING, reason="Nothing speaks against going on."),
        event("final_analysis_made", None, FINAL),
        event("study_closed", None, {"secret": "5" * 64}),
    )


def chained(entries: Iterable[Entry]) -> list[Entry]:
    """The same contents with fresh numbers, links and hashes: what a skilled forger would write."""
    forged: list[Entry] = []
    previous = START
    for seq, entry in enumerate(entries, start=1):
        linked = dataclasses.replace(entry, seq=seq, previous=previous)
        forged.append(dataclasses.replace(linked, hash=entry_hash(linked)))
        previous = forged[-1].hash
    return forged


def changed(entries: list[Entry], seq: int, **fields: Any) -> list[Entry]:
    """The record with some fields of one entry changed, and everything chained anew to hide it."""
    return chained(dataclasses.replace(e, **fields) if e.seq == seq else e for e in entries)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
JSON_VALUES: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
_SUBJECT_BODIES: dict[str, dict[str, Any]] = {
    "facts_recorded": {"facts": []},
    "attested": ATTESTED,
    "consented": CONSENT,
    "consent_declined": CONSENT,
    "consent_withdrawn": {},
    "registered": REGISTERED,
    "randomized": ALLOCATED,
}
_STUDY_BODIES: dict[str, dict[str, Any]] = {
    "study_activated": FIRST,
    "site_opened": {"site": "site-2"},
    "accrual_halted": {},
}
_BODIES = {**_SUBJECT_BODIES, **_STUDY_BODIES}
_ONCE = {"registered", "randomized", "study_activated"}


@st.composite
def records(draw: st.DrawFn, max_entries: int = 12) -> list[Entry]:
    """Legal records: some subjects, days out of order, corrections of corrections, free text everywhere."""
    history, at = History(STUDY), AT
    for _ in range(draw(st.integers(1, max_entries))):
        at += draw(st.timedeltas(timedelta(0), timedelta(days=3)))
        one = draw(_corrections(history, at) if draw(st.integers(0, 3)) == 0 else _fresh(at))
        if one is None or (one.kind in _ONCE and one.corrects is None and _has(history, one)):
            continue
        history = history.extend(append(history, [one], by=BY, at=at))
    return list(history.entries)


def _has(history: History, one: Event) -> bool:
    return any(e.kind == one.kind and e.subject == one.subject for e in history.entries)


@st.composite
def _fresh(draw: st.DrawFn, at: datetime) -> Event:
    kind = draw(st.sampled_from(sorted(_BODIES)))
    subject = None if kind in _STUDY_BODIES else draw(st.sampled_from(["S-1", "S-2", "Ünal"]))
    body = {**_BODIES[kind], "remark": draw(JSON_VALUES)}
    day = at.date() - timedelta(days=draw(st.integers(0, 20)))
    return Event(kind, subject, day, body, reason=draw(TEXT.filter(bool)))


@st.composite
def _corrections(draw: st.DrawFn, history: History, at: datetime) -> Event | None:
    if not history.entries:
        return None
    wrong = draw(st.sampled_from(list(history.entries)))
    body = {**wrong.body, "remark": draw(JSON_VALUES)}
    fixed = wrong.kind in _ONCE
    day = wrong.effective if fixed else at.date() - timedelta(days=draw(st.integers(0, 20)))
    return Event(wrong.kind, wrong.subject, day, body, reason="wrong", corrects=wrong.seq)
