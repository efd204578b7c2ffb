"""Progression-free survival: the program and a plain second telling agree on small worlds, in any order of entries."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import assume, event, given
from hypothesis import strategies as st

from evenhand.analysis.seen import Assessed, Begun, Died, Progressed, Seen
from evenhand.dates import DateSpan
from tests.analysis_help import PFS, START, answer, estimand, month
from tests.generative.naive_pfs import outcome

DAYS = st.dates(START - timedelta(days=20), START + timedelta(days=1300))
# Days around those on which the rules turn: visits, windows, gaps, the end of follow-up.
EDGES = st.builds(month, st.integers(0, 39), st.sampled_from([-1, 0, 1, 14, 15]))
WHEN = DAYS | EDGES
LATER = WHEN.filter(lambda day: day >= START)


@st.composite
def progressions(draw, bases=("radiographic", "clinical", "pathological")):
    """Up to three of them."""
    drawn = draw(st.lists(st.tuples(WHEN, st.sampled_from(bases), st.booleans()), max_size=3))
    return tuple(Progressed(day, 200 + place, basis, local) for place, (day, basis, local) in enumerate(drawn))


@st.composite
def people(draw):
    """One person's small world."""
    scans = draw(st.lists(st.tuples(WHEN, st.booleans()), max_size=6, unique_by=lambda one: one[0]))
    first = draw(st.none() | WHEN)
    span = Died(DateSpan(first, first + timedelta(days=draw(st.sampled_from([0, 0, 1, 30])))), 300) if first else None
    signed = draw(progressions())
    open_one = draw(st.none() | WHEN) if not signed else None
    return Seen(
        "P-1", START, 1, until=draw(st.sampled_from([month(10), month(24), month(36), month(48)])), end=month(36),
        lacks=draw(st.sampled_from(["", "", "", "no list"])),
        assessments=tuple(Assessed(day, 100 + place, good) for place, (day, good) in enumerate(scans)),
        determined=signed, scanned=draw(progressions(("proposed",))),
        unsigned=Progressed(open_one, 250, "proposed") if open_one else None,
        died=span, nameless=None if span else draw(st.sampled_from([None, None, 9])), alive=draw(st.none() | WHEN),
        therapy=draw(st.none() | st.builds(lambda day: Begun(day, 400), LATER)),
        unplanned=draw(st.none() | st.builds(lambda day: Begun(day, 401), LATER)),
        left=draw(st.none() | st.builds(lambda day: Begun(day, 402, "lost to follow-up"), LATER)),
    )  # fmt: skip


RULES = st.fixed_dictionaries(
    {
        "progression": st.sampled_from(["determined", "determined", "scans"]),
        "clinical_progression": st.sampled_from(["event", "censor", "ignore"]),
        "local_progression": st.sampled_from(["event", "ignore"]),
        "no_baseline": st.sampled_from(["censor", "ignore"]),
        "new_therapy": st.sampled_from(["event", "censor", "ignore"]),
        "unplanned_local_therapy": st.sampled_from(["event", "censor", "ignore"]),
        "most_missed": st.sampled_from([None, 0, 1, 2]),
        "end": st.sampled_from(["follow_up", "data_cut"]),
        "day_of_death": st.sampled_from(["first", "middle", "last"]),
    }
)


@given(people(), RULES)
def test_both_tellings_agree(seen, rules):
    found = answer(seen, **rules)
    event(found.reason)
    assert (found.event, found.day) == outcome(seen, estimand(**rules)), found.say


@given(people(), RULES, st.integers())
def test_the_order_in_which_things_are_told_does_not_matter(seen, rules, seed):
    shuffle = Random(seed)
    mixed = {name: tuple(shuffle.sample(value, len(value))) for name, value in _lists(seen).items()}
    assert answer(replace(seen, **mixed), **rules) == answer(seen, **rules)


def _lists(seen):
    return {name: getattr(seen, name) for name in ("assessments", "determined", "scanned")}


@given(people(), RULES, st.sampled_from(["found", "scheduled"]))
def test_no_outcome_lies_outside_of_what_was_observed(seen, rules, dates):
    found = answer(seen, **rules, dates=dates)
    assert seen.start <= found.day <= seen.until
    assert found.days >= 1
    assert found.event == (found.censored == 0)
    assert found.say.startswith(("event ", "censored "))


@given(people(), RULES, st.integers(1, 400))
def test_an_event_stays_an_event_at_a_later_cut(seen, rules, more):
    """As long as its day is known: the day chosen for a partial death may move with the cut."""
    assume(seen.died is None or seen.died.span.exact)
    found = answer(seen, **rules)
    later = answer(replace(seen, until=seen.until + timedelta(days=more)), **rules)
    if found.event:
        assert (later.event, later.day) == (True, found.day)


def test_the_endpoint_is_that_of_the_plain_telling():
    assert (str(PFS.every), str(PFS.late)) == ("3 months", "14 days")
