"""The record over HTTP: a token's own site, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Query, Router

from evenhand.administration import site_of
from evenhand.record import OF_THE_BOARD, Entry, History, entry_json
from evenhand.web.access import Action
from evenhand.web.api import answers
from evenhand.web.api.caller import Caller, caller_of
from evenhand.web.api.candidates import Study
from evenhand.web.api.described import troubles

_MOST: Final = 500

Since = Annotated[int, Query(ge=0, le=2**53, description="only entries after this number")]
Limit = Annotated[int, Query(ge=1, le=_MOST, description="at most so many entries")]

router = Router()


@router.get(
    "/studies/{study}/record",
    response={200: answers.Entries} | troubles(),
    summary="Read the record of the token's site",
    operation_id="readRecord",
)
def record(request: HttpRequest, study: Study, since: Since = 0, limit: Limit = 100) -> Any:
    """The entries about the study and about the candidates of the token's site, oldest first. Scope `read`."""
    caller = caller_of(request, study, "read", Action.SEE_RECORD)
    found = list(islice(_own(caller.history, caller.site, since), limit + 1))
    shown = [_shown(entry, caller) for entry in found[:limit]]
    return answers.Entries(
        entries=shown,
        next=shown[-1].seq if len(found) > limit else None,
        head=len(caller.history.entries),
    )


BOARD_ONLY: Final = ("events", "ground", "occasion", "recommendation", "rules")
"""Of the entries of a safety board and of the final analysis, what only those read who may see pooled results."""


def _own(history: History, site: str, since: int) -> Iterator[Entry]:
    for entry in islice(history.entries, since, None):
        if entry.subject is None or site_of(history, entry.subject) == site:
            yield entry


def _shown(entry: Entry, caller: Caller) -> answers.Entry:
    """An entry without what the role may not see: the arm, what would help to guess the next allocation, and what a
    safety board saw and recommends (its signature too, whose digest would tell a guess from the truth)."""
    written: dict[str, Any] = entry_json(entry)
    withheld = []
    if entry.kind == "randomized":
        hidden = ({"position"} - _seen(caller, Action.EXPORT)) | ({"arm"} - _seen(caller, Action.SEE_ARM))
        withheld = sorted(hidden & set(entry.body))
        written["body"] = {name: value for name, value in entry.body.items() if name not in hidden}
    if entry.kind in OF_THE_BOARD and not caller.may(Action.SEE_POOLED):
        withheld = sorted(({*BOARD_ONLY} & set(entry.body)) | {"reason", "signature"})
        written["body"] = {name: value for name, value in entry.body.items() if name not in withheld}
        written |= {"reason": None, "signature": None}
    return answers.Entry(**written, withheld=withheld)


def _seen(caller: Caller, action: Action) -> set[str]:
    return {"position", "arm"} if caller.may(action) else set()
