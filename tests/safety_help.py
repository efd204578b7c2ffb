"""Adverse events, radiation courses, laboratory values and reports of a made-up participant, for tests."""

from datetime import date

from evenhand.conduct import safety
from tests.conduct_help import participant

TODAY = date(2027, 6, 1)
NOT_SERIOUS = {"serious": "no"}
SERIOUS = {
    **dict.fromkeys(("death", "life_threatening", "hospitalized", "prolonged", "disability", "congenital"), "no"),
    **{"serious": "yes", "important": "yes", "aware": "2026-08-15"},
}


def event(who=None, *, grades="2", attribution="chemotherapy possible", on=TODAY, item=None, **typed):
    """A participant (of the local arm unless another is given) with one more adverse event.

    ``grades``: ``2`` or ``2026-08-10 1, 2026-08-15 3``; ``attribution``: ``surgery possible, disease unlikely``.
    """
    who = who or participant("local")
    onset = typed.setdefault("onset", "2026-08-10")
    pairs = (row.split() for row in grades.split(","))
    course = [{"day": row[0] if len(row) > 1 else str(onset)[:10], "grade": row[-1]} for row in pairs]
    rated = [dict(zip(("intervention", "relation"), row.split(), strict=True)) for row in attribution.split(",")]
    given = {"term": "Fatigue", "outcome": "not_recovered"} | (NOT_SERIOUS if "serious" not in typed else {}) | typed
    return who.entered("adverse_event", on=on, item=item, course=course, attribution=rated, **given)


def irradiated(who=None, *, started, course="R1", on=TODAY):
    """A participant with one more course of locoregional radiation."""
    volume = {"volume": "breast", "planned_gy": "40.05", "planned_fractions": "15"}
    who = who or participant("local")
    given = {"course": course, "started": started, "technique": "vmat", "volumes": [volume]}
    return who.entered("locoregional_radiation", on=on, **given)


def sampled(who, day, visit, *results):
    """A participant with one more set of laboratory values: ``neutrophils 0.7 10*9/L 1.8 7.0`` each."""
    names = ("test", "value", "unit", "low", "high", "symptoms")
    rows = [{name: cell for name, cell in zip(names, row.split(), strict=False) if cell != "-"} for row in results]
    return who.entered("laboratory", visit=visit, on=TODAY, sampled=day, results=rows)


def reported(who, event_item, regime, report, sent, **typed):
    """A participant about whom one more safety report was sent."""
    return who.entered("safety_report", on=TODAY, event=event_item, regime=regime, report=report, sent=sent, **typed)


def events(who):
    return safety.adverse_events(who.protocol, who.known)


def the_event(who):
    (found,) = events(who)
    return found


def doubts(who):
    """What the room asks, as (form, item or visit, path, id)."""
    found = safety.doubts(who.protocol, who.known, TODAY)
    return [(doubt.form, doubt.visit or doubt.item, doubt.path, doubt.id) for doubt in found]
