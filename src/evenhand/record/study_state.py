"""What stands of the entries about the study as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.record.entry import Entry
from evenhand.record.errors import RecordError
from evenhand.record.subject import Standing, SubjectHistory


@dataclass(frozen=True, slots=True)
class Adoption:
    """From ``entry`` on, a site enrols under a protocol version; ``effective`` is the day."""

    site: str
    version: str
    digest: str
    effective: date
    entry: Entry


@dataclass(frozen=True, slots=True)
class StudyState:
    """Activation, sites, accrual and closure.

    ``activation`` and ``closure`` are None before they happen. ``sites`` are those open, in the order of
    opening. ``adoptions`` say which protocol version each site follows, in the order of recording: activation is the
    first at every site that is open then. ``amended``: whether more than one version was adopted. ``halt`` is the halt
    of accrual that is in force: its ``latest.reason`` says why; None where accrual goes on.
    """

    activation: Standing | None = None
    sites: tuple[str, ...] = ()
    halt: Standing | None = None
    closure: Standing | None = None
    adoptions: tuple[Adoption, ...] = ()
    amended: bool = False

    def adopted_at(self, site: str | None) -> Adoption | None:
        """What a site adopted last; None for one that is not open, and before activation."""
        return next((one for one in reversed(self.adoptions) if one.site == site), None)

    def adopted(self, digest: str) -> bool:
        """Whether the study was activated under this protocol text, or a site adopted it."""
        return digest == self.protocol_digest or (self.amended and any(one.digest == digest for one in self.adoptions))

    @property
    def activated(self) -> bool:
        """Whether the study was activated."""
        return self.activation is not None

    @property
    def protocol_version(self) -> str | None:
        """The protocol version of the activation, None before it."""
        return self.activation.value("protocol_version", str) if self.activation else None

    @property
    def protocol_digest(self) -> str | None:
        """The digest of the protocol that was activated, None before activation."""
        return self.activation.value("protocol_digest", str) if self.activation else None

    @property
    def commitment(self) -> str | None:
        """The published digest of the randomization secret, None before activation."""
        return self.activation.value("commitment", str) if self.activation else None

    @property
    def secret(self) -> str | None:
        """The secret, once the study is closed; None before."""
        return self.closure.value("secret", str) if self.closure else None

    @property
    def accrual_open(self) -> bool:
        """Whether participants may enter: activated, not halted, not closed."""
        return self.activation is not None and self.halt is None and self.closure is None

    @property
    def halted_because(self) -> str | None:
        """The reason of the halt in force, None where accrual is not halted."""
        return self.halt.latest.reason if self.halt else None

    @property
    def halted_since(self) -> date | None:
        """The day of the halt in force, None where accrual is not halted."""
        return self.halt.effective if self.halt else None


def study_state(about_study: SubjectHistory) -> StudyState:
    """The state of the study from the entries about it. Raises RecordError for a body of the wrong shape.

    Halts and resumptions count in the order in which they happened: by day, and within a day as first
    recorded.
    """
    turns = about_study.of("accrual_halted") + about_study.of("accrual_resumed")
    last = max(turns, key=lambda one: one.happened, default=None)
    adoptions = _adoptions(about_study)
    return StudyState(
        activation=next(iter(about_study.of("study_activated")), None),
        sites=_sites(about_study),
        halt=last if last and last.kind == "accrual_halted" else None,
        closure=next(iter(about_study.of("study_closed")), None),
        adoptions=adoptions,
        amended=len({one.digest for one in adoptions}) > 1,
    )


def _adoptions(about_study: SubjectHistory) -> tuple[Adoption, ...]:
    """Activation counts at the sites open by then; a site opened later says its version, or starts with the first."""
    waiting: list[str] = []
    first: tuple[str, str] | None = None
    found: list[Adoption] = []
    for one in about_study.standing:
        kind, new = one.kind, list[str]()
        if kind == "study_activated":
            first = one.value("protocol_version", str), one.value("protocol_digest", str)
            new, waiting = [*waiting, *(str(site) for site in one.value("sites", list))], []
        elif kind in ("site_opened", "version_adopted"):
            new = [one.value("site", str)]
        if first is None:
            waiting += new
            continue
        said = first if kind == "study_activated" or "version" not in one.body else _said(one)
        found += [Adoption(site, *said, one.effective, one.original) for site in dict.fromkeys(new)]
    return tuple(found)


def _said(one: Standing) -> tuple[str, str]:
    return one.value("version", str), one.value("digest", str)


def _sites(about_study: SubjectHistory) -> tuple[str, ...]:
    opened: list[str] = []
    for activation in about_study.of("study_activated"):
        for site in activation.value("sites", list):
            if not isinstance(site, str):
                raise RecordError(f"A site must be text, not {site!r}.", where=str(activation.latest))
            opened.append(site)
    opened.extend(one.value("site", str) for one in about_study.of("site_opened"))
    return tuple(dict.fromkeys(opened))
