"""Verification of a record: the chain, and every step taken again.

The chain shows that nothing was changed; replaying shows that everything was allowed, and that whoever did it held the
role. Each entry's step is taken anew on the record before it, and must return what stands there. With the secret (or
once the closed study reveals it), every allocation is derived again; without it, everything about an allocation is
checked but the arm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from evenhand import administration, steps
from evenhand.administration import INSTALLER, Grant, TokenTerms, grants
from evenhand.conduct.entering import Given
from evenhand.enrollment import require_running
from evenhand.protocol import Protocol
from evenhand.randomization import RandomizationError, allocate, design_of, verify_commitment
from evenhand.record import JSON, KINDS, Entry, Finding, History, RecordError, SubjectHistory, loads, verify
from evenhand.record.facts import recorded_person
from evenhand.refusal import Refusal

Checked = Literal["derived", "placed"]


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found, and what was looked at. No findings mean: the record is whole, and every step was legal."""

    findings: tuple[Finding, ...]
    entries: int
    subjects: int
    allocations: int
    arms: Literal["derived again", "not derived: the secret is not known", "none"]
    replayed: bool
    head: str


def verify_record(
    text: bytes, protocol: Protocol, *, secret: bytes | None = None, expected_head: str | None = None
) -> Verification:
    """Verify a record given as JSON lines. Findings of the chain come first; a broken chain is not replayed."""
    findings = list(verify(text, expected_head=expected_head))
    if findings:
        return Verification(tuple(findings), text.count(b"\n"), 0, 0, "none", False, "")
    entries = _entries(text)
    if entries and entries[0].study != protocol.study:
        what = f"The record is of study {entries[0].study!r}, the protocol of {protocol.study!r}."
        other = Finding(seq=1, line=1, what=what, mend="Name the right study.")
        return Verification((other,), len(entries), 0, 0, "none", False, "")
    replay = _Replay(protocol, secret or _revealed(entries))
    findings += replay.run(entries)
    known = replay.history
    arms = "none" if not known.allocations else _arms(replay.secret)
    return Verification(
        tuple(findings),
        len(entries),
        len(known.subjects),
        len(known.allocations),
        arms,
        True,
        known.head_hash,
    )


def _arms(secret: bytes | None) -> Literal["derived again", "not derived: the secret is not known"]:
    return "derived again" if secret is not None else "not derived: the secret is not known"


def _entries(text: bytes) -> list[Entry]:
    return list(loads(text))


def _revealed(entries: list[Entry]) -> bytes | None:
    for entry in entries:
        if entry.kind == "study_closed" and isinstance(entry.body.get("secret"), str):
            return bytes.fromhex(str(entry.body["secret"]))
    return None


