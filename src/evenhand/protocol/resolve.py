"""Sheets into the model: names looked up, rules parsed and type-checked, numbers given their meaning."""

from __future__ import annotations

from collections.abc import Mapping

from evenhand.codes import CodeSet
from evenhand.facts import FactType, Vocabulary
from evenhand.oncology import DERIVATIONS
from evenhand.protocol.model import Criterion, Flag, Judgement, Level, Randomization, Stratum
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.reading import Rules, period
from evenhand.protocol.sheets import (
    EligibilitySheet,
    FactSheet,
    FactsSheet,
    FieldSheet,
    RandomizationSheet,
    StratumSheet,
    StudySheet,
)
from evenhand.rules.reading.scope import name_fault


def vocabulary(sheet: FactsSheet, file: Sheet, faults: list[str]) -> Vocabulary:
    """All facts and sets; checks derivations, keys and set members."""
    facts = {name: _fact(name, fact) for name, fact in sheet.facts.items()}
    for name, fact in sheet.facts.items():
        faults += [file.fault(("facts", name), f"{name}: {said}") for said in _fact_faults(name, fact)]
    sets = {}
    for name, item in sheet.sets.items():
        if why := name_fault(name) or (f"{name!r} is a fact as well" if name in facts else None):
            faults.append(file.fault(("sets", name), why))
        fact_name, _, field_name = item.of.partition(".")
        kind = facts.get(fact_name)
        codes = (kind.fields[field_name].codes if kind and field_name in kind.fields else kind.codes) if kind else {}
        unknown = [code for code in (*item.members, *item.undecidable) if code not in codes]
        if unknown:
            faults.append(
                file.fault(("sets", name), f"set {name}: {', '.join(unknown)} not among the codes of {item.of}")
            )
        else:
            sets[name] = CodeSet(name, frozenset(item.members), frozenset(item.undecidable))
    words = Vocabulary(facts, sets)
    for name, fact_type in facts.items():
        faults += [file.fault(("facts", name), f"{name}: {said}") for said in _derivation_faults(fact_type, words)]
    return words


def _derivation_faults(fact: FactType, words: Vocabulary) -> list[str]:
    if fact.derived is None:
        return []
    derivation = DERIVATIONS.get(fact.derived)
    if derivation is None:
        return [f"no derivation is called {fact.derived!r}: there are {', '.join(sorted(DERIVATIONS))}"]
    return derivation.check(fact, words)


def _fact(name: str, sheet: FactSheet) -> FactType:
    return FactType(
        name, sheet.kind, sheet.label, sheet.unit, sheet.codes, sheet.low, sheet.high, sheet.step,
        many=sheet.many, key=sheet.key, fields={key: _field(key, item) for key, item in sheet.fields.items()},
        determined_by=sheet.determined_by, reporting_only=sheet.reporting_only, identifying=sheet.identifying,
        source_name=sheet.mcode, derived=sheet.derived, inputs=tuple(sheet.from_), parameters=sheet.policy,
    )  # fmt: skip


def _field(name: str, sheet: FieldSheet) -> FactType:
    return FactType(
        name, sheet.kind, sheet.label, sheet.unit, sheet.codes, sheet.low, sheet.high, sheet.step,
        required=sheet.required,
    )  # fmt: skip


def _fact_faults(name: str, fact: FactSheet) -> list[str]:
    said = [why for word in (name, *fact.fields) if (why := name_fault(word))]
    if (fact.kind == "record") != bool(fact.fields):
        said.append("a record has fields, and only a record has")
    if fact.many and fact.kind != "record":
        said.append("only a record can be `many`")
    if fact.key is not None and fact.key not in fact.fields:
        said.append(f"its key {fact.key!r} is none of its fields")
    if fact.kind == "code" and not fact.codes:
        said.append("a code needs its `codes`")
    if fact.identifying and fact.kind != "date":
        said.append("only a date can be `identifying`: the record keeps the age in its place")
    if fact.derived is None and fact.from_:
        said.append("`from` belongs to derived facts")
    return said


