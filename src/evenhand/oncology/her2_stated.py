"""What people say about a specimen's HER2 status, beside what its tests say.

[P] An adjudicated result goes before a reported one. Either fills what the tests leave open; neither is
followed against tests that decide, unless somebody recorded that the discordance was reviewed. No guideline
states this.
"""

from __future__ import annotations

from typing import Final

from evenhand.codes import Unmapped
from evenhand.logic import Unknown
from evenhand.oncology.her2_figures import DECIDED, NOTHING, Ending, Status
from evenhand.oncology.her2_readings import Specimen

_STATED: Final = {"positive": Status.POSITIVE, "negative": Status.NEGATIVE}
_AS_STATED: Final = {
    (word, code): Ending(status, f"As {word}; the tests recorded do not decide by themselves.")
    for word in ("adjudicated", "reported")
    for code, status in _STATED.items()
}
_AFTER_REVIEW: Final = {
    (word, code): Ending(status, f"As {word} after review of a discordance with the tests recorded.")
    for word in ("adjudicated", "reported")
    for code, status in _STATED.items()
}
REPORTED_EQUIVOCAL: Final = Ending(
    Status.EQUIVOCAL, next_step="reported equivocal: awaits ISH on the same specimen, or a test of a new one"
)
REPORTED_INDETERMINATE: Final = Ending(
    Status.INDETERMINATE, next_step="reported indeterminate: another specimen has to be tested"
)


def settle(ending: Ending, specimen: Specimen, was_equivocal: bool) -> Ending:
    """The ending of the tests, filled or questioned by the ``adjudicated`` and the ``reported`` result.

    ``was_equivocal``: the tests passed through a stage that is reported as equivocal (IHC 2+; ISH between the
    clear results), so that such a report is older than the result and no contradiction.
    """
    reviewed = specimen.get("discordance_reviewed") is True
    for word in ("adjudicated", "reported"):
        said = specimen.get(word)
        if isinstance(said, Unknown):
            return _contradictory(word, said)
        if word == "reported" and ending.status is Status.NEEDS_REVIEW:
            return ending
        if isinstance(said, str) and said in _STATED:
            return _definite(ending, word, said, reviewed)
    if isinstance(said, Unmapped):
        return _unreadable(said) if ending is NOTHING else ending
    return ending if said is None else _without_category(ending, str(said), was_equivocal, reviewed)


def _definite(ending: Ending, word: str, code: str, reviewed: bool) -> Ending:
    if ending.status is _STATED[code]:
        return ending
    if ending.status not in DECIDED:
        return _AS_STATED[word, code]
    return _AFTER_REVIEW[word, code] if reviewed else _against(ending, word, code)


def _without_category(ending: Ending, code: str, was_equivocal: bool, reviewed: bool) -> Ending:
    """A report that names neither positive nor negative: equivocal or indeterminate."""
    decided = ending.status in DECIDED
    if code == "indeterminate":  # the test failed; no review of the slides brings its result back
        return _against(ending, "reported", code) if decided else REPORTED_INDETERMINATE
    if ending is NOTHING:
        return REPORTED_EQUIVOCAL
    return _against(ending, "reported", code) if decided and not was_equivocal and not reviewed else ending


def _against(ending: Ending, word: str, code: str) -> Ending:
    detail = f"{word} {code}, but the tests recorded say {ending.status}: review and record the adjudicated result"
    return Ending(Status.NEEDS_REVIEW, next_step=detail, why="conflicting")


def _contradictory(word: str, unknown: Unknown) -> Ending:
    detail = "; ".join(reason.detail or reason.why for reason in unknown.reasons)
    return Ending(Status.NEEDS_REVIEW, next_step=f"{word} result: {detail}", why="conflicting")


def _unreadable(code: Unmapped) -> Ending:
    return Ending(Status.PENDING, next_step=f"reported as {code}, which no table reads", why="undecidable code")
