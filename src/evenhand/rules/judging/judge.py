"""The judge: the reference reader of rules. Rules become closures once; each then answers for a person on a day.

``compile_condition`` turns a rule's nodes into a function ``(scene) -> Truth``. Every other reader of rules (explain,
check, render) is held to these answers by tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol as Interface

from evenhand.codes import CodeSet
from evenhand.facts import View
from evenhand.logic import NO, YES, Reason, Truth, Unknown, conjunction, disjunction, negation
from evenhand.rules.judging.compare import compare
from evenhand.rules.judging.quantify import Entry, counted, incompleteness, judged_all, judged_any, listed
from evenhand.rules.judging.values import AgeOf, Elapsed, Value, calculated
from evenhand.rules.nodes import (
    Age,
    And,
    Arithmetic,
    CodeLiteral,
    Comparison,
    Count,
    Expression,
    FactName,
    FieldName,
    JudgementName,
    Known,
    Membership,
    Not,
    NumberLiteral,
    Or,
    PeriodLiteral,
    Quantified,
    Since,
    YesNoLiteral,
)
from evenhand.rules.writing.write import write

Bound = Mapping[str, Entry]  # comprehension variable -> the entry that it stands for


class Scene(Interface):
    """What a rule is judged against: the facts as seen on a day, and the settled judgements."""

    @property
    def view(self) -> View: ...

    def judgement(self, name: str, entry: Entry | None) -> Truth:
        """The settled answer to a judgement, about one list entry if one is given."""
        ...


Condition = Callable[[Scene, Bound], Truth]
Operand = Callable[[Scene, Bound], Value]
NOTHING_BOUND: Bound = {}


def compile_condition(expression: Expression, sets: Mapping[str, CodeSet]) -> Callable[[Scene], Truth]:
    """A yes/no question as a function of a scene."""
    condition = _Compiler(sets).condition(expression)
    return lambda scene: condition(scene, NOTHING_BOUND)


class _Compiler:
    """Nodes to closures. ``condition`` gives functions that answer, ``operand`` functions that give values."""

    def __init__(self, sets: Mapping[str, CodeSet]) -> None:
        self.sets = sets

    def condition(self, node: Expression) -> Condition:  # noqa: PLR0911  # one case a kind of condition
        match node:
            case And(parts):
                return _short_circuit([self.condition(part) for part in parts], decisive=NO)
            case Or(parts):
                return _short_circuit([self.condition(part) for part in parts], decisive=YES)
            case Not(part):
                inner = self.condition(part)
                return lambda scene, bound: negation(inner(scene, bound))
            case Comparison():
                return self._comparison(node)
            case Quantified():
                return self._quantified(node)
            case Membership():
                return self._membership(node)
            case JudgementName(name, variable):
                return _judgement(name, variable)
            case Known(value):
                return self._known(value)
            case YesNoLiteral(value):
                return lambda scene, bound: YES if value else NO
        return self._yes_no(node)

    def operand(self, node: Expression) -> Operand:  # one case a kind of value
        match node:
            case NumberLiteral(value) | PeriodLiteral(value) | YesNoLiteral(value) | CodeLiteral(value):
                return lambda scene, bound: value
            case FactName(name):
                return lambda scene, bound: scene.view.one(name)
            case FieldName():
                return _field(node)
            case Since(date):
                inner = self.operand(date)
                return lambda scene, bound: Elapsed.of(inner(scene, bound), scene.view.on)
            case Age(birth):
                inner = self.operand(birth)
                return lambda scene, bound: AgeOf.of(inner(scene, bound), scene.view.on)
            case Count(fact, variable, where):
                test = None if where is None else self._entry_test(variable or "", where)
                return lambda scene, bound: counted(scene.view.items(fact), test, scene, bound)
            case Arithmetic(operator, left, right):
                return _arithmetic(operator, self.operand(left), self.operand(right))
        raise TypeError(f"{type(node).__name__} has no value")  # pragma: no cover  # the type check refuses such rules

    def _yes_no(self, node: Expression) -> Condition:
        operand = self.operand(node)

        def answer(scene: Scene, bound: Bound) -> Truth:
            value = operand(scene, bound)
            return value if isinstance(value, Unknown) else YES if value else NO

        return answer

    def _comparison(self, node: Comparison) -> Condition:
        condition = self._compared(node)
        lists = [part.fact for part in node.operands if isinstance(part, Count)]
        if not lists:
            return condition

        def answer(scene: Scene, bound: Bound) -> Truth:
            """A count that is open because its list is says so, rather than that a number is imprecise."""
            found = condition(scene, bound)
            gaps = [fact for fact in lists if not scene.view.items(fact).complete]
            if found is YES or found is NO or not gaps:
                return found
            return Unknown(*(Reason("missing", fact, incompleteness(scene.view.items(fact))) for fact in gaps))

        return answer

    def _compared(self, node: Comparison) -> Condition:
        first, *others = [self.operand(part) for part in node.operands]
        about, text = _about(node), write(node)
        if len(others) == 1:
            (operator,), (second,) = node.operators, others
            return lambda scene, bound: compare(first(scene, bound), operator, second(scene, bound), about, text)
        steps = list(zip(node.operators, others, strict=True))

        def answer(scene: Scene, bound: Bound) -> Truth:
            left, unknown = first(scene, bound), None
            for operator, operand in steps:
                right = operand(scene, bound)
                step = compare(left, operator, right, about, text)
                if step is NO:
                    return NO
                if step is not YES:
                    unknown = step if unknown is None else conjunction((unknown, step))
                left = right
            return YES if unknown is None else unknown

        return answer

    def _membership(self, node: Membership) -> Condition:
        operand = self.operand(node.value)
        members = self.sets[node.set_name] if node.set_name else CodeSet(write(node), frozenset(node.codes))
        negated = node.negated

        def answer(scene: Scene, bound: Bound) -> Truth:
            value = operand(scene, bound)
            if isinstance(value, Unknown):
                return value
            inside = members.contains(value)  # type: ignore[arg-type]  # the type check allows codes alone here
            return negation(inside) if negated else inside

        return answer

    def _known(self, node: FactName | FieldName) -> Condition:
        operand = self.operand(node)

        def answer(scene: Scene, bound: Bound) -> Truth:
            value = operand(scene, bound)
            absent = isinstance(value, Unknown) and all(reason.why == "missing" for reason in value.reasons)
            return NO if absent else YES

        return answer

    def _entry_test(self, variable: str, node: Expression) -> Callable[[Scene, Bound, Entry], Truth]:
        condition = self.condition(node)
        return lambda scene, bound, entry: condition(scene, {**bound, variable: entry})

    def _quantified(self, node: Quantified) -> Condition:
        test = self._entry_test(node.variable, node.condition)
        where = None if node.where is None else self._entry_test(node.variable, node.where)
        fact, quantifier = node.fact, node.quantifier
        judged, decisive = (judged_all, NO) if quantifier == "all" else (judged_any, YES)

        def answer(scene: Scene, bound: Bound) -> Truth:
            items = scene.view.items(fact)
            found = listed(judged(items, where, test, scene, bound), items, fact, decisive)
            return negation(found) if quantifier == "none" else found

        return answer


def _about(node: Expression) -> str:
    """The first fact that a comparison names."""
    match node:
        case FactName(name):
            return name
        case FieldName(fact, _, field):
            return f"{fact}.{field}"
        case Since(inner) | Age(inner):
            return _about(inner)
        case Count(fact):
            return fact
        case Comparison(parts):
            return next(filter(None, map(_about, parts)), "")
        case Arithmetic(_, left, right):
            return _about(left) or _about(right)
    return ""


def _short_circuit(parts: list[Condition], decisive: Truth) -> Condition:
    combine = conjunction if decisive is NO else disjunction
    otherwise = YES if decisive is NO else NO

    def answer(scene: Scene, bound: Bound) -> Truth:
        unknown = otherwise
        for part in parts:
            given = part(scene, bound)
            if given is decisive:
                return decisive
            if given is not otherwise:
                unknown = given if unknown is otherwise else combine((unknown, given))
        return unknown

    return answer


def _judgement(name: str, variable: str | None) -> Condition:
    if variable is None:
        return lambda scene, bound: scene.judgement(name, None)
    return lambda scene, bound: scene.judgement(name, bound[variable])


def _field(node: FieldName) -> Operand:
    fact, variable, field = node.fact, node.variable, node.field
    missing = Unknown(Reason("missing", f"{fact}.{field}", "not recorded"))

    def of_entry(scene: Scene, bound: Bound) -> Value:
        return bound[variable].get(field, missing)  # type: ignore[index]  # variable is set in this branch

    def of_record(scene: Scene, bound: Bound) -> Value:
        record = scene.view.one(fact)
        return record.get(field, missing) if isinstance(record, dict) else record

    return of_record if variable is None else of_entry


def _arithmetic(operator: str, left: Operand, right: Operand) -> Operand:
    return lambda scene, bound: calculated(operator, left(scene, bound), right(scene, bound))
