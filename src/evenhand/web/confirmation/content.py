"""What a confirmation says: read from the entry of the allocation and from what the record said when it was made.

Nothing else goes into it, neither who asks for it nor when, so that one entry has one confirmation for ever. It names
no person, and nothing of it tells where in a block the allocation stands.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from evenhand.protocol import Protocol
from evenhand.record import JSON, Entry, History, Signature
from evenhand.web.templatetags.evenhand import day, moment, words

Content = dict[str, JSON]


def confirmation_of(protocol: Protocol, history: History, subject: str) -> Content | None:
    """What the confirmation of a subject's randomization says; None for one who was not randomized."""
    known = history.subject(subject)
    made = next(iter(known.of("randomized")), None)
    if made is None or known.registration is None:
        return None
    entry = made.original
    arm = protocol.arm(str(entry.body["arm"]))
    return {
        "study": protocol.study.upper(),
        "title": protocol.short_title,
        "participant": str(known.registration.original.body["participant"]),
        "candidate": subject,
        "arm": arm.label,
        "treatment": arm.treatment,
        "strata": _strata(protocol, entry),
        "day": day(entry.effective),
        "time": f"{entry.recorded_at:%H:%M:%S} UTC",
        **_place(history, entry),
        "by": f"{entry.by.user}, {words(entry.by.role)}",
        "signature": None if entry.signature is None else _signature(entry.signature),
        "version": protocol.version.id,
        "digest": protocol.digest,
        "seq": entry.seq,
        "hash": entry.hash,
        "commitment": history.state.commitment or "",
        "made": entry.recorded_at.isoformat(),
    }


def _strata(protocol: Protocol, entry: Entry) -> list[JSON]:
    """The stratification factors with the levels that were used, in words."""
    levels = entry.body.get("levels")
    used = levels if isinstance(levels, dict) else {}
    return [
        {"label": stratum.label, "level": level.label}
        for stratum in protocol.randomization.strata
        for level in stratum.levels
        if level.id == used.get(stratum.id)
    ]


def _place(history: History, entry: Entry) -> Content:
    """The site as it was named when the allocation was made, and the time of day there."""
    code = entry.by.site or ""
    opened = [
        one.body
        for one in history.about_study.entries
        if one.kind == "site_opened" and one.seq < entry.seq and one.body.get("site") == code
    ]
    said = opened[-1] if opened else {}
    zone = str(said.get("time_zone") or "UTC")
    local = "" if zone == "UTC" else f"{_local(entry.recorded_at, zone)} in {zone}"
    return {"site": str(said.get("name") or code), "local": local}


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M:%S}"


def _signature(signature: Signature) -> Content:
    """Name, date and time, and meaning, as 21 CFR 11.50 (b) asks of anything that people read."""
    return {"signer": signature.signer, "meaning": signature.meaning, "at": moment(signature.signed_at)}
