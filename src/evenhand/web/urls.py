"""Addresses: the door, the pages of each study, the HTTP API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from evenhand.web import api
from evenhand.web.pages import (
    administration,
    board,
    calendar,
    candidate,
    design,
    door,
    enrol,
    find,
    participant,
    quality,
    reconsent,
    record,
    reports,
    safety,
    special_forms,
    study,
    worklist,
)

_PAGES = [
    *worklist.urls,
    *find.urls,
    *candidate.urls,
    *enrol.urls,
    *reconsent.urls,
    *participant.urls,
    *special_forms.urls,
    *calendar.urls,
    *safety.urls,
    *quality.urls,
    *study.urls,
    *design.urls,
    *reports.urls,
    *board.urls,
    *record.urls,
    *administration.urls,
]

urlpatterns: list[URLPattern | URLResolver] = [
    *api.urls,
    *door.urls,
    path("<slug:study>/", include(_PAGES)),
]

handler500 = "evenhand.web.unforeseen.failed"
