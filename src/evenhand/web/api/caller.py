"""Who calls: another system, by a token that acts as a user, in one role, at one site, within its scopes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja.security import HttpBearer

from evenhand.administration import Grant, site_of, sites
from evenhand.enrollment import protocol_at, protocol_for
from evenhand.protocol import Protocol
from evenhand.record import Actor, History, SubjectHistory
from evenhand.web import access, store
from evenhand.web.access import Action
from evenhand.web.api.problems import Trouble


class Token(HttpBearer):
    """``Authorization: Bearer TOKEN``."""

    openapi_description = "A token that an administrator issued on the page Administration, shown there once."

    def authenticate(self, request: HttpRequest, token: str) -> store.Bearer:
        """Who shows this token. Raises Trouble (401) where nobody does."""
        bearer = store.bearer_of(token) if token.isascii() else None
        if bearer is None:
            raise unauthenticated("The token is unknown, has expired or was revoked.")
        return bearer

    def __call__(self, request: HttpRequest) -> Any:
        """Say what is missing rather than only that something is."""
        bearer = super().__call__(request)
        if bearer is None:
            raise unauthenticated("The request shows no token.")
        return bearer


def unauthenticated(detail: str) -> Trouble:
    """The answer to whoever shows no valid token."""
    mend = "Send the header `Authorization: Bearer TOKEN`; an administrator of the study issues tokens."
    headers = {"WWW-Authenticate": 'Bearer realm="evenhand"'}
    return Trouble(401, "unauthenticated", detail, mend=mend, headers=headers)


@dataclass(frozen=True, slots=True)
class Caller:
    """A token at work in its study, with the record as it was when the request came, and the protocol version by which
    its site enrols."""

    bearer: store.Bearer
    protocol: Protocol
    history: History
    held: tuple[Grant, ...]

    @property
    def study(self) -> str:
        """The study's id."""
        return self.protocol.study

    @property
    def site(self) -> str:
        """The site at which the token acts."""
        return self.bearer.actor.site or ""

    @property
    def today(self) -> date:
        """The day at the token's site, by its time zone."""
        zones = {one.code: one.time_zone for one in sites(self.history)}
        return datetime.now(UTC).astimezone(ZoneInfo(zones.get(self.site, "UTC"))).date()

    def may(self, action: Action) -> bool:
        """Whether the token's role, as it is held now, allows this at its site."""
        return access.may(self.held, action, self.site)

    def acting(self, action: Action) -> Actor:
        """Who acts. Raises Trouble (403) where the token's role, as it is held now, does not allow it."""
        actor = access.acting(self.held, action, self.site)
        if actor is None:
            role = self.bearer.actor.role.replace("_", " ")
            said = f"may not {action}" if self.held else "is not held by the token's user any more"
            mend = "Ask an administrator of the study for a token of a role that may."
            raise Trouble(403, "forbidden", f"The role {role} at {self.site} {said}.", clause="delegation", mend=mend)
        return actor

    def candidate(self, subject: str) -> SubjectHistory:
        """A candidate of the token's site. Raises Trouble (404) for any other, whether there is one or not."""
        known = self.history.subject(subject)
        if not known.entries or site_of(self.history, subject) != self.site:
            raise missing(f"There is no candidate {subject} at {self.site}.")
        return known

    def about(self, subject: str) -> Caller:
        """The same caller under the protocol version that a candidate of the site follows. Raises Trouble (404)."""
        self.candidate(subject)
        versions = store.versions_of(self.study)
        return replace(self, protocol=protocol_for(versions, self.history, subject))

    def key(self, given: str) -> str:
        """A request's key, apart from the same key of another system."""
        who = (self.bearer.actor.user, self.site, given)
        return f"api {hashlib.sha256(repr(who).encode()).hexdigest()}"


def caller_of(request: HttpRequest, study: str, scope: str, action: Action) -> Caller:
    """The caller, if the token is for this study, has the scope, and its role allows the action now.

    Raises Trouble: 404 for a study that the token is not for, 403 for what it may not do.
    """
    bearer: store.Bearer = request.auth  # type: ignore[attr-defined]  # set by the API once Token has found it
    if bearer.study != study:
        raise missing(f"This token is for no study {study!r}.")
    if scope not in bearer.scopes:
        said = f"The token's scopes are {', '.join(sorted(bearer.scopes))}; this needs {scope}."
        raise Trouble(403, "forbidden", said, clause="scopes", mend="Ask an administrator for a token with it.")
    history = store.current(study)
    role, site = bearer.actor.role, bearer.actor.site
    held = tuple(
        one for one in access.held_by(history, bearer.actor.user) if one.role == role and one.site in (None, site)
    )
    versions = store.versions_of(study)
    caller = Caller(bearer, protocol_at(versions, history, site), history, held)
    caller.acting(action)
    return caller


def missing(detail: str) -> Trouble:
    """The answer where there is nothing that the token may know of."""
    return Trouble(404, "not-found", detail)
