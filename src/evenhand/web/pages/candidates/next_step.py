"""The one thing to do next about a candidate, and whether it is for this user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from django.urls import reverse

from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.web.access import Action
from evenhand.web.desk import Desk
from evenhand.web.pages.candidates.criteria import may_sign
from evenhand.web.pages.candidates.heading import left
from evenhand.web.pages.candidates.words import gap_words, roles_words
from evenhand.web.templatetags.evenhand import day
from evenhand.worklist import Row, Task, row_of

_ACTIONS: Final = {
    "record": Action.ENTER_FACTS,
    "consent": Action.RECORD_CONSENT,
    "sign": Action.ATTEST,
    "register": Action.REGISTER,
    "randomize": Action.RANDOMIZE,
}
_PLAIN: Final = {
    "consent": ("Record consent", "Nobody is registered without it."),
    "register": ("Register", "Every criterion passes and is signed, and consent holds."),
    "randomize": ("Randomize", "The participant is registered and may be randomized."),
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next, why, who does it, and where this user does it (no address: it is somebody else's)."""

    title: str
    detail: str
    who: str = ""
    address: str = ""


def next_step(desk: Desk, known: SubjectHistory, site: str | None) -> tuple[NextStep, tuple[NextStep, ...], Row | None]:
    """What to do first and what besides; and the worklist's row of the candidate (None once randomized)."""
    current = desk.enrolling(known.subject or "").protocol
    row = row_of(desk.protocol, known, site, desk.today(site), current)
    if row is None:
        return NextStep("Nothing is to be done here", _randomized(desk, known, site)), (), None
    if row.place == "over" or not row.tasks:
        return NextStep("Nothing can be done now", _over(row, desk.protocol)), (), row
    steps = [_step(desk, known, site, task, row) for task in row.tasks]
    mine = next((step for task, step in zip(row.tasks, steps, strict=True) if step.address and task in row.due), None)
    first = mine or steps[0]
    return first, tuple(step for step in steps if step is not first), row


def _randomized(desk: Desk, known: SubjectHistory, site: str | None) -> str:
    """That the participant is randomized, and what ended follow-up since: whoever opens this page first must not take
    somebody who withdrew, or who died, for a person to be called."""
    ended = left(desk, known)
    if ended is not None:
        return f"The participant was randomized. {ended.ending.label}: {day(ended.span)}."
    given = known.consents[-1] if known.consents else None
    if given is not None and given.withdrawn is not None and known.consent_on(desk.today(site)) is None:
        return f"The participant was randomized. Consent was withdrawn on {day(given.withdrawn)}."
    return "The participant is randomized."


def _over(row: Row, protocol: Protocol) -> str:
    if row.withdrawn is not None:
        return f"Consent was withdrawn on {day(row.withdrawn)}."
    if row.declined is not None:
        return f"The person declined to take part on {day(row.declined)}. Consent that is given later can be recorded."
    titles = {item.id: item.title for item in protocol.criteria}
    failed = "; ".join(f"{one} {titles[one]}" for one in row.failed)
    if row.window is not None and row.window.last is not None and row.window.last < row.on:
        closed = f"The days on which the candidate could take part ended on {day(row.window.last)}"
        return f"{closed}: {failed}." if failed else f"{closed}."
    return f"Not eligible, and no later day changes that as things are recorded: {failed}."


def _step(desk: Desk, known: SubjectHistory, site: str | None, task: Task, row: Row) -> NextStep:
    title, detail = _PLAIN.get(task.act, ("", ""))
    if task.act == "record":
        title, detail = f"Record: {task.label}", "; ".join(dict.fromkeys(map(gap_words, task.said)))
    elif task.act == "consent" and known.consent_on(row.on) is not None:
        detail = f"Consent was {'; '.join(task.said)}"
    elif task.act == "sign":
        about = f" ({', '.join(task.items)})" if task.items else ""
        title, detail = f"Sign{about}: “{task.label.strip()}”", ""
    later = f" From {day(task.start)} on." if task.start is not None and task.start > row.on else ""
    address = _address(desk, known, site, task)
    return NextStep(title, f"{_sentence(detail)}{later}".strip(), _who(task, bool(address)), address)


def _who(task: Task, mine: bool) -> str:
    roles = roles_words(task.roles) if task.roles else "coordinator"
    if not mine:
        return f"To be done by the {roles}."
    return f"You may enter it; the {roles} determines it." if task.act == "record" and task.roles else "Yours to do."


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def _address(desk: Desk, known: SubjectHistory, site: str | None, task: Task) -> str:
    where = {"study": desk.study, "subject": known.subject}
    if task.act == "sign":
        if not may_sign(desk, task.roles, site):
            return ""
        address = reverse("attest", kwargs={**where, "judgement": task.about})
        return f"{address}?item={quote(task.items[0])}" if len(task.items) == 1 else address
    if not desk.may(_ACTIONS[task.act], site):
        return ""
    if task.act == "record":
        return f"{reverse('facts', kwargs=where)}?facts={','.join(task.facts)}"
    return reverse(task.act, kwargs=where)
