"""Entering a scan: every lesion that is followed has its row, with the sizes to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.urls import reverse

from evenhand.conduct.lesions import Life, assessments_of, carried, lives
from evenhand.intake import written_date
from evenhand.oncology.recist import LesionState
from evenhand.web.pages.participants.entering import Entering
from evenhand.web.pages.participants.entry_form import EntryForm
from evenhand.web.pages.participants.places import answer_at, cell_at, row_count
from evenhand.web.pages.special.scan_form import LESIONS, ScanForm
from evenhand.web.pages.special.scan_rows import Beside, beside

_NEW = "new_lesions"


class EnteringScan(Entering):
    """One request about one scan."""

    role: ClassVar[str] = "scan"
    template: ClassVar[str] = "special/scan.html"
    form_class: ClassVar[type[EntryForm]] = ScanForm

    def form(self, *, data: bool = False, entered: Mapping[str, Any] | None = None) -> EntryForm:
        """Whatever was not sent to be recorded gets a row for each lesion that has none yet."""
        if data:
            return super().form(data=True)
        if entered is None and self.correcting is not None:
            entered = super().form().entered
        return super().form(entered=self._with_rows(dict(entered or {})))

    def given_to_form(self) -> dict[str, Any]:
        """What the form says beside its rows."""
        policy = assessments_of(self.about.protocol).treated
        own = self.correcting.seq if self.correcting else None
        sites = self._sites()
        return {
            "lesions": {one.label: self._beside(one, own, policy, sites) for one in self._lives() if one.kind != "new"}
        }

    def shown_besides(self, form: EntryForm) -> dict[str, object]:
        """The rows, and the lesions that are not asked about any more."""
        assert isinstance(form, ScanForm)
        gone = [
            (one.label, one.changes[-1].day) for one in self._lives() if one.state(self._on()) is LesionState.RESECTED
        ]
        return {"scan_rows": list(form.scan_rows()), "gone": gone, "before": self._on(), "listed": bool(self._lives())}

    def recorded_at(self, seq: int) -> str:
        """The response that is proposed now."""
        kwargs = {"study": self.about.desk.study, "subject": self.about.subject, "seq": seq}
        return reverse("scan-response", kwargs=kwargs)

    def _beside(self, life: Life, own: int | None, policy: Any, sites: Mapping[str, str]) -> Beside:
        return beside(life, self._on(), own, policy, sites)

    def _lives(self) -> tuple[Life, ...]:
        return lives(self.about.protocol, self.about.known).lesions

    def _sites(self) -> Mapping[str, str]:
        """Sites in the words of the form."""
        return (self.asked.fields[_NEW].columns or {})["site"].type.codes

    def _on(self) -> date:
        """The day of the scan as far as it is known by now: as typed, as it stood, else today."""
        try:
            told = written_date(self.typed.get(answer_at("imaged"), ""))
        except ValueError:
            return self.correcting.day if self.correcting else self.about.today
        return told.last if told.exact and told.last <= self.about.today else self.about.today

    def _with_rows(self, typed: dict[str, Any]) -> dict[str, Any]:
        """Rows for the lesions that a scan of this day has to speak of; targets are measured unless said otherwise."""
        rows = carried(self.about.protocol, self.about.known, self._on())
        self._add(typed, LESIONS, [_row(one.life) for one in rows.lesions])
        self._add(typed, _NEW, [_new_row(one.life) for one in rows.new])
        return typed

    def _add(self, typed: dict[str, Any], table: str, rows: list[dict[str, str]]) -> None:
        there = row_count(typed, table, 0)
        labels = {str(typed.get(cell_at(table, row, "lesion")) or "") for row in range(there)}
        columns = self.asked.fields[table].columns or {}
        for row in rows:
            if row["lesion"] not in labels:
                typed |= {cell_at(table, there, name): value for name, value in row.items() if name in columns}
                there += 1
        typed[f"rows.{table}"] = str(there)


def _row(life: Life) -> dict[str, str]:
    return {"lesion": life.label, "seen": "measured" if life.kind == "target" else ""}


def _new_row(life: Life) -> dict[str, str]:
    return {"lesion": life.label, "site": life.site, "side": life.side or ""}
