"""Everything about a participant that the rules want to ask, now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Final

from evenhand.conduct import forms
from evenhand.conduct.findings import DoubtAt, doubt_about
from evenhand.conduct.forms import Context, FormEntry
from evenhand.conduct.quality.sources import SOURCES
from evenhand.protocol import Protocol
from evenhand.protocol.plan import ENTRIES
from evenhand.record import SubjectHistory

FAULT: Final = "fault"
"""The id of a doubt about an entry that would not be taken today as it stands."""

_Key = tuple[str, str, tuple[str, ...], date | None]
_MOST_ENTRIES: Final = 100_000  # assumed: what one process looks at again soon
_FOUND: dict[_Key, tuple[DoubtAt, ...]] = {}


def doubts_of(protocol: Protocol, known: SubjectHistory, on: date) -> tuple[DoubtAt, ...]:
    """What the forms' own rules ask about a participant's entries, then what the other rooms ask. Each question once.

    An id from another room is written with the room's name: ``response: disagreement``.
    """
    found = {doubt.key: doubt for doubt in form_doubts(protocol, known, on)}
    for name, source in SOURCES.items():
        for doubt in source(protocol, known, on):
            named = DoubtAt(*doubt.place, doubt.path, f"{name}: {doubt.id}", doubt.say)
            found.setdefault(named.key, named)
    return tuple(found.values())


def form_doubts(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[DoubtAt]:
    """What the forms' own rules ask: values outside of what is expected, checks that fire, and whatever would refuse
    the entry today, since what is entered in other forms can make a question be asked that was not asked then.

    What was found about an entry is remembered for as long as neither it nor any entry that its rules read changes.
    """
    every = forms.entries(protocol, known)
    versions = _versions(every)
    about: Context | None = None
    for entry in every:
        if not entry.counts:
            continue
        reads = forms.reads_of(entry.form)
        lists = tuple(versions.get(name, "") for name in reads.lists)
        key = protocol.digest, entry.standing.latest.hash, lists, on if reads.today else None
        found = _FOUND.get(key)
        if found is None:
            about = about or forms.context(known)
            found = _kept(key, tuple(_about(entry, about, every, on)))
        yield from found


def _versions(every: tuple[FormEntry, ...]) -> Mapping[str, str]:
    """What tells one state of a form's entries from another, by list name: a digest over their latest versions."""
    lists: dict[str, list[str]] = {}
    for entry in every:
        if entry.counts:
            lists.setdefault(entry.form.id, []).append(entry.standing.latest.hash)
    return {f"{form}{ENTRIES}": sha256("".join(hashes).encode()).hexdigest() for form, hashes in lists.items()}


def _kept(key: _Key, found: tuple[DoubtAt, ...]) -> tuple[DoubtAt, ...]:
    if len(_FOUND) >= _MOST_ENTRIES:
        _FOUND.clear()
    _FOUND[key] = found
    return found


def _about(entry: FormEntry, about: Context, every: tuple[FormEntry, ...], on: date) -> Iterator[DoubtAt]:
    scene = forms.scene(entry.form, entry.values, about, every, on)
    doubt = partial(doubt_about, entry)
    for one in forms.doubts(entry.form, entry.values, scene):
        yield doubt(one.id, one.say, one.path)
    for fault in forms.faults(entry.form, entry.values, entry.unless, scene):
        yield doubt(FAULT, f"{fault.what}. {fault.mend}", fault.path)
