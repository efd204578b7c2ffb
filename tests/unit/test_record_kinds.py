"""Kinds: what bodies must hold, and how old ones are read for ever."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from evenhand.record import KINDS, Entry, History, Kind, Kinds, RecordError, append, dump, fold, loads, verify
from tests.record_samples import AT, BY, DAY, STUDY, changed, event, facts


def _split_name(body: dict[str, Any]) -> dict[str, Any]:
    body["weight"] = {"value": body.pop("weight_kg"), "unit": "kg"}  # changes its argument: it may
    return body


def _add_method(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "method": "scale"}


V1 = KINDS.extended(Kind("weighed", "weighed", body={"weight_kg": "text"}))
V2 = KINDS.extended(Kind("weighed", "weighed", body={"weight": "object"}, version=2, upgrades={1: _split_name}))
V3 = KINDS.extended(
    Kind(
        "weighed",
        "weighed",
        body={"weight": "object", "method": "text"},
        version=3,
        upgrades={1: _split_name, 2: _add_method},
    )
)


def _growing_record() -> list[Entry]:
    """Three entries, written under the versions 1 to 3 of their kind."""
    entries: list[Entry] = []
    bodies: tuple[dict[str, Any], ...] = (
        {"weight_kg": "70.5"},
        {"weight": {"value": "71"}},
        {"weight": {"value": "72"}, "method": "bed"},
    )
    for kinds, body in zip((V1, V2, V3), bodies, strict=True):
        history = fold(entries, STUDY, kinds)
        entries += append(history, [event("weighed", "S-1", body)], by=BY, at=AT)
    return entries


def test_old_bodies_are_read_in_the_newest_form_and_stay_stored_in_theirs():
    entries = loads(dump(_growing_record()))
    before = dump(entries)
    assert [standing.body for standing in fold(entries, kinds=V3).subject("S-1").standing] == [
        {"weight": {"value": "70.5", "unit": "kg"}, "method": "scale"},
        {"weight": {"value": "71"}, "method": "scale"},
        {"weight": {"value": "72"}, "method": "bed"},
    ]
    assert dump(entries) == before
    assert [entry.version for entry in entries] == [1, 2, 3]
    assert verify(entries, kinds=V3) == []


def test_a_version_newer_than_the_program_is_refused_and_found():
    entries = _growing_record()
    with pytest.raises(RecordError, match='Version 2 of the kind "weighed" is not known; the newest known is 1'):
        fold(entries, kinds=V1)
    assert [finding.seq for finding in verify(entries, kinds=V1)] == [2, 3]


def test_an_unknown_kind_is_refused_and_found():
    entries = _growing_record()
    with pytest.raises(RecordError, match='The kind "weighed" is not known'):
        fold(entries)
    assert "Known kinds: account_made" in verify(entries)[0].mend


def test_an_old_body_is_held_to_the_newest_keys_after_its_upgrade():
    strict = KINDS.extended(
        Kind("weighed", "weighed", body={"device": "text"}, version=2, upgrades={1: lambda body: body})
    )
    with pytest.raises(RecordError, match='lacks "device"'):
        fold(_growing_record()[:1], kinds=strict)


def test_a_correction_is_compared_with_what_it_corrects_in_the_newest_form():
    fixed = frozenset({"remark"})
    old = KINDS.extended(Kind("weighed", "weighed", body={"weight_kg": "text"}, correctable=fixed))
    new = KINDS.extended(Kind("weighed", "weighed", version=2, upgrades={1: _split_name}, correctable=fixed))
    entries = append(History(STUDY, old), [event("weighed", "S-1", {"weight_kg": "70.5"})], by=BY, at=AT)
    history = fold(entries, kinds=new)
    same: dict[str, Any] = {"weight": {"value": "70.5", "unit": "kg"}, "remark": "in shoes"}
    other: dict[str, Any] = {"weight": {"value": "70.6", "unit": "kg"}}
    assert append(history, [event("weighed", "S-1", same, corrects=1, reason="r")], by=BY, at=AT)
    with pytest.raises(RecordError, match="It changes weight of entry 1"):
        append(history, [event("weighed", "S-1", other, corrects=1, reason="r")], by=BY, at=AT)


@pytest.mark.parametrize(
    ("version", "upgrades"), [(1, {1: _add_method}), (2, {}), (3, {1: _add_method}), (2, {2: _add_method})]
)
def test_a_kind_must_have_an_upgrade_for_each_older_version(version, upgrades):
    with pytest.raises(RecordError, match=f"version {version}: The upgrades start at"):
        Kind("weighed", "weighed", version=version, upgrades=upgrades)


def test_a_kind_has_a_name_of_its_own():
    with pytest.raises(RecordError, match="needs a name"):
        Kind("", "did nothing")
    with pytest.raises(RecordError, match="Two kinds are named site_opened"):
        KINDS.extended(Kind("site_opened", "opened a site"))
    assert len(list(Kinds(Kind("a", "did a")).extended(Kind("b", "did b")))) == 2


DECLARED = {
    "study_activated": ["commitment", "protocol_digest", "protocol_version", "sites"],
    "site_opened": ["site"],
    "accrual_halted": [],
    "accrual_resumed": [],
    "study_closed": ["secret"],
    "facts_recorded": ["facts"],
    "attested": ["answer", "judgement", "role"],
    "consented": ["document", "version"],
    "consent_withdrawn": [],
    "registered": ["evidence", "evidence_digest", "participant", "protocol_version"],
    "randomized": ["arm", "method", "position", "stratum"],
}
ABOUT_THE_STUDY = {"study_activated", "site_opened", "accrual_halted", "accrual_resumed", "study_closed"}
ONCE = {"study_activated", "study_closed", "registered", "randomized"}


@pytest.mark.parametrize("name", DECLARED)
def test_the_kinds_of_a_trial_declare_their_keys_and_what_they_are_about(name):
    kind = KINDS[name]
    assert sorted(kind.body) == DECLARED[name]
    assert kind.about == ("study" if name in ABOUT_THE_STUDY else "subject")
    assert kind.once == (name in ONCE)
    assert kind.says[0].islower()


def test_the_kinds_of_a_trial_are_these():
    assert {kind.name for kind in KINDS} >= set(DECLARED)


def test_a_kind_that_happens_once_is_refused_the_second_time_for_each_subject_alone():
    once = KINDS.extended(Kind("screened", "screened", once=True))
    history = History(STUDY, once)
    history = history.extend(append(history, [event("screened", "S-1"), facts("S-2")], by=BY, at=AT))
    assert append(history, [event("screened", "S-2")], by=BY, at=AT)
    with pytest.raises(RecordError, match="S-1 is screened already"):
        append(history, [event("screened", "S-1")], by=BY, at=AT)
    assert append(history, [event("screened", "S-1", corrects=1, reason="r")], by=BY, at=AT)
    twice = [*history.entries, dataclasses.replace(history.entries[0], seq=3)]
    assert "S-1 is screened already." in [f.what for f in verify(changed(twice, 3), kinds=once)]
    assert history.entries[0].effective == DAY
