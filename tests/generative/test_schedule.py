"""Properties of generated schedules, and small worlds tried out in full against a slow and plain reference."""

from datetime import date, timedelta
from itertools import pairwise, product

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from evenhand.conduct.schedule.planning import plan_visits
from evenhand.dates import Period
from evenhand.protocol.plan.visits import Window, shortest
from tests.schedule_help import attended, days, ends, entry, iso, months, on, schedule, visit

STARTS = st.dates(date(2024, 1, 1), date(2033, 12, 31)) | st.sampled_from(
    [date(2024, 2, 29), date(2028, 2, 29), date(2025, 1, 31), date(2026, 8, 31), date(2026, 12, 31), date(2099, 12, 31)]
)
STEPS = st.builds(Period, st.integers(1, 6), st.just("months")) | st.builds(
    Period, st.integers(7, 120), st.just("days")
)
OFFSETS = st.builds(Period, st.integers(0, 7), st.sampled_from(["days", "months"]))


@st.composite
def series(draw, moves=("nothing", "later"), tiled=False):
    """A series whose windows do not overlap."""
    every = draw(STEPS)
    before = draw(st.integers(0, shortest(every) - 1))
    after = draw(st.integers(0, shortest(every) - 1 - before))
    window = Window(tiled=True) if tiled else Window(days(before), days(after))
    return visit(
        offset=draw(OFFSETS), every=every, times=draw(st.none() | st.integers(1, 15)),
        moves=draw(st.sampled_from(moves)), window=window,
    )  # fmt: skip


def slots(plan, start, *entries, at_most, ended=None):
    return plan_visits(plan, attended(start, *entries), ends(start, at_most, ended)).slots


@given(series(moves=("nothing",)), STARTS, st.integers(0, 40))
def test_a_series_is_planned_in_full_and_nothing_beyond(one, start, length):
    at_most = months(length).after(start)
    found = slots(schedule(one), start, at_most=at_most)
    assert [slot.number for slot in found] == list(range(1, len(found) + 1))
    assert all(slot.planned <= at_most for slot in found)
    stopped = one.times is not None and len(found) == one.times
    assert stopped or one.planned(start, len(found) + 1) > at_most


@given(series(moves=("nothing",)), STARTS)
def test_months_are_counted_as_dateutil_counts_them(one, start):
    for slot in slots(schedule(one), start, at_most=months(36).after(start)):
        step = {one.every.unit: one.every.count * (slot.number - 1)}
        if one.every.unit == one.offset.unit or slot.number == 1:
            same = {one.offset.unit: one.offset.count + step.get(one.offset.unit, 0)}
            assert slot.planned == start + relativedelta(**same)
        else:
            assert slot.planned == start + relativedelta(**{one.offset.unit: one.offset.count}) + relativedelta(**step)


@given(series(), STARTS)
def test_windows_that_the_loader_lets_in_never_overlap(one, start):
    for before, after in pairwise(slots(schedule(one), start, at_most=months(36).after(start))):
        assert before.first <= before.planned <= before.last < after.first <= after.planned


@given(series(moves=("nothing",), tiled=True), STARTS)
def test_tiles_cover_every_day_once(one, start):
    found = slots(schedule(one), start, at_most=months(36).after(start))
    for before, after in pairwise(found):
        assert before.last + timedelta(days=1) == after.first
        for slot in (before, after):
            assert slot.first <= slot.planned <= slot.last


def test_tiles_and_steps_hold_for_every_start_of_eight_years():
    for step in (1, 3, 6):
        one = visit(offset=months(step), every=months(step), times=9, window=Window(tiled=True))
        fewest = shortest(one.every)
        for ahead in range(8 * 366):
            start = date(2024, 1, 1) + timedelta(days=ahead)
            planned = [one.planned(start, number) for number in range(1, 10)]
            assert planned == [start + relativedelta(months=step * number) for number in range(1, 10)]
            tiles = [one.days_of(day, start, number) for number, day in enumerate(planned, start=1)]
            assert all(last + timedelta(days=1) == first for (_, last), (first, _) in pairwise(tiles))
            assert all(fewest <= (later - day).days for day, later in pairwise(planned))


PLACES = st.sampled_from(
    [*(f"round.{number}" for number in range(1, 20)), "unscheduled.1", "unscheduled.9", "gone", "x.3"]
)


@given(series(), STARTS, st.dictionaries(PLACES, st.tuples(st.integers(-30, 1200), st.booleans()), max_size=8),
       st.integers(0, 1300), st.none() | st.integers(0, 1200))  # fmt: skip
