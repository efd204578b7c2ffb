"""Verdicts: the criteria of a protocol judged for a person on a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from evenhand.eligibility.attested import Settled, settle
from evenhand.facts import Attestation, Derivation, Person, View
from evenhand.logic import NO, YES, Reason, Truth, Unknown, negation
from evenhand.oncology import DERIVATIONS
from evenhand.protocol.model import Criterion, Flag, Judgement, Protocol
from evenhand.rules.judging.judge import compile_condition
from evenhand.rules.judging.quantify import Entry
from evenhand.rules.nodes import Expression, Rule

Verdict = Literal["pass", "fail", "unknown"]
Standing = Literal["eligible", "ineligible", "undetermined"]
_COMPUTED: Mapping[str, Derivation] = {name: kind.compute for name, kind in DERIVATIONS.items()}
_NO_EVIDENCE = Unknown()


class CriterionVerdict(NamedTuple):
    """One criterion for one person on one day. ``reasons`` say why it is unknown; ``provisional`` marks a pass that
    rests on evidence which still has to be attested."""

    criterion: Criterion
    verdict: Verdict
    provisional: bool
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> str:
        """The kind of gap when unknown or provisional, else nothing."""
        return self.reasons[0].why if self.reasons else ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """All criteria for one person on one day."""

    person: Person
    on: date
    criteria: tuple[CriterionVerdict, ...]
    situation: Situation

    @property
    def view(self) -> View:
        """The facts as they stood on the day."""
        return self.situation.view

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What is worth a second look; computed when asked for, since it decides nothing."""
        return tuple(flag for flag, when in self.situation.assessor.flags if when(self.situation) is YES)

    @property
    def standing(self) -> Standing:
        return standing([item.verdict for item in self.criteria])

    @property
    def provisional(self) -> bool:
        """Eligible only if attested: some pass still waits for a signature."""
        return any(item.provisional for item in self.criteria)

    def failed(self) -> tuple[str, ...]:
        return tuple(item.criterion.id for item in self.criteria if item.verdict == "fail")


def standing(verdicts: object) -> Standing:
    """One failure makes ineligible; else one unknown leaves undetermined; else eligible."""
    given = set(verdicts)  # type: ignore[call-overload]
    return "ineligible" if "fail" in given else "undetermined" if "unknown" in given else "eligible"


class Situation:
    """A person on a day: the facts as seen, and judgements settled once each.

    ``strict`` counts a provisional judgement as not yet attested, to tell whether a pass depends on it.
    """

    __slots__ = ("_settled", "_signed", "assessor", "leaned", "strict", "view")

    def __init__(self, assessor: Assessor, person: Person, on: date) -> None:
        self.view = View(person, assessor.protocol.vocabulary, on, _COMPUTED)
        self.strict = False
        self.leaned = False  # whether a provisional judgement was used since this was last reset
        self.assessor = assessor
        self._settled: dict[tuple[str, object], Settled] = {}
        self._signed: dict[tuple[str, str | None], list[Attestation]] = {}
        for given in person.attestations:
            self._signed.setdefault((given.judgement, given.item), []).append(given)

    def judgement(self, name: str, entry: Entry | None) -> Truth:
        """The settled answer to a judgement, about one list entry if one is given."""
        judgement, key, evidence_rule = self.assessor.judgements[name]
        item = None if entry is None or key is None else entry.get(key)
        if isinstance(item, Unknown):
            return item
        settled = self._settled.get((name, item))
        if settled is None:
            evidence = _NO_EVIDENCE if evidence_rule is None else evidence_rule(self)
            label = None if item is None else str(item)
            signed = self._signed.get((name, label), ())
            settled = settle(judgement, evidence, signed, label, self.view.on)
            self._settled[name, item] = settled
        if not settled.provisional:
            return settled.answer
        self.leaned = True
        return Unknown(_unsigned(judgement)) if self.strict else settled.answer


def _unsigned(judgement: Judgement) -> Reason:
    return Reason("needs attestation", judgement.name, f"the evidence passes; to be signed by the {judgement.signers}")


Compiled = Callable[[Situation], Truth]


class Assessor:
    """A protocol made ready to judge people: every rule compiled once."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self._compiled: dict[int, tuple[Expression, Compiled]] = {}  # by identity; holding it keeps the identity
        self._read: dict[int, tuple[Rule, tuple[str, ...]]] = {}  # the same
        self.criteria = tuple((item, self.compiled(item.rule)) for item in protocol.criteria)
        self.flags = tuple((flag, self.compiled(flag.when)) for flag in protocol.flags)
        self.judgements = {item.name: self._judgement(item) for item in protocol.judgements.values()}

    def compiled(self, rule: Rule) -> Compiled:
        """A rule of this protocol as a function of a situation."""
        return self.compiled_part(rule.expression)

    def compiled_part(self, expression: Expression) -> Compiled:
        """A condition inside a rule that binds no variable, as a function of a situation."""
        known = self._compiled.get(id(expression))
        if known is None:
            compiled = compile_condition(expression, self.protocol.vocabulary.sets)
            known = self._compiled[id(expression)] = (expression, compiled)
        return known[1]

    def read_by(self, rule: Rule) -> tuple[str, ...]:
        """The facts that a rule of this protocol reads, and those that the evidence of its judgements reads."""
        known = self._read.get(id(rule))
        if known is None:
            judgements = (self.protocol.judgements[name].evidence for name in rule.judgements)
            rules = (rule, *(one for one in judgements if one is not None))
            names = tuple(dict.fromkeys(name for read in rules for name in read.facts))
            known = self._read[id(rule)] = rule, names
        return known[1]

    def _judgement(self, judgement: Judgement) -> tuple[Judgement, str | None, Compiled | None]:
        key = self.protocol.vocabulary.facts[judgement.about].key if judgement.about else None
        return judgement, key, self.compiled(judgement.evidence) if judgement.evidence else None

    def assess(self, person: Person, on: date) -> Assessment:
        """Judge every criterion as of a day."""
        situation = Situation(self, person, on)
        verdicts = tuple([judged(criterion, rule, situation) for criterion, rule in self.criteria])
        return Assessment(person, on, verdicts, situation)


def judged(criterion: Criterion, rule: Compiled, situation: Situation) -> CriterionVerdict:
    """One criterion's verdict; a pass that leans on unattested evidence is provisional."""
    situation.leaned = False
    answer = _favour(criterion, rule(situation))
    if answer is NO:
        return CriterionVerdict(criterion, "fail", False, ())
    if isinstance(answer, Unknown):
        return CriterionVerdict(criterion, "unknown", False, answer.reasons)
    if not situation.leaned:
        return CriterionVerdict(criterion, "pass", False, ())
    situation.strict = True
    certain = _favour(criterion, rule(situation))
    situation.strict = False
    reasons = certain.reasons if isinstance(certain, Unknown) else ()
    return CriterionVerdict(criterion, "pass", bool(reasons), reasons)


def _favour(criterion: Criterion, answer: Truth) -> Truth:
    return answer if criterion.kind == "inclusion" else negation(answer)


_ASSESSORS: dict[str, Assessor] = {}


def assessor_of(protocol: Protocol) -> Assessor:
    """The assessor of a protocol, compiled once for each protocol object."""
    known = _ASSESSORS.get(protocol.digest)
    if known is None or known.protocol is not protocol:
        known = _ASSESSORS[protocol.digest] = Assessor(protocol)
    return known
