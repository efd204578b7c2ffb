"""What would close each gap of a verdict: a fact to record, a contradiction to settle, a judgement to sign, and whose
it is to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from evenhand.eligibility.verdict import CriterionVerdict
from evenhand.logic import Reason
from evenhand.protocol.model import Criterion, Protocol

_ABOUT: Final = re.compile(r"(\w+)(?:\((.*)\))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would close one gap.

    ``facts`` are the recorded facts behind it (none for a signature); ``judgement`` and ``item`` what is to be signed;
    ``roles`` who determines the facts, or may sign.
    """

    reason: Reason
    act: Literal["record", "settle", "sign"]
    facts: tuple[str, ...]
    judgement: str | None
    item: str | None
    roles: tuple[str, ...]


def remedies(verdict: CriterionVerdict, protocol: Protocol) -> tuple[Remedy, ...]:
    """What would close the gaps of a verdict, in the order of its reasons; nothing for one that has none."""
    return tuple(_remedy(reason, verdict.criterion, protocol) for reason in dict.fromkeys(verdict.reasons))


def _remedy(reason: Reason, criterion: Criterion, protocol: Protocol) -> Remedy:
    match = _ABOUT.fullmatch(reason.about)
    judgement = protocol.judgements.get(match[1]) if match else None
    if match is not None and judgement is not None:
        return Remedy(reason, "sign", (), judgement.name, match[2], judgement.roles)
    name = reason.about.split(".")[0]
    facts = protocol.vocabulary.raw_inputs(name) if name in protocol.vocabulary.facts else _behind(criterion, protocol)
    act: Literal["record", "settle"] = "record" if reason.why in ("missing", "imprecise") else "settle"
    return Remedy(reason, act, facts, None, None, _determiners(facts, protocol))


def _behind(criterion: Criterion, protocol: Protocol) -> tuple[str, ...]:
    """Every recorded fact that the rule reads, for a reason about something that is no fact (a set of codes)."""
    return tuple(dict.fromkeys(raw for name in criterion.rule.facts for raw in protocol.vocabulary.raw_inputs(name)))


def _determiners(facts: Iterable[str], protocol: Protocol) -> tuple[str, ...]:
    roles = (protocol.vocabulary.facts[name].determined_by for name in facts)
    return tuple(dict.fromkeys(role for role in roles if role is not None))
