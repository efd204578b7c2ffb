"""Whether the section about the time after randomization fits the protocol: forms, fields, codes and arms are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evenhand.intake import read_scalar
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Field, Form, Plan
from evenhand.simulation.courses.happening import RANDOMIZATION
from evenhand.simulation.courses.sheet import AfterRandomization, Happening, Manner, Progressing, SideEffect
from evenhand.simulation.courses.ways import Way, Ways

Said = tuple[str, str]
_TOLD_BY = ("consent", "disposition")


def section_faults(section: AfterRandomization, protocol: Protocol) -> Iterator[Said]:
    """Where in the section, and what is wrong there."""
    plan = protocol.plan
    if plan is None:
        yield "", "this study plans nothing after randomization: it has no forms"
        return
    yield from _arms(section, protocol)
    yield from _lesions(section, protocol)
    yield from _leaving(section, plan)
    for name, ways in section.forms.items():
        yield from _form(name, ways, plan, f"forms.{name}")
    yield from _visits(section, plan)
    manners = [manner for what in section.happenings for manner in what.manners]
    known = {RANDOMIZATION, *(what.id for what in section.happenings), *(one.called for one in manners if one.called)}
    for what in section.happenings:
        yield from _happening(what, plan, known, f"happenings.{what.id}")
    yield from _facts(section, protocol)
    for effect in section.side_effects:
        if effect.after not in known:
            yield f"side_effects.{effect.term}.after", f"nothing is called {effect.after!r}"
        yield from _side_effect(effect, plan)
    for number, report in enumerate(section.reports):
        for form in plan.reading("safety_report"):
            yield from _ways(report.values, form.fields, f"reports.{number}")


def _arms(section: AfterRandomization, protocol: Protocol) -> Iterator[Said]:
    arms = {arm.id for arm in protocol.arms}
    named = {f"happenings.{what.id}.arms": what.arms for what in section.happenings}
    named |= {f"side_effects.{what.term}.arms": what.arms for what in section.side_effects}
    if section.progression is not None:
        named["progression.hazards"] = list(section.progression.hazards)
        yield from _prognosis(section.progression, protocol)
    for where, given in named.items():
        for arm in given:
            if arm not in arms:
                yield where, f"{arm!r} is no arm: {', '.join(sorted(arms))}"


def _prognosis(progressing: Progressing, protocol: Protocol) -> Iterator[Said]:
    known = {stratum.id: [level.id for level in stratum.levels] for stratum in protocol.randomization.strata}
    for number, one in enumerate(progressing.prognosis):
        where = f"progression.prognosis.{number}"
        for name, level in one.levels.items():
            if name not in known:
                yield where, f"{name!r} is no factor of randomization: {', '.join(known) or 'there is none'}"
            elif level not in known[name]:
                yield where, f"{level!r} is no level of {name}: {', '.join(known[name])}"


def _lesions(section: AfterRandomization, protocol: Protocol) -> Iterator[Said]:
    if section.lesions is None:
        return
    kind = protocol.vocabulary.facts.get(section.lesions.fact)
    if kind is None or not kind.many:
        yield "lesions.fact", f"{section.lesions.fact!r} is no list of facts of this study"
        return
    for name in (section.lesions.label, section.lesions.site, section.lesions.size):
        if name not in kind.fields:
            yield "lesions", f"{name!r} is no field of {kind.name}"
    primary = section.lesions.primary
    if primary is not None and primary.fact is not None:
        codes = protocol.vocabulary.facts[primary.fact].codes if primary.fact in protocol.vocabulary.facts else {}
        for word in primary.there or [""]:
            if word not in codes:
                yield "lesions.primary", f"{word!r} is no code of the fact {primary.fact!r}: {', '.join(codes)}"


def _visits(section: AfterRandomization, plan: Plan) -> Iterator[Said]:
    for name in section.visits.left_out:
        if name not in plan.forms or not plan.forms[name].visits:
            yield f"visits.left_out.{name}", f"there is no form {name!r} at visits"


def _facts(section: AfterRandomization, protocol: Protocol) -> Iterator[Said]:
    """Every fact that a manner asks for, or that an answer is taken from, is one of the study."""
    for what in section.happenings:
        for number, manner in enumerate(what.manners):
            where = f"happenings.{what.id}.manners.{number}"
            named = {f"{where}.having": list(manner.having)}
            named |= {f"{where}.{name}": [way.fact] for name, way in manner.values.items() if way.fact}
            for place, facts in named.items():
                yield from (
                    (place, f"{fact!r} is no fact of this study") for fact in facts if not _is_fact(fact, protocol)
                )


def _is_fact(name: str, protocol: Protocol) -> bool:
    fact, _, part = name.partition(".")
    kind = protocol.vocabulary.facts.get(fact)
    return kind is not None and (not part or part in kind.fields)


def _leaving(section: AfterRandomization, plan: Plan) -> Iterator[Said]:
    endings = plan.schedule.endings.by_id if plan.schedule else {}
    for habits in section.leaving:
        ending = endings.get(habits.ending)
        if ending is None or ending.by not in _TOLD_BY:
            fit = [name for name, one in endings.items() if one.by in _TOLD_BY]
            yield f"leaving.{habits.ending}", f"people leave in one of these ways: {', '.join(fit) or 'none'}"


def _happening(what: Happening, plan: Plan, known: set[str], where: str) -> Iterator[Said]:
    if what.after not in known:
        yield f"{where}.after", f"nothing is called {what.after!r}"
    for number, manner in enumerate(what.manners):
        form = plan.forms.get(manner.form)
        if form is not None and form.visits:
            yield f"{where}.manners.{number}", f"{manner.form!r} is filled in at visits: say it under `forms`"
        yield from _manner(manner, plan, f"{where}.manners.{number}")
        for name in manner.had:
            if name not in known:
                yield f"{where}.manners.{number}.had", f"nothing is called {name!r}"
    for companion in what.also:
        yield from _form(companion.form, companion.values, plan, f"{where}.also")
    for update in what.updates:
        for name in update.named:
            if name not in known:
                yield f"{where}.updates", f"nothing is called {name!r}"


def _manner(manner: Manner, plan: Plan, where: str) -> Iterator[Said]:
    yield from _form(manner.form, manner.values, plan, where)
    if manner.form in plan.forms:
        yield from _ways(manner.at_end, plan.forms[manner.form].fields, f"{where}.at_end")
        if manner.fractions is not None and manner.fractions.gap and "gaps" not in plan.forms[manner.form].fields:
            yield f"{where}.fractions.gap", f"the form {manner.form!r} has no table of gaps"
    for companion in manner.also:
        yield from _form(companion.form, companion.values, plan, f"{where}.also")


def _side_effect(what: SideEffect, plan: Plan) -> Iterator[Said]:
    where = f"side_effects.{what.term}"
    if (what.days is None) == (what.monthly is None):
        yield where, "it begins some `days` later, or at a `monthly` rate"
    for grade in what.grades:
        if grade not in ("1", "2", "3", "4", "5"):
            yield f"{where}.grades", f"{grade!r} is no grade"
    for form in plan.reading("adverse_event"):
        yield from _ways(what.values, form.fields, where)
        columns = form.fields["attribution"].columns or {}
        for name, relation in what.related.items():
            yield from _codes(columns["intervention"], [name], f"{where}.related")
            yield from _codes(columns["relation"], [relation], f"{where}.related.{name}")


def _form(name: str, ways: Ways, plan: Plan, where: str) -> Iterator[Said]:
    form: Form | None = plan.forms.get(name)
    if form is None:
        yield where, f"there is no form {name!r}: {', '.join(plan.forms)}"
    else:
        yield from _ways(ways, form.fields, where)


def _ways(ways: Ways, fields: Mapping[str, Field], where: str) -> Iterator[Said]:
    for name, way in ways.items():
        if name not in fields:
            yield f"{where}.{name}", f"there is no such field: {', '.join(fields)}"
        else:
            yield from _way(way, fields[name], f"{where}.{name}")


def _way(way: Way, asked: Field, where: str) -> Iterator[Said]:
    kind = asked.type
    if not way.empty and (way.rows is not None) != asked.is_table:
        yield where, "a table is drawn by its `rows`, and nothing else is"
    for row in way.rows or ():
        yield from _ways(row.values, asked.columns or {}, where)
    if (way.days is not None or way.ended) and kind.kind != "date":
        yield where, f"a {kind.kind} is no date"
    if (way.normal is not None or way.between is not None) and kind.kind != "number":
        yield where, f"a {kind.kind} is no number"
    yield from _codes(asked, [*(way.choice or ()), *way.words.values()], where)
    if way.fixed is not None:
        yield from _codes(asked, [way.fixed], where)


def _codes(asked: Field, given: Sequence[object], where: str) -> Iterator[Said]:
    """What would be no answer to the question."""
    for value in given:
        try:
            read_scalar(asked.type, value) if asked.type.kind != "date" else None
        except ValueError as error:
            yield where, str(error)
