"""What is wrong with the record: findings, told person by person where arms may be told apart, else counted alone."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from evenhand.analysis import Analysis, Mistake
from evenhand.analysis.tables import Behind, Cell, Row, Section, Table, count, row

SORTS: Final = MappingProxyType(
    {
        "after_death": "Something of the living, dated after the death",
        "before_randomization": "A finding of follow-up, dated before the randomization",
        "in_the_future": "A day later than its own entry",
        "unsigned_progression": "A progression that nobody has determined and signed",
        "death_without_day": "A death of which no day is known",
    }
)
"""The sorts of mistake that ``analysis.mistakes`` tells, in words; another one is shown by its id."""

_METHOD: Final = (
    "Each entry of the people randomized is held against their death, their randomization and its own moment of entry. "
    "An endpoint handles such a person by its own rule; nothing is averaged over."
)


def mistakes_section(analysis: Analysis, *, by_arm: bool) -> Section:
    """How many findings of each sort, and of whom; with ``by_arm`` each finding in a sentence as well."""
    found = analysis.mistakes
    people = len({one.subject for one in found})
    say = (
        f"{len(found)} findings about {people} of {len(analysis.people)} people randomized contradict the rest of the "
        "record or leave an endpoint open. The sites are asked about them; this report does not decide them."
        if found
        else f"Nothing in the records of the {len(analysis.people)} people randomized contradicts the rest."
    )
    tables = [_sorts(found, len(analysis.people))]
    if by_arm and found:
        tables.append(_each(found, len(analysis.people)))
    return Section("mistakes", "What is wrong with the record", (say,), tuple(tables))


def _sorts(found: Iterable[Mistake], whole: int) -> Table:
    given = tuple(found)
    ids = [*SORTS, *sorted({one.id for one in given} - set(SORTS))]
    return Table(
        "record_findings", "Findings about the record", f"Everybody randomized (n = {whole})", _METHOD,
        ("Finding", "People", "Findings"),
        tuple(_sort(id, [one for one in given if one.id == id], whole) for id in ids),
    )  # fmt: skip


def _sort(id: str, found: list[Mistake], whole: int) -> Row:
    behind = _behind(found)
    times = Cell(str(len(found)), (("count", len(found)),), behind)
    return row(id, SORTS.get(id, id.replace("_", " ")), count(behind, whole), times)


def _behind(found: Iterable[Mistake]) -> tuple[Behind, ...]:
    seqs: dict[str, list[int]] = {}
    for one in found:
        seqs.setdefault(one.subject, []).extend(one.seqs)
    return tuple(Behind(subject, tuple(dict.fromkeys(numbers))) for subject, numbers in seqs.items())


def _each(found: Iterable[Mistake], whole: int) -> Table:
    rows: dict[str, Row] = {}
    for one in found:
        id = "_".join((one.subject, one.id, *map(str, one.seqs)))
        while id in rows:
            id += "_again"
        behind = (Behind(one.subject, one.seqs),)
        numbers = ", ".join(map(str, one.seqs)) or "none"
        rows[id] = row(id, one.subject, Cell(one.say, (), behind), Cell(numbers, (), behind))
    return Table(
        "record_findings_each", "Each finding", f"Everybody randomized with a finding (of n = {whole})", _METHOD,
        ("Person", "What is wrong", "Entries"), tuple(rows.values()), by_arm=False,
    )  # fmt: skip
