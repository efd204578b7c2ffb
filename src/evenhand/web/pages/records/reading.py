"""The body of an entry in words: labels of the vocabulary, values as people read them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from evenhand.administration import GROUNDS, TRACED
from evenhand.dates import parse_date
from evenhand.facts import FactType, Vocabulary
from evenhand.facts.wire import read_fact
from evenhand.protocol import Protocol
from evenhand.record import FINAL_MADE, JSON, LOOK_HELD, MEETING_HELD, OCCASIONS, OF_THE_BOARD, RECOMMENDATIONS
from evenhand.web.templatetags.evenhand import day, moment

Body = Mapping[str, Any]
HIDDEN = "not shown to you"
_DAYS = re.compile(r"\b\d{4}-\d{2}-\d{2}(?:/\d{4}-\d{2}-\d{2})?\b")


_SEEN: Final = {
    "effective": "Data cut",
    "recorded": "As recorded by",
    "last_entry": "Last entry that it knows",
    "hash": "Hash of that entry",
    "report": "Report that was seen",
    "manifest": "SHA-256 of its manifest",
}
_LABELS: Final = {
    "version_adopted": {"site": "Site", "version": "Protocol version", "digest": "Digest of the protocol files"},
    "account_made": {"user": "User name", "name": "Printed name"},
    "account_stopped": {"user": "User name"},
    "account_restored": {"user": "User name"},
    "way_in_given": {"user": "To", "what": "What"},
    "report_made": {
        "report": "Report",
        "effective": "Data cut",
        "recorded": "As recorded by",
        "last_entry": "Last entry that it knows",
        "hash": "Hash of that entry",
        "manifest": "SHA-256 of its manifest",
        "program": "Version of Evenhand",
    },
    "report_read": {"report": "Report", "effective": "Data cut", "manifest": "SHA-256 of its manifest"},
    LOOK_HELD: {
        "look": "Look",
        "effective": "Data cut",
        "recorded": "As recorded by",
        "last_entry": "Last entry that it knows",
        "hash": "Hash of that entry",
        "events": "Events, both arms together",
        "report": "Report that was seen",
        "manifest": "SHA-256 of its manifest",
        "recommendation": "Recommendation",
    },
    MEETING_HELD: {
        "occasion": "Occasion",
        **_SEEN,
        "rules": "Stopping rules that it was about",
        "recommendation": "Recommendation",
    },
    FINAL_MADE: {**_SEEN, "events": "Events, both arms together", "ground": "Why it was due"},
    "token_revoked": {"label": "System", "digest": "SHA-256 of the token"},
    "token_issued": {
        "label": "System",
        "user": "Acts as",
        "role": "In the role",
        "site": "At",
        "scopes": "May",
        "expires": "Ends",
        "digest": "SHA-256 of the token",
    },
}
"""What stands in the bodies of an administrator's entries, in an order for reading."""


class Item(NamedTuple):
    """One line of a body. ``key`` names the same thing in another body, for before and after."""

    key: str
    label: str
    lines: tuple[str, ...]
    note: str = ""
    entry: int | None = None  # the number of the entry that it refers to


