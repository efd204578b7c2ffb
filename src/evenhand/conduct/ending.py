"""How a participant's follow-up ended by everything that the record says, and what is collected after that."""

from __future__ import annotations

from datetime import date

from evenhand.conduct import disposition, response
from evenhand.conduct.disposition import Ends
from evenhand.conduct.forms import FormEntry, remembered_as_it_is
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form
from evenhand.record import SubjectHistory


@remembered_as_it_is
def ends_of(protocol: Protocol, known: SubjectHistory) -> Ends:
    """All endings of a participant, the determined progression among them."""
    return disposition.ends(protocol, known, response.progression(protocol, known))


def require_collected(
    protocol: Protocol, known: SubjectHistory, form: Form, day: date, before: FormEntry | None = None
) -> None:
    """An entry of a form that happened on ``day`` may be recorded; a correction may stay on the day of ``before``.

    ``day`` is the date that the form itself gives. Raises Refusal where that lies after the end of what is collected.
    """
    if before is not None and before.day == day:
        return
    refused = disposition.may_collect(ends_of(protocol, known), form, day)
    if refused is not None:
        raise refused