def test_no_visit_and_no_entry_is_lost_or_doubled(one, start, entered, today, ended):
    entries = [
        entry(place, start + timedelta(days=ahead), not_done=None if held else "ill", seq=number)
        for number, (place, (ahead, held)) in enumerate(entered.items(), start=1)
    ]
    end = None if ended is None else start + timedelta(days=ended)
    day = start + timedelta(days=today)
    found = on(schedule(one), start, day, *entries, ended=end)
    names = [occurrence.id for occurrence in found]
    assert len(names) == len(set(names))
    assert sorted(one.seq for occurrence in found for one in occurrence.entries) == [one.seq for one in entries]
    planned = [slot.id for slot in slots(schedule(one), start, *entries, at_most=months(36).after(start), ended=end)]
    assert set(names) == set(planned) | set(entered)
    for occurrence in found:
        said = entered.get(occurrence.id)
        if said is not None:
            assert occurrence.state == ("done" if said[1] else "missed")
        elif end is not None and occurrence.planned > end:
            assert occurrence.state == "cancelled"
        else:
            due = occurrence.first <= day <= occurrence.last
            assert occurrence.state == ("due" if due else "coming" if day < occurrence.first else "overdue")


@given(series(moves=("nothing",)), STARTS, st.dictionaries(st.integers(1, 9), st.integers(-30, 1200), max_size=5))
def test_what_moves_nothing_stands_still_whatever_is_late(one, start, done):
    entries = [entry(f"round.{number}", start + timedelta(days=ahead)) for number, ahead in done.items()]
    at_most = months(36).after(start)
    assert slots(schedule(one), start, *entries, at_most=at_most) == slots(schedule(one), start, at_most=at_most)


@given(series(moves=("later",)), STARTS, st.dictionaries(st.integers(1, 9), st.integers(0, 1000), max_size=5))
def test_what_moves_later_ones_moves_them_by_one_step_from_the_day_it_took_place(one, start, done):
    entries = [entry(f"round.{number}", start + timedelta(days=ahead)) for number, ahead in done.items()]
    found = slots(schedule(one), start, *entries, at_most=months(36).after(start))
    for before, after in pairwise(sorted(found, key=lambda slot: slot.number)):
        ahead = done.get(before.number)
        since = before.planned if ahead is None else start + timedelta(days=ahead)
        assert after.planned == one.every.after(since)


@given(series(moves=("nothing",)), STARTS, st.integers(0, 1200), st.integers(0, 1200))
def test_an_earlier_end_only_ever_cancels(one, start, sooner, later):
    sooner, later = sorted((sooner, later))
    plan, day = schedule(one), start + timedelta(days=5000)
    less, more = (on(plan, start, day, ended=start + timedelta(days=ahead)) for ahead in (sooner, later))
    assert [one.id for one in less] == [one.id for one in more]
    for few, many in zip(less, more, strict=True):
        assert (few.state == "cancelled") or many.state != "cancelled"


# ---- small worlds in full ----------------------------------------------------------------------------------------

DAY = iso("2028-02-26")  # the world contains a leap day
SPAN = 9


def told(number):
    """What may have been said about one occurrence: nothing, missed, or done on a day."""
    return [None, "missed", *range(0, SPAN, 2)], number


def slow(moves, reach, said, ended, today):
    """The states of two occurrences, every 3 days from day 2, as one would tell them from a calendar on paper."""
    last_day = SPAN if ended is None else min(ended, SPAN)
    answers, day = [], 2
    for number in (1, 2):
        if day > SPAN:
            break
        answer = said[number - 1]
        window = [ahead for ahead in range(day - reach, day + reach + 1) if ahead <= last_day or day > last_day]
        if answer == "missed":
            state = "missed"
        elif answer is not None:
            state = "done"
        elif day > last_day:
            state = "cancelled"
        elif today in window:
            state = "due"
        else:
            state = "coming" if today < min(window) else "overdue"
        answers.append((f"round.{number}", day, state))
        happened = answer if isinstance(answer, int) else day
        day = happened + 3 if moves == "later" else day + 3
    return answers


def test_small_worlds_agree_with_a_slow_reference():
    tried = 0
    for moves, reach in product(("nothing", "later"), (0, 1)):
        plan = schedule(
            visit(offset=days(2), every=days(3), times=2, moves=moves, window=Window(days(reach), days(reach)))
        )
        for first, second in product(told(1)[0], told(2)[0]):
            entries = [
                entry(f"round.{number}", DAY + timedelta(days=answer if isinstance(answer, int) else 0),
                      not_done=None if isinstance(answer, int) else "ill")
                for number, answer in ((1, first), (2, second)) if answer is not None
            ]  # fmt: skip
            for ended, today in product((None, *range(0, SPAN + 1, 3)), range(-1, SPAN + 3)):
                wanted = slow(moves, reach, (first, second), ended, today)
                found = on(
                    plan, DAY, DAY + timedelta(days=today), *entries, at_most=DAY + timedelta(days=SPAN),
                    ended=None if ended is None else DAY + timedelta(days=ended),
                )  # fmt: skip
                got = sorted((one.id, (one.planned - DAY).days, one.state) for one in found if one.planned)
                assert got == wanted, (moves, reach, first, second, ended, today)
                tried += 1
    assert tried > 10_000
