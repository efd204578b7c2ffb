"""Reports beside the record: who makes which, how far it is, and the files of those that are made.

All of it stands in the database, since the worker that shows a report need not be the one that makes it. Whoever makes
one gives signs of life; without them it counts as stalled, and anybody may begin it again. What is kept is no second
truth: the same record gives the same files.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from evenhand.refusal import Refusal
from evenhand.web import models

BEAT: Final = timedelta(seconds=5)
STALLED: Final = timedelta(seconds=60)  # assumed: a busy database may hold a sign of life up for its 30 s, not longer
_FORM: Final = "traced"  # part of every id: what was kept before makings were recorded is not found any more
State = Literal["going", "stalled", "refused", "made"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report that is asked for, by all that its content follows from. ``seq`` and ``hash`` are those of the last
    entry that it may use, ``recorded`` is its moment; ``protocols`` seals every version; ``named``: it lists people."""

    study: str
    kind: str
    named: bool
    effective: date
    recorded: datetime
    seq: int
    hash: str
    protocols: str
    program: str

    @property
    def id(self) -> str:
        """The same for the same content."""
        return hashlib.sha256(repr((_FORM, *map(str, astuple(self)))).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Made:
    """A report as it stands. ``what`` is being done, ``done`` of ``parts`` are; ``refusal``: why there is none."""

    id: str
    kind: str
    named: bool
    effective: date
    recorded: datetime
    seq: int
    program: str
    asked_by: str
    begun: datetime
    ended: datetime | None
    state: State
    what: str
    done: int
    parts: int
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a report; ``size`` in bytes."""

    path: str
    size: int


def begin_report(wanted: Wanted, *, by: str) -> str | None:
    """Take on a report. Gives the name of the attempt, under which it is made; None where it is made, or being made.

    Of two who ask at one moment, one gets it. What was refused, or stalled, is begun again.
    """
    now = datetime.now(UTC)
    attempt = str(uuid4())
    fresh = {"asked_by": by, "begun": now, "attempt": attempt, "beat": now, "what": "", "done": 0, "parts": 0}
    again = models.Report.objects.filter(_open_again(now), id=wanted.id)
    if again.update(**fresh, ended=None, reason="", clause="", mend=""):
        return attempt
    given = {name: getattr(wanted, name) for name in ("id", "kind", "named", "effective", "recorded", "seq", "program")}
    try:
        with transaction.atomic():
            models.Report.objects.create(study_id=wanted.study, **given, **fresh)
    except IntegrityError:
        return None
    return attempt


def _open_again(now: datetime) -> Q:
    return Q(ended=None, beat__lt=now - STALLED) | Q(ended__isnull=False) & ~Q(reason="")


def beat_report(id: str, attempt: str) -> bool:
    """Give a sign of life; whether the attempt still counts."""
    return bool(_of(id, attempt).update(beat=datetime.now(UTC)))


def tell_progress(id: str, attempt: str, what: str, done: int, parts: int) -> bool:
    """Say how far it is; whether the attempt still counts."""
    told = _of(id, attempt).update(beat=datetime.now(UTC), what=what[:200], done=done, parts=parts)
    return bool(told)


def keep_report(id: str, attempt: str, files: Mapping[str, bytes]) -> None:
    """Keep the files: all of them or none, and none of an attempt that no longer counts."""
    rows = [
        models.ReportFile(report_id=id, path=path, size=len(content), content=zlib.compress(content))
        for path, content in files.items()
    ]
    with transaction.atomic():
        if _of(id, attempt).update(ended=datetime.now(UTC), what="", attempt=""):
            models.ReportFile.objects.bulk_create(rows)


def refuse_report(id: str, attempt: str, refusal: Refusal) -> None:
    """Say why it cannot be made."""
    told = {"reason": refusal.reason, "clause": refusal.clause, "mend": refusal.mend}
    _of(id, attempt).update(ended=datetime.now(UTC), what="", attempt="", **told)


def _of(id: str, attempt: str) -> QuerySet[models.Report]:
    return models.Report.objects.filter(id=id, attempt=attempt, ended=None)


def drop_earlier(study: str, kind: str, than: str) -> None:
    """Erase all that are made of a kind but the one of this id."""
    models.Report.objects.filter(study_id=study, kind=kind, ended__isnull=False).exclude(id=than).delete()


def reports_of(study: str) -> list[Made]:
    """All reports of a study, the one that was begun last first."""
    now = datetime.now(UTC)
    return [_made(row, now) for row in models.Report.objects.filter(study_id=study).order_by("-begun", "id")]


def report_of(study: str, id: str) -> Made | None:
    """One report; None where the study has none of this id."""
    row = models.Report.objects.filter(study_id=study, id=id).first()
    return None if row is None else _made(row, datetime.now(UTC))


def files_kept(id: str) -> list[Kept]:
    """What files a report has, in the order of their making."""
    rows = models.ReportFile.objects.filter(report_id=id).order_by("pk").values_list("path", "size")
    return [Kept(*row) for row in rows]


def content_kept(id: str, path: str) -> bytes | None:
    """The content of a file; None where there is none of this path."""
    row = models.ReportFile.objects.filter(report_id=id, path=path).first()
    return None if row is None else zlib.decompress(bytes(row.content))


def _made(row: models.Report, now: datetime) -> Made:
    return Made(
        row.id, row.kind, row.named, row.effective, row.recorded, row.seq, row.program, row.asked_by, row.begun,
        row.ended, _state(row, now), row.what, row.done, row.parts,
        Refusal(row.reason, row.clause, row.mend) if row.reason else None,
    )  # fmt: skip


def _state(row: models.Report, now: datetime) -> State:
    if row.ended is not None:
        return "refused" if row.reason else "made"
    return "stalled" if now - row.beat > STALLED else "going"
