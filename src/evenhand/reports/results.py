"""Every number of a report at full precision, as JSON, with the people and entries behind it."""

from __future__ import annotations

from math import isfinite
from numbers import Integral
from typing import Any, Final

import orjson

from evenhand.analysis.tables import Figure, Number, Section, Table
from evenhand.record import moment_text
from evenhand.reports.behind import People
from evenhand.reports.document import Report
from evenhand.reports.naming import column_ids

FORMAT: Final = "evenhand-results-1"


def results_json(report: Report, people: People) -> bytes:
    """``numbers`` by name (``table.row.column``): the printed text, its values, and the list of people behind it.

    ``people``: each list as {pseudonym: [entries]}. What is not finite is null, as JSON has no word for it.
    """
    labels = {one.part.id: one.label for one in report.parts}
    told: dict[str, Any] = {
        "format": FORMAT,
        **about(report),
        "sections": [_section(one, labels) for one in report.sections],
        "numbers": {id: value for table in report.tables for id, value in _numbers(table, report, people)},
        "people": {name: {one.subject: list(one.seqs) for one in of} for name, of in people.lists.items()},
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def about(report: Report) -> dict[str, Any]:
    """What the report is of, and what its numbers follow from."""
    source = report.source
    return {
        "kind": report.kind.id,
        "evenhand": report.program,
        "study": source.study,
        "protocol": {"version": source.version, "digest": source.digest},
        "protocols": [{"version": version, "digest": digest} for version, digest in source.protocols],
        "cut": {"effective": source.effective.isoformat(), "recorded": moment_text(source.recorded)},
        "record": {"last_entry": source.seq, "hash": source.hash, "entries_of_the_cut": source.entries},
        "arms": [{"id": id, "label": label} for id, label in report.arms],
        "candidates": report.candidates,
        "randomized": report.randomized,
    }


def plain(value: Number) -> Number:
    """A number that JSON can hold: numpy's become Python's, and what is not finite nothing."""
    if isinstance(value, float):
        return float(value) if isfinite(value) else None
    return int(value) if isinstance(value, Integral) else value


def _section(section: Section, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "says": list(section.says),
        "parts": [_part(part, labels[part.id]) for part in section.parts],
    }


def _part(part: Table | Figure, label: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": part.id,
        "label": label,
        "title": part.title,
        "population": part.population,
        "method": part.method,
        "notes": list(part.notes),
        "by_arm": part.by_arm,
    }
    if isinstance(part, Table):
        return told | {"head": list(part.head), "rows": [{"id": row.id, "label": row.label} for row in part.rows]}
    return told | {"says": part.says, "data": [[plain(value) for value in row] for row in part.data]}


def _numbers(table: Table, report: Report, people: People) -> list[tuple[str, dict[str, Any]]]:
    columns, found = column_ids(table, report.arms), []
    for row in table.rows:
        for column, cell in zip(columns, row.cells, strict=False):
            id = f"{table.id}.{row.id}.{column}"
            told: dict[str, Any] = {"text": cell.text, "values": {name: plain(value) for name, value in cell.values}}
            if id in people.of:
                told["people"] = people.of[id]
            found.append((id, told))
    return found
