"""From a candidate to an allocation: screen, attest, consent, register, randomize."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from evenhand.eligibility import Assessment, Pieces, level_of
from evenhand.enrollment import (
    participant_number,
    require_accrual,
    require_consent,
    require_current,
    require_known,
    require_running,
    screening_number,
)
from evenhand.facts import Attestation, Person
from evenhand.facts.privacy import for_the_record
from evenhand.facts.wire import attestation_json, fact_json
from evenhand.protocol import Judgement, Protocol
from evenhand.randomization import Placement, allocate, design_of, placement, verify_commitment
from evenhand.record import (
    CONSENT_DECLINED,
    JSON,
    Actor,
    Event,
    History,
    SubjectHistory,
    quick_digest,
    sign,
)
from evenhand.refusal import Refusal
from evenhand.steps.asking import and_queries
from evenhand.steps.assessing import assess
from evenhand.steps.events import Body, Events


def screen(
    protocol: Protocol,
    history: History,
    *,
    person: Person,
    subject: str | None = None,
    on: date,
    by: Actor,
    at: datetime,
) -> Events:
    """Record a candidate's facts under a pseudonym: a new one, or that of ``subject``.

    Facts that identify (the birth date) are coarsened first, and only the study's own facts are kept.
    """
    require_running(protocol, history)
    if subject is None:
        subject = screening_number(history.subject_count + 1)
    else:
        require_known(history.subject(subject))
    facts = for_the_record(person, protocol.vocabulary, on)
    if not facts:
        raise Refusal("there is not one fact to record", "screening", "Enter facts, or read them from a file.")
    return [Event("facts_recorded", subject, on, {"facts": [fact_json(fact) for fact in facts]})]


def attest(
    protocol: Protocol, history: History, *, subject: str, given: Attestation, by: Actor, at: datetime
) -> Events:
    """Record a signed judgement. The role must be one that may sign it."""
    require_running(protocol, history)
    require_known(history.subject(subject))
    judgement = protocol.judgements.get(given.judgement)
    if judgement is None:
        raise Refusal(f"{given.judgement!r} is no judgement of this protocol", "attestation")
    if given.role not in judgement.roles:
        roles = " or ".join(judgement.roles)
        raise Refusal(f"a {given.role} may not sign {given.judgement!r}", judgement.source, f"Ask a {roles}.")
    if (given.item is None) != (judgement.about is None):
        wanted = f"one entry of {judgement.about}" if judgement.about else "the person, not about an entry"
        raise Refusal(f"{given.judgement!r} is about {wanted}", judgement.source)
    if not given.date.exact:
        raise Refusal(f"the signature is dated {given.date}", "21 CFR 11.50", "Give the day of signing.")
    absent = missing_details(judgement, given.details or {})
    if absent:
        raise Refusal(f"{given.judgement!r} lacks {' and '.join(absent)}", judgement.source, "Sign what was looked at.")
    body = attestation_json(given)
    signature = sign(body, meaning=judgement.statement, signer=given.by, at=at)
    return [Event("attested", subject, given.date.first, body, signature=signature)]


def missing_details(judgement: Judgement, details: Mapping[str, object]) -> list[str]:
    """What a judgement asks its signatory to say besides, and was not said."""
    return [name for name in judgement.details if details.get(name) in (None, "")]


def consent(
    protocol: Protocol,
    history: History,
    *,
    subject: str,
    on: date,
    by: Actor,
    at: datetime,
    version: str | None = None,
) -> Events:
    """Record consent to the current information, or to a ``version`` of it that was signed on paper."""
    require_running(protocol, history)
    require_known(history.subject(subject))
    document = protocol.enrollment.consent_document
    given = version or protocol.enrollment.consent_version
    declined = history.subject(subject).declined
    if declined is not None and on < declined.effective:
        raise Refusal(
            f"{subject} declined on {declined.effective}, and consent of {on} would have come before that",
            "consent",
            "Give the day on which the person signed. Consent that no longer holds is withdrawn, not declined.",
        )
    event = Event("consented", subject, on, {"document": document, "version": given})
    if given != protocol.enrollment.consent_version:  # the participant does not move on to this version's forms
        return [event]
    return and_queries(protocol, history, event, by, at)


def decline_consent(
    protocol: Protocol,
    history: History,
    *,
    subject: str,
    on: date,
    because: str = "",
    words: str = "",
    by: Actor,
    at: datetime,
) -> Events:
    """Record that a candidate was asked and declined; nobody has to say why, and who declined may consent later.

    ``because`` is one of the study's codes or empty; ``words`` belong to the code "other" alone.
    """
    require_running(protocol, history)
    known = history.subject(subject)
    require_known(known)
    require_undecided(known, on)
    codes = protocol.enrollment.declined_because
    if because and because not in codes:
        said = f"{because!r} is no reason of this study"
        raise Refusal(said, "consent", f"Choose one of {', '.join(codes)}, or none." if codes else "Leave it out.")
    if bool(words.strip()) != (because == _OTHER):
        said = "another reason is not said" if because == _OTHER else f"words go with the reason {_OTHER!r} alone"
        raise Refusal(said, "consent", "Say it in a few words, without names; or choose another reason, or none.")
    asked = protocol.enrollment
    body: Body = {"document": asked.consent_document, "version": asked.consent_version}
    body |= {name: said for name, said in (("because", because), ("words", words.strip())) if said}
    return [Event(CONSENT_DECLINED, subject, on, body)]


_OTHER: Final = "other"  # the code of a reason that is none of the others


def require_undecided(known: SubjectHistory, on: date) -> None:
    """Whoever is registered or consents leaves by a withdrawal; whoever declined has said so already."""
    if known.registration is not None:
        said = f"{known.subject} is registered as {known.registration.body['participant']}"
        raise Refusal(said, "consent", "A participant who wants to leave withdraws consent.")
    given = known.consent_on(on)
    if given is not None:
        said = f"{known.subject} consented on {given.effective}"
        raise Refusal(said, "consent", "Whoever thinks otherwise after that withdraws consent.")
    earlier = _declined_about(known, on)
    if earlier is not None:
        said = f"it is recorded already that {known.subject} declined on {earlier}"
        raise Refusal(said, "consent", "Nothing more is to be recorded; if the day or the reason is wrong, correct it.")


def _declined_about(known: SubjectHistory, on: date) -> date | None:
    """The day of a decline with no consent between it and this day."""
    turns = sorted((*known.of("consented"), *known.of(CONSENT_DECLINED)), key=lambda one: one.happened)
    beside = [one for one in turns if one.effective <= on][-1:] + [one for one in turns if one.effective > on][:1]
    return next((one.effective for one in beside if one.kind == CONSENT_DECLINED), None)


def withdraw_consent(
    protocol: Protocol,
    history: History,
    *,
    subject: str,
    on: date,
    reason: str | None,
    by: Actor,
    at: datetime,
) -> Events:
    """Record that consent was withdrawn; nobody has to say why."""
    require_running(protocol, history)
    if history.subject(subject).consent_on(on) is None:
        raise Refusal(f"no consent of {subject} holds on {on}", "consent")
    return and_queries(protocol, history, Event("consent_withdrawn", subject, on, {}, reason=reason), by, at)


def register(protocol: Protocol, history: History, *, subject: str, on: date, by: Actor, at: datetime) -> Events:
    """Register an eligible, consenting candidate; the evidence is frozen into the entry."""
    require_accrual(protocol, history)
    known = history.subject(subject)
    require_known(known)
    if known.registration is not None:
        raise Refusal(f"{subject} is registered already as {known.registration.body['participant']}", "registration")
    require_current(protocol, history, known)
    agreed = require_consent(protocol, known, on)
    assessment = _require_eligible(protocol, history, subject, on)
    shown = _evidence(protocol, assessment)
    body: Body = {
        "participant": participant_number(history.registered + 1),
        "protocol_version": protocol.version.id,
        "consent": agreed.seq,
        "evidence": shown,
        "evidence_digest": quick_digest(shown),
    }
    return [Event("registered", subject, on, body)]


def randomize(
    protocol: Protocol, history: History, *, subject: str, secret: bytes, on: date, by: Actor, at: datetime
) -> Events:
    """Allocate an arm to a registered participant who is eligible and consenting on that very day, which is today."""
    if on != at.date():
        raise Refusal(
            f"an allocation is made today, {at.date()}, and not on {on}",
            "randomization",
            "Nobody is randomized in arrears: eligibility is judged on the day itself.",
        )
    place = next_place(protocol, history, subject=subject, on=on)
    if not verify_commitment(secret, history.state.commitment or ""):
        raise Refusal("the secret is not the one that the study committed to", "randomization")
    arm = allocate(design_of(protocol.randomization), secret, place)
    return [Event("randomized", subject, on, allocation_body(protocol, place, arm))]


def next_place(protocol: Protocol, history: History, *, subject: str, on: date) -> Placement:
    """Everything about the next allocation but the arm; raises Refusal when it may not be made."""
    require_accrual(protocol, history)
    known = history.subject(subject)
    require_known(known)
    if known.allocation is not None:
        raise Refusal(f"{subject} is randomized already", "randomization", "An allocation is made once and stands.")
    if known.registration is None or known.registration.effective > on:
        raise Refusal(f"{subject} is not registered by {on}", "registration", "Register the candidate first.")
    require_current(protocol, history, known)
    require_consent(protocol, known, on)
    assessment = _require_eligible(protocol, history, subject, on)
    levels = _require_levels(protocol, assessment)
    return placement(design_of(protocol.randomization), levels, history)


def allocation_body(protocol: Protocol, place: Placement, arm: str) -> Body:
    """What the record keeps of an allocation: nothing that tells where a block ends."""
    return {
        "arm": arm,
        "method": protocol.randomization.method,
        "stratum": place.stratum,
        "levels": dict(place.levels),
        "position": place.position,
    }


def _require_eligible(protocol: Protocol, history: History, subject: str, on: date) -> Assessment:
    assessment = assess(protocol, history, subject=subject, on=on)
    if assessment.standing == "ineligible":
        failed = [item for item in assessment.criteria if item.verdict == "fail"]
        said = "; ".join(f"{item.criterion.id} {item.criterion.title}" for item in failed)
        mend = "Nobody is let in against a criterion. If a fact is wrong, correct it; if only the day is, wait for it."
        raise Refusal(f"not eligible on {on}: {said}", failed[0].criterion.clause, mend)
    open_items = [item for item in assessment.criteria if item.verdict == "unknown" or item.provisional]
    if open_items:
        said = "; ".join(f"{item.criterion.id} {item.reasons[0]}" for item in open_items)
        mend = "Record the facts that are missing, and let those sign who may."
        raise Refusal(f"eligibility on {on} is still open: {said}", open_items[0].criterion.clause, mend)
    return assessment


def _require_levels(protocol: Protocol, assessment: Assessment) -> dict[str, str]:
    levels = {}
    for stratum in protocol.randomization.strata:
        level = level_of(protocol, stratum, assessment)
        if level is None:
            raise Refusal(
                f"the stratum {stratum.label!r} is not known",
                f"stratum {stratum.id}",
                "Record what it needs.",
            )
        levels[stratum.id] = level
    return levels


def _evidence(protocol: Protocol, assessment: Assessment) -> JSON:
    pieces = Pieces(assessment, protocol)
    return [
        {
            "id": item.criterion.id,
            "verdict": item.verdict,
            "evidence": [
                {"fact": piece.fact, "value": piece.value, "date": piece.date, "source": piece.source}
                for piece in pieces.of(item)
            ],
        }
        for item in assessment.criteria
    ]
