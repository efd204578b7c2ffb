"""The forms of a participant by visit, and those that belong to no visit, each entry with where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evenhand.conduct.forms import Place
from evenhand.conduct.quality import EntryStatus
from evenhand.conduct.schedule import Occurrence
from evenhand.protocol.plan import Form
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.about import About
from evenhand.web.pages.participants.course import course


@dataclass(frozen=True, slots=True)
class Cell:
    """One form at one place: what stands there, or where it is filled in (empty where this user may not)."""

    form: Form
    status: EntryStatus | None
    address: str
    late: bool = False

    @property
    def badges(self) -> Iterator[tuple[str, str]]:
        """Where it stands: each mark with its look."""
        if self.status is None:
            yield ("unknown" if self.late else "off"), ("missing" if self.late else "empty")
            return
        entry, asked = self.status.entry, len(self.status.queries)
        if entry.struck or entry.not_done:
            yield "off", "struck out" if entry.struck else "not done"
        else:
            yield "locked" if self.status.state == "locked" else "pass", self.status.state
        if self.status.wants_signature:
            yield "provisional", "to be signed"
        if asked:
            yield "unknown", f"{asked} {'query' if asked == 1 else 'queries'}"


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """One visit and its forms."""

    visit: Occurrence
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A form of no visit: its entries, and where another one is made."""

    form: Form
    entries: tuple[Cell, ...]
    new: str
    planned: bool


def visit_sheets(about: About) -> Iterator[VisitSheet]:
    """The visits that took place, are due or late, and the next that are coming; all cancelled ones are left out."""
    standing = {one.entry.place: one for one in course(about).statuses if not one.entry.struck}
    ahead = 0
    for visit in course(about).visits:
        ahead += visit.state == "coming"
        if visit.state == "cancelled" or (visit.state == "coming" and ahead > 1):
            continue
        yield VisitSheet(visit, tuple(_cells(about, visit, standing)))


def _cells(about: About, visit: Occurrence, standing: Mapping[Place, EntryStatus]) -> Iterator[Cell]:
    """What was filled in, then what is missing; of a visit to come, what it will ask for."""
    wanted = [one.form for one in visit.visit.forms] if visit.visit and visit.state != "done" else list(visit.missing)
    names = dict.fromkeys([*(one.form.id for one in visit.entries), *wanted])
    order = {name: place for place, name in enumerate(about.plan.forms)}
    expected = [one.form for one in visit.visit.forms] if visit.visit else []
    for name in sorted(names, key=lambda name: (expected.index(name) if name in expected else 99, order.get(name, 0))):
        form = about.plan.forms[name]
        status = standing.get((name, "1", visit.id))
        if status is not None:
            yield Cell(form, status, links.entry_address(about.desk.study, about.subject, status.entry.seq))
        elif visit.state != "missed":
            yield Cell(form, None, _new(about, form, visit.id), late=visit.state in ("overdue", "done"))


def form_sheets(about: About) -> Iterator[FormSheet]:
    """The forms that belong to no visit: first those of this arm, then whatever was filled in besides."""
    allocation = about.known.allocation
    arm = allocation.arm if allocation else ""
    by_form: dict[str, list[Cell]] = {}
    for status in course(about).statuses:
        entry = status.entry
        if entry.form.visits:
            continue
        cell = Cell(entry.form, status, links.entry_address(about.desk.study, about.subject, entry.seq))
        by_form.setdefault(entry.form.id, []).append(cell)
    for form in about.plan.forms.values():
        if form.visits:
            continue
        planned = not form.arms or arm in form.arms
        entries = tuple(by_form.get(form.id, ()))
        single = any(not one.status.entry.struck for one in entries if one.status) and not form.repeats
        yield FormSheet(form, entries, "" if single else _new(about, form), planned)


def _new(about: About, form: Form, visit: str | None = None) -> str:
    if not about.may_enter(form):
        return ""
    return links.new_address(about.desk.study, about.subject, form, visit)
