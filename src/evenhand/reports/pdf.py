"""A report set on paper: A4, PDF/A-2a and PDF/UA-1, dated by the moment of the cut, so that the bytes stay the same.

It holds no lists of people: those are in the page and in the results file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from evenhand.analysis.outcome import said
from evenhand.analysis.tables import Figure, Row, Section, Table
from evenhand.reports.document import Report
from evenhand.reports.fitting import fitted, unbroken
from evenhand.reports.wording import facts, title, under
from evenhand.typesetting import typeset

SOURCE: Final = Path(__file__).with_name("report.typ").read_bytes()

_ACROSS, _DOWN = 170.0, 196.0  # mm: the most that a drawing takes of a page
_SMALL: Final = 24  # rows of a table that is never broken between pages


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
    return {
        "title": section.title,
        "says": list(section.says),
        "parts": [_part(part, report) for part in section.parts],
    }


def _part(part: Table | Figure, report: Report) -> dict[str, Any]:
    told: dict[str, Any] = {"title": part.title, "under": [list(pair) for pair in under(part, report)]}
    if isinstance(part, Figure):
        return told | {"sort": "figure", "svg": part.svg, "says": part.says, **_room(part.svg)}
    fit, rows = fitted(part), [_row(one) for one in part.rows]
    looks = {"sides": list(fit.sides), "shares": list(fit.shares), "size": fit.size, "whole": len(rows) <= _SMALL}
    return told | {"sort": "table", "head": [unbroken(head) for head in part.head], "rows": rows, **looks}


def _room(svg: str) -> dict[str, Any]:
    """The width of a drawing in mm, so that a high one fits a page with its words; ``tall``: higher than wide."""
    said = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
    across, down = (float(said[1]), float(said[2])) if said else (1.0, 1.0)
    return {"width": round(min(_ACROSS, _DOWN * across / down), 2), "tall": down > across}


def _row(row: Row) -> dict[str, Any]:
    return {"label": row.label, "indent": row.indent, "cells": [cell.text for cell in row.cells]}