def judgements(sheet: EligibilitySheet, file: Sheet, rules: Rules) -> dict[str, Judgement]:
    """The judgements by name."""
    resolved = {}
    for name, item in sheet.judgements.items():
        keys = ("judgements", name)
        if why := name_fault(name) or ("it has the name of a fact" if name in rules.words.facts else None):
            rules.faults.append(file.fault(keys, f"{name}: {why}"))
        if item.about is not None and not _is_keyed_list(rules.words, item.about):
            rules.faults.append(file.fault((*keys, "about"), f"{item.about!r} is no list fact with a key"))
        if item.needs_evidence and item.evidence is None:
            rules.faults.append(file.fault(keys, f"{name}: needs_evidence without a rule for the evidence"))
        resolved[name] = Judgement(
            name, item.label or name.replace("_", " "), item.statement, tuple(item.role),
            rules.evidence(item.evidence, file, (*keys, "evidence")) if item.evidence else None,
            item.needs_evidence, item.about, item.details,
            period(item.expires, file, (*keys, "expires"), rules.faults) if item.expires else None,
            item.source or "", " or ".join(role.replace("_", " ") for role in item.role),
        )  # fmt: skip
    return resolved


def _is_keyed_list(words: Vocabulary, name: str) -> bool:
    return name in words.facts and words.facts[name].many and words.facts[name].key is not None


def criteria(sheet: EligibilitySheet, file: Sheet, rules: Rules, clauses: Mapping[str, str]) -> tuple[Criterion, ...]:
    """The criteria in order; ids are unique, fit their kind, and point to a clause of the source."""
    seen: set[str] = set()
    resolved = []
    for number, item in enumerate(sheet.criteria):
        keys: Keys = ("criteria", number)
        if item.id in seen or (item.id[0] == "I") != (item.kind == "inclusion"):
            rules.faults.append(
                file.fault((*keys, "id"), f"{item.id}: ids are unique, I for inclusion, E for exclusion")
            )
        if item.clause not in clauses:
            rules.faults.append(file.fault((*keys, "clause"), f"{item.clause!r} is no clause of study.yaml"))
        seen.add(item.id)
        rule = rules.rule(item.rule, file, (*keys, "rule"))
        resolved.append(Criterion(item.id, item.kind, item.clause, item.title, item.text, rule))
    return tuple(resolved)


def flags(sheet: EligibilitySheet, file: Sheet, rules: Rules) -> tuple[Flag, ...]:
    """The flags in order."""
    return tuple(
        Flag(item.id, rules.rule(item.when, file, ("flags", number, "when")), item.say)
        for number, item in enumerate(sheet.flags)
    )


def randomization(sheet: RandomizationSheet, file: Sheet, rules: Rules, study: StudySheet) -> Randomization:
    """Ratio, method and strata; the arms of the ratio are the arms of the study."""
    arms = [arm.id for arm in study.arms]
    if list(sheet.ratio.arms) != arms:
        rules.faults.append(
            file.fault(("ratio", "arms"), f"the ratio names {list(sheet.ratio.arms)}, the study {arms}")
        )
    if (sheet.blocks is not None, sheet.minimization is not None) != (
        sheet.method == "permuted_blocks",
        sheet.method == "minimization",
    ):
        rules.faults.append(file.fault(("method",), f"{sheet.method} needs its own section, and no other"))
    strata = tuple(_stratum(item, file, number, rules) for number, item in enumerate(sheet.strata))
    rules.faults += _twice([item.id for item in sheet.strata], file, ("strata",))
    for number, item in enumerate(sheet.strata):
        rules.faults += _twice([level.id for level in item.levels], file, ("strata", number, "levels"))
    return Randomization(
        ratio=sheet.ratio.arms,
        method=sheet.method,
        block_sizes={int(size): weight for size, weight in sheet.blocks.sizes.items()} if sheet.blocks else {},
        probability=sheet.minimization.probability if sheet.minimization else None,
        measure=sheet.minimization.measure if sheet.minimization else None,
        weights=sheet.minimization.weights if sheet.minimization else {},
        strata=strata,
    )


def _twice(ids: list[str], file: Sheet, keys: Keys) -> list[str]:
    return [
        file.fault((*keys, number, "id"), f"the id {name!r} stands here a second time")
        for number, name in enumerate(ids)
        if name in ids[:number]
    ]


def _stratum(item: StratumSheet, file: Sheet, number: int, rules: Rules) -> Stratum:
    levels = tuple(
        Level(
            level.id,
            level.label,
            rules.evidence(level.rule, file, ("strata", number, "levels", place, "rule")),
        )
        for place, level in enumerate(item.levels)
    )
    return Stratum(item.id, item.label, levels)
