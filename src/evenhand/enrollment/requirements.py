"""What must hold before somebody may be registered or randomized. Each function returns or raises Refusal."""

from __future__ import annotations

from datetime import date

from evenhand.enrollment.versions import consent_to
from evenhand.protocol.model import Protocol
from evenhand.record import Consent, History, SubjectHistory
from evenhand.refusal import Refusal


def require_running(protocol: Protocol, history: History) -> None:
    """The study is activated under this very protocol, or a site adopted it, and the study is not closed."""
    state = history.state
    if not state.activated:
        raise Refusal("the study is not activated", "activation", "Activate it first.")
    if state.closure is not None:
        raise Refusal("the study is closed", "activation", "Nothing more can be recorded about participants.")
    if not state.adopted(protocol.digest):
        raise Refusal(
            f"the record was activated under another text of protocol {state.protocol_version}",
            "activation",
            "Load the protocol whose digest the record names; an amendment is a new version.",
        )


def require_accrual(protocol: Protocol, history: History) -> None:
    """The study runs and accrual is open."""
    require_running(protocol, history)
    if not history.state.accrual_open:
        raise Refusal(
            f"accrual is halted since {history.state.halted_since} ({history.state.halted_because})",
            "accrual",
            "Wait until accrual is resumed.",
        )


def require_known(subject: SubjectHistory) -> None:
    """The subject occurs in the record."""
    if not subject.entries:
        raise Refusal(f"{subject.subject!r} is not in the record", "screening", "Record the candidate's facts first.")


def require_consent(protocol: Protocol, subject: SubjectHistory, on: date) -> Consent:
    """The subject's consent to this version of the protocol holds on a day."""
    wanted = protocol.enrollment
    agreed = consent_to(protocol, subject, on)
    if agreed is not None:
        return agreed
    consent = subject.consent_on(on)
    if consent is None:
        withdrawn = any(given.withdrawn is not None for given in subject.consents)
        said = "consent was withdrawn" if withdrawn else f"no consent holds on {on}"
        raise Refusal(said, "consent", f"Obtain consent to {wanted.consent_document} {wanted.consent_version}.")
    raise Refusal(
        f"consent was given to {consent.document} {consent.version}, "
        f"but {wanted.consent_document} {wanted.consent_version} is current",
        "consent",
        "Obtain consent to the current version.",
    )


def require_current(protocol: Protocol, history: History, subject: SubjectHistory) -> None:
    """The subject follows the version under which the site enrols: nobody enters under one that was replaced."""
    adopted = history.state.adopted_at(subject.site)
    if adopted is not None and adopted.digest != protocol.digest:
        raise Refusal(
            f"{subject.subject} consented under protocol {protocol.version.id}, "
            f"but {adopted.site} enrols under {adopted.version} since {adopted.effective}",
            "amendment",
            "Obtain consent to the new version first.",
        )
