"""Laws of the rule language that hold for every rule: on made-up vocabularies, rules and people."""

from dataclasses import fields, replace
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evenhand.dates import Period
from evenhand.facts import Vocabulary
from evenhand.rules.impossible.satisfiable import dead_parts, faults, never_false, never_true
from evenhand.rules.nodes import (
    And,
    Comparison,
    Count,
    FieldName,
    Membership,
    Not,
    NumberLiteral,
    Or,
    PeriodLiteral,
    Quantified,
)
from evenhand.rules.reading.language import RuleError, Scope, parse_rule
from evenhand.rules.reading.scope import RESERVED, name_fault
from evenhand.rules.walk import children, walk, without_places
from evenhand.rules.writing.phrases import outline, phrase
from evenhand.rules.writing.write import write
from tests.generative.naive_judge import a_world, judge
from tests.generative.rule_strategies import conditions, scopes

STATEMENTS = {"agreed": "All agree.", "fit": "Fit for treatment.", "treatable": "This can be treated."}
WORLDS = 40

scoped_rules = scopes().flatmap(lambda scope: st.tuples(st.just(scope), conditions(scope)))


@st.composite
def clashes(draw):
    """Several questions about few facts, of which all, or one, are to be so."""
    scope = draw(scopes(small=True))
    parts = draw(st.lists(conditions(scope, depth=1), min_size=2, max_size=4))
    return scope, draw(st.sampled_from([And, Or]))(tuple(parts), 0)


def worlds(scope, seed, number=WORLDS):
    random = Random(seed)
    return [a_world(scope, random) for _ in range(number)]


@given(scoped_rules)
def test_a_rule_written_and_parsed_again_is_the_same_rule(scoped):
    scope, expression = scoped
    rule = parse_rule(write(expression), scope)
    assert without_places(rule.expression) == expression
    assert write(rule.expression) == rule.text


@given(scoped_rules)
def test_every_part_of_a_rule_knows_where_it_begins(scoped):
    scope, expression = scoped
    rule = parse_rule(write(expression), scope)
    for part in walk(rule.expression):
        first = write(part).lstrip("(")
        begins = rule.text[part.at :].lstrip("(")
        assert begins.startswith(first[:3]), (part, begins)


@given(scoped_rules, st.randoms(use_true_random=False))
def test_spaces_and_line_breaks_mean_nothing(scoped, random):
    scope, expression = scoped
    text = "".join(
        random.choice([" ", "\n", "  ", "\t", "\r\n"]) if sign == " " else sign for sign in write(expression)
    )
    assert without_places(parse_rule(f"\n  {text} \n", scope).expression) == expression


def never_but_met(expression, scope, seed):
    """What the check calls impossible although one of many people gives that answer."""
    words = scope.vocabulary
    called = {True: never_true(expression, words), False: never_false(expression, words)}
    suspects = {answer for answer, why in called.items() if why is not None}
    met = {judge(expression, world) for world in worlds(scope, seed)} if suspects else set()
    return {answer: called[answer] for answer in suspects & met}


@given(scoped_rules, st.integers(0, 10**6))
def test_a_rule_that_somebody_meets_is_never_called_impossible(scoped, seed):
    scope, expression = scoped
    assert never_but_met(expression, scope, seed) == {}


@settings(max_examples=300)
@given(clashes(), st.integers(0, 10**6))
def test_questions_about_the_same_facts_are_called_impossible_only_when_they_are(scoped, seed):
    scope, expression = scoped
    assert never_but_met(expression, scope, seed) == {}


@given(scoped_rules)
def test_faults_and_dead_parts_are_told_apart(scoped):
    scope, expression = scoped
    rule = parse_rule(write(expression), scope)
    errors, warnings = faults(rule, scope.vocabulary)
    assert bool(errors) == (never_true(expression, scope.vocabulary) is not None)
    if not errors and never_false(expression, scope.vocabulary) is None:
        assert warnings == dead_parts(expression, scope.vocabulary)


@pytest.mark.parametrize("worded", [phrase, outline])
@given(scoped_rules, st.integers(0, 10**6))
def test_rules_worded_alike_mean_the_same(worded, scoped, seed):
    """Each rule is held against all that differ from it by one sign, word, bracket, number or field."""
    scope, expression = scoped
    said = worded(expression, scope.vocabulary, STATEMENTS)
    for other in changes(expression, scope.vocabulary, {}):
        if worded(other, scope.vocabulary, STATEMENTS) == said:
            for world in worlds(scope, seed):
                assert judge(expression, world) == judge(other, world), (write(expression), write(other))


