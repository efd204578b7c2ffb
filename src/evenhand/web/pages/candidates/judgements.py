"""The judgements about one candidate: what was signed, by whom, until when it holds, and where this user signs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.urls import reverse

from evenhand.eligibility import Assessment
from evenhand.facts import Attestation
from evenhand.protocol import Judgement
from evenhand.record import SubjectHistory
from evenhand.record.facts import recorded_person
from evenhand.web.desk import Desk
from evenhand.web.pages.candidates.criteria import may_sign
from evenhand.web.pages.candidates.words import roles_words
from evenhand.web.templatetags.evenhand import words


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature under a judgement."""

    given: Attestation
    until: date | None  # the last day on which it holds; None: it does not expire
    lapsed: bool
    entry: int
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class About:
    """A judgement about the person (``item`` None) or about one entry of a list."""

    item: str | None
    signed: tuple[Signed, ...]
    wanted: bool
    address: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A judgement with everything that was signed under it."""

    judgement: Judgement
    title: str
    who: str
    abouts: tuple[About, ...]
    address: str | None

    @property
    def wanted(self) -> bool:
        """Whether a signature is wanted."""
        return any(about.wanted for about in self.abouts)


def judgements(desk: Desk, known: SubjectHistory, assessment: Assessment, site: str | None) -> Iterator[Shown]:
    """Every judgement of the protocol, in its order."""
    signed = list(_signed(desk, known, assessment.on))
    wanted = {reason.about for item in assessment.criteria for reason in item.reasons}
    for judgement in desk.protocol.judgements.values():
        own = [one for one in signed if one.given.judgement == judgement.name]
        address = None
        if may_sign(desk, judgement.roles, site):
            given = {"study": desk.study, "subject": known.subject, "judgement": judgement.name}
            address = reverse("attest", kwargs=given)
        abouts = tuple(_about(judgement, item, own, wanted, address) for item in items_of(judgement, assessment))
        title = judgement.label
        yield Shown(judgement, title[:1].upper() + title[1:], roles_words(judgement.roles), abouts, address)


def items_of(judgement: Judgement, assessment: Assessment) -> list[str | None]:
    """What a judgement is signed about: the person (None), or each entry of its list that has a label."""
    if judgement.about is None:
        return [None]
    key = assessment.situation.assessor.protocol.vocabulary.facts[judgement.about].key or ""
    entries = assessment.view.items(judgement.about).entries
    return [str(entry[key]) for entry in entries if isinstance(entry.get(key), str)]


def reason_about(judgement: Judgement, item: str | None) -> str:
    """How a reason names a judgement about an entry."""
    return judgement.name if item is None else f"{judgement.name}({item})"


def _about(judgement: Judgement, item: str | None, own: list[Signed], wanted: set[str], address: str | None) -> About:
    signed = tuple(one for one in own if one.given.item == item)
    about = reason_about(judgement, item)
    there = f"{address}?item={quote(item)}" if address and item else address
    return About(item, signed, about in wanted or judgement.name in wanted, there)


def _signed(desk: Desk, known: SubjectHistory, on: date) -> Iterator[Signed]:
    """The signatures, newest first."""
    person = recorded_person(known, desk.protocol.vocabulary)
    both = sorted(
        zip(known.attestations, person.attestations, strict=True), key=lambda one: one[0].happened, reverse=True
    )
    for standing, given in both:
        expires = desk.protocol.judgements[given.judgement].expires
        until = expires.after(given.date.first) if expires is not None and given.answer else None
        details = tuple((words(name), str(value)) for name, value in (given.details or {}).items())
        yield Signed(given, until, until is not None and until < on, standing.latest.seq, details)
