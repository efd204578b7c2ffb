"""The safety board's view as files: what the page shows, who is behind each of its numbers, and their manifest."""

from __future__ import annotations

from typing import Any, Final

import orjson

from evenhand.analysis.tables import Figure, Row, Section, Table
from evenhand.reports import MANIFEST, Numbered, Report, manifest_of
from evenhand.reports.fitting import aligned
from evenhand.reports.naming import column_ids

SHOWN: Final = "board.json"
PEOPLE: Final = "people.json"
_FOLDED: Final = ("stopping_operating", "flow_", "adverse_event_", "adverse_events_after")
"""Tables that are folded up at first, by how their ids begin: what one looks up, and what a figure shows already."""
Plain = dict[str, Any]


def board_files(report: Report) -> dict[str, bytes]:
    """The files of a view."""
    people: dict[str, Plain] = {}
    numbered = {one.part.id: one for one in report.parts}
    shown = {
        "candidates": report.candidates,
        "randomized": report.randomized,
        "sections": [_section(one, numbered, report, people) for one in report.sections],
    }
    files = {SHOWN: orjson.dumps(shown), PEOPLE: orjson.dumps(people)}
    return files | {MANIFEST: manifest_of(report, files)}


def _section(section: Section, numbered: dict[str, Numbered], report: Report, people: dict[str, Plain]) -> Plain:
    parts = [
        _table(part, numbered[part.id].label, report, people)
        if isinstance(part, Table)
        else _figure(part, numbered[part.id].label)
        for part in section.parts
    ]
    return {"id": section.id, "title": section.title, "says": section.says, "parts": parts}


def _about(part: Table | Figure, label: str) -> Plain:
    told = ("id", "title", "population", "method", "notes")
    return {"label": label, **{name: getattr(part, name) for name in told}}


def _figure(figure: Figure, label: str) -> Plain:
    return {**_about(figure, label), "sort": "figure", "svg": figure.svg, "narrow": figure.narrow}


def _table(table: Table, label: str, report: Report, people: dict[str, Plain]) -> Plain:
    columns, sides = column_ids(table, report.arms), aligned(table)
    people |= _behind(table, label, columns)
    heads = [{"text": _unbroken(head), "side": side} for head, side in zip(table.head, ("left", *sides), strict=True)]
    rows = [_row(table, row, columns, sides) for row in table.rows]
    folded = table.id.startswith(_FOLDED)
    return {**_about(table, label), "sort": "table", "folded": folded, "head": heads, "rows": rows}


def _unbroken(head: str) -> str:
    """No line ends inside "(n = 21)"."""
    return head.replace("(n = ", "(n\u00a0=\u00a0")


def _row(table: Table, row: Row, columns: tuple[str, ...], sides: tuple[str, ...]) -> Plain:
    cells = [
        {"text": cell.text, "side": side, "number": f"{table.id}.{row.id}.{column}" if cell.behind else ""}
        for column, side, cell in zip(columns, sides, row.cells, strict=False)
    ]
    return {"label": row.label, "indent": row.indent, "cells": cells}


def _behind(table: Table, label: str, columns: tuple[str, ...]) -> dict[str, Plain]:
    """Who is behind the numbers of a table, by the name of each; a row that belongs to another is named with it."""
    found, above = dict[str, Plain](), ""
    for row in table.rows:
        above = above if row.indent else row.label
        said = f"{above}: {row.label}" if row.indent and above else row.label
        for column, head, cell in zip(columns, table.head[1:], row.cells, strict=False):
            if cell.behind:
                told = {"table": f"{label}. {table.title}", "row": said, "column": head, "text": cell.text}
                people = [[one.subject, one.seqs] for one in cell.behind]
                found[f"{table.id}.{row.id}.{column}"] = {**told, "people": people}
    return found
