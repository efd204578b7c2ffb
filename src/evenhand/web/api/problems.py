"""What the API answers when it cannot do what was asked: problem details for HTTP interfaces (RFC 9457)."""

from __future__ import annotations

import json
from typing import Final

from django.http import HttpResponse
from pydantic import BaseModel, ConfigDict, Field

from evenhand.facts import Problem as Unusable
from evenhand.refusal import Refusal

MEDIA_TYPE: Final = "application/problem+json"
RESTORED_AFTER: Final = 600  # seconds; assumed: somebody must restore the record first
REPEAT_AFTER: Final = 2  # seconds; assumed: a database that restarts is back within a few of them

TITLES: Final = {
    "malformed": "The request cannot be read",
    "unauthenticated": "A valid token is needed",
    "forbidden": "The token does not allow this",
    "not-found": "There is no such thing here",
    "method-not-allowed": "This address does not know the method",
    "conflict": "It stands in conflict with what is there",
    "too-large": "The request is too large",
    "unsupported-media-type": "The content type is not one that is read here",
    "invalid": "The content cannot be used",
    "refused": "The step may not be taken",
    "failure": "Something went wrong here",
    "unavailable": "The database cannot be reached",
    "record-damaged": "The record cannot be read",
}
"""Every kind of problem, with its title; a problem's ``type`` is ``urn:evenhand:problem:KIND``."""

_CONFLICTS: Final = frozenset({"one candidate a person", "idempotency key", "stale form"})
"""Clauses whose refusals are about what is there already, and not about what was sent."""


class Fault(BaseModel):
    """One thing in the content that could not be used."""

    where: str = Field(examples=["facts.ecog"])
    what: str = Field(examples=["7 is out of range: ecog goes from 0 up to 5"])
    severity: str = Field(examples=["error"], description="error, or warning where it was used all the same")


class Problem(BaseModel):
    """Why something was not done, and what to do about it. Nothing was recorded."""

    model_config = ConfigDict(json_schema_extra={"examples": [
        {
            "type": "urn:evenhand:problem:refused",
            "title": TITLES["refused"],
            "status": 422,
            "detail": "no consent holds on 2026-11-23",
            "clause": "consent",
            "mend": "Obtain consent to the current information.",
        }
    ]})  # fmt: skip

    type: str
    title: str
    status: int
    detail: str
    clause: str | None = Field(None, description="the rule of the protocol or of the record that stands in the way")
    mend: str | None = Field(None, description="what to do about it")
    problems: list[Fault] | None = None


class Trouble(Exception):
    """Raised where a request goes no further; becomes a problem's answer."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        clause: str | None = None,
        mend: str | None = None,
        faults: list[Fault] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(
            type=f"urn:evenhand:problem:{kind}",
            title=TITLES[kind],
            status=status,
            detail=detail,
            clause=clause,
            mend=mend or None,
            problems=faults,
        )
        self.headers = headers or {}

    def answer(self) -> HttpResponse:
        """The response."""
        body = json.dumps(self.problem.model_dump(exclude_none=True)).encode()
        return HttpResponse(body, status=self.problem.status, content_type=MEDIA_TYPE, headers=self.headers)


def of_refusal(refusal: Refusal) -> Trouble:
    """A refusal of the core: its reason, its clause, and how to mend it."""
    status, kind = (409, "conflict") if refusal.clause in _CONFLICTS else (422, "refused")
    return Trouble(status, kind, refusal.reason, clause=refusal.clause, mend=refusal.mend)


def faults_of(problems: tuple[Unusable, ...] | list[Unusable]) -> list[Fault]:
    """What intake could not use."""
    return [Fault(where=one.where, what=one.what, severity=one.severity) for one in problems]
