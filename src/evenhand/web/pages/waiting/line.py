"""One candidate of the worklist in words, with the bar of the window and the jobs by who does them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from django.urls import reverse

from evenhand.protocol import Protocol
from evenhand.web.pages.waiting.axis import Axis, Bar
from evenhand.web.pages.waiting.turns import Turns, roles_for
from evenhand.web.store import Identified
from evenhand.web.templatetags.evenhand import day as written
from evenhand.worklist import Row, Task, Window

SOON: Final = 14  # days, assumed: an appointment, an image or a pathologist's answer takes about that long
NEAR: Final = 45
_VERBS: Final = {
    "record": "Record",
    "consent": "Take",
    "sign": "Sign",
    "register": "Register",
    "randomize": "Randomize",
}
_OBJECTS: Final = {"consent": "consent", "register": "the candidate", "randomize": "the participant"}
_PAGES: Final = {"record": "facts", "consent": "consent", "register": "register", "randomize": "randomize"}
Haste = Literal["soon", "near", "", "later", "over"]


@dataclass(frozen=True, slots=True)
class Part:
    """One fact or judgement of a job, with the address of the form for it where this user may fill it in."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Who:
    """A role that a job waits for, and whether it is the user's."""

    role: str
    you: bool


@dataclass(frozen=True, slots=True)
class Job:
    """What the same people have to do: a verb, its parts, who, and from when."""

    verb: str
    parts: list[Part]
    who: list[Who]
    start: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """What the page shows of one row."""

    subject: str
    address: str
    name: str
    number: str
    site: str
    stage: str
    haste: Haste
    bar: Bar | None
    left: str
    joint: str
    until: str
    alternative: str
    jobs: list[Job]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What all lines of a page have in common."""

    protocol: Protocol
    axis: Axis
    turns: Turns
    sites: Mapping[str, str]  # names by code
    names: Mapping[str, Identified]


def line_of(row: Row, shown: Shown) -> Line:
    """A row as a line."""
    who = shown.names.get(row.subject)
    left, until = _words(row, shown.protocol)
    window = row.window
    return Line(
        row.subject,
        _address("candidate", shown, row),
        who.who.name if who else "",
        who.who.number if who else "",
        shown.sites.get(row.site or "", row.site or "no site"),
        f"{row.stage} as {row.participant}" if row.participant else row.stage,
        _haste(row),
        shown.axis.bar(window) if window and row.place != "over" else None,
        left,
        ":" if row.place == "over" else "" if row.place == "opens" else ",",
        until,
        _alternative(row),
        _jobs(row, shown),
        _notes(row, shown.protocol),
    )


def _haste(row: Row) -> Haste:
    if row.place != "open":
        return "later" if row.place == "opens" else "over"
    left = row.days_left
    if left is None:
        return "" if row.window and row.window.known else "near"
    return "soon" if left <= SOON else "near" if left <= NEAR else ""


def _words(row: Row, protocol: Protocol) -> tuple[str, str]:
    """How much time there is, and until when, the first in a few words."""
    window = row.window
    if row.place == "over":
        return _over(row, protocol)
    assert window is not None
    if row.place == "opens":
        first = window.first or row.on
        return f"Opens {_in_days((first - row.on).days)}", f"on {written(first)}{_closing(window, ', ')}"
    left = row.days_left
    if left is None:
        return ("No closing day", "") if window.known else ("Window not known", _unknown(window))
    if left < 0:
        return "May have closed", f"{_closing(window, '')}: a date is partial"
    if left == 0:
        return ("Last day today", "") if window.last == row.on else ("May close today", _closing(window, ""))
    sure = "" if window.sure_last == window.last else "At least "
    return f"{sure}{left} day{'s' if left > 1 else ''} left", _closing(window, "")


def _in_days(count: int) -> str:
    return "tomorrow" if count == 1 else f"in {count} days"


def _closing(window: Window, joint: str) -> str:
    if window.last is None:
        return ""
    if window.sure_last == window.last or window.sure_last is None:
        return f"{joint}closes {written(window.last)}"
    return f"{joint}closes between {written(window.sure_last)} and {written(window.last)}"


def _unknown(window: Window) -> str:
    if window.first and window.last:
        return f"within {written(window.first)} to {written(window.last)}: a date is too vague"
    return "a date is missing that it follows from"


def _over(row: Row, protocol: Protocol) -> tuple[str, str]:
    if row.withdrawn:
        return "Consent withdrawn", f"on {written(row.withdrawn)}"
    if row.declined:
        return "Declined", f"on {written(row.declined)}"
    titles = {item.id: item.title for item in protocol.criteria}
    because = "; ".join(f"{name} {titles[name]}" for name in row.failed)
    last = row.window.last if row.window else None
    if last is not None and last < row.on:
        return f"Closed since {written(last + timedelta(days=1))}", because
    return "Not eligible", because


def _alternative(row: Row) -> str:
    """The bar in words."""
    window = row.window
    if window is None or row.place == "over":
        return ""
    ends = f"{written(window.first) or 'no known beginning'} to {written(window.last) or 'no known end'}"
    return f"Window: {ends}. Today: {written(row.on)}."


def _jobs(row: Row, shown: Shown) -> list[Job]:
    """Tasks of one kind for the same people on one line, in the order in which they are done."""
    found: dict[tuple[str, tuple[str, ...], date | None], list[Task]] = {}
    for task in row.tasks:
        waits = task.start if task.start and task.start > row.on else None
        found.setdefault((task.act, roles_for(task), waits), []).append(task)
    return [
        Job(
            _VERBS[act],
            [part for task in tasks for part in _parts(task, row, shown, waits is None)],
            [Who(role.replace("_", " "), shown.turns.mine(role, row.site)) for role in roles],
            waits,
        )
        for (act, roles, waits), tasks in found.items()
    ]


def _parts(task: Task, row: Row, shown: Shown, due: bool) -> list[Part]:
    """The words of a task; with a link where the user may act on it today."""
    link = due and shown.turns.may_do(task, row.site)
    if task.act == "sign":
        text = shown.protocol.judgements[task.about].label + (f" ({', '.join(task.items)})" if task.items else "")
        return [Part(text, _address("attest", shown, row, judgement=task.about) if link else "")]
    address = _address(_PAGES[task.act], shown, row) if link else ""
    if task.act == "record":
        return [Part(task.label, f"{address}?facts={','.join(task.facts)}" if address else "")]
    return [Part(_OBJECTS[task.act], address)]


def _notes(row: Row, protocol: Protocol) -> list[str]:
    """What lapses soon although nothing is missing of it."""
    return [
        f"Signature “{protocol.judgements[one.judgement].label}” holds until {written(one.until)}"
        for one in row.lapsing
        if (one.until - row.on).days <= SOON and row.place == "open"
    ]


def _address(page: str, shown: Shown, row: Row, **more: str) -> str:
    return reverse(page, kwargs={"study": shown.protocol.study, "subject": row.subject, **more})
