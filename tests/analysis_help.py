"""People as endpoints see them, in months from randomization, and the endpoint of the shipped study, for tests."""

from dataclasses import replace
from datetime import date, timedelta

from evenhand.analysis import Seen, progression_free
from evenhand.analysis.seen import Assessed, Begun, Died, Progressed, Visit
from evenhand.dates import DateSpan, Period, add_months, on_day
from evenhand.protocol.endpoints import Endpoint, Estimand

START = date(2026, 1, 1)
PRIMARY = Estimand(
    id="primary", label="Primary", progression="determined", clinical_progression="ignore", local_progression="event",
    no_baseline="censor", new_therapy="censor", unplanned_local_therapy="ignore", most_missed=1, dates="found",
    end="follow_up", day_of_death="middle",
)  # fmt: skip
PFS = Endpoint(
    "pfs", "progression_free", "Progression-free survival", "PFS", "follow_up", Period(3, "months"),
    Period(14, "days"), primary=PRIMARY,
)  # fmt: skip
VISITS = tuple(
    Visit(day, day - timedelta(days=14), day + timedelta(days=14))
    for day in (add_months(START, months) for months in range(3, 37, 3))
)


def month(number, days=0):
    """The day so many months, and days, after randomization."""
    return add_months(START, number) + timedelta(days=days)


def person(*months, **more):
    """Somebody with an adequate scan at each of these months; entries are numbered by months after 100."""
    scans = tuple(Assessed(month(one), 100 + one, True) for one in months)
    given = {"until": month(48), "end": month(36), "assessments": scans, "visits": VISITS, **more}
    return Seen("P-1", START, 1, **given)


def progressed(number, days=0, basis="radiographic", **more):
    """A progression of that month."""
    return Progressed(month(number, days), 200 + number, basis, **more)


def died(number, days=0, last=None):
    """A death on a day, or between two."""
    first = month(number, days)
    return Died(on_day(first) if last is None else DateSpan(first, last), 300 + number)


def begun(number, days=0, label=""):
    """Something that began in a month."""
    return Begun(month(number, days), 400 + number, label)


def estimand(**otherwise):
    """The primary estimand with something otherwise."""
    return replace(PRIMARY, id="other" if otherwise else "primary", **otherwise)


def answer(seen, **otherwise):
    """The outcome under the primary estimand, or with something otherwise."""
    return progression_free(seen, PFS, estimand(**otherwise))


def told(seen, **otherwise):
    """Whether it is an event, the day, and the reason."""
    found = answer(seen, **otherwise)
    return found.event, found.day, found.reason
