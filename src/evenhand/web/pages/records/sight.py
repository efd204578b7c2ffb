"""What of the record a user sees: entries of the own sites' candidates, and those about the study as a whole."""

from __future__ import annotations

from evenhand.record import OF_THE_BOARD, Entry
from evenhand.web.access import Action
from evenhand.web.desk import Desk


class Sight:
    """Decides for one user at one desk; each site is asked about once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.everything = desk.may(Action.SEE_RECORD)
        self._answers: dict[tuple[Action, str | None], bool] = {}

    def sees(self, entry: Entry) -> bool:
        """Whether the user may read an entry. What concerns the study (sites, roles, halts) is open to all readers."""
        return self.everything or entry.subject is None or self._may(Action.SEE_RECORD, entry.subject)

    def sees_arm(self, entry: Entry) -> bool:
        """Whether the user may read the arm in an entry; so for every entry that holds none."""
        return entry.kind != "randomized" or self._may(Action.SEE_ARM, entry.subject or "")

    def sees_advice(self, entry: Entry) -> bool:
        """Whether the user may read what a safety board recommended, why, and what was counted then; so for every
        entry of another kind. It goes to the sponsor, who decides; whoever treats people hears of it from the sponsor.
        """
        return entry.kind not in OF_THE_BOARD or self.desk.may(Action.SEE_POOLED)

    def sees_whole(self, entry: Entry) -> bool:
        """Whether nothing in an entry is hidden from the user."""
        return self.sees_arm(entry) and self.sees_advice(entry)

    def sees_candidate(self, entry: Entry) -> bool:
        """Whether the candidate's own page may be offered."""
        return entry.subject is not None and self._may(Action.SEE_CANDIDATE, entry.subject)

    def sees_hash(self, seq: int) -> bool:
        """Whether the hash of an entry may be shown. It covers the arm: out of two arms, trying finds the right one.
        So it does of a few recommendations."""
        entry = self.desk.history.entry(seq)
        return entry is None or self.sees_whole(entry)

    @property
    def sees_lines(self) -> bool:
        """Whether the user may read entries as they are exported."""
        return self.desk.may(Action.EXPORT)

    def _may(self, action: Action, subject: str) -> bool:
        site = self.desk.site_of(subject)
        answer = self._answers.get((action, site))
        if answer is None:
            answer = self._answers[action, site] = self.desk.may(action, site)
        return answer
