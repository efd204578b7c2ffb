"""Where the pages of forms are; a room with a page of its own for a kind of form registers it in ``SPECIAL``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from evenhand.protocol.plan import Form

_MOST: Final = 20_000  # assumed: the addresses on pages that one process shows again soon


@dataclass(frozen=True, slots=True)
class Special:
    """The names of the addresses of a special page: for a new entry (kwargs study, subject, form; the visit as
    ``?visit=``), and for a correction (study, subject, seq)."""

    new: str
    correct: str


SPECIAL: Final[dict[str, Special]] = {
    "adverse_event": Special("adverse-event", "correct-adverse-event"),
    "scan": Special("scan", "correct-scan"),
}
"""By the role in which a form is read. What is not here has the page that is made from the form's data."""


def new_address(study: str, subject: str, form: Form, visit: str | None = None) -> str:
    """Where a form is filled in."""
    special = SPECIAL.get(form.reads)
    return _new_address(special.new if special else "form", study, subject, form.id, visit)


@lru_cache(_MOST)
def _new_address(name: str, study: str, subject: str, form: str, visit: str | None) -> str:
    query = f"?{urlencode({'visit': visit})}" if visit else ""
    return reverse(name, kwargs={"study": study, "subject": subject, "form": form}) + query


def correct_address(study: str, subject: str, form: Form, seq: int) -> str:
    """Where an entry is corrected."""
    special = SPECIAL.get(form.reads)
    return reverse(
        special.correct if special else "correct-form", kwargs={"study": study, "subject": subject, "seq": seq}
    )


@lru_cache(_MOST)
def entry_address(study: str, subject: str, seq: int) -> str:
    """Where an entry is read."""
    return reverse("form-entry", kwargs={"study": study, "subject": subject, "seq": seq})


def home_address(study: str, subject: str) -> str:
    """The page of a participant."""
    return reverse("participant", kwargs={"study": study, "subject": subject})
