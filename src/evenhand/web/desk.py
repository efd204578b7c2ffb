"""What a page works with: the study, its record as it is now, and what this user may do in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from evenhand.administration import Grant, Site, site_of, sites
from evenhand.enrollment import newest_adopted, protocol_at, protocol_for, protocol_then
from evenhand.protocol import Protocol, Versions
from evenhand.record import Actor, Entry, History, SubjectHistory
from evenhand.web import access, store
from evenhand.web.access import Action

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Desk:
    """One user at one study, with the record as it was when the page was asked for.

    ``protocol`` is the version that the page goes by: on a page about a person (``subject``) the one that this person
    follows, otherwise the newest that any of the user's sites adopted.
    """

    protocol: Protocol
    versions: Versions
    history: History
    user: str
    printed_name: str
    held: tuple[Grant, ...]
    now: datetime  # aware, UTC
    subject: str | None = None

    def about(self, subject: str) -> Desk:
        """The same desk with this person on it."""
        return replace(self, protocol=self.protocol_for(subject), subject=subject)

    def protocol_for(self, subject: str | None) -> Protocol:
        """The version that a person follows; this page's, for nobody in particular."""
        return self.protocol if subject is None else protocol_for(self.versions, self.history, subject)

    def protocol_then(self, entry: Entry) -> Protocol:
        """The version under which an entry was recorded; about the study as a whole, this page's."""
        if entry.subject is None:
            return self.protocol
        return protocol_then(self.versions, self.history, entry.subject, entry.seq)

    @property
    def newest(self) -> Protocol:
        """The newest version that any site adopted: it reads what is recorded at all of them."""
        return newest_adopted(self.versions, self.history)

    def enrolling(self, subject: str) -> Desk:
        """The same desk under the version by which this person's site enrols: what consent is asked for now."""
        here = protocol_at(self.versions, self.history, self.site_of(subject))
        return replace(self, protocol=here, subject=subject)

    @property
    def study(self) -> str:
        """The study's id."""
        return self.protocol.study

    @property
    def sites(self) -> tuple[Site, ...]:
        """The open sites."""
        return sites(self.history)

    def may(self, action: Action, site: str | None = None) -> bool:
        """Whether this user may do this at a site (None: for the whole study)."""
        return access.may(self.held, action, site)

    def may_somewhere(self, action: Action) -> bool:
        """Whether a menu offers this to the user."""
        return access.may_somewhere(self.held, action)

    def acting(self, action: Action, site: str | None = None, roles: tuple[str, ...] | None = None) -> Actor:
        """Who acts here. Raises PermissionDenied where no role of the user allows it."""
        actor = access.acting(self.held, action, site, roles)
        if actor is None:
            raise PermissionDenied(f"Your roles do not allow you to {action}{f' at {site}' if site else ''}.")
        return actor

    def require(self, action: Action, site: str | None = None) -> None:
        """Raise PermissionDenied where no role of the user allows this."""
        self.acting(action, site)

    def zone(self, site: str | None) -> ZoneInfo | None:
        """Where a site counts its days and hours; None for no open site, which leaves it to the study."""
        return next((ZoneInfo(one.time_zone) for one in self.sites if one.code == site), None)

    def today(self, site: str | None = None) -> date:
        """The day at a site, by its time zone."""
        return self.now.astimezone(self.zone(site) or UTC).date()

    @property
    def last_day(self) -> date:
        """Today, at the site where the day is furthest on; for a closed study, the day on which it was closed."""
        closure = self.history.state.closure
        if closure is not None:
            return closure.effective
        return max((self.today(site.code) for site in self.sites), default=self.today())

    def candidate(self, subject: str, action: Action = Action.SEE_CANDIDATE) -> SubjectHistory:
        """A subject's history. Raises Http404 where there is none, or none that this user may know of."""
        known = self.history.subject(subject)
        site = site_of(self.history, subject)
        if not known.entries or not self.may(Action.SEE_CANDIDATE, site):
            raise Http404(f"There is no candidate {subject} at your sites.")
        self.require(action, site)
        return known

    def site_of(self, subject: str) -> str | None:
        """The site of a subject."""
        return site_of(self.history, subject)


def desk_for(study: str, user: str, printed_name: str) -> Desk:
    """A user's desk. Raises Http404 for a study that does not run here, or in which the user has no role."""
    try:
        versions = store.versions_of(study)
    except KeyError:
        raise Http404("There is no such study here.") from None
    history = store.current(study)
    held = access.held_by(history, user)
    if not held:
        raise Http404("There is no such study here.")
    return Desk(_leading(versions, history, held), versions, history, user, printed_name, held, datetime.now(UTC))


def _leading(versions: Versions, history: History, held: tuple[Grant, ...]) -> Protocol:
    """The newest version at the user's sites; of the whole study, for whoever acts for all of it."""
    places = {grant.site for grant in held}
    if not history.state.amended or None in places:
        return newest_adopted(versions, history)
    return max((protocol_at(versions, history, site) for site in places), key=lambda one: one.version.number)


def afresh(request: HttpRequest, desk: Desk) -> Desk:
    """The desk with the record as it is now: what a refused form is shown against."""
    now = desk_for(desk.study, desk.user, desk.printed_name)
    now = now.about(desk.subject) if desk.subject else now
    request.desk = now  # type: ignore[attr-defined]  # for the templates' menu
    return now


View = Callable[Concatenate[HttpRequest, Desk, P], HttpResponseBase]


def at_desk(action: Action | None = None) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """A view of a study: signed in, with a role there, and with ``action`` allowed somewhere."""

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        @login_required
        def seated(request: HttpRequest, study: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            desk = desk_for(study, request.user.get_username(), getattr(request.user, "printed_name", ""))
            if action is not None and not desk.may_somewhere(action):
                raise PermissionDenied(f"Your roles do not allow you to {action}.")
            subject = kwargs.get("subject")
            desk = desk.about(subject) if isinstance(subject, str) else desk
            request.desk = desk  # type: ignore[attr-defined]  # for the templates' menu
            return view(request, desk, *args, **kwargs)

        return seated

    return decorate
