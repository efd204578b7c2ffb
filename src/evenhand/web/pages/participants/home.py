"""The page of one participant."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand import steps
from evenhand.conduct.disposition import reached
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.participants.about import participant_at
from evenhand.web.pages.participants.course import course
from evenhand.web.pages.participants.fragments import fragments
from evenhand.web.pages.participants.listing import state_words
from evenhand.web.pages.participants.signing import waiting_for


@require_safe
@at_desk(Action.SEE_ARM)
def participant(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """Everything about one participant, as of today at the site."""
    about = participant_at(desk, subject, Action.SEE_ARM)
    now = course(about)
    page = {
        "desk": desk,
        "top": about.top(),
        "course": now,
        "state": state_words(now),
        "over": now.ends.over(about.today),
        "endings": [one for one in now.ends.endings if reached(one, about.today)],
        "days": (about.today - now.ends.randomized).days if now.ends.randomized else 0,
        "to_sign": len(waiting_for(about)),
        "breaches": steps.eligibility_breaches(about.protocol, desk.history, subject=subject),
        "other_strata": steps.stratum_breaches(about.protocol, desk.history, subject=subject),
        "may_see_quality": about.may(Action.SEE_QUALITY),
        "may_verify": about.may(Action.VERIFY_SOURCE),
        "may_lock": about.may(Action.LOCK),
        "waiting": [one.visit.label for one in now.waiting],
        **fragments(about),
    }
    return render(request, "participant/participant.html", page)
