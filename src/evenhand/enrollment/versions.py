"""Which protocol version holds: at a site, for a person; and who must be asked for consent anew.

Our proposal, where the public sources leave it to the sponsor: a site enrols under the version that it adopted last;
whoever consented stays under the version consented to until the consent to a newer one (ICH E6(R3), informed consent:
new information is told in time, and consent is confirmed). Enrolling goes by the site's version alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from evenhand.protocol import Protocol, StudyError, Versions
from evenhand.record import Consent, History, StudyState, SubjectHistory


def protocol_for(versions: Versions, history: History, subject: str) -> Protocol:
    """The version that a person follows: of those adopted at the site, the newest that the person consented to.

    Consent that was withdrawn counts here too, since what was done under it was done under that version. Without any
    consent that fits: the site's version, as for somebody new. Raises StudyError as ``protocol_at``.
    """
    if not history.state.amended:
        return protocol_at(versions, history, None)
    known = history.subject(subject)
    return _followed(_adopted_at(versions, history.state, known.site), known.consents)


def protocol_then(versions: Versions, history: History, subject: str, seq: int) -> Protocol:
    """The version that a person followed when the entry ``seq`` about that person was recorded: what a signature, a
    registration or an allocation was made under. Raises StudyError as ``protocol_at``.
    """
    state = history.state
    if not state.amended:
        return protocol_at(versions, history, None)
    known = history.subject(subject)
    earlier = tuple(one for one in state.adoptions if one.entry.seq < seq)
    consents = [given for given in known.consents if given.seq < seq]
    return _followed(_adopted_at(versions, replace(state, adoptions=earlier), known.site), consents)


def protocol_at(versions: Versions, history: History, site: str | None) -> Protocol:
    """The version under which a site enrols now; elsewhere, and before an amendment, the one of activation.

    Before activation, and where the files are not those of activation, it is the one to start with: steps refuse it.
    Raises StudyError where a version that the site adopted is not among the folders.
    """
    if not history.state.amended:
        return versions.of_digest(history.state.protocol_digest) or versions.start
    return _adopted_at(versions, history.state, site)[-1]


def newest_adopted(versions: Versions, history: History) -> Protocol:
    """The newest version that any site adopted: what is said about the study as a whole."""
    state = history.state
    found = [protocol_at(versions, history, None)]
    if state.amended:
        found += [one for one in map(versions.of_digest, dict.fromkeys(a.digest for a in state.adoptions)) if one]
    return max(found, key=lambda one: one.version.number)


def protocol_of_step(versions: Versions, history: History, *, subject: str | None, site: str | None) -> Protocol:
    """The version that a step is taken under: the person's; for somebody new the site's; the study's where no site
    acts."""
    if subject is not None and history.subject(subject).entries:
        return protocol_for(versions, history, subject)
    return protocol_at(versions, history, site) if site is not None else newest_adopted(versions, history)


def _adopted_at(versions: Versions, state: StudyState, site: str | None) -> list[Protocol]:
    """The versions that a site adopted, the oldest first; for a site that is not open, the one of activation."""
    told = [(one.version, one.digest) for one in state.adoptions if one.site == site]
    told = told or [(state.protocol_version or "", state.protocol_digest or "")]
    found = [versions.of_digest(digest) for _, digest in told]
    missing = [version for (version, _), one in zip(told, found, strict=True) if one is None]
    if missing:
        said = f"version {missing[0]} of {versions.study}, but no folder has its text as it was adopted"
        raise StudyError(f"study.yaml: the record names {said}: restore the folder {missing[0]}")
    return [one for one in found if one is not None]


def _followed(adopted: list[Protocol], consents: Sequence[Consent]) -> Protocol:
    agreed = [one for one in adopted if any(_is_to(one, given) for given in consents)]
    return (agreed or adopted)[-1]


def _is_to(protocol: Protocol, given: Consent) -> bool:
    return protocol.enrollment.accepts(given.document, given.version)


def consent_to(protocol: Protocol, known: SubjectHistory, on: date) -> Consent | None:
    """The latest consent to a protocol version that holds on a day, None where none does."""
    return next((given for given in reversed(known.consents) if given.holds_on(on) and _is_to(protocol, given)), None)


@dataclass(frozen=True, slots=True)
class Reconsent:
    """Somebody whose consent holds, but is not to the version that the site adopted.

    ``follows`` and ``adopted`` are versions; ``since`` is the first day on which it was so; ``given`` the consent.
    """

    subject: str
    site: str | None
    follows: Protocol
    adopted: Protocol
    given: Consent
    since: date
    participant: str = ""
    randomized: bool = False

    def waiting(self, on: date) -> int:
        """For how many days it has been so."""
        return (on - self.since).days


def reconsent_list(
    versions: Versions, history: History, on: date, *, asked: Callable[[SubjectHistory], bool] = lambda _: True
) -> tuple[Reconsent, ...]:
    """Who must be asked for consent anew, whoever waits longest first.

    ``asked`` says of whom it makes sense: not of those who died or left the study. Raises StudyError as
    ``protocol_at``.
    """
    people = (history.subject(name) for name in history.subjects)
    found = [one for known in people if asked(known) for one in _reconsents(versions, history.state, known, on)]
    return tuple(sorted(found, key=lambda one: (one.since, one.subject)))


def _reconsents(versions: Versions, state: StudyState, known: SubjectHistory, on: date) -> Iterator[Reconsent]:
    given = known.consent_on(on)
    if given is None:
        return
    adopted = _adopted_at(versions, state, known.site)
    current, follows = adopted[-1], _followed(adopted, known.consents)
    if consent_to(current, known, on) is not None:
        return
    newer = (one for one in state.adoptions if one.site == known.site)
    days = [one.effective for one, protocol in zip(newer, adopted, strict=False) if _replaces(protocol, follows, given)]
    registration = known.registration
    yield Reconsent(
        known.subject or "",
        known.site,
        follows,
        current,
        given,
        max(min(days, default=given.effective), given.effective),
        str(registration.body["participant"]) if registration else "",
        known.allocation is not None,
    )


def _replaces(protocol: Protocol, follows: Protocol, given: Consent) -> bool:
    """Whether this version asks those for consent anew who gave it to an earlier one."""
    return protocol.version.number > follows.version.number and not _is_to(protocol, given)
