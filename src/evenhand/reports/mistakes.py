"""What is wrong with the record: findings, told person by person where arms may be told apart, else counted alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from evenhand.analysis import Analysis, Mistake
from evenhand.analysis.saying import counted, people_text
from evenhand.analysis.tables import Behind, Cell, Row, Section, Table, count, row

SORTS: Final = MappingProxyType(
    {
        "after_death": "Something of the living, dated after the death",
        "before_randomization": "A finding of follow-up, dated before the randomization",
        "in_the_future": "A day later than its own entry",
        "unsigned_progression": "A progression that nobody has determined and signed",
        "death_without_day": "A death of which no day is known",
        "two_deaths": "Two deaths on different days",
        "without_consent": "Registered or randomized on a day on which no consent held",
        "out_of_order": "Registered after randomization",
        "site_not_open": "Randomized where or when accrual was not open",
        "stratum_contradicted": "A stratum of randomization that the facts contradict",
        "treatment_too_early": "Treatment of the study before randomization",
        "ends_before_it_begins": "Something that ended before it began",
        "lesion_not_listed": "A lesion in a scan that nobody listed",
        "before_birth": "A day before the birth",
        "after_the_end": "Something collected after follow-up had ended",
    }
)
"""The sorts of mistake that ``analysis.mistakes`` tells, in words; another one is shown by its id."""

_METHOD: Final = (
    "Each entry of the people randomized is held against their death, their randomization and its own moment of entry. "
    "An endpoint handles such a person by its own rule; nothing is averaged over."
)


_METHOD_OF_ENTRY: Final = (
    "Of the people randomized, consent, registration, randomization and strata are held against each other, the facts "
    "of eligibility, and where and when accrual was open."
)
_OF_ENTRY: Final = frozenset(
    {"without_consent", "out_of_order", "site_not_open", "stratum_contradicted", "before_birth"}
)  # what tells of nothing after randomization


def mistakes_section(analysis: Analysis, *, by_arm: bool, outcomes: bool = True) -> Section:
    """How many findings of each sort, and of whom; with ``by_arm`` each finding in a sentence as well. Without
    ``outcomes`` those alone that tell of nothing after randomization."""
    found = tuple(one for one in analysis.mistakes if outcomes or one.id in _OF_ENTRY)
    people = len({one.subject for one in found})
    say = (
        f"{counted(len(found), 'finding')} about {people} of {people_text(len(analysis.people))} randomized "
        f"{'contradicts' if len(found) == 1 else 'contradict'} the rest of the record or "
        f"{'leaves' if len(found) == 1 else 'leave'} an endpoint open. The sites are asked; the report decides nothing."
        if found
        else f"Nothing in the record of {people_text(len(analysis.people))} randomized contradicts the rest"
        + ("." if outcomes else ", as far as it tells of their enrolment.")
    )
    sorts = {id: say for id, say in SORTS.items() if outcomes or id in _OF_ENTRY}
    tables = [_sorts(sorts, found, len(analysis.people), _METHOD if outcomes else _METHOD_OF_ENTRY)]
    if by_arm and found:
        tables.append(_each(found, len(analysis.people)))
    return Section("mistakes", "What is wrong with the record", (say,), tuple(tables))


def _sorts(sorts: Mapping[str, str], found: Iterable[Mistake], whole: int, method: str) -> Table:
    given = tuple(found)
    ids = [*sorts, *sorted({one.id for one in given} - set(sorts))]
    return Table(
        "record_findings", "Findings about the record", f"Everybody randomized (n = {whole})", method,
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
