"""The page of one candidate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.eligibility import Assessment, Calendar, assessor_of, level_of
from evenhand.intake import written_date
from evenhand.protocol import Protocol
from evenhand.record import Entry
from evenhand.record.facts import recorded_person
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.candidates.criteria import Sheet
from evenhand.web.pages.candidates.heading import heading
from evenhand.web.pages.candidates.judgements import judgements
from evenhand.web.pages.candidates.known import known_facts
from evenhand.web.pages.candidates.next_step import next_step
from evenhand.web.pages.candidates.timeline import timeline
from evenhand.web.pages.candidates.words import label_of


@dataclass(frozen=True, slots=True)
class Level:
    """A stratification factor and the level that the facts say, None where they do not."""

    label: str
    level: str | None


@require_safe
@at_desk(Action.SEE_CANDIDATE)
def candidate(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """Everything about one candidate: as of today at the site, or as of another day (``?on=``)."""
    known = desk.candidate(subject)
    top = heading(desk, known)
    asked, fault = _asked_day(request.GET.get("on", ""))
    on = asked or top.today
    person = recorded_person(known, desk.protocol.vocabulary)
    assessor = assessor_of(desk.protocol)
    assessment = assessor.assess(person, on)
    site = desk.site_of(subject)
    first, further, row = next_step(desk, known, site)
    vocabulary = desk.protocol.vocabulary
    shown = {
        "desk": desk,
        "top": top,
        "on": on,
        "on_asked": asked is not None,
        "on_typed": request.GET.get("on", ""),
        "on_fault": fault,
        "assessment": assessment,
        "step": first,
        "further": further,
        "row": row,
        "rows": list(Sheet(desk, known, assessment).rows()),
        "levels": list(_levels(desk.protocol, assessment)),
        "timeline": timeline(Calendar(assessor).of(person), on),
        "judgements": list(judgements(desk, known, assessment, site)),
        "facts": [
            (label_of(vocabulary.facts[name]), items) for name, items in known_facts(known, desk.protocol).items()
        ],
        "entries": [_told(entry, desk) for entry in reversed(known.entries)],
        "may_enter": desk.may(Action.ENTER_FACTS, site),
        "may_consent": desk.may(Action.RECORD_CONSENT, site),
        "may_correct": desk.may(Action.CORRECT, site),
    }
    return render(request, "candidate/candidate.html", shown)


@dataclass(frozen=True, slots=True)
class Told:
    """An entry about the candidate in words."""

    entry: Entry
    says: str
    other_day: bool


def _told(entry: Entry, desk: Desk) -> Told:
    return Told(entry, desk.history.kinds[entry.kind].says, entry.effective != entry.recorded_at.date())


def _asked_day(text: str) -> tuple[date | None, str]:
    """The day looked at, and what is wrong with it."""
    if not text.strip():
        return None, ""
    try:
        span = written_date(text)
    except ValueError as error:
        return None, f"{str(error)[:1].upper()}{str(error)[1:]}."
    if not span.exact:
        return None, "Give one day: 2026-12-24 or 24 Dec 2026."
    return span.first, ""


def _levels(protocol: Protocol, assessment: Assessment) -> Iterator[Level]:
    for stratum in protocol.randomization.strata:
        labels = {level.id: level.label for level in stratum.levels}
        found = level_of(protocol, stratum, assessment)
        yield Level(stratum.label, labels[found] if found is not None else None)
