"""The participants whose data a user may look at, each with the protocol that holds for her and the day at her site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form
from evenhand.record import SubjectHistory
from evenhand.web.access import Action
from evenhand.web.desk import Desk


@dataclass(frozen=True, slots=True)
class Somebody:
    """One randomized participant."""

    subject: str
    participant: str
    site: str
    site_name: str
    protocol: Protocol
    known: SubjectHistory
    today: date

    def form(self, name: str) -> Form | None:
        """A form of her protocol."""
        return self.protocol.plan.forms.get(name) if self.protocol.plan else None


def people(desk: Desk, action: Action) -> Iterator[Somebody]:
    """Everybody randomized at sites where this user may do this, in the order of randomization."""
    names = {site.code: site.name for site in desk.sites}
    days = {site.code: desk.today(site.code) for site in desk.sites}
    for allocation in desk.history.allocations:
        subject = allocation.subject
        site = desk.site_of(subject) or ""
        if not desk.may(action, site):
            continue
        known = desk.history.subject(subject)
        number = str(known.registration.body["participant"]) if known.registration else subject
        today = days.get(site) or desk.today()
        yield Somebody(subject, number, site, names.get(site, site), desk.protocol_for(subject), known, today)
