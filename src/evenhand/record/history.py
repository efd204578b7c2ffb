"""The fold: what a record says, all at once.

Two times run through a record. *Effective* is the day on which something happened; *recorded* the moment at
which it was entered. Numbers, and so the order of a record, follow the second. A data cut names both: what
was known by then (recorded), about what had happened by then (effective). See ``History.as_of``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from evenhand.record.entry import START, Entry, in_utc
from evenhand.record.errors import RecordError
from evenhand.record.kinds import Kinds
from evenhand.record.rules import content_faults, place_faults
from evenhand.record.study_state import StudyState, study_state
from evenhand.record.subject import Allocation, SubjectHistory, allocation_of
from evenhand.record.trial_kinds import KINDS
from evenhand.record.vector import Entries

_Subjects = dict[str | None, SubjectHistory]


@dataclass(frozen=True, slots=True)
class History:
    """What a record says, as a value: extending it gives another one and leaves it as it was.

    ``entries``: the entries in order. ``state``: the study as a whole. ``allocations``: all randomizations in
    order. ``registered``: how many subjects are registered. ``counts``: participants by stratum and arm.
    ``complete``: False where a cut left out entries
    before the last one, so that nothing can be appended. What ``History("study")`` says is nothing: it is the
    empty record.
    """

    study: str
    kinds: Kinds = field(default=KINDS, repr=False, compare=False)
    entries: Entries = field(default_factory=Entries, repr=False)
    complete: bool = True
    state: StudyState = field(default_factory=StudyState)
    registered: int = 0
    allocations: tuple[Allocation, ...] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    _subjects: _Subjects = field(default_factory=dict, repr=False)

    @property
    def head(self) -> Entry | None:
        """The last entry, None for an empty record."""
        return self.entries.last

    @property
    def head_hash(self) -> str:
        """What the next entry must name as its previous hash, and what to keep elsewhere to notice a cut-off
        end.
        """
        last = self.entries.last
        return last.hash if last is not None else START

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects in the order in which they first appear."""
        return tuple(name for name in self._subjects if name is not None)

    @property
    def subject_count(self) -> int:
        """How many subjects appear."""
        return len(self._subjects) - (None in self._subjects)

    @property
    def about_study(self) -> SubjectHistory:
        """The entries about the study as a whole."""
        return self._subjects.get(None) or SubjectHistory(None)

    def subject(self, name: str) -> SubjectHistory:
        """What is recorded about one subject; nothing, for one who never appears."""
        return self._subjects.get(name) or SubjectHistory(name)

    def entry(self, seq: int) -> Entry | None:
        """The entry of this number, None where there is none (or a cut left it out)."""
        if self.complete:
            return self.entries[seq - 1] if 1 <= seq <= len(self.entries) else None
        place = bisect_left(self.entries, seq, key=lambda entry: entry.seq)
        found = self.entries[place] if place < len(self.entries) else None
        return found if found and found.seq == seq else None

    def extend(self, entries: Iterable[Entry]) -> History:
        """This history and the entries that follow it; equal to folding all of them together.

        It costs time in proportion to the new entries, plus one copy of the table of subjects. Raises
        RecordError where an entry does not follow or breaks a rule of its kind; hashes are not recomputed,
        that is ``verify``'s.
        """
        growth = Growth(self)
        for entry in entries:
            growth.follow(entry)
        return growth.history(complete=True)

    def as_of(self, effective_cut: date | None = None, recorded_cut: datetime | None = None) -> History:
        """The data cut: what was recorded by ``recorded_cut`` about what had happened by ``effective_cut``.

        Both ends are included; None means no cut. First the record is cut to what had been entered by then;
        the corrections entered by then are applied; then whatever happened later, *by its corrected day*, is
        left out together with its corrections. So an entry that was moved to a later day by a correction
        appears neither on its old day nor, before the correction was entered, on its new one. Raises
        RecordError for a naive time.
        """
        if effective_cut is None and recorded_cut is None:
            return self
        moment = None if recorded_cut is None else in_utc(recorded_cut)
        known = [entry for entry in self.entries if moment is None or entry.recorded_at <= moment]
        kept = known if effective_cut is None else _happened_by(effective_cut, known)
        cut = Growth(History(self.study, self.kinds))
        for entry in kept:
            cut.take(entry)
        return cut.history(complete=not kept or kept[-1].seq == len(kept))