class Reader:
    """Reads bodies under a protocol. Without ``arm``, an allocation's arm and position stay unsaid; without ``advice``
    what a safety board saw and recommends."""

    def __init__(self, protocol: Protocol, *, arm: bool, position: bool, advice: bool) -> None:
        self.protocol = protocol
        self.words = protocol.vocabulary
        self.arm = arm
        self.advice = advice
        self.position = position and arm

    def items(self, kind: str, body: Body) -> tuple[Item, ...]:
        """The body line by line, in an order for reading; nothing of it is left out."""
        special = {
            "facts_recorded": self._facts,
            "attested": self._attested,
            "registered": self._registered,
            "randomized": self._randomized,
        }.get(kind)
        if kind in OF_THE_BOARD:
            return tuple(self._of_the_board(kind, body))
        if special:
            return tuple(special(body))
        return tuple(_labelled(body, _LABELS[kind]) if kind in _LABELS else _plainly(body))

    def _facts(self, body: Body) -> Iterator[Item]:
        seen: dict[str, int] = {}
        for given in body["facts"]:
            item = fact_item(given, self.words)
            count = seen[item.key] = seen.get(item.key, 0) + 1
            yield item if count == 1 else item._replace(key=f"{item.key} ({count})")
        yield from _plainly(body, without=("facts",))

    def _attested(self, body: Body) -> Iterator[Item]:
        judgement = self.protocol.judgements.get(str(body["judgement"]))
        yield Item("judgement", "Statement", (judgement.statement if judgement else str(body["judgement"]),))
        if body.get("item") is not None:
            yield Item("item", "About", (str(body["item"]),))
        yield Item("answer", "Answer", (_said(body["answer"]),))
        yield Item("by", "Signed by", (str(body.get("by") or ""),), _words(str(body["role"])))
        if body.get("reason"):
            yield Item("reason", "Reason of the answer", (str(body["reason"]),))
        details = body.get("details") or {}
        labels = judgement.details if judgement else {}
        for name, value in details.items():
            yield Item(f"details.{name}", str(labels.get(name) or _words(name)), (_said(value),))
        yield from _plainly(body, without=("judgement", "item", "answer", "by", "role", "reason", "details"))

    def _registered(self, body: Body) -> Iterator[Item]:
        yield Item("participant", "Participant", (str(body["participant"]),))
        yield Item("protocol_version", "Protocol version", (str(body["protocol_version"]),))
        if isinstance(body.get("consent"), int):
            yield Item("consent", "Consent", (f"entry {body['consent']}",), entry=body["consent"])
        titles = {criterion.id: criterion.title for criterion in self.protocol.criteria}
        for given in body["evidence"] if isinstance(body["evidence"], list) else ():
            lines = tuple(self._evidence(piece) for piece in given.get("evidence", ()))
            yield Item(
                f"evidence.{given['id']}",
                f"{given['id']} {titles.get(given['id'], '')}".strip(),
                lines,
                given["verdict"],
            )
        yield Item("evidence_digest", "Digest of the evidence", (str(body["evidence_digest"]),))
        yield from _plainly(body, without=("participant", "protocol_version", "consent", "evidence", "evidence_digest"))

    def _evidence(self, piece: Mapping[str, Any]) -> str:
        known = self.words.facts.get(str(piece.get("fact")))
        label = known.label if known else _words(str(piece.get("fact")))
        dated = f", {day(piece['date'])}" if piece.get("date") else ""
        source = f" ({piece['source']})" if piece.get("source") else ""
        return f"{label}: {_DAYS.sub(lambda found: _span(found[0]), _words(str(piece.get('value'))))}{dated}{source}"

    def _randomized(self, body: Body) -> Iterator[Item]:
        yield Item("arm", "Arm", self._arm(str(body["arm"])))
        levels = body.get("levels") or {}
        for factor in self.protocol.randomization.strata:
            label = next((one.label for one in factor.levels if one.id == levels.get(factor.id)), levels.get(factor.id))
            yield Item(f"levels.{factor.id}", factor.label, (str(label or "not recorded"),))
        yield Item("method", "Method", (_words(str(body["method"])),))
        yield Item("stratum", "Stratum", (str(body["stratum"]),))
        shown = str(body["position"]) if self.position else HIDDEN
        yield Item("position", "Number in the stratum", (shown,), "counted from 0" if self.position else "")
        yield from _plainly(body, without=("arm", "levels", "method", "stratum", "position"))

    def _of_the_board(self, kind: str, body: Body) -> Iterator[Item]:
        hidden = () if self.advice else ("events", "ground", "occasion", "recommendation", "rules")
        for item in _labelled(body, _LABELS[kind]):
            yield item._replace(lines=(HIDDEN,)) if item.key in hidden else item

    def _arm(self, arm_id: str) -> tuple[str, ...]:
        if not self.arm:
            return (HIDDEN,)
        arm = {one.id: one for one in self.protocol.arms}.get(arm_id)
        return (arm.label, arm.treatment) if arm else (arm_id,)


