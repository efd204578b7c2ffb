"""What is done about entries besides filling them in: sign, verify against the source, lock, unlock.

Source: 21 CFR 11.50 and 11.70 (a signature says its meaning and stays with what was signed); ICH E6(R3) 3.16 (the
investigator confirms the data; source data are verified by others than those who enter them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from evenhand.conduct import forms, quality
from evenhand.conduct.forms import FORMS_LOCKED, FORMS_SIGNED, FORMS_UNLOCKED, SOURCE_VERIFIED, FormEntry
from evenhand.enrollment import require_known, require_running
from evenhand.protocol import Protocol
from evenhand.record import JSON, Actor, Event, History, SubjectHistory, sign
from evenhand.refusal import Refusal
from evenhand.steps.asking import with_queries
from evenhand.steps.events import Body, Events

_SIGNING: Final = "21 CFR 11.70"
_VERIFYING: Final = "source data verification"
_LOCKING: Final = "locking"


def sign_forms(
    protocol: Protocol,
    history: History,
    *,
    subject: str,
    shown: Mapping[int, str],
    signer: str = "",
    on: date,
    by: Actor,
    at: datetime,
) -> Events:
    """Sign entries in the role of whoever acts. ``shown``: the digest of what was shown of each entry, by its number
    (``conduct.forms.shown_digest``); an entry that has changed since is not signed unseen. ``signer`` is the printed
    name that the signature bears (11.50(a)(1)), by default the user's.
    """
    known = _participant(protocol, history, subject)
    signed = _chosen(protocol, known, shown, _SIGNING)
    for entry in signed:
        _require_signable(entry, known, by)
        _require_unchanged(entry, shown[entry.seq], _SIGNING)
    body = _shown_body(signed)
    signature = sign(body, meaning=meaning_of(signed), signer=signer or by.user, at=at)
    return with_queries(protocol, history, Event(FORMS_SIGNED, subject, on, body, signature=signature), on, by, at)


def meaning_of(signed: Sequence[FormEntry]) -> str:
    """What a signature under these entries means, in words that are shown to who signs and recorded with it."""
    named = ", ".join(f"{entry.form.title} (entry {entry.seq})" for entry in signed)
    return f"I have looked at these entries and confirm that they are right and complete: {named}."


def verify_source(
    protocol: Protocol,
    history: History,
    *,
    subject: str,
    shown: Mapping[int, str],
    on: date,
    by: Actor,
    at: datetime,
) -> Events:
    """Confirm that entries say what the source documents say; ``shown`` as for a signature."""
    known = _participant(protocol, history, subject)
    verified = _chosen(protocol, known, shown, _VERIFYING)
    for entry in verified:
        _require_unchanged(entry, shown[entry.seq], _VERIFYING)
        if entry.standing.latest.by.user == by.user:
            raise Refusal(f"{by.user} made entry {entry.seq}", _VERIFYING, "Let somebody else compare it.")
        if forms.marks_of(known, entry.seq).verified is not None:
            raise Refusal(f"entry {entry.seq} is verified as it stands", _VERIFYING, "Leave it out.")
    return [Event(SOURCE_VERIFIED, subject, on, _shown_body(verified))]


def lock_forms(
    protocol: Protocol, history: History, *, subject: str, seqs: Sequence[int], on: date, by: Actor, at: datetime
) -> Events:
    """Lock entries: nobody corrects or strikes them until they are unlocked. None is locked while unsigned or asked
    about."""
    known = _participant(protocol, history, subject)
    for entry in _chosen(protocol, known, seqs, _LOCKING):
        marks = forms.marks_of(known, entry.seq)
        if marks.locked is not None:
            raise Refusal(f"entry {entry.seq} is locked already", _LOCKING, "Leave it out.")
        if quality.wants_signature(entry, marks):
            roles = " or ".join(role.replace("_", " ") for role in entry.form.signed_by)
            raise Refusal(f"entry {entry.seq} is not signed as it stands", _LOCKING, f"Have it signed by a {roles}.")
        if asked := quality.open_queries(known, entry.place):
            raise Refusal(f"query {asked[0].seq} about entry {entry.seq} is open", _LOCKING, "Close it first.")
    return [Event(FORMS_LOCKED, subject, on, {"entries": _numbers(seqs)})]


def unlock_forms(
    protocol: Protocol,
    history: History,
    *,
    subject: str,
    seqs: Sequence[int],
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
) -> Events:
    """Let locked entries be corrected again, for a reason."""
    known = _participant(protocol, history, subject)
    if not (reason or "").strip():
        raise Refusal("entries are unlocked without a reason", _LOCKING, "Say why.")
    for entry in _chosen(protocol, known, seqs, _LOCKING):
        if forms.marks_of(known, entry.seq).locked is None:
            raise Refusal(f"entry {entry.seq} is not locked", _LOCKING, "Leave it out.")
    return [Event(FORMS_UNLOCKED, subject, on, {"entries": _numbers(seqs)}, reason=reason.strip())]


def _participant(protocol: Protocol, history: History, subject: str) -> SubjectHistory:
    require_running(protocol, history)
    known = history.subject(subject)
    require_known(known)
    return known


def _chosen(protocol: Protocol, known: SubjectHistory, seqs: Iterable[int], clause: str) -> list[FormEntry]:
    """The entries of these numbers, each the number of its first version. Raises Refusal for any that is none."""
    wanted = list(seqs)
    if not wanted:
        raise Refusal("no entry is named", clause, "Choose at least one.")
    if len(set(wanted)) != len(wanted):
        raise Refusal("an entry is named twice", clause, "Name each once.")
    stands = {entry.seq: entry for entry in forms.entries(protocol, known)}
    for seq in wanted:
        if seq not in stands:
            raise Refusal(f"entry {seq} is no form of {known.subject}", clause, "Name the first entry of the form.")
        if stands[seq].struck:
            raise Refusal(f"entry {seq} is struck out", clause, "Leave it out.")
    return [stands[seq] for seq in wanted]


def _require_signable(entry: FormEntry, known: SubjectHistory, by: Actor) -> None:
    role = by.role.replace("_", " ")
    if not entry.form.signed_by:
        raise Refusal(f"{entry.form.title} is signed by nobody", entry.form.id, f"Leave entry {entry.seq} out.")
    if by.role not in entry.form.signed_by:
        wanted = " or ".join(name.replace("_", " ") for name in entry.form.signed_by)
        raise Refusal(
            f"a {role} may not sign {entry.form.title}", entry.form.source or entry.form.id, f"Ask a {wanted}."
        )
    if any(mark.by.user == by.user for mark in forms.marks_of(known, entry.seq).signatures):
        raise Refusal(f"{by.user} has signed entry {entry.seq} as it stands", _SIGNING, "Leave it out.")


def _require_unchanged(entry: FormEntry, shown: str, clause: str) -> None:
    if shown != forms.shown_digest(entry.standing):
        raise Refusal(f"entry {entry.seq} has changed since it was shown", clause, "Look at it as it is now.")


def _shown_body(chosen: Iterable[FormEntry]) -> Body:
    listed: list[JSON] = [{"seq": entry.seq, "digest": forms.shown_digest(entry.standing)} for entry in chosen]
    return {"entries": listed}


def _numbers(seqs: Iterable[int]) -> list[JSON]:
    return list(seqs)
