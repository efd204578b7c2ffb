"""THE MAIN PATH of a trial, in its order: activate, screen, attest, consent, register, randomize, enter, sign, close.

A step is a function ``step(protocol, history, *, ..., by, at) -> [events]``. It reads what the record says, returns
what to append, and changes nothing; or it raises :class:`~evenhand.refusal.Refusal`. Who calls it appends the events in
the transaction in which the history was read.
"""

from evenhand.steps.assessing import assess
from evenhand.steps.enrolling import (
    allocation_body,
    attest,
    consent,
    missing_details,
    next_place,
    randomize,
    register,
    screen,
    withdraw_consent,
)
from evenhand.steps.events import Body, Events, Step
from evenhand.steps.following import correct_form, enter, strike
from evenhand.steps.mending import correct
from evenhand.steps.steering import activate, close, halt_accrual, resume_accrual

__all__ = [
    "Body",
    "Events",
    "Step",
    "activate",
    "allocation_body",
    "assess",
    "attest",
    "close",
    "consent",
    "correct",
    "correct_form",
    "enter",
    "halt_accrual",
    "missing_details",
    "next_place",
    "randomize",
    "register",
    "resume_accrual",
    "screen",
    "strike",
    "withdraw_consent",
]
