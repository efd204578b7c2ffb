"""Who a candidate is, mended or erased: the record says that it was, and why; names stay beside it.

What was written before is kept beside the record as well, so that whoever may see names sees what was changed, and goes
with the name when that is erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evenhand.administration import PARTS_OF_IDENTITY, correct_identity, erase_identity
from evenhand.record import Actor, Entry
from evenhand.refusal import Refusal
from evenhand.web import models
from evenhand.web.store.identity import Who, likeness_of, plain_words, require_new
from evenhand.web.store.perform import perform
from evenhand.web.store.request import Performed, Seen

_MENDING = "correction of a name"
_SHORT = 3  # letters; shorter words of a name are found in a reason only as they are written ("Li", not "li")


@dataclass(frozen=True, slots=True)
class Former:
    """Who a subject was said to be until the entry ``seq`` mended it."""

    seq: int
    who: Who


def correct_identity_of(
    study: str,
    subject: str,
    who: Who,
    *,
    reason: str,
    by: Actor,
    key: str | None = None,
    seen: Seen | None = None,
    another_person: bool = False,
) -> Performed:
    """Mend who a subject is; the record says which parts were, and why.

    Raises Refusal where no name is kept or nothing changes, where the number or the person is a candidate already
    (``another_person`` is the user's word that they only share name and birth date), where the reason holds a part of
    the name, and where this ``key`` mended something else before.
    """
    who = Who(who.number.strip(), who.name.strip(), who.birth_date)
    was = _as_seen(_row(study, subject), seen)
    _require_nameless(reason, was, who)

    def mend(entries: Sequence[Entry]) -> None:
        row = _row(study, subject)
        if _who(row) != was:
            mend = "Open the page anew, and decide again."
            raise Refusal(f"who {subject} is was changed meanwhile", "stale form", mend)
        likeness = _likeness(row, who, another_person)
        _keep_former(row, entries[0].seq)
        row.number, row.name, row.birth_date, row.likeness = who.number, who.name, who.birth_date, likeness
        row.save()

    done = perform(
        study, correct_identity, by=by, key=key, seen=seen, also=mend,
        subject=subject, changed=_changed(was, who), reason=reason,
    )  # fmt: skip
    if _who(_row(study, subject)) != who:
        mend_it = "Open the page anew: it shows what is kept now."
        raise Refusal("this form was sent before, with something else in it", "idempotency key", mend_it)
    return done


def _as_seen(row: models.Identity, seen: Seen | None) -> Who:
    """Who it was when the user looked: the same for a form that is sent a second time, after it was carried out."""
    known = models.FormerIdentity.objects.filter(study_id=row.study_id, subject=row.subject)
    later = None if seen is None else known.filter(seq__gt=seen.seq).order_by("seq").first()
    return _who(later or row)


def _changed(was: Who, who: Who) -> list[str]:
    same = (was.number == who.number, was.name == who.name, was.birth_date == who.birth_date)
    return [part for part, kept in zip(PARTS_OF_IDENTITY, same, strict=True) if not kept]


def _likeness(row: models.Identity, who: Who, another_person: bool) -> str:
    """The likeness of who it is now; that of the row where only the number changes. Raises Refusal."""
    likeness = likeness_of(who)
    same = likeness == likeness_of(_who(row))
    require_new(row.study_id, row.site, who.number, likeness, another_person or same, besides=row.subject)
    if same:
        return row.likeness
    alone = another_person or who.birth_date is None or not who.name
    return f"{likeness}|{row.subject}" if alone else likeness


def _keep_former(row: models.Identity, seq: int) -> None:
    models.FormerIdentity.objects.create(
        study_id=row.study_id,
        subject=row.subject,
        seq=seq,
        number=row.number,
        name=row.name,
        birth_date=row.birth_date,
    )


def former_identities(study: str, subject: str) -> tuple[Former, ...]:
    """Who a subject was said to be before, the latest first."""
    rows = models.FormerIdentity.objects.filter(study_id=study, subject=subject).order_by("-seq")
    return tuple(Former(row.seq, _who(row)) for row in rows)


def erase(
    study: str, subject: str, *, reason: str, by: Actor, key: str | None = None, seen: Seen | None = None
) -> Performed:
    """Erase a name for good, with all that it was before, and record that it was done and why.

    Raises Refusal where there is none, and where the reason holds a part of it.
    """
    kept = models.Identity.objects.filter(study_id=study, subject=subject).first()
    if kept is not None:
        _require_nameless(reason, _who(kept), *(one.who for one in former_identities(study, subject)))

    def remove(_: Sequence[Entry]) -> None:
        gone, _by_table = models.Identity.objects.filter(study_id=study, subject=subject).delete()
        if not gone:
            raise Refusal(f"no name is kept of {subject}", "erasure")
        models.FormerIdentity.objects.filter(study_id=study, subject=subject).delete()

    return perform(study, erase_identity, by=by, key=key, seen=seen, also=remove, subject=subject, reason=reason)


def _row(study: str, subject: str) -> models.Identity:
    row = models.Identity.objects.filter(study_id=study, subject=subject).first()
    if row is None:
        raise Refusal(f"no name is kept of {subject}", _MENDING, "What was erased is not written down again.")
    return row


def _who(row: models.Identity | models.FormerIdentity) -> Who:
    return Who(row.number, row.name, row.birth_date)


def _require_nameless(reason: str, *people: Who) -> None:
    """Raise Refusal for a reason that holds a word of a name, a number or a birth date: it stays in the record."""
    found = next((part for who in people for part in _telling(who) if _holds(reason, part)), None)
    if found is not None:
        mend = "The reason stays in the record, which is never erased: say why without naming the person."
        raise Refusal("the reason names the person", "no name in the record", mend)


def _telling(who: Who) -> list[str]:
    return [*who.name.split(), who.number, *_written(who.birth_date)]


def _written(day: date | None) -> list[str]:
    return [] if day is None else [day.isoformat(), f"{day.day} {day:%b %Y}", f"{day.day} {day:%B %Y}"]


def _holds(reason: str, part: str) -> bool:
    """Whether a text holds these words in this order, whatever the case; a very short word as it is written."""
    wanted = plain_words(part)
    if not wanted:
        return False
    if len(wanted) == 1 and len(wanted[0]) < _SHORT:
        return part in reason.split()
    said = plain_words(reason)
    return any(said[at : at + len(wanted)] == wanted for at in range(len(said)))
