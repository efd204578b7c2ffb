"""Schedules, entries and ends made by hand, for tests of the schedule that need no study and no record."""

from datetime import date

from evenhand.conduct.disposition import Ended, Ends
from evenhand.conduct.forms import Context, FormEntry
from evenhand.conduct.schedule.attended import Attended
from evenhand.conduct.schedule.occurrences import meet
from evenhand.dates import DateSpan, Period, on_day
from evenhand.facts import Vocabulary
from evenhand.protocol.plan import Form
from evenhand.protocol.plan.endings import Ending
from evenhand.protocol.plan.visits import Anchor, Expected, PlannedVisit, Schedule, Window

RANDOMIZATION = Anchor("randomization")


def days(count):
    return Period(count, "days")


def months(count):
    return Period(count, "months")


def years(count):
    return Period(count, "years")


def form(name, reads="", **changed):
    """A form without questions."""
    given = {
        "id": name, "title": name.replace("_", " ").capitalize(), "domain": "SV", "reads": reads, "repeats": False,
        "visits": reads in ("visit", ""), "arms": (), "entered_by": ("coordinator",), "signed_by": (), "day": "",
        "fields": {}, "checks": (), "vocabulary": Vocabulary({}),
    }  # fmt: skip
    return Form(**{**given, **changed})


VISIT = form("visit", "visit")
BLOOD = form("blood")


def visit(name="round", **changed):
    """A visit, by default one on the day of randomization with a window of that day alone."""
    given = {
        "id": name, "label": name.capitalize(), "phase": "one", "arms": frozenset(), "anchor": RANDOMIZATION,
        "offset": days(0), "every": None, "times": None, "until": None, "moves": "nothing", "window": Window(),
        "forms": (Expected("visit"),), "each": False,
    }  # fmt: skip
    return PlannedVisit(**{**given, **changed})


def schedule(*visits, **changed):
    """A schedule of these visits."""
    return Schedule({"one": "One"}, {one.id: one for one in visits}, **changed)


def entry(occurrence, day, *, of=VISIT, not_done=None, seq=1, **values):
    """An entry of a form at an occurrence, without a record behind it."""
    return FormEntry(seq, of, "1", occurrence, day, values, {}, not_done, False, None)


def attended(start, *entries, arm="a"):
    """What was entered about somebody randomized on ``start``."""
    at = {}
    for one in entries:
        if one.visit is not None:
            at.setdefault(one.visit, []).append(one)
    about = Context(arm, start, start)
    return Attended(about, tuple(entries), {name: tuple(found) for name, found in at.items()})


TIME = Ending("completed", "Completed", "time", "follow_up", "rule/1", {})
PROGRESSION = Ending("progression", "Progression", "progression", "follow_up", "rule/1", {})


def ends(start, at_most, ended=None, by=PROGRESSION):
    """Follow-up from ``start`` until ``at_most``, or until ``ended`` if that is earlier."""
    span = ended if isinstance(ended, DateSpan) else None if ended is None else on_day(ended)
    if span is None or span.last > at_most:
        return Ends(start, at_most, (Ended(TIME, on_day(at_most)),))
    return Ends(start, at_most, (Ended(by, span),))


def on(plan, start, day, *entries, at_most=None, ended=None, arm="a"):
    """The occurrences on ``day``; follow-up lasts 36 months unless said otherwise."""
    last = at_most or months(36).after(start)
    return meet(plan, attended(start, *entries, arm=arm), day, ends(start, last, ended))


def iso(text):
    return date.fromisoformat(text)