@given(st.text() | st.text("abcnotrdifyes0123456789 ()<>=.,{}_+-*\n", max_size=60))
@example("(" * 3000)
@example("not " * 900 + "yes")
@example("yes and " * 499 + "yes")
@example("1 + " * 900 + "1 > 0")
@example("9" * 3000)
@example("yes\0")
@example("(yes) or (yes")
@example("yes) or (yes")
@example("\ud800")
def test_any_text_is_a_rule_or_a_rule_error(text):
    scope = Scope(Vocabulary({}), {})
    try:
        rule = parse_rule(text, scope)
    except RuleError as error:
        lines = text.split("\n")
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        assert error.message
    else:
        assert without_places(parse_rule(write(rule.expression), scope).expression) == without_places(rule.expression)


@given(scoped_rules, st.data())
def test_a_rule_cut_or_scrambled_is_a_rule_or_a_rule_error(scoped, data):
    scope, expression = scoped
    text = write(expression)
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 5))
    between = data.draw(
        st.sampled_from(["", " ", "not ", "(", ")", "known(", "score", "red", " and ", "mm(1)", ".x", "-"])
    )
    try:
        parse_rule(text[:at] + between + text[at + cut :], scope)
    except RuleError as error:
        assert error.line == 1


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_words_of_the_language_are_no_names(word):
    assert name_fault(word)


# ---- changes -----------------------------------------------------------------------------------


def changes(expression, vocabulary, variables):
    """The expression with one thing changed somewhere. ``variables`` are those of the lists around."""
    yield from changed_here(expression, vocabulary, variables)
    inner = variables
    if isinstance(expression, Quantified | Count) and expression.variable:
        inner = {**variables, expression.variable: expression.fact}
    for child in children(expression):
        for other in changes(child, vocabulary, inner):
            yield with_child(expression, child, other)


def with_child(expression, child, other):
    for one in fields(expression):
        held = getattr(expression, one.name)
        if held is child:
            return replace(expression, **{one.name: other})
        if isinstance(held, tuple) and any(part is child for part in held):
            return replace(expression, **{one.name: tuple(other if part is child else part for part in held)})
    raise AssertionError


def changed_here(expression, vocabulary, variables):
    match expression:
        case Comparison():
            yield from other_comparisons(expression)
        case Membership():
            yield replace(expression, negated=not expression.negated)
            yield Not(expression, 0)
        case Quantified():
            yield from other_questions_about_entries(expression)
        case Count() if expression.where is not None:
            yield replace(expression, where=None, variable=None)
        case And() | Or():
            yield from other_groups(expression)
        case Not(part=part):
            yield part
        case NumberLiteral() if "(" not in expression.written:
            value = expression.value + 1
            yield replace(expression, value=value, written=str(value))
        case PeriodLiteral(period=period):
            yield PeriodLiteral(Period(period.count + 1, period.unit), 0)
        case FieldName(fact=fact, field=field):
            types = vocabulary.facts[fact].fields
            same = [name for name, kind in types.items() if name != field and kind.kind == types[field].kind]
            yield from (replace(expression, field=name) for name in same)
            if expression.variable:
                yield from (replace(expression, variable=name) for name, of in variables.items() if of == fact)


def other_comparisons(expression):
    stricter = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
    for place, sign in enumerate(expression.operators):
        if len(expression.operators) == 1 or sign != "==":
            changed = (*expression.operators[:place], stricter[sign], *expression.operators[place + 1 :])
            yield replace(expression, operators=changed)
    if len(expression.operators) == 1:
        yield replace(expression, operands=expression.operands[::-1])
    yield Not(expression, 0)


def other_questions_about_entries(expression):
    condition, where = expression.condition, expression.where
    for quantifier in ("any", "all", "none"):
        yield replace(expression, quantifier=quantifier)
    yield Not(expression, 0)
    yield replace(expression, condition=Not(condition, 0))
    if where is not None:
        yield replace(expression, condition=where, where=condition)
        yield replace(expression, where=None)
        yield replace(expression, condition=And((condition, where), 0), where=None)
    if isinstance(condition, And | Or) and not names(condition.parts[-1], expression.variable):
        rest = condition.parts[0] if len(condition.parts) == 2 else type(condition)(condition.parts[:-1], 0)
        yield type(condition)((replace(expression, condition=rest), condition.parts[-1]), 0)


def names(expression, variable):
    return any(getattr(part, "variable", None) == variable for part in walk(expression))


def other_groups(expression):
    """The other word; brackets moved or left out."""
    parts = expression.parts
    yield (Or if isinstance(expression, And) else And)(parts, 0)
    yield Not(expression, 0)
    for place, part in enumerate(parts):
        if isinstance(part, And | Or):
            rest = parts[:place] + parts[place + 1 :]
            if place == 0:
                yield type(part)((*part.parts[:-1], type(expression)((part.parts[-1], *rest), 0)), 0)
            yield type(expression)((*parts[:place], *part.parts, *parts[place + 1 :]), 0)
