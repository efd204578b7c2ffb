"""What of a safety form cannot be taken: a term that the dictionary lacks, a grade that the term lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evenhand.conduct.forms import Answer, Fault
from evenhand.conduct.safety.clocks import SAFETY_REPORT, read_time
from evenhand.conduct.safety.emergence import BASELINE_CONDITION
from evenhand.conduct.safety.events import ADVERSE_EVENT
from evenhand.conduct.safety.laboratory import LABORATORY
from evenhand.oncology.ctcae import Term, analytes, dictionary, search
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form

_TIMES = {ADVERSE_EVENT: "aware_time", SAFETY_REPORT: "sent_time"}


def faults(protocol: Protocol, form: Form, answers: Mapping[str, Answer]) -> Iterator[Fault]:
    """Everything that refuses an entry of a form that this room reads; nothing for other forms."""
    safety = protocol.plan.safety if protocol.plan else None
    if safety is None:
        return
    if form.reads in (ADVERSE_EVENT, BASELINE_CONDITION):
        yield from _term_faults(safety.ctcae, answers)
    if form.reads == LABORATORY:
        yield from _unit_faults(answers)
    at = answers.get(_TIMES.get(form.reads, ""))
    if isinstance(at, str) and read_time(at) is None:
        yield Fault(_TIMES[form.reads], f"{at!r} is no time of day", "Write it as 14:05.")


def _term_faults(version: str, answers: Mapping[str, Answer]) -> Iterator[Fault]:
    name = answers.get("term")
    if not isinstance(name, str):
        return
    term = dictionary(version).find(name)
    if term is None:
        near = ", ".join(one.name for one in search(version, name, most=4))
        mend = f"Choose a term, such as {near}." if near else 'Search by other words, or choose an "Other, specify".'
        yield Fault("term", f"{name!r} is no term of CTCAE {version}", mend)
        return
    if term.specify and not answers.get("specify"):
        yield Fault("specify", f"{term.name} needs other words besides", "Say what it was.")
    for path, grade in _grades(answers):
        if not term.offers(grade):
            yield Fault(path, f"{term.name} has no grade {grade}", f"Its grades are {_said(term)}.")


def _grades(answers: Mapping[str, Answer]) -> Iterator[tuple[str, int]]:
    rows = answers.get("course", ())
    for number, row in enumerate(rows if isinstance(rows, tuple) else (), start=1):
        grade = row.get("grade")
        if isinstance(grade, int):
            yield f"course.{number}.grade", grade
    single = answers.get("grade")
    if isinstance(single, int):
        yield "grade", single


def _unit_faults(answers: Mapping[str, Answer]) -> Iterator[Fault]:
    rows = answers.get("results", ())
    for number, row in enumerate(rows if isinstance(rows, tuple) else (), start=1):
        analyte, unit = analytes().get(str(row.get("test"))), row.get("unit")
        if analyte is not None and isinstance(unit, str) and unit not in analyte.units:
            mend = f"It comes in {', '.join(analyte.units)}."
            yield Fault(f"results.{number}.unit", f"{analyte.label} is not measured in {unit}", mend)


def _said(term: Term) -> str:
    return ", ".join(map(str, term.grades))