class _Replay:
    """Walks through the entries; ``history`` is the record before the entry in hand."""

    def __init__(self, protocol: Protocol, secret: bytes | None) -> None:
        self.protocol = protocol
        self.secret = secret
        self._history = History(protocol.study)
        self._waiting: list[Entry] = []
        self._study_waits = False  # whether something about the whole study, which counts at once, waits to be folded
        self._held: frozenset[Grant] = frozenset()

    @property
    def history(self) -> History:
        """The record before the entry in hand. Entries about people are folded when somebody asks, many at once."""
        if self._waiting:
            self._history, self._waiting = self._history.extend(self._waiting), []
            self._study_waits = False
        return self._history

    def run(self, entries: list[Entry]) -> Iterator[Finding]:
        for entry in entries:
            yield from self._fault(entry)
            self._waiting.append(entry)
            self._study_waits |= entry.subject is None
            if entry.kind in ("role_granted", "role_revoked"):
                self._held = frozenset(grants(self.history))

    def _fault(self, entry: Entry) -> Iterator[Finding]:
        try:
            said = self._authority(entry) or self._checked(entry)
        except Refusal as refusal:
            said = f"the step was not allowed: {refusal}"
        except (RandomizationError, RecordError, ValueError) as error:
            said = f"the step cannot be taken again: {error}"
        if said:
            yield Finding(seq=entry.seq, line=entry.seq, what=f"{entry}: {said}", mend="Ask who recorded it.")

    def _authority(self, entry: Entry) -> str:
        """Once the record says who holds which role, nobody else may have acted. A record without a delegation log,
        such as a made-up one, has no such question; and the first grant is made by whoever set the study up. Whoever
        runs the machine may let an administrator in, also later, should all others be gone."""
        by = entry.by
        if by == INSTALLER and _of_installer(entry):
            return ""
        if not self._held or self._held & {Grant(by.user, by.role, by.site), Grant(by.user, by.role, None)}:
            return ""
        place = f" at {by.site}" if by.site else ""
        return f"{by.user} did not hold the role {by.role.replace('_', ' ')}{place} then"

    def _checked(self, entry: Entry) -> str:
        if entry.corrects is not None:
            return ""  # the chain has checked what may be corrected; a correction may say anything, with its reason
        check = _CHECKS.get(entry.kind)
        return check(self, entry) if check else f"no step of this protocol records {entry.kind!r}"

    def activated(self, entry: Entry) -> str:
        if entry.body["protocol_digest"] != self.protocol.digest:
            return "it was activated under another protocol text than the one loaded"
        if self.secret is not None and not verify_commitment(self.secret, str(entry.body["commitment"])):
            return "the secret given is not the one committed to"
        return "the study was activated before" if self.history.state.activated else ""

    def registered(self, entry: Entry) -> str:
        given = {
            "subject": entry.subject or "",
            "on": entry.effective,
            "by": entry.by,
            "at": entry.recorded_at,
        }
        (event,) = steps.register(self.protocol, self.history, **given)  # type: ignore[arg-type]
        return _difference(dict(event.body), entry.body)

    def randomized(self, entry: Entry) -> str:
        place = steps.next_place(self.protocol, self.history, subject=entry.subject or "", on=entry.effective)
        arm = str(entry.body["arm"])
        if self.secret is not None:
            arm = allocate(design_of(self.protocol.randomization), self.secret, place)
        elif arm not in self.protocol.randomization.ratio:
            return f"{arm!r} is no arm"
        return _difference(steps.allocation_body(self.protocol, place, arm), entry.body)

    def recorded(self, entry: Entry) -> str:
        """What it says can be read; it is judged where somebody was registered or randomized by it."""
        self.running(entry)
        alone = SubjectHistory(entry.subject).after(entry, KINDS)
        recorded_person(alone, self.protocol.vocabulary)
        return ""

    def attested(self, entry: Entry) -> str:
        said = self.recorded(entry)
        judgement = self.protocol.judgements.get(str(entry.body["judgement"]))
        if judgement is None:
            return f"{entry.body['judgement']!r} is no judgement of this protocol"
        if entry.body["role"] not in judgement.roles:
            return f"a {entry.body['role']} may not sign {judgement.name!r}"
        details = entry.body.get("details")
        absent = steps.missing_details(judgement, details if isinstance(details, dict) else {})
        if absent:
            return f"{judgement.name!r} lacks {' and '.join(absent)}"
        return said if entry.signature else "it is not signed"

    def entered(self, entry: Entry) -> str:
        """Day and place come from the body; what the rules of a form ask about today is asked of the day of entry."""
        body: Any = entry.body
        given = Given(
            body["form"], body["values"], body["item"], body.get("visit"), body.get("unless"), body.get("not_done")
        )
        on = max(entry.effective, entry.recorded_at.date())
        event, *_ = steps.enter(
            self.protocol,
            self.history,
            subject=entry.subject or "",
            given=given,
            on=on,
            by=entry.by,
            at=entry.recorded_at,
        )
        return _difference(dict(event.body), entry.body)

    def running(self, entry: Entry) -> str:
        require_running(self.protocol, self.history if self._study_waits else self._history)
        return ""

    def office(self, entry: Entry) -> str:
        """Sites, roles and erasures stand beside the path; they may be recorded before activation."""
        return "the study was closed before" if self.history.state.closure is not None else ""

    def account_made(self, entry: Entry) -> str:
        body = entry.body
        return self._again(entry, administration.make_account, user=body["user"], name=body["name"])

    def way_in(self, entry: Entry) -> str:
        body = entry.body
        return self._again(entry, administration.give_way_in, user=body["user"], ways=[body["what"]])

    def account_stopped(self, entry: Entry) -> str:
        return self._again(entry, administration.stop_account, user=entry.body["user"], reason=entry.reason)

    def account_restored(self, entry: Entry) -> str:
        return self._again(entry, administration.restore_account, user=entry.body["user"])

    def token_issued(self, entry: Entry) -> str:
        body = entry.body
        ends = datetime.fromisoformat(str(body["expires"])).astimezone(UTC)
        holder = Grant(str(body["user"]), str(body["role"]), str(body["site"]))
        scopes = tuple(body["scopes"]) if isinstance(body["scopes"], list) else ()
        terms = TokenTerms(str(body["label"]), holder, scopes, ends - entry.recorded_at)  # type: ignore[arg-type]
        return self._again(entry, administration.issue_token, terms=terms, digest=body["digest"])

    def token_revoked(self, entry: Entry) -> str:
        return self._again(entry, administration.revoke_token, digest=entry.body["digest"], reason=entry.reason)

    def _again(self, entry: Entry, step: steps.Step, **given: Any) -> str:
        """Take a step of the office again; what differs between its first event and the entry."""
        event, *_ = step(self.protocol, self.history, on=entry.effective, by=entry.by, at=entry.recorded_at, **given)
        return _difference(dict(event.body), entry.body)

    def erased(self, entry: Entry) -> str:
        return "" if self.history.subject(entry.subject or "").entries else f"{entry.subject} is not in the record"

    def closed(self, entry: Entry) -> str:
        self.running(entry)
        secret = bytes.fromhex(str(entry.body["secret"]))
        revealed = verify_commitment(secret, self.history.state.commitment or "")
        return "" if revealed else "the secret revealed is not the one committed to"


