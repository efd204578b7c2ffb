"""The safety board and what follows from it, taken again: looks, other meetings, the final analysis, halts of accrual.

What was counted is counted again at the same data cut, by what is loaded on use: it takes seconds.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from evenhand import administration, steps
from evenhand.administration import CutSeen, FinalSeen, LookSeen, MeetingSeen
from evenhand.record import FINAL_MADE, LOOK_HELD, Entry
from evenhand.replay.before import Before


def look_held(before: Before, entry: Entry) -> str:
    """Allowed then, signed, and with the events that its data cut gives when they are counted again."""
    body: dict[str, Any] = entry.body
    told = {name: body[name] for name in ("last_entry", "events", "report", "manifest")}
    day, moment = _cut_of(body)
    look = LookSeen(number=body["look"], effective=day, recorded=moment, **told)
    given = {"look": look, "recommendation": body["recommendation"], "reason": entry.reason or ""}
    if said := before.again(entry, administration.hold_look, **given) or _unsigned(entry):
        return said
    from evenhand.analysis.efficacy.looks import events_at  # noqa: PLC0415 - seconds, where a look was held

    found = events_at(before.versions, before.history, effective=day, recorded=moment)
    return "" if found == look.events else f"events is {look.events}, but the cut gives {found}"


def meeting_held(before: Before, entry: Entry) -> str:
    """Allowed then, signed, and about stopping rules that were met at its data cut."""
    body: dict[str, Any] = entry.body
    rules = tuple((one["rule"], one["people"]) for one in body["rules"])
    meeting = MeetingSeen(_seen(body), body["occasion"], rules)
    given = {"meeting": meeting, "recommendation": body["recommendation"], "reason": entry.reason or ""}
    if said := before.again(entry, administration.hold_meeting, **given) or _unsigned(entry):
        return said
    if not rules:
        return ""
    from evenhand.analysis.monitoring.met import rules_met_at  # noqa: PLC0415 - seconds, where rules are named

    found = dict(rules_met_at(before.versions, before.history, *_cut_of(body)))
    wrong = [f"{name} at {people} people" for name, people in rules if found.get(name) != people]
    return f"the cut does not give that {' and '.join(wrong)} was the newest look met" if wrong else ""


def final_made(before: Before, entry: Entry) -> str:
    """Allowed then, signed, with the events of its data cut, and due at it."""
    body: dict[str, Any] = entry.body
    final = FinalSeen(_seen(body), body["events"], body["ground"])
    if said := before.again(entry, administration.make_final, final=final) or _unsigned(entry):
        return said
    from evenhand.analysis.efficacy.crossing import final_at  # noqa: PLC0415 - seconds, where there is one

    found = final_at(before.versions, before.history, *_cut_of(body))
    counted = (final.events, final.ground)
    return "" if found == counted else f"events and ground are {counted}, but the cut gives {found}"


def struck(before: Before, entry: Entry) -> str:
    """Struck by who may, with a signature of its own."""
    reason = entry.reason or ""
    if entry.kind == LOOK_HELD:
        said = before.again(entry, administration.strike_look, look=entry.body["look"], reason=reason)
    elif entry.kind == FINAL_MADE:
        said = before.again(entry, administration.strike_final, reason=reason)
    else:
        said = before.again(entry, administration.strike_meeting, meeting=entry.corrects, reason=reason)
    return said or _unsigned(entry)


def halted(before: Before, entry: Entry) -> str:
    """The study ran then, and the stopping rule that it names is one of the protocol."""
    return before.again(entry, steps.halt_accrual, rule=entry.body.get("rule", ""), reason=entry.reason)


def _cut_of(body: dict[str, Any]) -> tuple[date, datetime]:
    return date.fromisoformat(body["effective"]), datetime.fromisoformat(body["recorded"])


def _seen(body: dict[str, Any]) -> CutSeen:
    day, moment = _cut_of(body)
    return CutSeen(day, moment, body["last_entry"], body["report"], body["manifest"])


def _unsigned(entry: Entry) -> str:
    return "" if entry.signature else "it is not signed"
