"""Verification of a record: the chain, and every step taken again.

The chain shows that nothing was changed; replaying shows that everything was allowed, and that whoever did it held the
role. Each entry's step is taken anew on the record before it, and must return what stands there. With the secret (or
once the closed study reveals it), every allocation is derived again; without it, everything about an allocation is
checked but the arm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from evenhand import administration, steps
from evenhand.administration import INSTALLER, Grant, TokenTerms, grants
from evenhand.conduct import quality
from evenhand.conduct.entering import Given, form_of
from evenhand.conduct.findings import DoubtAt
from evenhand.conduct.forms import FORM_ENTERED, happened_on
from evenhand.conduct.forms import entries as form_entries
from evenhand.enrollment import protocol_at, protocol_of_step, require_running
from evenhand.protocol import Protocol, Versions, as_versions
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
    text: bytes, protocol: Protocol | Versions, *, secret: bytes | None = None, expected_head: str | None = None
) -> Verification:
    """Verify a record given as JSON lines. Findings of the chain come first; a broken chain is not replayed.

    A record across an amendment needs all its ``Versions``: each step is taken again under the version that held.
    Raises StudyError where the record names one that is not among them.
    """
    versions = as_versions(protocol)
    findings = list(verify(text, expected_head=expected_head))
    if findings:
        return Verification(tuple(findings), text.count(b"\n"), 0, 0, "none", False, "")
    entries = _entries(text)
    if entries and entries[0].study != versions.study:
        what = f"The record is of study {entries[0].study!r}, the protocol of {versions.study!r}."
        other = Finding(seq=1, line=1, what=what, mend="Name the right study.")
        return Verification((other,), len(entries), 0, 0, "none", False, "")
    replay = _Replay(versions, secret or _revealed(entries))
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
    """Walks through the entries; ``history`` is the record before the entry in hand, ``protocol`` the version that held
    for whom it is about."""

    def __init__(self, versions: Versions, secret: bytes | None) -> None:
        self.versions = versions
        self.protocol = versions.start
        self.secret = secret
        self._history = History(versions.study)
        self._waiting: list[Entry] = []
        self._waiting_about: set[str | None] = set()
        self._study_waits = False  # whether something about the whole study, which counts at once, waits to be folded
        self._held: frozenset[Grant] = frozenset()

    @property
    def history(self) -> History:
        """The record before the entry in hand. Entries about people are folded when somebody asks, many at once."""
        if self._waiting:
            self._history, self._waiting = self._history.extend(self._waiting), []
            self._study_waits = False
            self._waiting_about.clear()
        return self._history

    def run(self, entries: list[Entry]) -> Iterator[Finding]:
        for entry in entries:
            yield from self._fault(entry)
            self._waiting.append(entry)
            self._waiting_about.add(entry.subject)
            self._study_waits |= entry.subject is None
            if entry.kind in ("role_granted", "role_revoked"):
                self._held = frozenset(grants(self.history))

    def _fault(self, entry: Entry) -> Iterator[Finding]:
        try:
            self.protocol = self._protocol_then(entry)
            said = self._authority(entry) or self._checked(entry)
        except Refusal as refusal:
            said = f"the step was not allowed: {refusal}"
        except (RandomizationError, RecordError, KeyError, TypeError, ValueError) as error:
            said = f"the step cannot be taken again: {error}"
        if said:
            yield Finding(seq=entry.seq, line=entry.seq, what=f"{entry}: {said}", mend="Ask who recorded it.")

    def _protocol_then(self, entry: Entry) -> Protocol:
        """The version that held; what waits about others is not folded to know it."""
        known = self.history if self._study_waits else self._history
        if not known.state.activated:
            return self.versions.of_digest(str(entry.body.get("protocol_digest"))) or self.versions.start
        if not known.state.amended:
            return protocol_at(self.versions, known, None)
        known = self.history if entry.subject in self._waiting_about else known
        return protocol_of_step(self.versions, known, subject=entry.subject, site=entry.by.site)

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
        if entry.corrects is not None and entry.kind == FORM_ENTERED:
            return self.corrected_form(entry)
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
        event = steps.entered(self.protocol, self.history, entry.subject or "", _given(entry), _day_of_entry(entry))
        return _difference(dict(event.body), entry.body) or self._day(entry)

    def corrected_form(self, entry: Entry) -> str:
        """A correction of a form obeys the form as its first entry did, and a lock forbids it."""
        known = self.history.subject(entry.subject or "")
        seq = entry.corrects or 0
        if entry.body.get("struck"):
            event = steps.struck(self.protocol, known, seq, entry.reason)
            return _difference(dict(event.body), entry.body) or _moved(entry, event.effective)
        given = _given(entry)
        event = steps.corrected(self.protocol, known, seq, given, entry.reason, _day_of_entry(entry))
        before = next(one for one in form_entries(self.protocol, known) if seq in (one.seq, *one.standing.corrections))
        undated = before.dated and before.form.day not in given.values  # then its day is that of the correction
        moved = "" if undated else _moved(entry, event.effective)
        return _difference(dict(event.body), entry.body) or moved

    def _day(self, entry: Entry) -> str:
        """Where a form's own date says when it happened, that is its day."""
        given = _given(entry)
        day = happened_on(form_of(self.protocol, given.form), given.values, entry.effective)
        return _moved(entry, day)

    def signed_forms(self, entry: Entry) -> str:
        if entry.signature is None:
            return "it is not signed"
        if entry.signature.signer != entry.by.user and not entry.signature.signer.endswith(f"({entry.by.user})"):
            return f"it is signed by {entry.signature.signer}, but recorded by {entry.by.user}"
        return self._again(entry, steps.sign_forms, subject=entry.subject, seen=_seen(entry))

    def verified(self, entry: Entry) -> str:
        return self._again(entry, steps.verify_source, subject=entry.subject, seen=_seen(entry))

    def locked(self, entry: Entry) -> str:
        return self._again(entry, steps.lock_forms, subject=entry.subject, seqs=entry.body["entries"])

    def unlocked(self, entry: Entry) -> str:
        given = {"seqs": entry.body["entries"], "reason": entry.reason}
        return self._again(entry, steps.unlock_forms, subject=entry.subject, **given)

    def query_opened(self, entry: Entry) -> str:
        """A rule's query is asked by a rule of the form, then; another room's by a room that there is."""
        body: Any = entry.body
        place = body["form"], body["item"], body.get("visit")
        if not body["check"]:
            asked = DoubtAt(*place, body["path"], "", body["text"])
            return self._again(entry, steps.open_query, subject=entry.subject, asked=asked)
        known = self.history.subject(entry.subject or "")
        if any(one.key == (place, body["path"], body["check"]) for one in quality.open_queries(known)):
            return "this question is open already"
        room, colon, _ = body["check"].partition(": ")
        if colon:
            return "" if room in quality.SOURCES else f"no room {room!r} asks questions"
        doubts = quality.form_doubts(self.protocol, known, entry.effective)
        wanted = place, body["path"], body["check"]
        return (
            ""
            if (wanted, body["text"]) in {(one.key, one.say) for one in doubts}
            else f"no rule asks {body['check']!r} there"
        )

    def query_answered(self, entry: Entry) -> str:
        return self._again(entry, steps.answer_query, query=entry.body["query"], text=entry.body["text"])

    def query_closed(self, entry: Entry) -> str:
        """Data agree when no rule of the form asks any more."""
        body: Any = entry.body
        if body["how"] != quality.AGREE:
            given = {"query": body["query"], "how": body["how"], "reason": entry.reason}
            return self._again(entry, steps.close_query, **given)
        known = self.history.subject(entry.subject or "")
        asked = next((one for one in quality.open_queries(known) if one.seq == body["query"]), None)
        if asked is None or not asked.by_rule:
            return f"entry {body['query']} is no query of a rule that is open"
        doubts = quality.form_doubts(self.protocol, known, entry.effective)
        return "the rule still asks" if asked.key in {one.key for one in doubts} else ""

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

    def adopted(self, entry: Entry) -> str:
        given = {"site": entry.body["site"], "version": entry.body["version"], "reason": entry.reason}
        return self._again(entry, steps.adopt_version, versions=self.versions, **given)

    def site_opened(self, entry: Entry) -> str:
        """A site starts under a version that was adopted by then."""
        said = self.office(entry)
        digest = entry.body.get("digest")
        known = "version" not in entry.body or self.history.state.adopted(str(digest))
        return said or ("" if known else f"no site had adopted {entry.body['version']!r} then")

    def closed(self, entry: Entry) -> str:
        self.running(entry)
        secret = bytes.fromhex(str(entry.body["secret"]))
        revealed = verify_commitment(secret, self.history.state.commitment or "")
        return "" if revealed else "the secret revealed is not the one committed to"


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