def fact_item(given: Mapping[str, Any], words: Vocabulary) -> Item:
    """One recorded fact: label, value field by field, and when and from where."""
    name = str(given.get("fact"))
    kind = words.facts.get(name)
    source = given.get("source") or {}
    origin = " ".join(str(source[part]) for part in ("origin", "path") if source.get(part))
    note = "; ".join(
        part for part in (day(given.get("date")), origin, f"by {source['by']}" if source.get("by") else "") if part
    )
    if kind is None:
        return Item(name, _words(name), (_said(given.get("value")),), note)
    value = given.get("value")
    which = str(value.get(kind.key, "")) if kind.key and isinstance(value, dict) else ""
    label = f"{kind.label or _words(name)}{f' {which}' if which else ''}"
    return Item(f"{name} {which}".strip(), label, _value(value, kind, words, dict(given)), note)


def _value(value: JSON, kind: FactType, words: Vocabulary, given: dict[str, Any]) -> tuple[str, ...]:
    if value == {"complete": True}:
        return ("the list is complete: nothing else exists",)
    if kind.fields and isinstance(value, dict):
        return tuple(
            f"{kind.fields[name].label or _words(name)}: {_scalar(part, kind.fields[name])}"
            if name in kind.fields
            else f"{_words(name)}: {_said(part)}"
            for name, part in value.items()
        )
    if isinstance(value, dict):
        try:
            return (str(read_fact(given, words).value),)
        except (KeyError, TypeError, ValueError):
            return (_said(value),)
    return (_scalar(value, kind),)


def _scalar(value: JSON, kind: FactType) -> str:
    if isinstance(value, str) and kind.codes:
        return str(kind.codes.get(value, value))
    if isinstance(value, str) and kind.kind == "date":
        return _span(value)
    unit = f" {kind.unit}" if kind.unit and kind.kind == "number" and not isinstance(value, (dict, bool)) else ""
    return f"{_said(value)}{unit}"


def _span(text: str) -> str:
    """A day as people read it; the span of a coarse birth date as both its ends."""
    try:
        return day(parse_date(text))
    except ValueError:
        return text


def _labelled(body: Body, labels: Mapping[str, str]) -> Iterator[Item]:
    for key, label in labels.items():
        say = _SAID.get(key, _said)
        yield Item(key, label, (say(body[key]),))
    yield from _plainly(body, without=tuple(labels))


def _plainly(body: Body, without: tuple[str, ...] = ()) -> Iterator[Item]:
    """What has no wording of its own, key by key."""
    for key, value in body.items():
        if key not in without:
            yield Item(key, _words(key).capitalize(), (_said(value),))


def _said(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        if "unmapped" in value and isinstance(value["unmapped"], list):
            system, code, display = (*value["unmapped"], "", "", "")[:3]
            return f"{display or 'code'} ({system} {code}, not in the vocabulary)"
        if isinstance(value.get("range"), dict):
            return " to ".join(_said(value["range"].get(end)) for end in ("low", "high")).replace("none", "any")
        return ", ".join(f"{_words(str(name))} {_said(part)}" for name, part in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(_said(part) for part in value) or "none"
    return str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")


_SAID: Final[Mapping[str, Callable[[Any], str]]] = {
    "expires": moment,
    "recorded": moment,
    "effective": day,
    "role": lambda role: _words(_said(role)),
    "report": lambda report: TRACED.get(report, _said(report)) or "none was made",
    "manifest": lambda digest: _said(digest) or "none",
    "recommendation": lambda advice: RECOMMENDATIONS.get(advice, _said(advice)),
    "occasion": lambda occasion: OCCASIONS.get(occasion, _said(occasion)),
    "ground": lambda ground: GROUNDS.get(ground, _said(ground)),
    "rules": lambda rules: ", ".join(f"{_words(one['rule'])}, at {one['people']} people" for one in rules) or "none",
}
"""How what is labelled is said, by its key, where it is not said as it stands."""
