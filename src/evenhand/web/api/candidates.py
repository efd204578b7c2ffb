"""Candidates over HTTP: submit, add facts, ask for the verdict, register, randomize."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router, Status
from pydantic import BaseModel

from evenhand import steps
from evenhand.record import SubjectHistory
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.api import answers, judged
from evenhand.web.api.body import require_empty
from evenhand.web.api.caller import Caller, caller_of
from evenhand.web.api.days import Day
from evenhand.web.api.described import BODY_OF_ADDITION, BODY_OF_CANDIDATE, NO_BODY, troubles
from evenhand.web.api.problems import Fault
from evenhand.web.api.sending import sent_by, submit
from evenhand.web.api.submission import read_addition, read_candidate
from evenhand.web.store import Performed

_PRINTABLE: Final = r"^[!-~]([ -~]*[!-~])?$"

Study = Annotated[str, Path(description="the study's id", pattern=r"^[-a-zA-Z0-9_]{1,200}$")]
Subject = Annotated[str, Path(description="the candidate's number", pattern=r"^[A-Z][0-9]{4,12}-[0-9]$")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=_PRINTABLE,
        max_length=100,
        description="Names this one request. Sent again under the same key, it is not carried out a second time and "
        "gets the same answer.",
        examples=["0a9c1f6e-5f0e-4c49-9d1a-2f1d6d0c5e11"],
    ),
]
PersonNumber = Annotated[
    str | None,
    Header(
        alias="Person-Number",
        pattern=_PRINTABLE,
        max_length=80,
        description="With a bundle: the site's own number of the person. With a form it is not read.",
        examples=["4711"],
    ),
]
On = Annotated[Day | None, Query(description="the day to judge on; left out, today at the token's site")]

router = Router()


@router.post(
    "/studies/{study}/candidates",
    response={201: answers.Screened} | troubles(409, 413, 415),
    openapi_extra=BODY_OF_CANDIDATE,
    summary="Submit a new candidate",
    operation_id="submitCandidate",
)
def submit_candidate(
    request: HttpRequest, response: HttpResponse, study: Study, key: Key, number: PersonNumber = None
) -> Any:
    """Screen somebody who is not a candidate yet, from a form of facts or from an mCODE bundle. Scope `screen`.

    The same number at the same site, or the same name and birth date, is refused with 409.
    """
    caller = caller_of(request, study, "screen", Action.ENTER_FACTS)
    sent = read_candidate(request, caller.protocol.vocabulary, number)
    assert sent.who is not None
    done = store.perform(
        study,
        sent_by(caller.bearer.label, submit),
        by=caller.acting(Action.ENTER_FACTS),
        key=caller.key(key),
        also=store.identify(study, caller.site, sent.who),
        person=sent.person,
        digest=sent.digest,
    )
    return _screened(response, caller, done, sent.faults)


@router.post(
    "/studies/{study}/candidates/{subject}/facts",
    response={201: answers.Screened} | troubles(409, 413, 415),
    openapi_extra=BODY_OF_ADDITION,
    summary="Add facts about a candidate",
    operation_id="addFacts",
)
def add_facts(request: HttpRequest, response: HttpResponse, study: Study, subject: Subject, key: Key) -> Any:
    """Record more facts; the newest value of each counts, and everything stays in the record. Scope `screen`."""
    caller = caller_of(request, study, "screen", Action.ENTER_FACTS).about(subject)
    sent = read_addition(request, caller.protocol.vocabulary)
    done = store.perform(
        study,
        sent_by(caller.bearer.label, submit),
        by=caller.acting(Action.ENTER_FACTS),
        key=caller.key(key),
        person=sent.person,
        subject=subject,
        digest=sent.digest,
    )
    return _screened(response, caller, done, sent.faults)


@router.get(
    "/studies/{study}/candidates/{subject}",
    response={200: answers.Verdict} | troubles(),
    summary="Ask for the verdict",
    operation_id="getVerdict",
)
def verdict(request: HttpRequest, study: Study, subject: Subject, on: On = None) -> Any:
    """Verdict, criteria, what is missing, and the calendar of a candidate of the token's site. Scope `read`."""
    caller = caller_of(request, study, "read", Action.SEE_CANDIDATE).about(subject)
    return _verdict(caller, caller.candidate(subject), on or caller.today)


@router.post(
    "/studies/{study}/candidates/{subject}/register",
    response={201: answers.Registered} | troubles(409, 413),
    openapi_extra=NO_BODY,
    summary="Register a candidate",
    operation_id="register",
)
def register(request: HttpRequest, response: HttpResponse, study: Study, subject: Subject, key: Key) -> Any:
    """Register an eligible candidate whose consent is recorded and whose judgements are signed. Scope `register`."""
    _, done = _taken(request, study, subject, key, steps.register, "register", Action.REGISTER)
    (entry,) = done.entries
    participant = str(entry.body["participant"])
    said = answers.Registered(subject=subject, participant=participant, entry=judged.recorded(entry))
    return _created(response, done, said)


@router.post(
    "/studies/{study}/candidates/{subject}/randomize",
    response={201: answers.Randomized} | troubles(409, 413),
    openapi_extra=NO_BODY,
    summary="Randomize a participant",
    operation_id="randomize",
)
def randomize(request: HttpRequest, response: HttpResponse, study: Study, subject: Subject, key: Key) -> Any:
    """Allocate an arm to a registered participant who is eligible and consents today. Scope `randomize`.

    It happens once: under the same key the same arm is answered again, under another one it is refused.
    """
    caller, done = _taken(request, study, subject, key, steps.randomize, "randomize", Action.RANDOMIZE)
    (entry,) = done.entries
    arm = caller.protocol.arm(str(entry.body["arm"]))
    registration = done.history.subject(subject).registration
    assert registration is not None
    levels = entry.body["levels"]
    said = answers.Randomized(
        subject=subject,
        participant=registration.value("participant", str),
        arm=arm.id,
        arm_label=arm.label,
        treatment=arm.treatment,
        levels={name: str(level) for name, level in levels.items()} if isinstance(levels, dict) else {},
        entry=judged.recorded(entry),
    )
    return _created(response, done, said)


def _taken(
    request: HttpRequest, study: str, subject: str, key: str, step: steps.Step, scope: str, action: Action
) -> tuple[Caller, Performed]:
    """Take a step that needs nothing but its subject. What is judged before the lock is not judged again inside it."""
    caller = caller_of(request, study, scope, action).about(subject)
    require_empty(request)
    steps.assess(caller.protocol, caller.history, subject=subject, on=caller.today)
    sent = sent_by(caller.bearer.label, step)
    return caller, store.perform(study, sent, by=caller.acting(action), key=caller.key(key), subject=subject)


def _screened(response: HttpResponse, caller: Caller, done: Performed, faults: list[Fault]) -> Status[BaseModel]:
    (entry,) = done.entries
    said = answers.Screened(
        subject=entry.subject or "",
        entry=judged.recorded(entry),
        verdict=_verdict(caller, judged.as_it_was(done.history, entry), entry.effective),
        problems=faults,
    )
    return _created(response, done, said)


def _verdict(caller: Caller, known: SubjectHistory, on: date) -> answers.Verdict:
    return judged.verdict_on(caller.protocol, known, on, arm_seen=caller.may(Action.SEE_ARM))


def _created(response: HttpResponse, done: Performed, said: BaseModel) -> Status[BaseModel]:
    """The answer to what was recorded; a header tells whether it was recorded before, and not now."""
    if done.repeated:
        response["Idempotent-Replayed"] = "true"
    return Status(201, said)
