"""The judge against a second, plain reading of the same rules, and the laws of knowing more."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenhand.dates import DateSpan, on_day
from evenhand.eligibility import assessor_of
from evenhand.facts import COMPLETE, Fact, Person, Source, View, Vocabulary
from evenhand.logic import NO, YES, Reason, Unknown
from evenhand.rules.judging.judge import compile_condition
from evenhand.rules.reading.language import Scope
from evenhand.units import Range
from tests.generative import naive_judge
from tests.generative.people import people, scalars
from tests.generative.rule_strategies import conditions, scopes
from tests.studies_here import ALL, protocol_of

HERE = Source("generated")
OPEN = Unknown(Reason("missing", "judgement"))


class PlainScene:
    """A scene whose judgements are given."""

    def __init__(self, world, vocabulary):
        self.world = world
        self.view = View(_person(world), vocabulary, world.on, {})

    def judgement(self, name, entry):
        index = None
        if entry is not None:
            (index,) = [
                place
                for fact in self.world.lists
                for place, other in enumerate(self.view.items(fact).entries)
                if other is entry
            ]
        answer = self.world.judgements.get((name, index))
        return OPEN if answer is None else YES if answer else NO


def _person(world):
    facts = {name: (_fact(name, value),) for name, value in world.values.items() if value is not None}
    for name, (entries, complete) in world.lists.items():
        closed = [Fact(name, COMPLETE, None, HERE)] if complete else []
        facts[name] = (*(_fact(name, entry) for entry in entries), *closed)
    return Person("generated", facts)


def _fact(name, value):
    return Fact(name, _plain(value), None, HERE)


def _plain(value):
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items() if item is not None}
    if isinstance(value, Fraction):
        number = Decimal(value.numerator) / value.denominator
        return int(number) if number == number.to_integral_value() else number
    return on_day(value) if isinstance(value, date) else value


def keyless(scope):
    """The same scope with lists whose entries are never merged: the plain reading knows no keys."""
    facts = {name: replace(kind, key=None) for name, kind in scope.vocabulary.facts.items()}
    return Scope(Vocabulary(facts, scope.vocabulary.sets), scope.judgements)


@given(scopes().flatmap(lambda scope: st.tuples(st.just(scope), conditions(scope))), st.integers(0, 10**6))
def test_the_judge_agrees_with_the_plain_reading(scoped, seed):
    scope, expression = scoped
    scope = keyless(scope)
    condition = compile_condition(expression, scope.vocabulary.sets)
    random = Random(seed)
    for _ in range(25):
        world = naive_judge.a_world(scope, random)
        answer = condition(PlainScene(world, scope.vocabulary))
        expected = naive_judge.judge(expression, world)
        assert (answer is YES, answer is NO) == (expected is True, expected is False), world
        if expected is None:
            assert answer.reasons


# ---- knowing more ------------------------------------------------------------------------------


def _narrowed(value, data):
    """A value that says at least as much."""
    if isinstance(value, dict):
        return {name: _narrowed(item, data) for name, item in value.items()}
    if isinstance(value, DateSpan) and not value.exact:
        return on_day(value.first + timedelta(days=data.draw(st.integers(0, (value.last - value.first).days))))
    if isinstance(value, Range):
        return value.low if value.low is not None else value.high
    return value


VERDICTS = st.dates(date(2025, 8, 1), date(2026, 12, 1))


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
@given(st.data())
def test_sharper_values_never_turn_a_verdict_into_unknown(folder, data):
    protocol = protocol_of(folder)
    person, on = data.draw(people(protocol)), data.draw(VERDICTS)
    sharper = {
        name: tuple(fact._replace(value=_narrowed(fact.value, data)) for fact in facts)
        for name, facts in person.facts.items()
    }
    before = assessor_of(protocol).assess(person, on)
    after = assessor_of(protocol).assess(replace(person, facts=sharper), on)
    _kept(before, after)


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
@given(st.data())
def test_a_new_fact_never_turns_a_verdict_into_unknown_unless_it_conflicts(folder, data):
    """The new fact is exact and about something of which nothing was recorded, or a missing field of an entry."""
    protocol = protocol_of(folder)
    person, on = data.draw(people(protocol, exact=True)), data.draw(VERDICTS)
    silent = [
        kind
        for kind in protocol.vocabulary.facts.values()
        if kind.derived is None and not kind.many and not person.facts.get(kind.name)
    ]
    assume(silent)
    kind = data.draw(st.sampled_from(silent))
    if kind.kind == "record":
        value = {name: data.draw(scalars(field, exact=True)) for name, field in kind.fields.items()}
    else:
        value = data.draw(scalars(kind, exact=True))
    richer = {**person.facts, kind.name: (Fact(kind.name, value, None, HERE),)}
    before = assessor_of(protocol).assess(person, on)
    after = assessor_of(protocol).assess(replace(person, facts=richer), on)
    _kept(before, after)


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
@given(st.data())
def test_closing_a_list_never_turns_a_verdict_into_unknown(folder, data):
    protocol = protocol_of(folder)
    person, on = data.draw(people(protocol)), data.draw(VERDICTS)
    lists = [kind.name for kind in protocol.vocabulary.facts.values() if kind.many]
    closed = {
        name: (*facts, Fact(name, COMPLETE, None, HERE)) if name in lists else facts
        for name, facts in person.facts.items()
    }
    before = assessor_of(protocol).assess(person, on)
    after = assessor_of(protocol).assess(replace(person, facts=closed), on)
    _kept(before, after)


def _kept(before, after):
    for old, new in zip(before.criteria, after.criteria, strict=True):
        if old.verdict != "unknown" and new.verdict == "unknown":
            assert "conflicting" in {reason.why for reason in new.reasons}, (old.criterion.id, new.reasons)


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
@given(st.data())
def test_an_unknown_always_says_why_and_a_known_verdict_never_does_unless_provisional(folder, data):
    protocol = protocol_of(folder)
    assessment = assessor_of(protocol).assess(data.draw(people(protocol)), data.draw(VERDICTS))
    for item in assessment.criteria:
        assert bool(item.reasons) == (item.verdict == "unknown" or item.provisional)
        assert not (item.provisional and item.verdict != "pass")


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
@given(st.data())
def test_facts_for_reporting_change_no_verdict(folder, data):
    """Nobody is excluded by sex, race or ethnicity: whatever they are, every verdict is the same."""
    protocol = protocol_of(folder)
    reported = [kind for kind in protocol.vocabulary.facts.values() if kind.reporting_only]
    person, on = data.draw(people(protocol)), data.draw(VERDICTS)
    other = {kind.name: (Fact(kind.name, data.draw(scalars(kind)), None, HERE),) for kind in reported}
    before = assessor_of(protocol).assess(person, on)
    after = assessor_of(protocol).assess(replace(person, facts={**person.facts, **other}), on)
    assert before.criteria == after.criteria
    read = {name for criterion in protocol.criteria for name in criterion.rule.facts}
    read |= {
        name for judgement in protocol.judgements.values() if judgement.evidence for name in judgement.evidence.facts
    }
    assert not read & {kind.name for kind in reported}
