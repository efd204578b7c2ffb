"""Whether a prescription is one that a named set of prescriptions allows for the site."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from evenhand.oncology.radiation.outcome import Answer, failed, not_assessable, passed
from evenhand.oncology.radiation.tables import Row, TableId, read_rows
from evenhand.units import Number, Range, as_range, parse_measured


@dataclass(frozen=True, slots=True)
class Prescription:
    """One row: the total in Gy, the number of fractions and the dose of one in Gy, each a range (mostly of one number).

    ``status`` says how far the row was verified.
    """

    site: str
    label: str
    total_gy: Range
    fractions: Range
    gy_per_fraction: Range | None  # None: it follows from the two
    spacing: str
    source: str
    status: str

    def allows(self, total_gy: Number, fractions: int, tolerance_percent: Number) -> bool:
        """The number of fractions fits exactly; total and dose of a fraction fit within the tolerance."""
        if not _within(self.fractions, 1, fractions, 0) or not _within(self.total_gy, 1, total_gy, tolerance_percent):
            return False
        return self.gy_per_fraction is None or _within(self.gy_per_fraction, fractions, total_gy, tolerance_percent)

    def __str__(self) -> str:
        each = f", {_said(self.gy_per_fraction)} Gy each" if self.gy_per_fraction else ""
        return f"{_said(self.total_gy)} Gy in {_said(self.fractions)}{each}"


@dataclass(frozen=True, slots=True)
class PrescriptionTable:
    """A named, versioned set of prescriptions."""

    id: TableId
    rows: tuple[Prescription, ...]

    @property
    def sites(self) -> frozenset[str]:
        """The classes of sites that the set knows."""
        return frozenset(row.site for row in self.rows)

    def of(self, site: str) -> tuple[Prescription, ...]:
        """What the set allows for a class of sites."""
        return tuple(row for row in self.rows if row.site == site)


@dataclass(frozen=True, slots=True)
class PrescriptionCheck:
    """The answer, the set by which it was given, and the row that allows the prescription, if one does."""

    answer: Answer
    table: TableId
    row: Prescription | None = None


@cache
def prescription_table(table: TableId) -> PrescriptionTable:
    """A set that comes with Evenhand. Raises UnknownTableError."""
    return PrescriptionTable(table, tuple(_prescription(row) for row in read_rows("prescriptions", table)))


def check_prescription(
    table: PrescriptionTable,
    site: str | None,
    total_gy: Number | None,
    fractions: int | None,
    tolerance_percent: Number = 0,
) -> PrescriptionCheck:
    """Compare a prescription with what one set allows for the site; another set is never asked."""
    rows = table.of(site) if site is not None else ()
    if not rows:
        what = f"has no row for {site.replace('_', ' ')}" if site else "cannot be asked: the class of the site is open"
        return PrescriptionCheck(not_assessable(f"{table.id} {what}"), table.id)
    if total_gy is None or fractions is None:
        lacking = "total dose" if total_gy is None else "number of fractions"
        return PrescriptionCheck(not_assessable(f"the {lacking} is not recorded"), table.id)
    fits = next((row for row in rows if row.allows(total_gy, fractions, tolerance_percent)), None)
    given = f"{total_gy} Gy in {fractions}"
    if fits is not None:
        return PrescriptionCheck(passed(f"{given} fits {fits} ({table.id}, {fits.status})"), table.id, fits)
    allowed = " or ".join(map(str, rows))
    return PrescriptionCheck(failed(f"{given} is not {allowed} ({table.id}, {rows[0].label})"), table.id)


def _prescription(row: Row) -> Prescription:
    each = row["gy_per_fraction"]
    return Prescription(
        site=row["site"],
        label=row["label"],
        total_gy=as_range(parse_measured(row["total_gy"])),
        fractions=as_range(parse_measured(row["fractions"])),
        gy_per_fraction=as_range(parse_measured(each)) if each else None,
        spacing=row["spacing"],
        source=row["source"],
        status=row["status"],
    )


def _within(wanted: Range, times: int, value: Number, tolerance_percent: Number) -> bool:
    """``value`` lies in the range, taken ``times`` times and widened by a percentage at both ends."""
    low, high = _ends(wanted)
    slack = Decimal(tolerance_percent)
    return low * times * (100 - slack) <= value * 100 <= high * times * (100 + slack)


def _ends(numbers: Range) -> tuple[Number, Number]:
    assert numbers.low is not None and numbers.high is not None  # the tables have no open ranges
    return numbers.low, numbers.high


def _said(numbers: Range) -> str:
    low, high = _ends(numbers)
    return str(low) if low == high else f"{low} to {high}"
