"""What may still be recorded about a participant after treatment or follow-up ended."""

from __future__ import annotations

from datetime import date

from evenhand.conduct.disposition.ends import Ended, Ends
from evenhand.protocol.plan import Form
from evenhand.refusal import Refusal


def may_collect(ends: Ends, form: Form, day: date | None) -> Refusal | None:
    """Why an entry of a form that happened on ``day`` may not be recorded; None where it may.

    ``day`` is the date that the form itself gives, None where it gives none (marked not done, or no date on it): then
    nothing speaks against it. What happened on the day of an ending or before may be entered at any time, and so may
    what was collected until a progression that is dated back was determined.
    """
    if day is None:
        return None
    return next((why for one in ends.endings if (why := _forbidden(one, form, day)) is not None), None)


def _forbidden(ended: Ended, form: Form, day: date) -> Refusal | None:
    afterwards = ended.ending.afterwards
    if day <= ended.collected_until or afterwards is None:
        return None
    name = next((name for name in (form.id, form.reads) if name and name in afterwards), None)
    when = f"{ended.ending.label} on {ended.span}"
    if name is None:
        return Refusal(
            f"{form.title} is dated {day}, after: {when}",
            ended.ending.clause,
            "Correct the date, or what ended follow-up; nothing that happened later is collected on this form.",
        )
    limit = afterwards[name]
    if limit is None or day <= limit.after(ended.collected_until):
        return None
    return Refusal(
        f"{form.title} is dated {day}, more than {limit} after: {when}",
        ended.ending.clause,
        f"It is collected until {limit.after(ended.collected_until)}. Correct the date if it is wrong.",
    )
