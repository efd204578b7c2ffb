"""Time to local failure: of each lesion that was treated locally, from the end of its treatment.

An irradiated lesion fails when its progression is confirmed, dated back as ``assessments.yaml`` says (reference 2.7); a
resected one when a new lesion is found beyond doubt at its site and within what was treated. Death comes first as a
competing event. All of it is our proposal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from evenhand.analysis.cut import Participant
from evenhand.analysis.deaths import day_of_death
from evenhand.analysis.outcome import Outcome, said
from evenhand.analysis.seen import Seen
from evenhand.conduct.lesions import Life, lives
from evenhand.conduct.response import Evaluation, evaluation
from evenhand.oncology.recist import TREATED, LesionState, LocalStatus
from evenhand.protocol.endpoints import PRIMARY, Endpoint
from evenhand.protocol.endpoints_sheets import DayOfDeath

_CLEAR: Final = frozenset({LocalStatus.CONTROLLED, LocalStatus.WITHDRAWN})


class _Found(NamedTuple):
    day: date
    seq: int


class _Looked(NamedTuple):
    """The last scan that shows a lesion controlled, and that since which a failure is suspected."""

    last: _Found | None
    suspected: _Found | None


def local_failures(person: Participant, seen: Seen, endpoint: Endpoint, chosen: DayOfDeath) -> Iterator[Outcome]:
    """One outcome for each lesion that was irradiated or resected from randomization on, in the order of the list."""
    evaluated = evaluation(person.protocol, person.known)
    died = day_of_death(seen, chosen)
    for life in lives(person.protocol, person.known).lesions:
        treated = [change for change in life.changes if change.state in TREATED and change.day >= seen.start]
        if treated:
            last = max(treated)
            death = _Found(died.day, died.seq or seen.seq) if died else None
            yield _outcome(seen, endpoint, life, last.day, _failure(life, last.state, last.day, evaluated), death,
                           _last_look(life, last.state, last.day, evaluated))  # fmt: skip


def _failure(life: Life, state: LesionState, since: date, evaluated: Evaluation) -> _Found | None:
    for point in evaluated.points:
        if state is LesionState.IRRADIATED:
            local = point.local.get(life.label)
            if local is not None and local.progressed is not None:
                return _Found(local.progressed.day, point.scan.seq)
            continue
        for new in point.scan.new:
            here = new.in_field is True and new.certainty == "unequivocal" and new.site == life.site
            if here and new.day > since:
                return _Found(new.day, point.scan.seq)
    return None


def _last_look(life: Life, state: LesionState, since: date, evaluated: Evaluation) -> _Looked:
    """The last scan that would have shown a failure and shows none. One at which a failure is suspected does not count,
    nor do those after it until the suspicion is withdrawn."""
    found, suspected = None, None
    for point in evaluated.points:
        if point.scan.day <= since:
            continue
        local = point.local.get(life.label)
        if local is not None and local.open:
            suspected = suspected or _Found(point.scan.day, point.scan.seq)
        elif local is not None and local.status in _CLEAR:
            suspected = None
        if suspected is not None:
            continue
        row = point.scan.lesions.get(life.label)
        looked = point.scan.complete if state is LesionState.RESECTED else row is not None
        if looked and (row is None or row.seen != "not_assessed"):
            found = _Found(point.scan.day, point.scan.seq)
    return _Looked(found, suspected)


def _outcome(
    seen: Seen, endpoint: Endpoint, life: Life, start: date, failed: _Found | None, died: _Found | None,
    looked: _Looked,
) -> Outcome:  # fmt: skip
    if failed is not None:
        return _made(seen, endpoint, life, start, failed, "local", f"event {said(failed.day)}: local failure", True)
    if died is not None and start <= died.day <= seen.until:
        say = f"censored {said(died.day)}: died without local failure (competing event)"
        return _made(seen, endpoint, life, start, died, "death", say)
    last, suspected = looked
    if suspected is not None:
        day = last.day if last is not None else start
        known = "last seen controlled" if last is not None else "the end of local treatment"
        say = f"censored {said(day)}: {known}; a failure is suspected since {said(suspected.day)}"
        return _made(seen, endpoint, life, start, _Found(day, suspected.seq), "suspected", say)
    if last is None:
        say = f"censored {said(start)}, at the end of local treatment: not assessed since"
        return _made(seen, endpoint, life, start, _Found(start, seen.seq), "unwatched", say)
    if seen.nameless is not None:
        say = f"censored {said(last.day)}: last seen controlled; died, and of the day nothing is known"
        return _made(seen, endpoint, life, start, last, "day_unknown", say)
    reason = "left" if seen.left else "end" if seen.determined or seen.end <= seen.until else "data_cut"
    return _made(seen, endpoint, life, start, last, reason, f"censored {said(last.day)}: last seen controlled")


def _made(
    seen: Seen, endpoint: Endpoint, life: Life, start: date, found: _Found, reason: str, say: str, event: bool = False
) -> Outcome:
    domain = "DD" if reason == "death" else "TR"
    day = max(found.day, start)
    return Outcome(
        seen.subject, endpoint.id, PRIMARY, start, day, event, reason, f"{life.label}: {say}", (found.seq,), domain,
        item=life.label,
    )  # fmt: skip
