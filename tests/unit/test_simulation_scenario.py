"""A scenario says when each site opens and how many come there, how the usual approach moves, and who fares worse."""

import shutil
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from math import sqrt
from random import Random

import pytest

from evenhand.conduct.ending import ends_of
from evenhand.dates import DAYS_PER_MONTH, parse_date
from evenhand.protocol import StudyError, load_protocol
from evenhand.record import Allocation, dump
from evenhand.replay import verify_record
from evenhand.simulation import Course, Phase, load_scenario, walk
from evenhand.simulation.arriving import arriving
from evenhand.simulation.courses.chances import days_until
from evenhand.simulation.courses.sheet import Hazard
from evenhand.simulation.courses.truth import hazard_factor
from tests.faithful_help import LIGHT, PROTOCOL, SCENARIO

START = parse_date(SCENARIO.start).first
FAULTS = [
    ("- {site: garden, from_month: 6, monthly: 8}", "- {site: garden, from_month: 2, monthly: 8}",
     "accrual: each piece of garden begins later than the one before"),
    ("{site: ward, monthly: 4}", "{site: wald, monthly: 4}", "accrual: 'wald' is not among the sites: ward, garden"),
    ("{site: ward, monthly: 4}", "{site: ward, monthly: -4}", "greater than or equal to 0"),
    ("consents: 0.9", "arrivals: [1, 2]\nconsents: 0.9", "candidates come some days apart (`arrivals`), or at each"),
    ("{from_month: 3.5, monthly: 0.03}", "{from_month: 0, monthly: 0.03}", "each begins later than the one before"),
    ("tea: [{monthly: 0.09}]", "tea: [{from_month: 1, monthly: 0.09}]", "the first piece is from month 0"),
    ("drift_yearly: 0.8", "drift_yearly: 0", "greater than 0"),
    ("factor: 1.5", "factor: -1", "greater than 0"),
    ("{sleep: bad}", "{sleep: deep}", "progression.prognosis.0: 'deep' is no level of sleep: good, bad"),
    ("{sleep: bad}", "{bed: bad}", "progression.prognosis.0: 'bed' is no factor of randomization: sleep"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), FAULTS, ids=lambda value: value[:30])
def test_what_does_not_fit_is_refused_with_its_place(tmp_path, old, new, said):
    study = shutil.copytree(LIGHT, tmp_path / "light")
    file = study / "v1" / "scenario.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(StudyError) as refused:
        walk(load_protocol(study), load_scenario(study, "v1"), people=1, seed=1)
    assert said in str(refused.value)


def test_accrual_that_ends_everywhere_is_refused(tmp_path):
    study = shutil.copytree(LIGHT, tmp_path / "light")
    file = study / "v1" / "scenario.yaml"
    file.write_text(file.read_text("utf-8").replace("monthly: 4}", "monthly: 0}").replace("monthly: 8}", "monthly: 0}"))
    with pytest.raises(StudyError, match="the last rate of some site is above 0"):
        load_scenario(study, "v1")


def came(people, seed=1):
    """Days since the start, and sites, of so many candidates."""
    stream = arriving(SCENARIO, START, Random(seed))
    return [((day - START).days, site) for (day, site), _ in zip(stream, range(people), strict=False)]


def test_a_site_opens_on_its_day_and_has_its_own_rate():
    days = came(900)
    assert [day for day, _ in days] == sorted(day for day, _ in days)
    opens = 2.5 * DAYS_PER_MONTH
    assert min(day for day, site in days if site == "garden") >= int(opens)
    assert min(day for day, site in days if site == "ward") < opens
    months = days[-1][0] / DAYS_PER_MONTH
    expected = {"ward": 4 * months, "garden": 3 * 3.5 + 8 * (months - 6)}
    for site, number in Counter(site for _, site in days).items():
        assert abs(number - expected[site]) < 4 * sqrt(expected[site]), site


def test_a_site_more_changes_nothing_at_another():
    alone = SCENARIO.model_copy(update={"accrual": [piece for piece in SCENARIO.accrual if piece.site == "ward"]})
    stream = zip(arriving(alone, START, Random(1)), range(50), strict=False)
    assert [(day - START).days for (day, _), _ in stream] == [day for day, site in came(900) if site == "ward"][:50]


def test_such_a_scenario_walks_and_verifies_and_is_the_same_each_time():
    one, other = (walk(PROTOCOL, SCENARIO, people=40, seed=2) for _ in range(2))
    assert dump(one.history.entries) == dump(other.history.entries)
    assert verify_record(dump(one.history.entries), PROTOCOL, secret=one.secret).findings == ()
    assert {entry.by.site for entry in one.history.entries if entry.subject} == {"ward", "garden"}


def test_a_course_may_have_its_own_arrivals_all_the_same():
    course = Course(arrivals=(Phase(START + timedelta(days=3), (2, 2)),), follow_up=False)
    found = walk(PROTOCOL, SCENARIO, people=6, seed=1, course=course).history.entries
    screened = [(entry.effective - START).days for entry in found if entry.kind == "facts_recorded"]
    assert screened == [1, 2, 3, 5, 7, 9]


def test_progression_without_measured_lesions_is_found_at_visits():
    made = walk(PROTOCOL, SCENARIO, people=80, seed=3)
    people = [made.history.subject(one.subject) for one in made.history.allocations]
    found = [ends_of(PROTOCOL, known).follow_up for known in people]
    progressed = [one for one in found if one.ending.by == "progression"]
    assert len(progressed) > 20
    days = {entry.seq: entry.effective for entry in made.history.entries}
    assert all(one.day == days[one.seq] for one in progressed)  # dated to the visit that found it


# ---- hazards


def allocated(years, level):
    day = START + timedelta(days=round(years * 365.25))
    return Allocation(1, "S1", day, "tea", "permuted_blocks", "", {"sleep": level}, 1)


FACTORS = [(0, "good", 1), (0, "bad", 1.5), (1, "good", 0.8), (3, "bad", 0.768)]


@pytest.mark.parametrize(("years", "level", "wanted"), FACTORS)
def test_the_hazard_moves_with_the_year_of_entry_and_with_the_stratum(years, level, wanted):
    found = hazard_factor(SCENARIO.after_randomization.progression, allocated(years, level), START)
    assert found == pytest.approx(wanted, rel=1e-3)


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_hazards_may_cross_and_are_multiplied_by_a_factor(factor):
    pieces = [Hazard(monthly=Decimal("0.13")), Hazard(from_month=Decimal("3.5"), monthly=Decimal("0.03"))]
    random, trials = Random(1), 20_000
    days = [days_until(pieces, random, factor) for _ in range(trials)]
    for month, gathered in ((3.5, 0.455), (10, 0.65)):
        share = sum(day > month * DAYS_PER_MONTH for day in days) / trials
        wanted = 2.718281828459045 ** (-gathered * factor)
        assert abs(share - wanted) < 4 * sqrt(wanted * (1 - wanted) / trials)
