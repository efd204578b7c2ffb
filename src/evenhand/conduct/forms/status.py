"""What was done about an entry besides filling it in: signed, verified against the source, locked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from evenhand.conduct.forms.reading import FORM_ENTERED
from evenhand.record import Entry, Standing, SubjectHistory, quick_digest

FORMS_SIGNED: Final = "forms_signed"
FORMS_LOCKED: Final = "forms_locked"
FORMS_UNLOCKED: Final = "forms_unlocked"
SOURCE_VERIFIED: Final = "source_verified"


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks on one entry, each as the entry of the record that made it.

    A signature and a verification are of what the form said then: any change afterwards makes them void, also one that
    is taken back later (21 CFR 11.70: a signature stays with what was signed). ``signatures`` and ``verified`` are of
    what stands; ``void`` are the signatures given before the last change, ``verified_before`` the last verification
    that a change has made void.
    """

    signatures: tuple[Entry, ...] = ()
    void: tuple[Entry, ...] = ()
    verified: Entry | None = None
    verified_before: Entry | None = None
    locked: Entry | None = None


_NONE: Final = Marks()
_MOST_SUBJECTS: Final = 2_000  # assumed: what one process looks at again soon
_HELD: dict[str | None, tuple[SubjectHistory, tuple[str, ...], Mapping[int, Marks]]] = {}


def marks(known: SubjectHistory) -> Mapping[int, Marks]:
    """The marks on each entry that has any, by the number of its first version."""
    held = _HELD.get(known.subject)
    if held is None or held[0] is not known:
        if len(_HELD) >= _MOST_SUBJECTS:
            _HELD.clear()
        version = _version(known)
        found = held[2] if held is not None and held[1] == version else _marks(known)
        held = _HELD[known.subject] = known, version, found
    return held[2]


def _version(known: SubjectHistory) -> tuple[str, ...]:
    """What marks depend on, by hash: the marks, and the corrections that may make them void."""
    return tuple(one.latest.hash for one in known.standing if one.corrections or one.original.kind in _ADDING)


def marks_of(known: SubjectHistory, seq: int) -> Marks:
    """The marks on the entry of this number."""
    return marks(known).get(seq, _NONE)


def shown_digest(standing: Standing) -> str:
    """What stands for an entry when it is signed or verified: the digest of the body of its latest version."""
    return quick_digest(standing.latest.body)


def _marks(known: SubjectHistory) -> dict[int, Marks]:
    changed = {one.seq: one.latest.seq for one in known.standing if one.original.kind == FORM_ENTERED}
    found: dict[int, Marks] = {}
    for one in known.standing:
        add = _ADDING.get(one.original.kind)
        if add is not None:
            for seq in covered(one.original):
                found[seq] = add(found.get(seq, _NONE), one.original, changed.get(seq, 0) < one.seq)
    return found


def covered(mark: Entry) -> Iterator[int]:
    """The numbers of the entries that a signature, verification or lock is about."""
    listed = mark.body["entries"]
    for item in listed if isinstance(listed, list) else ():
        seq = item.get("seq") if isinstance(item, dict) else item
        if isinstance(seq, int):
            yield seq


def _signed(before: Marks, mark: Entry, stands: bool) -> Marks:
    if stands:
        return replace(before, signatures=(*before.signatures, mark))
    return replace(before, void=(*before.void, mark))


def _verified(before: Marks, mark: Entry, stands: bool) -> Marks:
    return replace(before, verified=mark) if stands else replace(before, verified_before=mark)


def _locked(before: Marks, mark: Entry, stands: bool) -> Marks:
    return replace(before, locked=mark)


def _unlocked(before: Marks, mark: Entry, stands: bool) -> Marks:
    return replace(before, locked=None)


_ADDING: Final = {
    FORMS_SIGNED: _signed,
    SOURCE_VERIFIED: _verified,
    FORMS_LOCKED: _locked,
    FORMS_UNLOCKED: _unlocked,
}
