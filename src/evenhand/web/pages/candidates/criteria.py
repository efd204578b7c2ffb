"""The criteria of one candidate as a page shows them: verdict, why, what it rests on, and what would close each gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from evenhand.eligibility import (
    Assessment,
    CriterionVerdict,
    Evidence,
    Remedy,
    because,
    evidence,
    remedies,
)
from evenhand.oncology import DERIVATIONS
from evenhand.protocol import Criterion, Protocol
from evenhand.record import SubjectHistory
from evenhand.rules import Rule
from evenhand.web.access import Action, roles_for
from evenhand.web.desk import Desk
from evenhand.web.pages.candidates.known import said_on_record
from evenhand.web.pages.candidates.words import about_words, gap_words, label_of, roles_words, value_words

_SAYS = {"pass": "passes", "fail": "fails", "unknown": "unknown", "provisional": "provisional"}
_ACTS = {"record": "Record", "settle": "Settle", "sign": "Sign"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence in words."""

    label: str
    value: str
    date: str | None
    source: str
    entry: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing or disagrees, who closes it, and where this user does (None: not this user)."""

    label: str
    detail: str
    who: str
    act: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion."""

    criterion: Criterion
    state: str
    says: str
    because: str
    evidence: tuple[Piece, ...]
    computed: tuple[str, ...]
    gaps: tuple[Gap, ...]


class Sheet:
    """Makes the rows of one candidate for one user."""

    def __init__(self, desk: Desk, known: SubjectHistory, assessment: Assessment) -> None:
        self.desk = desk
        self.known = known
        self.assessment = assessment
        self.protocol: Protocol = desk.protocol
        self.site = desk.site_of(known.subject or "")
        self._said = said_on_record(known, self.protocol)

    def rows(self) -> Iterator[Row]:
        """The criteria in the protocol's order."""
        for item in self.assessment.criteria:
            yield self._row(item)

    def _row(self, item: CriterionVerdict) -> Row:
        state = "provisional" if item.provisional else item.verdict
        why = "" if item.verdict == "unknown" else because(self.assessment, item, self.protocol)
        pieces = tuple(self.piece(piece) for piece in evidence(self.assessment, item, self.protocol))
        gaps = tuple(self.gap(remedy) for remedy in remedies(item, self.protocol))
        computed = tuple(self._computed(item.criterion))
        return Row(item.criterion, state, _SAYS[state], why[:1].upper() + why[1:], pieces, computed, gaps)

    def piece(self, piece: Evidence) -> Piece:
        """A piece of evidence in the words of the study, with the entry that says it."""
        vocabulary = self.protocol.vocabulary
        said = self._said.get(piece)
        entry = said.seq if said else None
        name, _, item = piece.fact.partition("(")
        if name in self.protocol.judgements:
            label = f"Judgement: {self.protocol.judgements[name].label}" + (f", {item[:-1]}" if item else "")
            return Piece(label, piece.value, piece.date, piece.source.rpartition(" (")[0], entry)
        kind = vocabulary.facts[name]
        if kind.derived is not None:
            value = value_words(kind, self.assessment.view.one(name))
            return Piece(label_of(kind), value, None, "computed from the facts above", None)
        return Piece(label_of(kind), said.words if said else piece.value, piece.date, piece.source, entry)

    def _computed(self, criterion: Criterion) -> Iterator[str]:
        """How derived facts came about, a sentence each."""
        rules = _evidence_rules(criterion, self.protocol)
        for name in dict.fromkeys(name for rule in rules for name in rule.facts):
            kind = self.protocol.vocabulary.facts[name]
            if kind.derived is not None:
                yield from DERIVATIONS[kind.derived].explain(self.assessment.view, kind)

    def gap(self, remedy: Remedy) -> Gap:
        """What would close a gap, in words, with the page on which this user closes it."""
        about = remedy.reason.about
        if remedy.judgement is not None:
            label = self.protocol.judgements[remedy.judgement].label + (f", {remedy.item}" if remedy.item else "")
            label = label[:1].upper() + label[1:]
        else:
            label = about_words(about, self.protocol)
        detail = gap_words(remedy.reason.detail or remedy.reason.why).rstrip(".")
        who = "" if remedy.act == "sign" else roles_words(remedy.roles)  # the reason of a signature names the signer
        return Gap(label, detail, who, _ACTS[remedy.act], self.address(remedy))

    def address(self, remedy: Remedy) -> str | None:
        """Where this user closes a gap; None where this user may not."""
        where = {"study": self.desk.study, "subject": self.known.subject}
        if remedy.judgement is not None:
            if not may_sign(self.desk, remedy.roles, self.site):
                return None
            address = reverse("attest", kwargs={**where, "judgement": remedy.judgement})
            return f"{address}?item={quote(remedy.item)}" if remedy.item else address
        if not self.desk.may(Action.ENTER_FACTS, self.site):
            return None
        return f"{reverse('facts', kwargs=where)}?facts={','.join(remedy.facts)}"


def may_sign(desk: Desk, roles: tuple[str, ...], site: str | None) -> bool:
    """Whether this user may sign, at a site, what one of some roles signs."""
    return bool(set(roles_for(desk.held, Action.ATTEST, site)) & set(roles))


def _evidence_rules(criterion: Criterion, protocol: Protocol) -> Iterator[Rule]:
    """The rule of a criterion, and the rules of the evidence of its judgements."""
    yield criterion.rule
    for name in criterion.rule.judgements:
        rule = protocol.judgements[name].evidence
        if rule is not None:
            yield rule
