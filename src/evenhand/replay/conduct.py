"""What follows randomization, taken again: forms, signatures under them, locks, queries."""

from __future__ import annotations

from datetime import date
from typing import Any

from evenhand import steps
from evenhand.conduct import quality
from evenhand.conduct.entering import Given, form_of
from evenhand.conduct.findings import DoubtAt
from evenhand.conduct.forms import entries as form_entries
from evenhand.conduct.forms import happened_on
from evenhand.record import Entry
from evenhand.replay.before import Before, difference


def entered(before: Before, entry: Entry) -> str:
    """Day and place come from the body; what the rules of a form ask about today is asked of the day of entry."""
    event = steps.entered(before.protocol, before.history, entry.subject or "", _given(entry), _day_of_entry(entry))
    return difference(dict(event.body), entry.body) or _moved(entry, _day(before, entry))


def corrected_form(before: Before, entry: Entry) -> str:
    """A correction of a form obeys the form as its first entry did, and a lock forbids it."""
    known = before.history.subject(entry.subject or "")
    seq = entry.corrects or 0
    if entry.body.get("struck"):
        event = steps.struck(before.protocol, known, seq, entry.reason)
        return difference(dict(event.body), entry.body) or _moved(entry, event.effective)
    given = _given(entry)
    event = steps.corrected(before.protocol, known, seq, given, entry.reason, _day_of_entry(entry))
    stood = next(one for one in form_entries(before.protocol, known) if seq in (one.seq, *one.standing.corrections))
    undated = stood.dated and stood.form.day not in given.values  # then its day is that of the correction
    moved = "" if undated else _moved(entry, event.effective)
    return difference(dict(event.body), entry.body) or moved


def _day(before: Before, entry: Entry) -> date:
    """Where a form's own date says when it happened, that is its day."""
    given = _given(entry)
    return happened_on(form_of(before.protocol, given.form), given.values, entry.effective)


def signed_forms(before: Before, entry: Entry) -> str:
    """Signed by whoever recorded it, and as it was shown."""
    if entry.signature is None:
        return "it is not signed"
    if entry.signature.signer != entry.by.user and not entry.signature.signer.endswith(f"({entry.by.user})"):
        return f"it is signed by {entry.signature.signer}, but recorded by {entry.by.user}"
    return before.again(entry, steps.sign_forms, subject=entry.subject, shown=_shown(entry))


def verified(before: Before, entry: Entry) -> str:
    return before.again(entry, steps.verify_source, subject=entry.subject, shown=_shown(entry))


def locked(before: Before, entry: Entry) -> str:
    return before.again(entry, steps.lock_forms, subject=entry.subject, seqs=entry.body["entries"])


def unlocked(before: Before, entry: Entry) -> str:
    given = {"seqs": entry.body["entries"], "reason": entry.reason}
    return before.again(entry, steps.unlock_forms, subject=entry.subject, **given)


def query_opened(before: Before, entry: Entry) -> str:
    """A rule's query is asked by a rule of the form, then; another room's by a room that there is."""
    body: Any = entry.body
    place = body["form"], body["item"], body.get("visit")
    if not body["check"]:
        asked = DoubtAt(*place, body["path"], "", body["text"])
        return before.again(entry, steps.open_query, subject=entry.subject, asked=asked)
    known = before.history.subject(entry.subject or "")
    if any(one.key == (place, body["path"], body["check"]) for one in quality.open_queries(known)):
        return "this question is open already"
    room, colon, _ = body["check"].partition(": ")
    if colon:
        return "" if room in quality.SOURCES else f"no room {room!r} asks questions"
    doubts = quality.form_doubts(before.protocol, known, entry.effective)
    wanted = place, body["path"], body["check"]
    asks = (wanted, body["text"]) in {(one.key, one.say) for one in doubts}
    return "" if asks else f"no rule asks {body['check']!r} there"


def query_answered(before: Before, entry: Entry) -> str:
    return before.again(entry, steps.answer_query, query=entry.body["query"], text=entry.body["text"])


def query_closed(before: Before, entry: Entry) -> str:
    """Data agree when no rule of the form asks any more."""
    body: Any = entry.body
    if body["how"] != quality.AGREE:
        given = {"query": body["query"], "how": body["how"], "reason": entry.reason}
        return before.again(entry, steps.close_query, **given)
    known = before.history.subject(entry.subject or "")
    asked = next((one for one in quality.open_queries(known) if one.seq == body["query"]), None)
    if asked is None or not asked.by_rule:
        return f"entry {body['query']} is no query of a rule that is open"
    doubts = quality.form_doubts(before.protocol, known, entry.effective)
    return "the rule still asks" if asked.key in {one.key for one in doubts} else ""


def _given(entry: Entry) -> Given:
    body: Any = entry.body
    return Given(
        body["form"], body["values"], body["item"], body.get("visit"), body.get("unless"), body.get("not_done")
    )


def _day_of_entry(entry: Entry) -> date:
    """The record keeps the moment in UTC, and what was entered had happened by then where it was entered."""
    return max(entry.effective, entry.recorded_at.date())


def _moved(entry: Entry, day: date) -> str:
    return "" if entry.effective == day else f"its day is {entry.effective}, but {day} is what the form gives"


def _shown(entry: Entry) -> dict[int, str]:
    """What was shown of the entries that are signed or verified."""
    listed: Any = entry.body["entries"]
    return {one["seq"]: one["digest"] for one in listed}
