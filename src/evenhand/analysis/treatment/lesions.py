"""What became of each metastasis of registration: irradiated, resected, left untreated for a reason, or nothing yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.tables import Row, Table
from evenhand.analysis.treatment.cells import Said, all_of, by_code, codes_of, of_things
from evenhand.conduct.forms import entries_reading
from evenhand.conduct.treatment import metastases, registered_lesions
from evenhand.conduct.treatment.courses import METASTASIS, label_of
from evenhand.conduct.treatment.metastases import RESECTION, UNTREATED
from evenhand.conduct.treatment.treated import Treated
from evenhand.protocol.endpoints import Population

METHOD = (
    "Every metastasis recorded up to registration that the study's counting policy counts. Completed treatment counts, "
    "from its first completion; otherwise the latest entry about the lesion."
)
HOW = {METASTASIS: "irradiated", RESECTION: "resected"}
UNPLANNED = "Where local therapy is not planned, nothing has to be recorded about a lesion."
OPEN = {"begun": "begun and not complete", "nothing": "nothing recorded"}


def lesions(analysis: Analysis, population: Population, columns: tuple[Group, ...]) -> Table:
    """Lesion by lesion."""
    found = {one.person.subject: tuple(_lesions(one)) for one in columns[-1].people}
    every = [[each for one in group.people for each in found[one.person.subject]] for group in columns]
    many, no_whole = [len(those) for those in every], [None] * len(columns)
    reasons = {label: label for label in codes_of(analysis.protocol, UNTREATED, "because").values()}
    rows = [
        all_of("lesions", "Metastases at registration", [_all(those) for those in every], no_whole, of_things),
        *_state("complete", "Treated", HOW, every, many),
        *_state("closed with a reason", "Left untreated, or cut short, for a reason", reasons, every, many),
        *_state("open", "Neither treated nor a reason recorded", OPEN, every, many),
        all_of("none", "People without a metastasis listed", [_without(one, found) for one in columns], no_whole),
    ]
    return Table(
        id="metastases",
        title="Each metastasis",
        population=of_whom(population, columns[-1]),
        method=METHOD,
        head=("", *(one.head for one in columns)),
        rows=tuple(rows),
        notes=("Lesions are counted of all lesions; a person may have several.", UNPLANNED),
        by_arm=len(columns) > 1,
    )


_Lesion = tuple[str, Said]
"""Its state, and how it was treated, or why not."""


def _all(those: list[_Lesion]) -> list[Said]:
    return [said for _, said in those]


def _state(
    state: str, label: str, codes: Mapping[str, str], every: list[list[_Lesion]], many: list[int]
) -> list[Row]:  # fmt: skip
    given = [[said for standing, said in those if standing == state] for those in every]
    id = state.replace(" ", "_")
    return [all_of(id, label, given, many, of_things), *by_code(id, codes, given, many, of_things)]


def _lesions(one: Analysed) -> Iterator[_Lesion]:
    """Where each lesion of a person stands."""
    protocol, known = one.person.protocol, one.person.known
    roles = {entry.seq: role for role in HOW for entry in entries_reading(protocol, known, role)}
    left = {entry.seq: label_of(entry, "because") for entry in entries_reading(protocol, known, UNTREATED)}
    short = {entry.seq: label_of(entry, "stopped_because") for entry in entries_reading(protocol, known, METASTASIS)}
    for treated in metastases(protocol, known, registered_lesions(protocol, known)).by_label.values():
        code = _code(treated, roles, {**short, **left})
        yield treated.state, Said(one.person.subject, code, treated.seqs)


def _code(treated: Treated, roles: dict[int, str], why: dict[int, str | None]) -> str | None:
    if treated.state == "open":
        return "begun" if treated.seqs else "nothing"
    seq = treated.seqs[0] if treated.seqs else -1
    return roles.get(seq) if treated.state == "complete" else why.get(seq)


def _without(group: Group, found: Mapping[str, tuple[_Lesion, ...]]) -> list[Said]:
    return [Said(one.person.subject, None, (one.seen.seq,)) for one in group.people if not found[one.person.subject]]
