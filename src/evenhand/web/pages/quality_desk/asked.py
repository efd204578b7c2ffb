"""Queries that are not closed: what is asked, for how long, and who must act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evenhand.conduct import forms
from evenhand.conduct.forms import FormEntry, Place
from evenhand.conduct.quality import Query, open_queries
from evenhand.web.access import TABLE, Action
from evenhand.web.desk import Desk
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.versions import about_words
from evenhand.web.pages.quality_desk.people import Somebody
from evenhand.web.templatetags.evenhand import words

CLOSERS = tuple(role for role, rights in TABLE.items() if Action.ASK_QUERY in rights)


@dataclass(frozen=True, slots=True)
class Asked:
    """One query. ``days``: since it was opened. ``roles`` may take the next step, ``mine``: this user may.

    ``address`` is that of the entry, empty where nothing is entered yet.
    """

    who: Somebody
    query: Query
    title: str
    about: str
    days: int
    roles: tuple[str, ...]
    mine: bool
    address: str

    @property
    def turn(self) -> str:
        """Whether the site or the data desk must act."""
        return "site" if self.query.state == "open" else "desk"

    @property
    def role_words(self) -> str:
        """The roles, in words."""
        return " or ".join(words(role) for role in self.roles)


def asked(desk: Desk, everybody: Iterable[Somebody]) -> list[Asked]:
    """All queries that are not closed, the oldest first."""
    found = [one for who in everybody for one in _of(desk, who)]
    return sorted(found, key=lambda one: (-one.days, one.query.seq))


def _of(desk: Desk, who: Somebody) -> Iterator[Asked]:
    open_now = open_queries(who.known)
    there = _by_place(who) if open_now else {}
    for query in open_now:
        form, entry = who.form(query.place[0]), there.get(query.place)
        roles = form.entered_by if form is not None and query.state == "open" else CLOSERS
        action = Action.ANSWER_QUERY if query.state == "open" else Action.ASK_QUERY
        held = {grant.role for grant in desk.held if grant.site in (None, who.site)}
        yield Asked(
            who,
            query,
            form.title if form else query.place[0],
            about_words(form, query.path) if form else query.path,
            (who.today - query.opened.effective).days,
            roles,
            desk.may(action, who.site) and not held.isdisjoint(roles),
            links.entry_address(desk.study, who.subject, entry.seq) if entry else "",
        )


def _by_place(who: Somebody) -> dict[Place, FormEntry]:
    return {entry.place: entry for entry in forms.entries(who.protocol, who.known) if not entry.struck}
