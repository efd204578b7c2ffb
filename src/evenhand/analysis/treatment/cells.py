"""Counts of people, courses and lesions as rows: by the codes of a form, and as a median with its range."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from evenhand.analysis.analysing import Analysed
from evenhand.analysis.safety.groups import Group
from evenhand.analysis.tables import Behind, Cell, Row, count, row
from evenhand.protocol import Protocol

NONE = "none"  # where there is nothing that a median could be of


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says about a person or a thing of the person (a course, a lesion): a code, None: not recorded."""

    subject: str
    code: str | None
    seqs: tuple[int, ...] = ()


Find = Callable[[Analysed], Iterable[Said]]


def each_of(groups: Sequence[Group], find: Find) -> list[list[Said]]:
    """What is found about everybody of each group."""
    return [[said for one in group.people for said in find(one)] for group in groups]


def gathered(those: Iterable[Said]) -> tuple[Behind, ...]:
    """Each person once, with all entries."""
    found: dict[str, tuple[int, ...]] = {}
    for one in those:
        found[one.subject] = (*found.get(one.subject, ()), *one.seqs)
    return tuple(Behind(subject, tuple(dict.fromkeys(seqs))) for subject, seqs in found.items())


def of_people(those: Iterable[Said], whole: int | None) -> Cell:
    """How many people."""
    return count(gathered(those), whole)


def of_things(those: Iterable[Said], whole: int | None) -> Cell:
    """How many things, such as courses: a person may have several."""
    given = tuple(those)
    many = len(given)
    if not whole:
        return Cell(str(many), (("count", many),), gathered(given))
    values = (("count", many), ("of", whole), ("share", many / whole))
    return Cell(f"{many} ({100 * many / whole:.1f} %)", values, gathered(given))


Counting = Callable[[Iterable[Said], int | None], Cell]


def by_code(
    prefix: str,
    codes: Mapping[str, str],
    given: Sequence[Sequence[Said]],
    wholes: Sequence[int | None],
    counting: Counting = of_people,
    *,
    indent: int = 1,
) -> list[Row]:
    """A row for each code that somebody has, in the order of the form; then codes without a label, then what is not
    recorded."""
    said = {one.code for those in given for one in those}
    further = {code: code for code in sorted(code for code in said if code is not None and code not in codes)}
    rows = [
        row(f"{prefix}/{code}", _capital(label), *_cells(code, given, wholes, counting), indent=indent)
        for code, label in {**codes, **further}.items()
        if code in said
    ]
    if None in said:
        rows.append(row(f"{prefix}/", "Not recorded", *_cells(None, given, wholes, counting), indent=indent))
    return rows


def _cells(
    code: str | None, given: Sequence[Sequence[Said]], wholes: Sequence[int | None], counting: Counting
) -> list[Cell]:
    pairs = zip(given, wholes, strict=True)
    return [counting((one for one in those if one.code == code), whole) for those, whole in pairs]


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def all_of(
    id: str,
    label: str,
    given: Sequence[Iterable[Said]],
    wholes: Sequence[int | None],
    counting: Counting = of_people,
    *,
    indent: int = 0,
) -> Row:
    """A row of everything that was found."""
    return row(id, label, *(counting(those, whole) for those, whole in zip(given, wholes, strict=True)), indent=indent)


def codes_of(protocol: Protocol, role: str, path: str) -> Mapping[str, str]:
    """The codes of a field (``table.column`` of a table) of the first form that is read in a role; none without it."""
    forms = protocol.plan.reading(role) if protocol.plan else ()
    name, _, column = path.partition(".")
    for form in forms:
        if name in form.fields:
            kind = form.fields[name].type
            return kind.fields[column].codes if column in kind.fields else kind.codes if not column else {}
    return {}


@dataclass(frozen=True, slots=True)
class Measured:
    """A number of a person, with the entries behind it."""

    subject: str
    number: float
    seqs: tuple[int, ...] = ()


def middle(those: Iterable[Measured], digits: int = 0) -> Cell:
    """The median and the range: "21 (14 to 35)"."""
    given = tuple(those)
    people = gathered(Said(one.subject, None, one.seqs) for one in given)
    if not given:
        return Cell(NONE, (("count", 0),))
    numbers = [one.number for one in given]
    low, mid, high = min(numbers), float(median(numbers)), max(numbers)
    text = f"{mid:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
    return Cell(text, (("count", len(numbers)), ("median", mid), ("low", low), ("high", high)), people)
