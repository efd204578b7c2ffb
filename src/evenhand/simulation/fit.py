"""Whether a scenario fits its protocol: every name known, every value that can be drawn one that the study accepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evenhand.facts import FactType
from evenhand.intake.form import read_scalar
from evenhand.protocol import Protocol, StudyError
from evenhand.simulation.courses import section_faults
from evenhand.simulation.scenario import AnyDraw, Draw, ListDraw, RecordDraw, Scenario

Said = tuple[str, str]


def check_fit(scenario: Scenario, protocol: Protocol) -> None:
    """Raises StudyError with one line for each part of the scenario that does not fit."""
    kinds = protocol.vocabulary.facts
    found = [*_of_facts(scenario.facts, kinds, "facts")]
    for group in scenario.together:
        for number, case in enumerate(group.cases):
            found += _of_facts(case.facts, kinds, f"together.{group.about}.cases.{number}.facts")
    found += [(f"judgements.{name}", "no judgement of this study") for name in scenario.judgements
              if name not in protocol.judgements]  # fmt: skip
    codes = protocol.enrollment.declined_because
    found += [("declines.because", f"{code!r} is no reason of this study: {', '.join(codes) or 'it lists none'}")
              for code in scenario.declines.because or () if code not in codes]  # fmt: skip
    if scenario.after_randomization is not None:
        faults = section_faults(scenario.after_randomization, protocol)
        found += [(".".join(part for part in ("after_randomization", where) if part), said) for where, said in faults]
    if found:
        raise StudyError(*(f"scenario.yaml: {where}: {said}" for where, said in found))


def _of_facts(draws: Mapping[str, AnyDraw], kinds: Mapping[str, FactType], path: str) -> Iterator[Said]:
    for name, draw in draws.items():
        where, kind = f"{path}.{name}", kinds.get(name)
        if kind is None or kind.derived is not None:
            yield where, "no fact of this study" if kind is None else "it is computed, so it is not drawn"
        elif isinstance(draw, Draw):
            yield from _of_value(kind, draw, where)
        elif (kind.kind == "record" and not kind.many) if isinstance(draw, RecordDraw) else kind.many:
            yield from _of_fields(kind, draw, where)
        else:
            yield where, "a record is drawn by its `fields`, a list by its `count` and `each`, a value by itself"


def _of_fields(kind: FactType, draw: RecordDraw | ListDraw, where: str) -> Iterator[Said]:
    draws = draw.fields if isinstance(draw, RecordDraw) else draw.each
    numbered = kind.key if isinstance(draw, ListDraw) else None
    for name, field in kind.fields.items():
        if field.required and name != numbered and (name not in draws or draws[name].missing):
            yield where, f"every entry needs its {name}"
    for name, one in draws.items():
        if name in kind.fields:
            yield from _of_value(kind.fields[name], one, f"{where}.{name}")
        else:
            yield f"{where}.{name}", f"no field of {kind.name}"


def _of_value(kind: FactType, draw: Draw, where: str) -> Iterator[Said]:
    if kind.kind == "record":
        yield where, "a record is drawn by its `fields`, a list by its `count` and `each`"
        return
    if draw.days_before is not None or draw.age_between is not None:
        if kind.kind != "date":
            yield where, f"a {kind.kind} is no date"
        return
    given = [draw.fixed] if draw.fixed is not None else [*(draw.choice or ()), *(draw.between or ())]
    for value in given:
        try:
            read_scalar(kind, value)
        except ValueError as error:
            yield where, str(error)
