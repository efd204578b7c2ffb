"""An entry to be: where it belongs, whether it may be taken, and what the record keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from evenhand.conduct import forms, safety
from evenhand.conduct.ending import require_collected
from evenhand.conduct.forms import FormEntry, Place
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form
from evenhand.record import JSON, RecordError, SubjectHistory
from evenhand.refusal import Refusal

Body = dict[str, JSON]


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody wants to enter: ``values`` as JSON by field, ``unless`` reasons for absent ones, ``not_done`` a
    reason for leaving the whole form. ``item`` None: a new one."""

    form: str
    values: Mapping[str, JSON]
    item: str | None = None
    visit: str | None = None
    unless: Mapping[str, str] | None = None
    not_done: str | None = None


def form_of(protocol: Protocol, name: str) -> Form:
    """The form of an id. Raises Refusal where the protocol has none."""
    found = protocol.plan.forms.get(name) if protocol.plan else None
    if found is None:
        known = ", ".join(protocol.plan.forms) if protocol.plan else "none"
        raise Refusal(f"there is no form {name!r}", "forms", f"The forms of this study: {known}.")
    return found


def entry_in(protocol: Protocol, known: SubjectHistory, place: Place) -> FormEntry | None:
    """What stands in a place, None where nothing was entered yet or all of it was struck."""
    every = forms.entries(protocol, known)
    return next((entry for entry in every if entry.place == place and not entry.struck), None)


def place_of(protocol: Protocol, known: SubjectHistory, given: Given) -> Place:
    """Where a new entry goes. Raises Refusal where one stands already, or the form wants a visit or cannot have one."""
    form = form_of(protocol, given.form)
    require_visit(protocol, form, given.visit)
    if given.item is not None and (not given.item.strip() if form.repeats else given.item != "1"):
        mend = "Give the item a name, or leave it out for the next number." if form.repeats else "Leave the item out."
        raise Refusal(f"{form.title} has no item {given.item!r}", form.id, mend)
    item = given.item or (_next_item(protocol, known, form) if form.repeats else "1")
    place = (form.id, item, given.visit)
    stands = entry_in(protocol, known, place)
    if stands is not None:
        at = f" at {given.visit}" if given.visit else f", item {item}" if form.repeats else ""
        raise Refusal(f"{form.title}{at} is entered already, as entry {stands.seq}", form.id, "Correct that entry.")
    return place


def require_visit(protocol: Protocol, form: Form, visit: str | None) -> None:
    """The form is filled in at a visit, and this is one; or it is not, and none is named. Raises Refusal."""
    if form.visits != (visit is not None):
        wanted = "is filled in at a visit" if form.visits else "does not belong to a visit"
        raise Refusal(f"{form.title} {wanted}", form.id, "Name the visit." if form.visits else "Leave the visit out.")
    schedule = protocol.plan.schedule if protocol.plan else None
    named = visit is None or (schedule.names(visit) if schedule else bool(visit.strip()))
    if not named:
        raise Refusal(f"there is no visit {visit!r}", form.id, "Name one of the schedule, or an unscheduled one.")


def _next_item(protocol: Protocol, known: SubjectHistory, form: Form) -> str:
    taken = [entry.item for entry in forms.entries(protocol, known) if entry.form.id == form.id]
    numbers = [int(item) for item in taken if item.isdigit()]
    return str(max(numbers, default=0) + 1)


def body_of(
    protocol: Protocol, known: SubjectHistory, given: Given, place: Place, on: date, before: FormEntry | None = None
) -> tuple[Body, date]:
    """What the record keeps of an entry, and the day on which it happened; ``before`` is what it corrects.

    Raises Refusal for whatever keeps it from being taken: values that are none of the form's, required ones missing,
    a day in the future, a hard check. All faults are said at once.
    """
    form = form_of(protocol, given.form)
    form_id, item, visit = place
    body: Body = {
        "form": form_id,
        "item": item,
        "visit": visit,
        "values": dict(given.values),
        "unless": {name: why for name, why in (given.unless or {}).items() if why.strip()},
        "not_done": given.not_done,
    }
    day = _day(form, given, on, before)
    if given.not_done is not None:
        _require_reason_alone(form, given)
        return body, day
    if form.day in given.values:
        require_collected(protocol, known, form, day, before)
    answers = _answers(form, given)
    about = forms.context(known)
    scene = forms.scene(form, answers, about, forms.entries(protocol, known), on)
    found = [*forms.faults(form, answers, given.unless or {}, scene), *safety.faults(protocol, form, answers)]
    if found:
        said = "; ".join(fault.what for fault in found)
        raise Refusal(f"{form.title}: {said}", form.source or form.id, " ".join(dict.fromkeys(f.mend for f in found)))
    return body, day


def _day(form: Form, given: Given, on: date, before: FormEntry | None) -> date:
    try:
        day = forms.happened_on(form, given.values, _otherwise(on, before))
    except ValueError as error:
        raise Refusal(f"{form.title}: {error}", form.id, "Write the day as 2026-05-03.") from error
    if day > on:
        label = form.fields[form.day].type.label
        raise Refusal(f"{form.title}: {label} {day} lies in the future", form.id, "Enter it once it has happened.")
    return day


def _otherwise(on: date, before: FormEntry | None) -> date:
    """The day of an entry whose form says none: that of its first entry, which a correction keeps."""
    return on if before is None or before.dated else before.day


def _answers(form: Form, given: Given) -> Mapping[str, forms.Answer]:
    try:
        return forms.answers_of(form, given.values)
    except RecordError as error:
        raise Refusal(f"{form.title}: {error.what}", form.id, "Enter it as the form asks.") from error


def _require_reason_alone(form: Form, given: Given) -> None:
    if not (given.not_done or "").strip():
        raise Refusal(f"{form.title} is marked not done without a reason", form.id, "Say why.")
    if given.values or any(why.strip() for why in (given.unless or {}).values()):
        raise Refusal(f"{form.title} is marked not done, but has answers", form.id, "Keep one of the two.")
