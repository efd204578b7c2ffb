"""A report as one HTML file that needs nothing from outside: no script, its own style sheet, its figures inside.

Each number links to the list of people and entries behind it, at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from evenhand.analysis.tables import Cell, Figure, Row, Section, Table
from evenhand.figures import SHEET
from evenhand.reports.behind import People
from evenhand.reports.document import Numbered, Report
from evenhand.reports.fitting import aligned, unbroken
from evenhand.reports.naming import column_ids
from evenhand.reports.rows import shown_rows
from evenhand.reports.wording import facts, refers, title, under, whole

_STYLE: Final = Path(__file__).with_name("report.css").read_text(encoding="utf-8") + SHEET


def as_html(report: Report, people: People) -> bytes:
    """The report as a page."""
    return "\n".join(_page(report, people)).encode() + b"\n"


def _page(report: Report, people: People) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{escape(title(report))}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>"
    yield '<a class="skip" href="#report">Skip to the report</a>\n<div class="sheet">'
    yield from _head(report)
    yield from _contents(report, people)
    yield '<main id="report" tabindex="-1">'
    numbered = {one.part.id: one for one in report.parts}
    for place, section in enumerate(report.sections, start=1):
        yield from _section(place, section, numbered, report, people)
    yield from _people(report, people)
    yield "</main>\n</div>\n</body>\n</html>"


def _head(report: Report) -> Iterator[str]:
    yield f'<header>\n<p class="kicker">{escape(report.source.study.upper())}</p>'
    yield f"<h1>{escape(report.kind.title)}</h1>"
    yield f'<p class="lead">{escape(report.source.title)}</p>'
    if report.kind.by_arm:
        yield f'<p class="closed">{escape(report.kind.readers)}</p>'
    pairs = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts(report))
    yield f'<dl class="facts">{pairs}</dl>\n</header>'


def _contents(report: Report, people: People) -> Iterator[str]:
    yield '<nav aria-label="Contents">\n<ol>'
    numbered = {one.part.id: one for one in report.parts}
    for place, section in enumerate(report.sections, start=1):
        yield f'<li><a href="#s-{escape(section.id)}">{place} {escape(section.title)}</a>'
        if section.parts:
            yield f"<ol>{''.join(_listed(numbered[part.id]) for part in section.parts)}</ol>"
        yield "</li>"
    if people.lists:
        yield '<li><a href="#people">The people behind the numbers</a></li>'
    yield "</ol>\n</nav>"


def _listed(one: Numbered) -> str:
    return f'<li><a href="#{_anchor(one)}">{one.label}. {escape(one.part.title)}</a></li>'


def _anchor(one: Numbered) -> str:
    return f"{'t' if isinstance(one.part, Table) else 'f'}-{escape(one.part.id)}"


def _section(
    place: int, section: Section, numbered: dict[str, Numbered], report: Report, people: People
) -> Iterator[str]:
    yield f'<section aria-labelledby="s-{escape(section.id)}">'
    yield f'<h2 id="s-{escape(section.id)}">{place} {escape(section.title)}</h2>'
    for say in section.says:
        yield f"<p>{escape(say)}</p>"
    yield from _refers(section, numbered, report)
    for part in section.parts:
        one = numbered[part.id]
        anchor = _anchor(one)
        name = f"<span>{one.label}.</span> {escape(part.title)}"
        yield f'<figure id="{anchor}">\n<figcaption id="{anchor}-name">{name}</figcaption>'
        yield f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{anchor}-name">'
        yield from _table(part, anchor, report, people) if isinstance(part, Table) else _drawing(part)
        yield "</div>"
        yield from _under(part, report)
        yield "</figure>"
    yield "</section>"


def _refers(section: Section, numbered: dict[str, Numbered], report: Report) -> Iterator[str]:
    """Where the numbers of a section stand."""
    links = [f'<a href="#{_anchor(numbered[id])}">{escape(say)}</a>' for say, id in refers(section, report)]
    if links:
        yield f"<p>See {' and '.join(links)}.</p>"


def _drawing(figure: Figure) -> Iterator[str]:
    if not figure.narrow:
        yield f'<div class="drawing">{figure.svg}</div>'
        return
    broad = "" if 'viewBox="0 0 340 ' in figure.narrow else " broad"  # it goes beyond a phone, and is moved sideways
    yield f'<div class="drawing wide">{figure.svg}</div>\n<div class="drawing narrow{broad}">{figure.narrow}</div>'


def _under(part: Table | Figure, report: Report) -> Iterator[str]:
    lines = "".join(f"<p><b>{escape(name)}:</b> {escape(text)}</p>" for name, text in under(part, report))
    yield f'<div class="under">{lines}</div>'


def _table(table: Table, anchor: str, report: Report, people: People) -> Iterator[str]:
    sides = aligned(table)
    columns = column_ids(table, report.arms)
    heads = "".join(
        f'<th scope="col"{_side(side)}>{escape(unbroken(head))}</th>'
        for head, side in zip(table.head[1:], sides, strict=True)
    )
    yield f'<table aria-labelledby="{anchor}-name">'
    first = f'<th scope="col">{escape(table.head[0])}</th>' if table.head[0] else "<td></td>"
    yield f"<thead><tr>{first}{heads}</tr></thead>\n<tbody>"
    for row in shown_rows(table):
        if not row.cells:
            yield f'<tr><th class="group" scope="row" colspan="{len(table.head)}">{escape(row.label)}</th></tr>'
            continue
        cells = "".join(
            f"<td{_side(side)}>{_cell(cell, people.of.get(f'{table.id}.{row.id}.{column}'), people)}</td>"
            for cell, side, column in zip(row.cells, sides, columns, strict=False)
        )
        yield f"<tr>{_label(row)}{cells}</tr>"
    yield "</tbody>\n</table>"


def _side(side: str) -> str:
    return ' class="right"' if side == "right" else ""


def _label(row: Row) -> str:
    inside = f' class="{"in deep" if row.indent > 1 else "in"}"' if row.indent else ""
    return f'<th scope="row"{inside}>{escape(row.label)}</th>'


def _cell(cell: Cell, name: str | None, people: People) -> str:
    return f'<a href="#{name}">{escape(cell.text)}</a>' if name and cell.text else escape(cell.text)


def _people(report: Report, people: People) -> Iterator[str]:
    if not people.lists:
        return
    labels = {one.part.id: one for one in report.parts}
    yield '<section class="appendix" aria-labelledby="people">\n<h2 id="people">The people behind the numbers</h2>'
    yield "<p>Each list belongs to the numbers that lead here: pseudonyms, in brackets the entries of the record.</p>"
    yield '<dl class="people">'
    for name, of in people.lists.items():
        first = people.first[name]
        table, more = labels[first.table.id], people.uses[name] - 1
        say = f'<a href="#{_anchor(table)}">{table.label}</a>, {escape(first.row.label)}: {escape(first.cell.text)}'
        also = f", and {whole(more)} more" if more else ""
        listed = "; ".join(
            f"<span>{escape(one.subject)}</span>" + (f" ({', '.join(map(str, one.seqs))})" if one.seqs else "")
            for one in of
        )
        yield f'<dt id="{name}">{say}{also}</dt>\n<dd>{listed}</dd>'
    yield "</dl>\n</section>"
