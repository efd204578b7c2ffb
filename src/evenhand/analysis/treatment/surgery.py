"""Operations: of the primary, the axilla, of metastases; margins, and complications by Clavien-Dindo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.tables import Behind, Cell, Row, Table, count, row
from evenhand.analysis.treatment.cells import Said, all_of, by_code, codes_of, each_of
from evenhand.conduct.forms import FormEntry, entries, entries_reading
from evenhand.conduct.treatment import Operation, operations
from evenhand.conduct.treatment import complications as all_complications
from evenhand.conduct.treatment.answers import day, word
from evenhand.conduct.treatment.local import SURGERY
from evenhand.conduct.treatment.metastases import RESECTION
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.oncology.clavien_dindo import GRADES, is_major, worst
from evenhand.protocol.endpoints import Population

METHOD = "Operations since randomization. People are counted once in a row, and may have had several operations."
COMPLICATIONS = (
    "The worst grade of each person operated (Clavien-Dindo, Ann Surg 2004;240:205-213). A complication counts with "
    "the latest operation before it if it began within {within} of it, which is the study's choice."
)


def surgery(analysis: Analysis, population: Population, columns: tuple[Group, ...]) -> Table:
    """What was operated and how."""
    sizes, protocol = [group.size for group in columns], analysis.protocol
    done = each_of(columns, partial(_of_surgery, field="procedure"))
    operated = [len({one.subject for one in those}) for those in done]
    rows = [
        all_of("surgery", "Surgery of the primary or the axilla", done, sizes),
        *by_code("procedure", codes_of(protocol, SURGERY, "procedure"), done, sizes),
    ]
    for field, title in (("axilla", "Axilla, of those operated"), ("margin", "Margins, of those operated")):
        codes = codes_of(protocol, SURGERY, field)
        if codes:
            rows.append(row(field, title))
            rows += by_code(field, codes, each_of(columns, partial(_of_surgery, field=field)), operated)
    left_out = each_of(columns, _not_done)
    rows.append(all_of("not_done", "Surgery not done, with a reason", left_out, sizes))
    rows += by_code("not_done", {}, left_out, sizes)
    rows.append(all_of("resection", "Resection of metastases", each_of(columns, _resected), sizes))
    return Table(
        id="surgery",
        title="Surgery",
        population=of_whom(population, columns[-1]),
        method=METHOD,
        head=("", *(one.head for one in columns)),
        rows=tuple(rows),
        by_arm=len(columns) > 1,
    )


def _since(one: Analysed, role: str) -> Iterator[FormEntry]:
    """The operations from randomization on; one without a day is taken for one of them."""
    for entry in entries_reading(one.person.protocol, one.person.known, role):
        performed = day(entry.values, "performed")
        if performed is None or performed >= one.seen.start:
            yield entry


def _of_surgery(one: Analysed, field: str) -> Iterator[Said]:
    for entry in _since(one, SURGERY):
        asked = entry.form.fields.get(field)
        said = word(entry.values, field)
        if said is not None or field in entry.unless or (asked is not None and asked.asked_when is None):
            yield Said(one.person.subject, said, (entry.seq,))


def _not_done(one: Analysed) -> Iterator[Said]:
    for entry in entries(one.person.protocol, one.person.known):
        if entry.form.reads == SURGERY and entry.not_done is not None and not entry.struck:
            yield Said(one.person.subject, entry.not_done, (entry.seq,))


def _resected(one: Analysed) -> Iterator[Said]:
    return (Said(one.person.subject, None, (entry.seq,)) for entry in _since(one, RESECTION))


def complications(analysis: Analysis, population: Population, columns: tuple[Group, ...]) -> Table | None:
    """Whoever was operated, by the worst complication; None where nobody was, or the study counts none."""
    given = [[(one, found) for one in group.people if (found := _operations(one))] for group in columns]
    plan = treatment_of(analysis.protocol).surgery
    if plan is None or not any(given):
        return None
    wholes = [len(those) for those in given]
    worsts = [[_worst(one, found) for one, found in those] for those in given]
    rows = [row("operated", "Operated", *(count(one.behind for one in those) for those in worsts))]
    rows.append(_row("any", "Any complication", worsts, wholes, [*GRADES, ""]))
    rows += [_row(grade, f"Grade {grade}: {says}", worsts, wholes, [grade], indent=1) for grade, says in GRADES.items()]
    if any(one.grade == "" for those in worsts for one in those):
        rows.append(_row("not_recorded", "Grade not recorded", worsts, wholes, [""], indent=1))
    rows.append(_row("major", "Grade IIIa or higher", worsts, wholes, [one for one in GRADES if is_major(one)]))
    rows.append(row("unowned", "Only complications too late for any operation (not counted)", *map(_unowned, given)))
    return Table(
        id="surgical_complications",
        title="Complications of surgery",
        population=of_whom(population, columns[-1]),
        method=COMPLICATIONS.format(within=plan.complications_within),
        head=("", *(f"{group.label} (operated: {whole})" for group, whole in zip(columns, wholes, strict=True))),
        rows=tuple(rows),
        by_arm=len(columns) > 1,
    )


_Operated = tuple[Analysed, tuple[Operation, ...]]


@dataclass(frozen=True, slots=True)
class _Worst:
    """The worst grade of a person ("": a complication without a grade; None: no complication) and the entries."""

    grade: str | None
    behind: Behind


def _unowned(given: list[_Operated]) -> Cell:
    """People whose complications all began without a day, or too long after an operation."""
    found = []
    for one, operated in given:
        every = {each.entry.seq for each in all_complications(one.person.protocol, one.person.known)}
        if every and not any(operation.complications for operation in operated):
            found.append(Behind(one.person.subject, tuple(sorted(every))))
    return count(found)


def _operations(one: Analysed) -> tuple[Operation, ...]:
    found = operations(one.person.protocol, one.person.known)
    return tuple(each for each in found if each.performed is not None and each.performed >= one.seen.start)


def _worst(one: Analysed, found: tuple[Operation, ...]) -> _Worst:
    those = [each for operation in found for each in operation.complications]
    grade = worst(tuple(each.grade for each in those if each.grade in GRADES and each.grade is not None))
    seqs = tuple(each.entry.seq for each in those) or tuple(each.entry.seq for each in found)
    return _Worst(grade or ("" if those else None), Behind(one.person.subject, seqs))


def _row(
    id: str, label: str, given: list[list[_Worst]], wholes: list[int], grades: list[str], indent: int = 0
) -> Row:  # fmt: skip
    cells: list[Cell] = [
        count((one.behind for one in those if one.grade in grades), whole)
        for those, whole in zip(given, wholes, strict=True)
    ]
    return row(f"complication/{id}", label, *cells, indent=indent)