def _of_installer(entry: Entry) -> bool:
    """Whether this is what whoever runs the machine does: an account, a way in, and the role of an administrator."""
    granted = entry.kind == "role_granted" and entry.body["role"] == "administrator" and not entry.body.get("site")
    return granted or entry.kind in ("account_made", "way_in_given")


def _difference(expected: dict[str, JSON], found: dict[str, JSON]) -> str:
    keys = sorted(key for key in {*expected, *found} if expected.get(key) != found.get(key) and key != "remark")
    return "; ".join(f"{key} is {found.get(key)!r}, but the step gives {expected.get(key)!r}" for key in keys)


_CHECKS: dict[str, Callable[[_Replay, Entry], str]] = {
    "study_activated": _Replay.activated,
    "site_opened": _Replay.office,
    "role_granted": _Replay.office,
    "role_revoked": _Replay.office,
    "account_made": _Replay.account_made,
    "account_stopped": _Replay.account_stopped,
    "account_restored": _Replay.account_restored,
    "way_in_given": _Replay.way_in,
    "token_issued": _Replay.token_issued,
    "token_revoked": _Replay.token_revoked,
    "accrual_halted": _Replay.running,
    "accrual_resumed": _Replay.running,
    "facts_recorded": _Replay.recorded,
    "attested": _Replay.attested,
    "consented": _Replay.running,
    "consent_withdrawn": _Replay.running,
    "identity_erased": _Replay.erased,
    "registered": _Replay.registered,
    "randomized": _Replay.randomized,
    "form_entered": _Replay.entered,
    "study_closed": _Replay.closed,
}
