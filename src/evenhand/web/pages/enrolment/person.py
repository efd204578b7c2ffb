"""Whom a page is about, and whose entries it must not overlook."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.record import SubjectHistory
from evenhand.web.desk import Desk
from evenhand.web.pages.candidates.heading import who_is
from evenhand.web.store import Who


@dataclass(frozen=True, slots=True)
class Subject:
    """A candidate as the head of a page shows it. ``who`` is None where the user may not see names, or none is kept."""

    subject: str
    participant: str | None
    site: str
    who: Who | None

    @property
    def number(self) -> str:
        """The number by which people call it: the participant's once there is one."""
        return self.participant or self.subject


def subject_of(desk: Desk, known: SubjectHistory) -> Subject:
    """Whom a page is about."""
    subject = known.subject or ""
    site = desk.site_of(subject)
    names = {one.code: one.name for one in desk.sites}
    registered = known.registration
    return Subject(
        subject,
        registered.value("participant", str) if registered else None,
        names.get(site or "", site or "the whole study"),
        who_is(desk, subject, site),
    )
