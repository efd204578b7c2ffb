"""The study as a whole: activate it, halt and resume accrual, close it."""

from __future__ import annotations

from datetime import date, datetime

from evenhand.enrollment import require_accrual, require_running
from evenhand.protocol import Protocol
from evenhand.randomization import commit, design_of, verify_commitment
from evenhand.record import Actor, Event, History
from evenhand.refusal import Refusal
from evenhand.steps.events import Body, Events


def activate(
    protocol: Protocol,
    history: History,
    *,
    secret: bytes,
    sites: list[str],
    on: date,
    by: Actor,
    at: datetime,
) -> Events:
    """Start the study under a protocol version; the record keeps the secret's commitment, never the secret."""
    if history.state.activated:
        raise Refusal("the study is activated already", "activation")
    design_of(protocol.randomization)
    body: Body = {
        "protocol_version": protocol.version.id,
        "protocol_digest": protocol.digest,
        "commitment": commit(secret),
        "sites": list(sites),
    }
    return [Event("study_activated", None, on, body)]


def halt_accrual(
    protocol: Protocol, history: History, *, reason: str, rule: str = "", on: date, by: Actor, at: datetime
) -> Events:  # fmt: skip
    """Stop registering and randomizing, for a reason; ``rule``: the stopping rule of the protocol that asks for it."""
    require_accrual(protocol, history)
    known = protocol.monitoring.stopping if protocol.monitoring else {}
    if rule and rule not in known:
        said = f"the protocol has no stopping rule {rule!r}"
        raise Refusal(said, "accrual", f"Known are {', '.join(known) or 'none'}.")
    return [Event("accrual_halted", None, on, {"rule": rule} if rule else {}, reason=reason)]


def resume_accrual(protocol: Protocol, history: History, *, reason: str, on: date, by: Actor, at: datetime) -> Events:
    """Go on after a halt."""
    require_running(protocol, history)
    if history.state.accrual_open:
        raise Refusal("accrual is not halted", "accrual")
    return [Event("accrual_resumed", None, on, {}, reason=reason)]


def close(protocol: Protocol, history: History, *, secret: bytes, on: date, by: Actor, at: datetime) -> Events:
    """End the study and reveal the secret, so that anybody can derive every allocation again."""
    require_running(protocol, history)
    if not verify_commitment(secret, history.state.commitment or ""):
        raise Refusal("the secret is not the one that the study committed to", "randomization")
    return [Event("study_closed", None, on, {"secret": secret.hex()})]
