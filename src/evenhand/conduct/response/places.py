"""Where a progression is: in what was treated, in the region of the primary, elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evenhand.conduct.lesions import Lives, ScanSeen
from evenhand.conduct.response.following import Followed
from evenhand.conduct.response.tracking import LocalPoint
from evenhand.oncology.recist import Pattern, Response, TimePoint, pattern_of
from evenhand.protocol.plan.assessments import Assessments


def patterns_at(
    scan: ScanSeen, point: TimePoint, followed: Followed, local: Iterable[LocalPoint], lives: Lives, plan: Assessments
) -> frozenset[Pattern]:
    """Where a scan's progression is, as far as recorded; nothing where the scan shows none.

    Of a sum that has grown, it is where the targets lie that are larger than they were at their smallest.
    """
    if point.overall is not Response.PD:
        return frozenset()
    found = {
        pattern_of(one.site, one.side, one.in_field, plan.regional)
        for one in scan.new
        if one.certainty == "unequivocal"
    }
    if any(one.progressed is not None for one in local):
        found.add(Pattern.LOCAL)
    for label in _grown(scan, point, followed, lives):
        life = lives.of(label)
        if life is not None:
            found.add(pattern_of(life.site, life.side, False, plan.regional))
    return frozenset(pattern for pattern in found if pattern is not None)


def _grown(scan: ScanSeen, point: TimePoint, followed: Followed, lives: Lives) -> Iterator[str]:
    """The untreated lesions that made it: targets above their smallest size, non-targets that the reader names."""
    if point.target is not None and point.target.response is Response.PD:
        for label in followed.targets:
            seen, life = scan.lesions.get(label), lives.of(label)
            if seen is None or seen.size is None or life is None:
                continue
            before = [one.size for one in life.sights if one.size is not None and one.day < seen.day]
            if before and seen.size > min(before):
                yield label
    for label in followed.non_targets:
        seen = scan.lesions.get(label)
        if seen is not None and seen.seen == "progressed":
            yield label
