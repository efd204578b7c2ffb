"""Entries as lines of a list: when, who, what in words, and what to know before opening one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from evenhand.administration import TRACED
from evenhand.protocol import Protocol
from evenhand.record import CONSENT_DECLINED, FINAL_MADE, IDENTITY_CORRECTED, LOOK_HELD, MEETING_HELD, TRACES, Entry
from evenhand.web.pages.records.reading import HIDDEN
from evenhand.web.pages.records.sight import Sight
from evenhand.web.templatetags.evenhand import day

_MOST = 4  # facts named in a line of the list


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in a list. ``day`` is given where it happened on another day than it was recorded; ``reason`` is empty
    where there is none, and says so where the user may not read it."""

    entry: Entry
    says: str
    about: str
    day: date | None
    site: str
    corrected: bool
    candidate: bool
    reason: str


class Rows:
    """Makes the lines of one page."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.desk = sight.desk
        self._sites = {site.code: site for site in self.desk.sites}

    def row(self, entry: Entry) -> Row:
        """The line of one entry. An arm is never in it: a list of arms could be counted."""
        site = self._sites.get(entry.by.site or "")
        here = entry.recorded_at.astimezone(ZoneInfo(site.time_zone if site else "UTC")).date()
        return Row(
            entry=entry,
            says=self.desk.history.kinds[entry.kind].says,
            about=self._about(entry, self.desk.protocol_then(entry)),
            day=None if entry.effective == here else entry.effective,
            site=site.name if site else entry.by.site or "",
            corrected=self._corrected(entry),
            candidate=self.sight.sees_candidate(entry),
            reason=(entry.reason or "") if self.sight.sees_advice(entry) else HIDDEN,
        )

    def _corrected(self, entry: Entry) -> bool:
        """Whether a later entry corrects this one."""
        history = self.desk.history
        about = history.about_study if entry.subject is None else history.subject(entry.subject)
        return any(later.corrects == entry.seq for later in about.entries)

    def _about(self, entry: Entry, protocol: Protocol) -> str:
        kind: str = entry.kind
        body: Mapping[str, Any] = entry.body
        if kind == "facts_recorded":
            return _named_facts(body["facts"], protocol)
        if kind == "attested":
            judgement = protocol.judgements.get(str(body["judgement"]))
            item = f" {body['item']}" if body.get("item") else ""
            said = {True: "yes", False: "no"}.get(body["answer"], "")
            return f"{judgement.label if judgement else body['judgement']}{item}: {said}"
        if kind in ("role_granted", "role_revoked"):
            return f"{body['role']} of {body['user']}, {self._place(body) or 'whole study'}".replace("_", " ")
        if kind == "site_opened":
            return f"{body.get('name') or body['site']}"
        if kind in ("consented", CONSENT_DECLINED, "version_adopted"):
            return self._adopted(body) if kind == "version_adopted" else _answered(kind, body, protocol)
        if kind in ("way_in_given", "token_issued"):
            return _let_in(kind, body)
        if kind in _SAID:
            return _SAID[kind](body)
        return str(body.get("participant") or body.get("user") or body.get("label") or "")

    def _adopted(self, body: Mapping[str, Any]) -> str:
        return f"{body['version']}, {self._place(body)}"

    def _place(self, body: Mapping[str, Any]) -> str:
        """The site that a body names, as people call it; empty where it names none."""
        code = body.get("site")
        return self._sites[code].name if code in self._sites else str(code or "")


def _answered(kind: str, body: Mapping[str, Any], protocol: Protocol) -> str:
    """To what somebody consented, or why somebody declined."""
    if kind == "consented":
        return f"{body['document']} {body['version']}"
    return protocol.enrollment.declined_because.get(str(body.get("because")), "no reason given")


def _let_in(kind: str, body: Mapping[str, Any]) -> str:
    if kind == "way_in_given":
        return f"{body['what']} for {body['user']}"
    return f"{body['label']}, as {body['user']}, {body['role'].replace('_', ' ')}"


def _look(body: Mapping[str, Any]) -> str:
    return f"look {body['look']}, {_cut_seen(body)}"


def _cut_seen(body: Mapping[str, Any]) -> str:
    struck = ", struck" if body.get("struck") is True else ""
    return f"data cut {day(body['effective'])}{struck}"


def _report(body: Mapping[str, Any]) -> str:
    return f"{TRACED.get(body['report'], body['report'])}, data cut {day(body['effective'])}"


def _identity(body: Mapping[str, Any]) -> str:
    return ", ".join(str(part) for part in body["changed"])


_SAID: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    LOOK_HELD: _look,
    MEETING_HELD: _cut_seen,
    FINAL_MADE: _cut_seen,
    IDENTITY_CORRECTED: _identity,
    **dict.fromkeys(TRACES, _report),
}
"""What a line says of a kind whose body alone tells it."""


def _named_facts(given: list[dict[str, Any]], protocol: Protocol) -> str:
    facts = protocol.vocabulary.facts
    names = dict.fromkeys(str(one["fact"]) for one in given)
    labels = [(facts[name].label if name in facts else name) or name for name in names]
    more = f" and {len(labels) - _MOST} more" if len(labels) > _MOST else ""
    return ", ".join(labels[:_MOST]).replace("_", " ") + more
