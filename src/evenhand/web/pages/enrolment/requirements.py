"""What must hold before somebody is registered or randomized, as the pages show it beside the criteria.

Whether it holds is decided by the steps; these lists say the same thing by thing, so that people see all of it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from evenhand.eligibility import Assessment, level_of, level_open_because
from evenhand.enrollment import require_accrual, require_consent, require_current
from evenhand.protocol import Protocol, Stratum
from evenhand.record import History, SubjectHistory
from evenhand.refusal import Refusal
from evenhand.web.pages.candidates.words import about_words, label_of
from evenhand.web.templatetags.evenhand import day


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must hold: what it is, how it is met, or the refusal where it is not.

    ``page`` names the address where it can be mended, ``act`` says what is done there.
    """

    title: str
    met: str
    refusal: Refusal | None
    page: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A stratification factor: the level in words; where that is None, why it is not known and which facts decide it.

    ``names`` are those facts as the address of their form takes them, ``labels`` as people call them.
    """

    factor: str
    level: str | None
    reasons: tuple[str, ...] = ()
    names: str = ""
    labels: tuple[str, ...] = ()


def obstacle(take: Callable[[], object]) -> Refusal | None:
    """Why a step would be refused now, None where it would be taken."""
    try:
        take()
    except Refusal as refusal:
        return refusal
    return None


def requirements(protocol: Protocol, history: History, known: SubjectHistory, on: date) -> list[Requirement]:
    """Accrual and consent, which hold or not whatever the criteria say."""
    given = known.consent_on(on)
    since = f", given on {day(given.effective)}" if given else ""
    by_version = Requirement(
        "The protocol version is the site's",
        f"Version {protocol.version.id}",
        obstacle(lambda: require_current(protocol, history, known)),
        "consent",
        "Record consent to the new version",
    )
    return [
        Requirement("Accrual is open", "For this study, today", obstacle(lambda: require_accrual(protocol, history))),
        *([by_version] if history.state.amended else []),
        Requirement(
            "Consent holds",
            f"{document_words(protocol)}{since}",
            obstacle(lambda: require_consent(protocol, known, on)),
            "consent",
            "Record consent",
        ),
    ]


def document_words(protocol: Protocol) -> str:
    """The current consent document: ``Participant information, version 1.0``."""
    wanted = protocol.enrollment
    return f"{wanted.consent_document.replace('-', ' ').capitalize()}, version {wanted.consent_version}"


def levels(protocol: Protocol, assessment: Assessment) -> list[Level]:
    """The levels of all stratification factors, read from facts."""
    return [_level(protocol, stratum, assessment) for stratum in protocol.randomization.strata]


def _level(protocol: Protocol, stratum: Stratum, assessment: Assessment) -> Level:
    at = level_of(protocol, stratum, assessment)
    if at is not None:
        return Level(stratum.label, level_words(stratum, at))
    vocabulary = protocol.vocabulary
    reasons = level_open_because(protocol, stratum, assessment)
    read = dict.fromkeys(name for level in stratum.levels for name in level.rule.facts)
    facts = list(dict.fromkeys(raw for name in read for raw in vocabulary.raw_inputs(name)))
    return Level(
        stratum.label,
        None,
        tuple(f"{about_words(reason.about, protocol)}: {reason.detail or reason.why}" for reason in reasons),
        ",".join(facts),
        tuple(label_of(vocabulary.facts[name]) for name in facts),
    )


def level_words(stratum: Stratum, level: str) -> str:
    """The label of a level, which is itself where the protocol no longer has it."""
    return next((one.label for one in stratum.levels if one.id == level), level)
