"""The official definitions and grade sentences of CTCAE, which a user may bring in and which are never needed.

They are not shipped: the file is the user's own, read once, compared with our table of terms, and kept where the user
keeps data.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evenhand.oncology.ctcae.terms import GRADES, Dictionary, dictionary

COLUMNS: Final = ("soc", "term", "grade1", "grade2", "grade3", "grade4", "grade5")
NO_GRADE: Final = ("", "-", "–", "—")


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What the official publication says of one term; ``grades`` has the grades that exist."""

    term: str
    soc: str
    grades: Mapping[int, str]
    definition: str = ""
    note: str = ""


def parse(text: str) -> tuple[Descriptor, ...]:
    """Read the official table (CSV with a heading: soc, term, grade1 to grade5; definition and navigational_note).

    Raises ValueError with the line where it is no such table.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        heading = {name.strip().casefold(): name for name in reader.fieldnames or ()}
        lacking = [name for name in COLUMNS if name not in heading]
        if lacking:
            raise ValueError(f"line 1: no column {', '.join(lacking)}; needed are {', '.join(COLUMNS)}")
        return tuple(_descriptor(row, heading, reader.line_num) for row in reader)
    except csv.Error as error:
        raise ValueError(f"after line {reader.line_num}: {error}") from error


def differences(found: tuple[Descriptor, ...], version: str) -> Iterator[str]:
    """What in an official table is not as in ours: terms, classes, grades that exist, and terms that stand twice."""
    ours: Dictionary = dictionary(version)
    theirs = {item.term: item for item in found}
    if len(theirs) < len(found):
        names = [item.term for item in found]
        twice = sorted({name for name in names if names.count(name) > 1})
        yield f"these terms stand there more than once: {', '.join(twice)}"
    yield from (f"{name}: is not in the file" for name in ours.terms if name not in theirs)
    for item in theirs.values():
        term = ours.terms.get(item.term)
        if term is None:
            yield f"{item.term}: is no term of CTCAE {version} here"
        elif term.soc != item.soc:
            yield f"{item.term}: stands under {item.soc}, here under {term.soc}"
        elif tuple(item.grades) != term.grades:
            yield f"{item.term}: has the grades {_said(tuple(item.grades))}, here {_said(term.grades)}"


def file_in(folder: Path, version: str) -> Path:
    """Where the official table of a version lies in a user's data folder."""
    return folder / f"ctcae-{version}.csv"


def read(folder: Path, version: str) -> Mapping[str, Descriptor]:
    """The descriptors in a data folder, by term; none where there is no such file. Raises ValueError for a bad one."""
    path = file_in(folder, version)
    if not path.is_file():
        return {}
    return {item.term: item for item in parse(path.read_text("utf-8-sig"))}


def _descriptor(row: Mapping[str, str | None], heading: Mapping[str, str], line: int) -> Descriptor:
    cells = {name: (row.get(written) or "").strip() for name, written in heading.items()}
    if not cells["term"] or not cells["soc"]:
        raise ValueError(f"line {line}: a row needs its soc and its term")
    grades = {grade: cells[f"grade{grade}"] for grade in GRADES if cells[f"grade{grade}"] not in NO_GRADE}
    note = cells.get("navigational_note", "")
    return Descriptor(cells["term"], cells["soc"], grades, cells.get("definition", ""), note)


def _said(grades: tuple[int, ...]) -> str:
    return ", ".join(map(str, grades)) or "none"
