"""What the way of one person from randomization on consists of, as far as endpoints ask: plain days and entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from evenhand.dates import DateSpan

Basis = Literal["radiographic", "clinical", "pathological", "proposed"]


@dataclass(frozen=True, slots=True)
class Assessed:
    """One assessment after baseline. ``adequate``: a progression would have been seen; ``lacks``: why not."""

    day: date
    seq: int
    adequate: bool
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Progressed:
    """A progression. ``local``: within what was treated locally, and nowhere else. ``distant``: elsewhere than there
    and in the region of the primary (None: not said)."""

    day: date
    seq: int
    basis: Basis
    local: bool = False
    distant: bool | None = None
    domain: str = "RS"


@dataclass(frozen=True, slots=True)
class Died:
    """A death: the days that it may have been."""

    span: DateSpan
    seq: int | None


@dataclass(frozen=True, slots=True)
class Begun:
    """Something that began: new therapy, or an end of follow-up (``label``: which)."""

    day: date
    seq: int | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A planned visit at which the disease is assessed, and its window."""

    planned: date
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Seen:
    """One person. ``start`` is the day of randomization, ``until`` that of the data cut, ``end`` the last day that
    follow-up may have.

    ``lacks``: why the baseline is not complete (empty: it is). ``determined`` are the progressions that are signed,
    ``unsigned`` the first one that is entered or shown by the scans alone where none is signed, ``scanned`` what the
    scans alone show. ``alive``: the last day on which somebody saw the person. ``nameless``: the entry of a death of
    which no day is known at all.
    """

    subject: str
    start: date
    seq: int
    until: date
    end: date
    lacks: str = ""
    listed: int | None = None
    assessments: tuple[Assessed, ...] = ()
    determined: tuple[Progressed, ...] = ()
    unsigned: Progressed | None = None
    scanned: tuple[Progressed, ...] = ()
    died: Died | None = None
    nameless: int | None = None
    alive: date | None = None
    therapy: Begun | None = None
    unplanned: Begun | None = None
    left: Begun | None = None
    visits: tuple[Visit, ...] = ()
