"""Who a candidate is and how far, for the top of every page about one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.administration import Site
from evenhand.conduct.disposition import Ended, standing
from evenhand.conduct.ending import ends_of
from evenhand.record import IDENTITY_CORRECTED, IDENTITY_ERASED, Consent, Decline, SubjectHistory
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk
from evenhand.web.store import Former, Who


@dataclass(frozen=True, slots=True)
class Heading:
    """``who`` only where the user may see names and one is kept; ``arm`` only where the user may see arms.
    ``former``: what was written before it was mended; ``may_mend``: whether the user may mend it.

    ``left`` is what ended a participant's follow-up, None for anybody else; where the study plans no follow-up, a
    withdrawal stands in ``withdrawn`` alone.
    ``version`` is the protocol version that the person follows, ``site_version`` the one by which the site enrols.
    """

    subject: str
    site: Site | None
    who: Who | None
    stage: str
    today: date
    consent: Consent | None
    withdrawn: date | None
    declined: Decline | None
    declined_because: str
    participant: str | None
    registered: date | None
    randomized: date | None
    arm: str | None
    left: Ended | None
    erased: bool
    version: str
    site_version: str
    former: tuple[Former, ...]
    may_mend: bool


def heading(desk: Desk, known: SubjectHistory) -> Heading:
    """The heading of a candidate's pages, as far as this user may see it."""
    subject = known.subject or ""
    site = desk.site_of(subject)
    today = desk.today(site)
    consent = known.consent_on(today)
    declined = known.declined
    withdrawn = [given.withdrawn for given in known.consents if given.withdrawn is not None]
    registration, allocation = known.registration, known.allocation
    arm = None
    if allocation is not None and desk.may(Action.SEE_ARM, site):
        arm = desk.protocol.arm(allocation.arm).label
    who = who_is(desk, subject, site)
    return Heading(
        subject,
        next((one for one in desk.sites if one.code == site), None),
        who,
        _stage(registration is not None, allocation is not None, consent is not None, bool(withdrawn), declined),
        today,
        consent,
        max(withdrawn) if withdrawn and consent is None and declined is None else None,
        declined,
        _because(desk, declined),
        str(registration.body["participant"]) if registration is not None else None,
        registration.effective if registration is not None else None,
        allocation.effective if allocation is not None else None,
        arm,
        left(desk, known),
        bool(known.of(IDENTITY_ERASED)),
        desk.protocol_for(subject).version.id,
        desk.enrolling(subject).protocol.version.id,
        store.former_identities(desk.study, subject) if who and known.of(IDENTITY_CORRECTED) else (),
        who is not None and desk.may(Action.CORRECT_NAME, site),
    )


def left(desk: Desk, known: SubjectHistory) -> Ended | None:
    """What ended a participant's follow-up by today at the site; None where nothing did, or before randomization."""
    protocol = desk.protocol_for(known.subject)
    if known.allocation is None or protocol.plan is None:
        return None
    found = standing(ends_of(protocol, known), desk.today(known.site))
    return found if found is not None and found.ending.ends == "follow_up" else None


def who_is(desk: Desk, subject: str, site: str | None) -> Who | None:
    """The person behind a pseudonym; None where none is kept, or where this user may not see names."""
    if not desk.may(Action.SEE_NAME, site):
        return None
    found = store.identity_of(desk.study, [subject]).get(subject)
    return found.who if found else None


def _because(desk: Desk, declined: Decline | None) -> str:
    """Why somebody declined, in words; empty where no reason was given."""
    if declined is None or not declined.because:
        return ""
    reasons = desk.protocol.enrollment.declined_because
    return declined.words or reasons.get(declined.because, declined.because)


def _stage(registered: bool, randomized: bool, consents: bool, withdrew: bool, declined: Decline | None) -> str:
    if randomized:
        return "randomized"
    if declined is not None:
        return "declined"
    if withdrew and not consents:
        return "consent withdrawn"
    return "registered" if registered else "consented" if consents else "screened"
