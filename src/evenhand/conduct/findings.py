"""What rooms find about a participant: what is to be asked (a doubt), and where the protocol was not followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.conduct.forms import FormEntry, Place


@dataclass(frozen=True, slots=True)
class DoubtAt:
    """Something to be asked about one place of a participant's forms; nothing need be entered there yet.

    ``path``: the field, ``lesions.2.size`` in a table, empty for the form as a whole. ``id`` tells it from the other
    doubts of its source about the same field. ``say`` is the question, as a sentence.
    """

    form: str
    item: str
    visit: str | None
    path: str
    id: str
    say: str

    @property
    def place(self) -> Place:
        """Where it belongs."""
        return self.form, self.item, self.visit

    @property
    def key(self) -> tuple[Place, str, str]:
        """What makes two doubts one question, however it is worded."""
        return self.place, self.path, self.id


def doubt_about(entry: FormEntry, id: str, say: str, path: str = "") -> DoubtAt:
    """A doubt about what stands in an entry."""
    form, item, visit = entry.place
    return DoubtAt(form, item, visit, path, id, say)


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where the protocol was not followed: on which day, what, which clause asks for it, and what to do about it.

    ``id``: its sort, such as ``arm`` or ``recorded``. ``seq``: the entry that shows it, None where an entry is missing.
    ``major`` (None: not judged) and ``reported`` (the day of the report to the review board) are for people to say.
    """

    id: str
    day: date
    what: str
    clause: str
    mend: str
    seq: int | None = None
    major: bool | None = None
    reported: date | None = None
