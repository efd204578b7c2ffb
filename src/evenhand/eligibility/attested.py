"""Signed judgements beside the evidence.

Evidence that fails, fails. Evidence that passes is provisional until somebody attests it. An attestation against the
evidence, or against an earlier attestation, is a conflict until its signatory gives a reason; it never wins silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from evenhand.facts import Attestation
from evenhand.logic import NO, YES, Reason, Truth, Unknown, merged, truth
from evenhand.protocol.model import Judgement


class Settled(NamedTuple):
    """The answer to a judgement; ``provisional`` while it rests on evidence that nobody attested."""

    answer: Truth
    provisional: bool = False


def settle(
    judgement: Judgement, evidence: Truth, attestations: Sequence[Attestation], item: str | None, on: date
) -> Settled:
    """Combine what the facts say with what was signed by ``on``."""
    signed = _admissible(judgement, attestations, item, on) if attestations else []
    holding = [given for given in signed if not given.answer or not expired(judgement, given, on)]
    about = judgement.name if item is None else f"{judgement.name}({item})"
    if not holding:
        return _unattested(judgement, evidence, about, signed)
    newest = holding[-1]
    rivals = [given for given in signed if given.answer is not newest.answer]
    if rivals and not newest.reason:
        return Settled(_conflict(about, f"{who_signed(rivals[-1])}, but {who_signed(newest)}"))
    return Settled(_weighed(judgement, evidence, newest, about))


def expired(judgement: Judgement, given: Attestation, on: date) -> bool:
    """Whether an attestation no longer holds. One that speaks against taking part does not expire."""
    return judgement.expires is not None and judgement.expires.after(given.date.first) < on


def _admissible(
    judgement: Judgement, attestations: Sequence[Attestation], item: str | None, on: date
) -> list[Attestation]:
    """Signatures that count, oldest first."""
    found = [
        given
        for given in attestations
        if given.judgement == judgement.name
        and given.item == item
        and given.role in judgement.roles
        and given.date.first <= on
    ]
    return sorted(found, key=lambda given: given.date.last)


def _unattested(judgement: Judgement, evidence: Truth, about: str, lapsed: list[Attestation]) -> Settled:
    if evidence is NO:
        return Settled(NO)
    if evidence is YES:
        return Settled(YES, provisional=True)
    lapse = f"; {who_signed(lapsed[-1])} no longer holds" if lapsed else ""
    to_sign = _to_sign(about, f"to be signed by the {judgement.signers}{lapse}")
    return Settled(merged(evidence, to_sign) if judgement.needs_evidence and isinstance(evidence, Unknown) else to_sign)


@lru_cache(maxsize=1024)
def _to_sign(about: str, detail: str) -> Unknown:
    return Unknown(Reason("needs attestation", about, detail))


def _weighed(judgement: Judgement, evidence: Truth, given: Attestation, about: str) -> Truth:
    if isinstance(evidence, Unknown):
        return evidence if judgement.needs_evidence and given.answer else truth(given.answer)
    if evidence is not truth(given.answer) and not given.reason:
        said = "speaks for it" if evidence is YES else "speaks against it"
        return _conflict(about, f"the evidence {said}, but {who_signed(given)}")
    return truth(given.answer)


def _conflict(about: str, detail: str) -> Unknown:
    return Unknown(Reason("conflicting", about, f"{detail}; the signatory resolves this with a reason"))


def who_signed(given: Attestation) -> str:
    """Who signed what and when, in words."""
    return f"{given.by} ({given.role.replace('_', ' ')}) signed {'yes' if given.answer else 'no'} on {given.date}"