def fold(entries: Iterable[Entry], study: str | None = None, kinds: Kinds = KINDS) -> History:
    """The history of a whole record. Raises as ``History.extend``.

    ``study`` is needed for a record that may be empty; otherwise it is read from the first entry.
    """
    entries = list(entries)
    if study is None and not entries:
        raise RecordError("The record is empty, so it does not say of which study it is.", mend="Name the study.")
    return History(study if study is not None else entries[0].study, kinds).extend(entries)


def _happened_by(cut: date, entries: list[Entry]) -> list[Entry]:
    """Those entries, corrections among them, whose last correction lies on or before the day ``cut``."""
    original: dict[int, int] = {}
    day: dict[int, date] = {}
    for entry in entries:
        first = entry.seq if entry.corrects is None else original[entry.corrects]
        original[entry.seq] = first
        day[first] = entry.effective
    return [entry for entry in entries if day[original[entry.seq]] <= cut]


class Growth:
    """A history that grows in place while nobody else holds it, so that a long record folds in linear time.

    It is the past that the rules ask about. Raises RecordError for a cut, which nothing can follow.
    """

    def __init__(self, base: History) -> None:
        if not base.complete:
            mend = "Extend the whole record, then cut it."
            raise RecordError("A cut of a record cannot be extended.", where=base.study, mend=mend)
        self.base = base
        self.last = base.head
        """The last entry so far, None at the start of a record."""
        self._new: list[Entry] = []
        self._subjects = dict(base._subjects)
        self._allocations: list[Allocation] = []
        self._registered = base.registered
        self._study_changed = False

    def entry(self, seq: int) -> Entry | None:
        """The entry of this number so far."""
        place = seq - len(self.base.entries) - 1
        return self._new[place] if 0 <= place < len(self._new) else self.base.entry(seq)

    def has(self, kind: str, subject: str | None) -> bool:
        """Whether anything of this kind stands so far about this subject."""
        known = self._subjects.get(subject)
        return known is not None and any(one.original.kind == kind for one in known.standing)

    def follow(self, entry: Entry, known: SubjectHistory | None = None) -> None:
        """Take an entry that must follow the last one and obey the rules; RecordError where it does not. ``known``:
        what is known about its subject with it, where that was looked at before."""
        base = self.base
        if entry.study != base.study:
            raise RecordError(f'It belongs to "{entry.study}", not to "{base.study}".', where=str(entry))
        for fault in chain(place_faults(entry, self.last), content_faults(entry, self, base.kinds)):
            raise RecordError(fault.what, where=str(entry), mend=fault.mend)
        self.take(entry, known)

    def take(self, entry: Entry, known: SubjectHistory | None = None) -> None:
        """Take an entry that is known to be in order."""
        self._new.append(entry)
        self.last = entry
        subject = entry.subject
        if known is None:
            known = (self._subjects.get(subject) or SubjectHistory(subject)).after(entry, self.base.kinds)
        self._subjects[subject] = known
        if subject is None:
            self._study_changed = True
        elif entry.kind == "registered" and entry.corrects is None:
            self._registered += 1
        elif entry.kind == "randomized" and entry.corrects is None:
            self._allocations.append(allocation_of(known.standing[-1]))

    def history(self, *, complete: bool) -> History:
        """The history it has grown into. It must not grow on after that."""
        base = self.base
        about_study = self._subjects.get(None)
        return History(
            study=base.study,
            kinds=base.kinds,
            entries=base.entries.extended(self._new),
            complete=complete,
            state=study_state(about_study) if about_study and self._study_changed else base.state,
            registered=self._registered,
            allocations=(*base.allocations, *self._allocations) if self._allocations else base.allocations,
            counts=_counted(base.counts, self._allocations) if self._allocations else base.counts,
            _subjects=self._subjects,
        )


def _counted(counts: Mapping[str, Mapping[str, int]], more: Iterable[Allocation]) -> dict[str, dict[str, int]]:
    counted = {stratum: dict(arms) for stratum, arms in counts.items()}
    for allocation in more:
        arms = counted.setdefault(allocation.stratum, {})
        arms[allocation.arm] = arms.get(allocation.arm, 0) + 1
    return counted
