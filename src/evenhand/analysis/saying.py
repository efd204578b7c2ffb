"""Numbers as a report prints them, with all their digits beside them; what cannot be estimated says why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from evenhand.analysis.tables import Behind, Cell, Number, Table

NOT = "not estimable"
EMPTY = Cell("")
REASON = "reason"
MOST_NAMED = 4  # rows that a note names one by one


def fixed(value: float, digits: int) -> str:
    """A number with so many decimals; never "-0.0"."""
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def word(text: str, number: int) -> str:
    """A word for an id that stays the same from cut to cut; the number where a text has no letters."""
    said = "_".join("".join(char if char.isalnum() else " " for char in text.casefold()).split())
    return said or str(number)


def counted(number: int, one: str, many: str = "") -> str:
    """A number of things: "1 person", "2 people"; ``many`` is one with an "s" unless given."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def people_text(number: int) -> str:
    """So many people."""
    return counted(number, "person", "people")


def capital(text: str) -> str:
    """A label that begins a row."""
    return text[:1].upper() + text[1:]


def ratio_text(value: float | None) -> str:
    """A hazard ratio, with two decimals; "not finite" where no number can hold it."""
    if value is None:
        return "not finite"
    return "< 0.01" if 0 < value < 0.005 else "> 1000" if value > 1000 else fixed(value, 2)


def p_text(p: float) -> str:
    """A p-value with three decimals, from 0.001 on."""
    return "< 0.001" if p < 0.0005 else "> 0.999" if p >= 0.9995 else fixed(p, 3)


def interval_text(value: str, low: str, high: str) -> str:
    """An estimate with its interval: 0.61 (0.43 to 0.87)."""
    return f"{value} ({low} to {high})"


def in_months(reason: str) -> str:
    """A reason of the statistics, which know no unit of time: here it is a month."""
    until = re.sub(r"(followed until|known up to) ([\d.]+)", r"\1 month \2", reason)
    until = until.replace("before the horizon ", "before the horizon of ")
    lasting = re.sub(r"(follow-up is|before the horizon of) ([\d.]*\d)", r"\1 \2 months", until)
    return re.sub(r"(\d+\.\d)\d+", r"\1", lasting)


def refused(reason: str, values: Mapping[str, Number] | None = None) -> Cell:
    """A cell for what cannot be estimated, and why."""
    return Cell(NOT, (*(values or {}).items(), (REASON, in_months(reason))))


def cell(text: str, values: Mapping[str, Number], behind: Iterable[Behind] = (), reason: str = "") -> Cell:
    """A cell with its numbers; a ``reason`` says what of it is missing, and why."""
    kept = {name: value for name, value in values.items() if value is not None}
    return Cell(text, (*kept.items(), *(((REASON, in_months(reason)),) if reason else ())), tuple(behind))


def ratio_cell(value: float | None, low: float | None, high: float | None, reason: str = "", **more: Number) -> Cell:
    """A ratio with its 95 % interval; ``reason`` where there is none."""
    if value is None:
        return refused(reason, more)
    text = interval_text(ratio_text(value), ratio_text(low), ratio_text(high))
    return cell(text, {"estimate": value, "low": low, "high": high, **more}, reason=reason)


def p_cell(p: float | None, reason: str = "") -> Cell:
    """A p-value."""
    return refused(reason) if p is None else cell(p_text(p), {"p": p})


def share_cell(value: float | None, low: float | None, high: float | None, reason: str = "", **more: Number) -> Cell:
    """A probability as a percentage with its 95 % interval: 62.1 % (51.0 to 71.4)."""
    if value is None:
        return refused(reason, more)
    known = {"estimate": value, "low": low, "high": high, **more}
    if low is None or high is None:
        return cell(f"{fixed(100 * value, 1)} % (no interval)", known, reason=reason)
    return cell(
        f"{fixed(100 * value, 1)} % ({fixed(100 * low, 1)} to {fixed(100 * high, 1)})", known,
        reason=reason,
    )  # fmt: skip


def difference_cell(
    value: float | None, low: float | None, high: float | None, reason: str = "", scale: float = 1.0, **more: Number
) -> Cell:
    """A difference with its 95 % interval, one decimal; ``scale`` 100 prints points of percentage."""
    if value is None:
        return refused(reason, more)
    known = {"estimate": value, "low": low, "high": high, **more}
    if low is None or high is None:
        return cell(f"{fixed(scale * value, 1)} (no interval)", known, reason=reason)
    low_text, high_text = fixed(scale * low, 1), fixed(scale * high, 1)
    return cell(interval_text(fixed(scale * value, 1), low_text, high_text), known, reason=reason)


def noted(table: Table) -> Table:
    """The table with a note for each reason that its cells give, saying in which rows and columns."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in table.rows:
        for place, one in enumerate(row.cells):
            reason = next((str(value) for name, value in one.values if name == REASON), "")
            if reason:
                found.setdefault(reason, {}).setdefault(row.label, []).append(table.head[place + 1])
    notes = (f"{_where(rows)}: {reason}." for reason, rows in found.items())
    return replace(table, notes=(*table.notes, *notes))


def _where(rows: Mapping[str, list[str]]) -> str:
    """Rows, each with its columns where there is one; many rows are not all named."""
    named = [f"{_bare(label)} ({_bare(columns[0])})" if len(columns) == 1 else _bare(label)
             for label, columns in rows.items()]  # fmt: skip
    return "; ".join(named) if len(named) <= MOST_NAMED else f"{named[0]}, and {len(named) - 1} other rows"


def _bare(text: str) -> str:
    """A label without its unit and interval."""
    return text.replace(" (95 % CI)", "").removesuffix(", months").removesuffix(", %")
