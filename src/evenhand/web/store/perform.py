"""The one way to write the record: lock, read, step, append, commit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from evenhand import steps
from evenhand.record import Actor
from evenhand.web.store.cache import known_here
from evenhand.web.store.queue import take_turn
from evenhand.web.store.request import Also, Asked, Performed, Seen, Signing
from evenhand.web.store.secrets import unsealed
from evenhand.web.store.studies import versions_of
from evenhand.web.store.transaction import asked_for, site_time


def perform(
    study: str,
    step: steps.Step,
    *,
    by: Actor,
    key: str | None = None,
    seen: Seen | None = None,
    signing: Signing | None = None,
    also: Also | None = None,
    **given: Any,
) -> Performed:
    """Take a step on the record as it is at that moment, and commit what it returns; all of it or nothing.

    The step gets the protocol version that holds for whom it is about. One that asks for a day gets today at the
    actor's site, one that asks for the secret gets the study's, one that asks for the versions all of them. ``key``
    names the request: carried out once, whoever repeats it. ``seen`` refuses the step when the subject's entries are no
    longer those that the user saw. ``also`` runs in the same transaction, with the new entries.

    Raises Refusal (nothing is recorded), RecordError, KeyError for a study that does not run here, and the database's
    errors: then nothing was acknowledged, and a repetition under the same key finds out what happened.
    """
    if "secret" in asked_for(step) and "secret" not in given:
        given = {**given, "secret": unsealed(study)}
    asked = Asked(study, step, by, given, key, seen, signing, also)
    _rehearse(asked)
    take_turn(asked)
    if isinstance(asked.outcome, Performed):
        return asked.outcome
    raise asked.outcome if asked.outcome is not None else RuntimeError("the request was not carried out")


def _rehearse(asked: Asked) -> None:
    """Judge before the lock is taken: inside it the same question has its answer, and others wait less."""
    if asked.step in (steps.register, steps.randomize):
        history, subject = known_here(asked.study), asked.given["subject"]
        if history.subject(subject).entries:
            on = asked.given.get("on") or site_time(datetime.now(UTC), history, asked.by.site).date()
            protocol = steps.protocol_to_take(versions_of(asked.study), history, asked.step, asked.given, asked.by)
            steps.assess(protocol, history, subject=subject, on=on)
