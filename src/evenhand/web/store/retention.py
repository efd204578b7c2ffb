"""Which reports are kept: the newest of each kind and cut, for a while; what the record cites is kept for ever.

A report that is let go can be made again from the record, to the byte, by the same version of the program. The numbers
are our proposal.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from evenhand.web import models

NEWEST_KEPT: Final = 3  # assumed: of a kind and cut; those before differ by what was entered and cleaned since
REPORTS_KEPT_FOR: Final = timedelta(days=400)  # assumed: until the yearly review after the next
_MANIFEST: Final = "manifest.json"


def let_go(study: str, cited: Collection[str], *, apart: Collection[str] = ()) -> int:
    """Erase reports that are superseded or old; how many.

    ``cited`` are digests that the record names: a report whose manifest is among them stays, and so do the newest of
    its kind, what is being made, and the kinds ``apart``.
    """
    old = [row.id for row in _superseded(study, apart) if not _is_cited(row.id, cited)]
    models.Report.objects.filter(id__in=old, ended__isnull=False).delete()
    return len(old)


def _superseded(study: str, apart: Collection[str]) -> Iterator[models.Report]:
    """Reports behind the newest of their kind and cut, and those begun too long ago, but for the newest of a kind."""
    since = datetime.now(UTC) - REPORTS_KEPT_FOR
    ended = models.Report.objects.filter(study_id=study, ended__isnull=False).exclude(kind__in=tuple(apart))
    of_cut, of_kind = Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    for row in ended.order_by("-begun", "-seq", "id"):
        of_cut[row.kind, row.named, row.effective] += 1
        of_kind[row.kind, row.named] += 1
        behind = of_cut[row.kind, row.named, row.effective] > NEWEST_KEPT
        if behind or (row.begun < since and of_kind[row.kind, row.named] > 1):
            yield row


def _is_cited(report: str, cited: Collection[str]) -> bool:
    """Whether the record names the manifest of a report; one without files has none."""
    row = models.ReportFile.objects.filter(report_id=report, path=_MANIFEST).first()
    return row is not None and hashlib.sha256(zlib.decompress(bytes(row.content))).hexdigest() in cited
