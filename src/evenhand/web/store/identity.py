"""Who a candidate is: kept beside the record, seen by the site alone, and erased when a person asks for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from evenhand.record import Entry
from evenhand.refusal import Refusal
from evenhand.web import models


@dataclass(frozen=True, slots=True)
class Who:
    """A person as the site knows him or her: the site's own number (needed), name and birth date (as far as known)."""

    number: str
    name: str
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class Identified:
    """A subject with the name behind it."""

    subject: str
    site: str
    who: Who


def identify(study: str, site: str, who: Who, *, another_person: bool = False) -> Callable[[Sequence[Entry]], None]:
    """What ``perform`` does beside a first screening: keep who the new subject is.

    Raises Refusal when the site's number, or a name with the same birth date, belongs to a candidate already;
    ``another_person`` is the user's word that they only share name and birth date.
    """

    def keep(entries: Sequence[Entry]) -> None:
        subject = entries[0].subject or ""
        likeness = likeness_of(who)
        require_new(study, site, who.number, likeness, another_person)
        if another_person or who.birth_date is None or not who.name:
            likeness = f"{likeness}|{subject}"
        models.Identity.objects.create(
            study_id=study,
            subject=subject,
            site=site,
            number=who.number.strip(),
            name=who.name.strip(),
            birth_date=who.birth_date,
            likeness=likeness,
        )

    return keep


def require_new(
    study: str, site: str, number: str, likeness: str, another_person: bool, *, besides: str | None = None
) -> None:
    """Raise Refusal where the number or the likeness is that of a candidate already (``besides`` not counted)."""
    same_number = Q(site=site, number=number.strip())
    same_person = Q() if another_person else Q(likeness=likeness)
    known = models.Identity.objects.filter(study_id=study).exclude(subject=besides or "")
    for found in known.filter(same_number):
        raise Refusal(
            f"the number {number.strip()} belongs to candidate {found.subject} already",
            "one candidate a person",
            f"Open {found.subject} and add to it, or mend the number.",
        )
    for found in known.filter(same_person) if same_person else ():
        where = "here" if found.site == site else f"at {found.site}"
        raise Refusal(
            f"a candidate of this name and birth date is known {where} as {found.subject}",
            "one candidate a person",
            "Add to that candidate; or confirm that this is another person.",
        )


def know_birth_date(study: str, subject: str, birth_date: date) -> Callable[[Sequence[Entry]], None]:
    """What ``perform`` does beside recording or correcting a birth date: keep the day itself with the name.

    Raises Refusal when a candidate of that name and birth date is known already. Does nothing for a subject without a
    name, such as one that was erased.
    """

    def keep(_: Sequence[Entry]) -> None:
        known = models.Identity.objects.filter(study_id=study)
        row = known.filter(subject=subject).first()
        if row is None:
            return
        likeness = likeness_of(Who(row.number, row.name, birth_date))
        for found in known.filter(likeness=likeness).exclude(subject=subject):
            raise Refusal(
                f"a candidate of this name and birth date is known as {found.subject}",
                "one candidate a person",
                f"Open {found.subject}; one of the two is to be given up, or the date is wrong.",
            )
        row.birth_date = birth_date
        row.likeness = likeness if row.name else f"{likeness}|{subject}"
        row.save()

    return keep


def likeness_of(who: Who) -> str:
    """Equal for one person written twice: case, accents, order of names and spaces do not count."""
    return f"{' '.join(sorted(plain_words(who.name)))}|{who.birth_date or ''}"


def plain_words(text: str) -> list[str]:
    """The words of a text without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char)).split()


def identity_of(study: str, subjects: Iterable[str]) -> Mapping[str, Identified]:
    """Names by subject; a subject without one (erased, or from another system) is absent."""
    rows = models.Identity.objects.filter(study_id=study, subject__in=list(subjects))
    return {row.subject: Identified(row.subject, row.site, Who(row.number, row.name, row.birth_date)) for row in rows}


def identities_at(study: str, sites: Iterable[str]) -> list[Identified]:
    """Everybody whose name is kept, at some sites."""
    rows = models.Identity.objects.filter(study_id=study, site__in=list(sites))
    told = rows.values_list("subject", "site", "number", "name", "birth_date")
    return [Identified(subject, site, Who(number, name, born)) for subject, site, number, name, born in told]
