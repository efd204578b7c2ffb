"""THE MAIN PATH of a trial, in its order: activate, screen, attest, consent, register, randomize, enter, sign, close.

A step is a function ``step(protocol, history, *, ..., by, at) -> [events]``. It reads what the record says, returns
what to append, and changes nothing; or it raises :class:`~evenhand.refusal.Refusal`. Who calls it appends the events in
the transaction in which the history was read.
"""

from evenhand.steps.amending import adopt_version
from evenhand.steps.asking import answer_query, close_query, open_query, settle_queries
from evenhand.steps.assessing import assess, eligibility_breaches, stratum_breaches
from evenhand.steps.choosing import protocol_to_take
from evenhand.steps.enrolling import (
    allocation_body,
    attest,
    consent,
    decline_consent,
    missing_details,
    next_place,
    randomize,
    register,
    require_undecided,
    screen,
    withdraw_consent,
)
from evenhand.steps.events import Body, Events, Step
from evenhand.steps.following import correct_form, corrected, enter, entered, strike, struck
from evenhand.steps.mending import correct
from evenhand.steps.signing_forms import lock_forms, meaning_of, sign_forms, unlock_forms, verify_source
from evenhand.steps.steering import activate, close, halt_accrual, resume_accrual

__all__ = [
    "Body",
    "Events",
    "Step",
    "activate",
    "adopt_version",
    "allocation_body",
    "answer_query",
    "assess",
    "attest",
    "close",
    "close_query",
    "consent",
    "correct",
    "correct_form",
    "corrected",
    "decline_consent",
    "eligibility_breaches",
    "enter",
    "entered",
    "halt_accrual",
    "lock_forms",
    "meaning_of",
    "missing_details",
    "next_place",
    "open_query",
    "protocol_to_take",
    "randomize",
    "register",
    "require_undecided",
    "resume_accrual",
    "screen",
    "settle_queries",
    "sign_forms",
    "stratum_breaches",
    "strike",
    "struck",
    "unlock_forms",
    "verify_source",
    "withdraw_consent",
]