def _seen(entry: Entry) -> dict[int, str]:
    """What was shown of the entries that are signed or verified."""
    listed: Any = entry.body["entries"]
    return {one["seq"]: one["digest"] for one in listed}


def _of_installer(entry: Entry) -> bool:
    """Whether this is what whoever runs the machine does: an account, a way in, and the role of an administrator."""
    granted = entry.kind == "role_granted" and entry.body["role"] == "administrator" and not entry.body.get("site")
    return granted or entry.kind in ("account_made", "way_in_given")


def _difference(expected: dict[str, JSON], found: dict[str, JSON]) -> str:
    keys = sorted(key for key in {*expected, *found} if expected.get(key) != found.get(key) and key != "remark")
    return "; ".join(f"{key} is {found.get(key)!r}, but the step gives {expected.get(key)!r}" for key in keys)


_CHECKS: dict[str, Callable[[_Replay, Entry], str]] = {
    "study_activated": _Replay.activated,
    "site_opened": _Replay.site_opened,
    "version_adopted": _Replay.adopted,
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
    FORM_ENTERED: _Replay.entered,
    "forms_signed": _Replay.signed_forms,
    "source_verified": _Replay.verified,
    "forms_locked": _Replay.locked,
    "forms_unlocked": _Replay.unlocked,
    "query_opened": _Replay.query_opened,
    "query_answered": _Replay.query_answered,
    "query_closed": _Replay.query_closed,
    "study_closed": _Replay.closed,
}
