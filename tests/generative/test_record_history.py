"""Laws of the fold: catching up, cutting, correcting, writing and reading."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenhand.record import Entry, History, dump, fold, loads, verify
from tests.record_samples import AT, DAY, STUDY, records

DAYS = st.dates(DAY - timedelta(days=25), DAY + timedelta(days=40))
MOMENTS = st.datetimes(
    datetime(2026, 3, 1),
    datetime(2026, 4, 10),
    timezones=st.just(UTC),
)


def seqs(history: History) -> list[int]:
    return [entry.seq for entry in history.entries]


@given(records())
def test_a_record_reads_back_verifies_and_folds(record: list[Entry]) -> None:
    assert loads(dump(record)) == record
    assert verify(dump(record), expected_head=record[-1].hash if record else None) == []
    assert fold(loads(dump(record)), STUDY) == fold(record, STUDY)


@given(records(), st.data())
def test_catching_up_in_any_steps_equals_folding_all_and_changes_no_earlier_value(
    record: list[Entry], data: st.DataObject
) -> None:
    whole = fold(record, STUDY)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(record)), max_size=4)))
    history, steps = History(STUDY), []
    for start, end in zip([0, *cuts], [*cuts, len(record)], strict=True):
        history = history.extend(record[start:end])
        steps.append((end, history))
    assert history == whole
    for end, earlier in steps:
        assert earlier == fold(record[:end], STUDY)


@given(records())
def test_one_at_a_time_is_the_same_too(record: list[Entry]) -> None:
    history = History(STUDY)
    for entry in record:
        history = history.extend([entry])
    assert history == fold(record, STUDY)


@given(records())
def test_what_stands_is_the_last_correction_of_each_original(record: list[Entry]) -> None:
    """Against a plain reference: follow each correction back to its original, and let the last one win."""
    by_seq = {entry.seq: entry for entry in record}
    latest: dict[int, Entry] = {}
    for entry in record:
        original = entry
        while original.corrects is not None:
            original = by_seq[original.corrects]
        latest[original.seq] = entry
    history = fold(record, STUDY)
    everyone = [history.about_study, *map(history.subject, history.subjects)]
    standing = {one.seq: one for subject in everyone for one in subject.standing}
    assert {seq: one.latest for seq, one in standing.items()} == latest
    assert all(one.body == latest[seq].body for seq, one in standing.items())
    assert sorted(e.seq for subject in everyone for e in subject.entries) == list(by_seq)


@given(records())
def test_a_cut_at_infinity_is_everything(record: list[Entry]) -> None:
    history = fold(record, STUDY)
    forever = datetime.max.replace(tzinfo=UTC)
    assert history.as_of() == history.as_of(date.max, forever) == history
    nothing = History(STUDY)
    assert history.as_of(date.min) == history.as_of(recorded_cut=datetime.min.replace(tzinfo=UTC)) == nothing


@given(records(), DAYS, DAYS, st.none() | MOMENTS)
def test_a_later_day_keeps_all_that_an_earlier_one_keeps(
    record: list[Entry], one: date, other: date, moment: datetime | None
) -> None:
    history = fold(record, STUDY)
    early, late = history.as_of(min(one, other), moment), history.as_of(max(one, other), moment)
    assert set(seqs(early)) <= set(seqs(late))
    assert late.as_of(min(one, other)) == early


@given(records(), MOMENTS, MOMENTS)
def test_a_later_moment_extends_what_an_earlier_one_keeps(record: list[Entry], one: datetime, other: datetime) -> None:
    history = fold(record, STUDY)
    early, late = (history.as_of(recorded_cut=moment) for moment in sorted((one, other)))
    assert early.extend(record[len(early.entries) : len(late.entries)]) == late
    assert early == fold(record[: len(early.entries)], STUDY)


@given(records(), DAYS, MOMENTS)
def test_a_cut_of_both_times_is_first_by_moment_then_by_day(record: list[Entry], day: date, moment: datetime) -> None:
    history = fold(record, STUDY)
    cut = history.as_of(day, moment)
    assert cut == history.as_of(recorded_cut=moment).as_of(day)
    assert cut.as_of(day, moment) == cut
    assert all(entry.recorded_at <= moment for entry in cut.entries)
    everyone = [cut.about_study, *map(cut.subject, cut.subjects)]
    assert all(one.effective <= day for subject in everyone for one in subject.standing)


@given(records())
def test_counts_and_allocations_agree_with_the_subjects(record: list[Entry]) -> None:
    history = fold(record, STUDY)
    by_subject = [history.subject(name).allocation for name in history.subjects]
    assert sorted(one.seq for one in by_subject if one) == [one.seq for one in history.allocations]
    assert sum(sum(arms.values()) for arms in history.counts.values()) == len(history.allocations)
    assert history.state.accrual_open == (history.state.activated and history.state.halt is None)
    assert all(entry.recorded_at >= AT for entry in record)
