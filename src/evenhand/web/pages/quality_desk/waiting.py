"""Entries that wait: for a signature, for a look at the source, for a lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from evenhand.conduct import forms
from evenhand.conduct.forms import FormEntry
from evenhand.conduct.quality import wants_signature
from evenhand.web.access import TABLE, Action
from evenhand.web.desk import Desk
from evenhand.web.pages.participants import links
from evenhand.web.pages.quality_desk.people import Somebody
from evenhand.web.templatetags.evenhand import words

FOR: Final = {"signature": "A signature", "source": "A look at the source", "lock": "A lock"}
_RIGHTS: Final = {"source": Action.VERIFY_SOURCE, "lock": Action.LOCK}


@dataclass(frozen=True, slots=True)
class Waits:
    """One entry that waits for one thing; ``days``: since it was last changed."""

    who: Somebody
    entry: FormEntry
    days: int
    roles: tuple[str, ...]
    mine: bool
    address: str

    @property
    def role_words(self) -> str:
        """The roles that may do it, in words."""
        return " or ".join(words(role) for role in self.roles)


def waiting(desk: Desk, everybody: Iterable[Somebody], what: str) -> list[Waits]:
    """The entries that wait for this (a key of ``FOR``), the longest first."""
    found = [one for who in everybody for one in _of(desk, who, what)]
    return sorted(found, key=lambda one: (-one.days, one.entry.seq))


def _of(desk: Desk, who: Somebody, what: str) -> Iterator[Waits]:
    held = {grant.role for grant in desk.held if grant.site in (None, who.site)}
    action = _RIGHTS.get(what, Action.SIGN_FORMS)
    may = desk.may(action, who.site)
    for entry, lacks in _lacking(who):
        if what in lacks:
            roles = entry.form.signed_by if what == "signature" else _holders(action)
            yield Waits(
                who,
                entry,
                (who.today - entry.standing.latest.recorded_at.date()).days,
                roles,
                may and not held.isdisjoint(roles),
                links.entry_address(desk.study, who.subject, entry.seq),
            )


def counts(everybody: Iterable[Somebody]) -> Counter[str]:
    """How many entries wait for each."""
    return Counter(what for who in everybody for _, lacks in _lacking(who) for what in lacks)


def _lacking(who: Somebody) -> Iterator[tuple[FormEntry, frozenset[str]]]:
    """What each entry that is not struck lacks; one that was not done is not compared with any source."""
    for entry in forms.entries(who.protocol, who.known):
        if entry.struck:
            continue
        marks = forms.marks_of(who.known, entry.seq)
        lacks = {
            "signature": wants_signature(entry, marks),
            "source": entry.counts and marks.verified is None,
            "lock": marks.locked is None,
        }
        yield entry, frozenset(name for name, lacking in lacks.items() if lacking)


def _holders(action: Action) -> tuple[str, ...]:
    return tuple(role for role, rights in TABLE.items() if action in rights)
