"""Whom a page is about: a participant of a site, the protocol that holds for her, and what this user may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.http import Http404

from evenhand.conduct import forms
from evenhand.conduct.forms import FormEntry
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form, Plan
from evenhand.record import Actor, SubjectHistory
from evenhand.web.access import Action
from evenhand.web.desk import Desk
from evenhand.web.pages.candidates.heading import Heading, heading


@dataclass(frozen=True, slots=True)
class About:
    """One participant, as this user at this desk may see her."""

    desk: Desk
    known: SubjectHistory
    subject: str
    site: str | None
    protocol: Protocol
    plan: Plan
    today: date

    @property
    def entries(self) -> tuple[FormEntry, ...]:
        """What stands of her forms."""
        return forms.entries(self.protocol, self.known)

    @property
    def zone(self) -> ZoneInfo | None:
        """Where her site counts its days and hours."""
        return self.desk.zone(self.site)

    @property
    def roles(self) -> frozenset[str]:
        """The roles that this user holds here: what she may do, and so what her pages offer, follows from them."""
        return frozenset(grant.role for grant in self.desk.held if grant.site in (None, self.site))

    def top(self) -> Heading:
        """The heading of her pages."""
        return heading(self.desk, self.known)

    def may(self, action: Action) -> bool:
        """Whether this user may do this here."""
        return self.desk.may(action, self.site)

    def may_enter(self, form: Form) -> bool:
        """Whether this user is one of those who fill in a form."""
        return self.may_as(Action.ENTER_FORMS, form.entered_by)

    def may_as(self, action: Action, roles: tuple[str, ...]) -> bool:
        """Whether this user may do this here in one of some roles."""
        return any(
            grant.role in roles and grant.site in (None, self.site) and self.desk.may(action, self.site)
            for grant in self.desk.held
        )

    def acting(self, action: Action, roles: tuple[str, ...] | None = None) -> Actor:
        """Who acts here. Raises PermissionDenied where no role of the user allows it."""
        return self.desk.acting(action, self.site, roles)

    def form(self, name: str) -> Form:
        """A form of the protocol. Raises Http404 where there is none."""
        found = self.plan.forms.get(name)
        if found is None:
            raise Http404(f"There is no form {name!r} in this protocol.")
        return found

    def entry(self, seq: int) -> FormEntry:
        """An entry by its number or that of a correction. Raises Http404 where it is none of this participant's."""
        found = next((one for one in self.entries if seq in (one.seq, *one.standing.corrections)), None)
        if found is None:
            raise Http404(f"Entry {seq} is no form of {self.subject}.")
        return found


def participant_at(desk: Desk, subject: str, action: Action = Action.SEE_CANDIDATE) -> About:
    """The participant of a page. Raises Http404 for nobody that this user may know of, or that is randomized."""
    known = desk.candidate(subject, action)
    plan = desk.protocol.plan
    if known.allocation is None or plan is None:
        raise Http404(f"{subject} is not randomized, so there are no forms yet.")
    site = desk.site_of(subject)
    return About(desk, known, subject, site, desk.protocol, plan, desk.today(site))
