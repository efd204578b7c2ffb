"""What cannot be done about an entry as it stands, said before anybody types: it would be refused in the end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from evenhand.conduct.forms import FormEntry, marks_of
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.about import About
from evenhand.web.typed import typed_before


def sent_back(request: HttpRequest, about: About, entry: FormEntry, act: str) -> HttpResponse | None:
    """To the page of the entry, which says why; None where the page of ``act`` is to be shown.

    What was sent or typed is never sent back: the step says on its own page why it is refused, beside what was typed.
    """
    if request.method == "POST" or typed_before(request) is not None:
        return None
    said = _why(entry, act, locked=marks_of(about.known, entry.seq).locked is not None)
    if not said:
        return None
    messages.warning(request, said)
    return redirect(links.entry_address(about.desk.study, about.subject, entry.seq))


def _why(entry: FormEntry, act: str, *, locked: bool) -> str:
    if entry.struck:
        return f"Entry {entry.seq} is struck out, so nothing more is done about it."
    if act in ("correct", "strike") and locked:
        return f"Entry {entry.seq} is locked. Have it unlocked by a data manager, who says why."
    if act == "lock" and locked:
        return f"Entry {entry.seq} is locked already."
    if act == "unlock" and not locked:
        return f"Entry {entry.seq} is not locked."
    return ""
