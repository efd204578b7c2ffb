"""What an amendment may not change: the allocation of those who come, and the meaning of what is recorded.

Source for the first: the design of a randomization is fixed before the first allocation (ICH E9, 2.3.2). The second is
our proposal: nothing is ever deleted here, so a newer version must still be able to read what was recorded before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evenhand.facts import FactType, Vocabulary
from evenhand.protocol.model import Protocol
from evenhand.protocol.plan import Form, Plan
from evenhand.protocol.plan.forms import Field
from evenhand.rules.nodes import Rule


def amendment_faults(old: Protocol, new: Protocol) -> tuple[str, ...]:
    """Why ``new`` cannot take the place of ``old`` while a trial runs; empty where it can."""
    if old.study != new.study:
        return (f"it is of another study, {new.study}",)
    return (
        *_order_faults(old, new),
        *_design_faults(old, new),
        *_vocabulary_faults(old.vocabulary, new.vocabulary),
        *_plan_faults(old.plan, new.plan),
    )


def _order_faults(old: Protocol, new: Protocol) -> Iterator[str]:
    if new.version.number <= old.version.number:
        yield f"{new.version.id} is not newer than {old.version.id}"


def _design_faults(old: Protocol, new: Protocol) -> Iterator[str]:
    was, now = old.randomization, new.randomization
    if [arm.id for arm in old.arms] != [arm.id for arm in new.arms]:
        yield "it changes the arms"
    if dict(was.ratio) != dict(now.ratio):
        yield "it changes the ratio of allocation"
    how = ("method", "block_sizes", "probability", "measure", "weights")
    if any(getattr(was, part) != getattr(now, part) for part in how):
        yield "it changes the method of randomization"
    if _strata(old) != _strata(new):
        yield "it changes the strata"


def _strata(protocol: Protocol) -> list[object]:
    """The factors and, level by level, everything that decides who belongs to it."""
    return [
        (stratum.id, [(level.id, level.rule.text, _behind(level.rule, protocol)) for level in stratum.levels])
        for stratum in protocol.randomization.strata
    ]


def _behind(rule: Rule, protocol: Protocol) -> list[object]:
    """How the facts of a rule are computed, and the sets and judgements that it names."""
    words = protocol.vocabulary
    seen: dict[str, FactType] = {}
    waiting = list(rule.facts)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen[name] = words.facts[name]
            waiting += words.facts[name].inputs
    computed = [(one.name, one.derived, one.inputs, str(one.parameters)) for one in seen.values() if one.derived]
    sets = [(name, sorted(item.members), sorted(item.undecidable)) for name, item in words.sets.items()]
    named = [protocol.judgements[name] for name in rule.judgements]
    signed = [(one.name, one.evidence.text if one.evidence else "", str(one.expires)) for one in named]
    return [sorted(computed), [one for one in sets if one[0] in rule.text], signed]


def _vocabulary_faults(old: Vocabulary, new: Vocabulary) -> Iterator[str]:
    for name, fact in old.facts.items():
        if fact.derived is None:
            yield from _type_faults(f"the fact {name}", fact, new.facts.get(name))


def _plan_faults(old: Plan | None, new: Plan | None) -> Iterator[str]:
    forms: Mapping[str, Form] = new.forms if new else {}
    for name, form in (old.forms if old else {}).items():
        found = forms.get(name)
        if found is None:
            yield f"the form {name} is gone; keep it, and let no visit ask for it"
        elif (form.repeats, form.visits) != (found.repeats, found.visits):
            yield f"the form {name} is filled in another number of times"
        else:
            yield from _field_faults(f"the question {name}.", form.fields, found.fields)


def _field_faults(where: str, old: Mapping[str, Field], new: Mapping[str, Field]) -> Iterator[str]:
    for name, field in old.items():
        found = new.get(name)
        yield from _type_faults(f"{where}{name}", field.type, found.type if found else None)
        if field.columns and found is not None:
            yield from _field_faults(f"{where}{name}.", field.columns, found.columns or {})


def _type_faults(what: str, old: FactType, new: FactType | None) -> Iterator[str]:
    """A value that was recorded must still be read, and mean the same."""
    if new is None or new.derived is not None:
        yield f"{what} is gone; keep it, and let nothing ask for it"
        return
    for part in ("kind", "many", "key", "unit"):
        if getattr(old, part) != getattr(new, part):
            yield f"{what} has another {part}: {getattr(new, part) or 'none'} instead of {getattr(old, part) or 'none'}"
    gone = [code for code in old.codes if code not in new.codes]
    if gone:
        yield f"{what} lacks the codes {', '.join(gone)}"
    for name, inner in old.fields.items():
        yield from _type_faults(f"{what}.{name}", inner, new.fields.get(name))
