"""A report set on paper: A4, PDF/A-2a and PDF/UA-1, dated by the moment of the cut, so that the bytes stay the same.

It holds no lists of people: those are in the page and in the results file. Heads of columns and of groups of rows are
header cells; labels of rows cannot be: the typst of the package has that (``pdf.header-cell``) behind a switch that it
does not hand on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from math import ceil
from pathlib import Path
from typing import Any, Final

from evenhand.analysis.outcome import said
from evenhand.analysis.tables import Figure, Row, Section
from evenhand.reports.document import Numbered, Report
from evenhand.reports.fitting import Fitted, fitted, unbroken
from evenhand.reports.rows import shown_rows
from evenhand.reports.wording import facts, refers, title, under
from evenhand.typesetting import typeset

SOURCE: Final = Path(__file__).with_name("report.typ").read_bytes()

_ACROSS, _DOWN = 170.0, 196.0  # mm: the most that a drawing takes of a page
_SMALL: Final = 12  # lines of a table that is never broken between pages, assumed: a fifth of one, so that pages fill


def as_pdf(report: Report) -> bytes:
    """The report as PDF."""
    return typeset(SOURCE, content(report), report.source.recorded)


def content(report: Report) -> dict[str, Any]:
    """What the typst source is given."""
    source = report.source
    return {
        "document": title(report),
        "study": source.study.upper(),
        "title": source.title,
        "kind": report.kind.title,
        "readers": report.kind.readers if report.kind.by_arm else "",
        "cut": said(source.effective),
        "hash": source.hash[:12],
        "facts": [list(pair) for pair in facts(report)],
        "sections": [_section(one, report) for one in report.sections],
    }


def _section(section: Section, report: Report) -> dict[str, Any]:
    told = refers(section, report)
    return {
        "title": section.title,
        "says": [*section.says, *([f"See {' and '.join(say for say, _ in told)}."] if told else [])],
        "parts": [_part(one, report) for one in report.parts if one.section is section],
    }


def _part(one: Numbered, report: Report) -> dict[str, Any]:
    part = one.part
    told: dict[str, Any] = {"id": part.id, "label": one.label, "title": part.title}
    told["under"] = [list(pair) for pair in under(part, report)]
    if isinstance(part, Figure):
        return told | {"sort": "figure", "svg": part.svg, "says": part.says, **_room(part.svg)}
    given = shown_rows(part)
    fit, rows = fitted(part), [_row(given, place) for place in range(len(given))]
    looks = {"sides": list(fit.sides), "shares": list(fit.shares), "size": fit.size, "sideways": fit.sideways}
    looks["whole"] = not fit.sideways and _lines(given, fit) <= _SMALL
    return told | {"sort": "table", "head": [unbroken(head) for head in part.head], "rows": rows, **looks}


def _lines(rows: Sequence[Row], fit: Fitted) -> int:
    """How many lines a table takes, about: a cell takes as many as its text has widths of its column."""
    return sum(
        max(ceil(len(text) / share) for text, share in zip((row.label, *_texts(row)), fit.shares, strict=False))
        for row in rows
    )


def _texts(row: Row) -> tuple[str, ...]:
    return tuple(cell.text or " " for cell in row.cells)


def _room(svg: str) -> dict[str, Any]:
    """The width of a drawing in mm, so that a high one fits a page with its words."""
    said = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
    across, down = (float(said[1]), float(said[2])) if said else (1.0, 1.0)
    return {"width": round(min(_ACROSS, _DOWN * across / down), 2)}


def _row(rows: Sequence[Row], place: int) -> dict[str, Any]:
    """A row; one without cells ``heads`` those below it, for whoever has the table read out, where they are its own."""
    row = rows[place]
    below = list(takewhile(lambda one: one.cells, rows[place + 1 :]))
    own = bool(below) and len({one.indent > row.indent for one in below}) == 1
    cells = [cell.text for cell in row.cells]
    return {"label": row.label, "indent": row.indent, "cells": cells, "heads": not cells and own}
