"""Verification of a record: the chain, and every step taken again.

The chain shows that nothing was changed; replaying shows that everything was allowed, and that whoever did it held the
role. Each entry's step is taken anew on the record before it, and must return what stands there. With the secret (or
once the closed study reveals it), every allocation is derived again; without it, everything about an allocation is
checked but the arm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from evenhand.protocol import Protocol, Versions, as_versions
from evenhand.record import Entry, Finding, loads, verify
from evenhand.replay.walking import Walk

_OTHER_TEXT: Final = "the study was activated under another protocol text"
Arms = Literal["derived again", "not derived: the secret is not known", "none"]


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found, and what was looked at. No findings mean: the record is whole, and every step was legal.

    ``stopped`` says why no step was taken again, as a clause; empty where they were. Then nobody was counted either.
    """

    findings: tuple[Finding, ...]
    entries: int
    subjects: int = 0
    allocations: int = 0
    arms: Arms = "none"
    head: str = ""
    stopped: str = ""

    @property
    def replayed(self) -> bool:
        """Whether the steps were taken again."""
        return not self.stopped


def verify_record(
    text: bytes, protocol: Protocol | Versions, *, secret: bytes | None = None, expected_head: str | None = None
) -> Verification:
    """Verify a record given as JSON lines. Findings of the chain come first; a broken chain is not replayed, and
    neither is a record of another study or under a protocol of another text: that is one finding, not one an entry.

    A record across an amendment needs all its ``Versions``: each step is taken again under the version that held.
    Raises StudyError where the record names one that is not among them.
    """
    versions = as_versions(protocol)
    broken = tuple(verify(text, expected_head=expected_head))
    if broken:
        return Verification(broken, text.count(b"\n"), stopped="the chain of hashes is broken")
    entries = list(loads(text))
    if entries and entries[0].study != versions.study:
        other_study = _other_study(entries[0], versions)
        return Verification((other_study,), len(entries), stopped="the record is of another study")
    if (other := _other_protocol(entries, versions)) is not None:
        return Verification((other,), len(entries), stopped=_OTHER_TEXT)
    walk = Walk(versions, secret := secret or _revealed(entries))
    findings = tuple(walk.through(entries))
    known = walk.history
    arms: Arms = "derived again" if secret is not None else "not derived: the secret is not known"
    people, allocations = len(known.subjects), len(known.allocations)
    return Verification(findings, len(entries), people, allocations, arms if allocations else "none", known.head_hash)


def _other_study(first: Entry, versions: Versions) -> Finding:
    what = f"The record is of study {first.study!r}, the protocol of {versions.study!r}."
    return Finding(seq=1, line=1, what=what, mend="Name the right study.")


def _other_protocol(entries: list[Entry], versions: Versions) -> Finding | None:
    """The activation, where it was under a text that is not among the versions: no step could be judged by these."""
    activated = next((entry for entry in entries if entry.kind == "study_activated"), None)
    digest = str(activated.body.get("protocol_digest")) if activated is not None else ""
    if activated is None or versions.of_digest(digest) is not None:
        return None
    named = str(activated.body.get("protocol_version"))
    loaded = versions.named(named) or versions.start
    what = (
        f"{activated}: it was activated under another protocol text than the one loaded: the record has {named} with "
        f"the digest {digest}, loaded is {loaded.version.id} with the digest {loaded.digest}."
    )
    mend = "Verify it with the folder of the study as it was at activation."
    return Finding(seq=activated.seq, line=activated.seq, what=what, mend=mend)


def _revealed(entries: list[Entry]) -> bytes | None:
    for entry in entries:
        if entry.kind == "study_closed" and isinstance(entry.body.get("secret"), str):
            return bytes.fromhex(str(entry.body["secret"]))
    return None
