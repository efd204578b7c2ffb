"""The main path taken again: activation, evidence, signatures, registration, randomization, closure."""

from __future__ import annotations

from evenhand import steps
from evenhand.randomization import allocate, design_of, verify_commitment
from evenhand.record import KINDS, Entry, SubjectHistory
from evenhand.record.facts import recorded_person
from evenhand.replay.before import Before, difference


def activated(before: Before, entry: Entry) -> str:
    """Under this protocol, with the secret committed to, and once."""
    if entry.body["protocol_digest"] != before.protocol.digest:
        return "it was activated under another protocol text than the one loaded"
    if before.secret is not None and not verify_commitment(before.secret, str(entry.body["commitment"])):
        return "the secret given is not the one committed to"
    return "the study was activated before" if before.history.state.activated else ""


def registered(before: Before, entry: Entry) -> str:
    """Allowed by the evidence of then, and with what it recorded."""
    return before.again(entry, steps.register, subject=entry.subject or "")


def randomized(before: Before, entry: Entry) -> str:
    """In its place, and (where the secret is known) to the arm that follows from it."""
    place = steps.next_place(before.protocol, before.history, subject=entry.subject or "", on=entry.effective)
    arm = str(entry.body["arm"])
    if before.secret is not None:
        arm = allocate(design_of(before.protocol.randomization), before.secret, place)
    elif arm not in before.protocol.randomization.ratio:
        return f"{arm!r} is no arm"
    return difference(steps.allocation_body(before.protocol, place, arm), entry.body)


def recorded(before: Before, entry: Entry) -> str:
    """What it says can be read; it is judged where somebody was registered or randomized by it."""
    before.require_running()
    alone = SubjectHistory(entry.subject).after(entry, KINDS)
    recorded_person(alone, before.protocol.vocabulary)
    return ""


def attested(before: Before, entry: Entry) -> str:
    """A judgement of the protocol, by a role that may sign it, with the details that it needs, signed."""
    said = recorded(before, entry)
    judgement = before.protocol.judgements.get(str(entry.body["judgement"]))
    if judgement is None:
        return f"{entry.body['judgement']!r} is no judgement of this protocol"
    if entry.body["role"] not in judgement.roles:
        return f"a {entry.body['role']} may not sign {judgement.name!r}"
    details = entry.body.get("details")
    absent = steps.missing_details(judgement, details if isinstance(details, dict) else {})
    if absent:
        return f"{judgement.name!r} lacks {' and '.join(absent)}"
    return said if entry.signature else "it is not signed"


def declined(before: Before, entry: Entry) -> str:
    """By somebody who was not in the study, and for a reason that the study lists, if for any."""
    said = {name: str(entry.body.get(name, "")) for name in ("because", "words")}
    return before.again(entry, steps.decline_consent, subject=entry.subject or "", **said)


def running(before: Before, entry: Entry) -> str:
    """Nothing but this: the study ran then."""
    before.require_running()
    return ""


def closed(before: Before, entry: Entry) -> str:
    """A closure reveals the secret that the activation committed to."""
    before.require_running()
    secret = bytes.fromhex(str(entry.body["secret"]))
    revealed = verify_commitment(secret, before.history.state.commitment or "")
    return "" if revealed else "the secret revealed is not the one committed to"
