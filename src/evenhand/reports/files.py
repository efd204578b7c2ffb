"""The files of a report, by path inside its folder, and their manifest."""

from __future__ import annotations

import hashlib
from typing import Final

import orjson

from evenhand.analysis.datasets import csv_of, dictionary_of, parquet_of
from evenhand.reports.behind import People, people_of
from evenhand.reports.document import Report
from evenhand.reports.html import as_html
from evenhand.reports.making import Progress, quiet
from evenhand.reports.pdf import as_pdf
from evenhand.reports.results import about, results_json
from evenhand.reports.separated import figure_csv, table_csv

MANIFEST: Final = "manifest.json"


def files_of(report: Report, progress: Progress = quiet, *, named: bool = True) -> dict[str, bytes]:
    """Every file of a report, by its path inside the report's folder; the last is the manifest.

    ``report.html``, ``report.pdf`` (PDF/A-2a, PDF/UA-1), ``results.json`` (every number at full precision), tables and
    figures each by itself, the datasets (CSV and Parquet) where the kind has them, and ``manifest.json``: the SHA-256
    of each of them.
    Without ``named`` nobody behind a number is listed: for readers who may not know of every candidate.
    """
    people = people_of(report) if named else People()
    progress("the page", 0, 4)
    files = {"report.html": as_html(report, people)}
    progress("the PDF", 1, 4)
    files["report.pdf"] = as_pdf(report)
    progress("the numbers", 2, 4)
    files["results.json"] = results_json(report, people)
    files |= _alone(report)
    progress("the datasets", 3, 4)
    files |= _datasets(report)
    progress("", 4, 4)
    return files | {MANIFEST: manifest_of(report, files)}


def _alone(report: Report) -> dict[str, bytes]:
    """Each table and figure by itself."""
    files = {f"tables/{table.id}.csv": table_csv(table, report.arms) for table in report.tables}
    for figure in report.figures:
        files[f"figures/{figure.id}.svg"] = figure.svg.encode()
        files[f"figures/{figure.id}.csv"] = figure_csv(figure)
    return files


def _datasets(report: Report) -> dict[str, bytes]:
    if not report.datasets:
        return {}
    files = {}
    for one in (*report.datasets, dictionary_of(report.datasets)):
        files[f"datasets/{one.name.lower()}.csv"] = csv_of(one)
        files[f"datasets/{one.name.lower()}.parquet"] = parquet_of(one)
    return files


def manifest_of(report: Report, files: dict[str, bytes]) -> bytes:
    """What a report follows from, and the SHA-256 of each of its files."""
    told = {
        "format": "evenhand-report-1",
        **about(report),
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in sorted(files.items())
        },
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
