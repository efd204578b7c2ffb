"""The form of a scan: a row for each lesion that is followed, its label given and its size asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField

from evenhand.web.pages.participants.entry_form import EntryForm
from evenhand.web.pages.participants.places import cell_at
from evenhand.web.pages.special.scan_rows import Beside

LESIONS: Final = "lesions"
_FIRST: Final = ("seen", "size")
_OF_IRRADIATED: Final = ("pet", "biopsy")


class Held(forms.TextInput):
    """An answer that the page gives by itself, in its row: hidden, but not among the form's own hidden fields."""

    input_type = "hidden"

    @property
    def is_hidden(self) -> bool:
        """Django would move it to the head of the form, from where an exchanged row could not take it along."""
        return False


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One row: the lesion that is known under its label (None: any other), its fields, the rarer ones apart."""

    number: int
    label: BoundField
    beside: Beside | None
    fields: tuple[BoundField, ...]
    more: tuple[BoundField, ...]

    @property
    def open(self) -> bool:
        """Whether the rarer fields are shown at once: something stands in them, or is wrong with them."""
        return any(field.value() or field.errors for field in self.more)


class ScanForm(EntryForm):
    """Asks for one scan."""

    def __init__(self, *args: Any, lesions: Mapping[str, Beside], **kwargs: Any) -> None:
        self.lesions = lesions
        super().__init__(*args, **kwargs)

    def _label(self, row: int) -> str:
        return str(self.entered.get(cell_at(LESIONS, row, "lesion")) or "")

    def _controls(self) -> Iterator[tuple[str, forms.Field]]:
        held = {
            cell_at(LESIONS, row, "lesion") for row in range(self.rows[LESIONS]) if self._label(row) in self.lesions
        }
        for name, control in super()._controls():
            if name in held:
                control.widget = Held()
            yield name, control

    def follow(self) -> dict[str, tuple[str, ...]]:
        """The day of the scan decides which lesions it speaks of, and what their sizes are compared with."""
        follow = super().follow()
        return follow | {"imaged": tuple(dict.fromkeys((LESIONS, "new_lesions", *follow.get("imaged", ()))))}

    def scan_rows(self) -> Iterator[ScanRow]:
        """The rows as the page shows them."""
        columns = self.form.fields[LESIONS].columns or {}
        for row in range(self.rows[LESIONS]):
            beside = self.lesions.get(self._label(row))
            first = (*_FIRST, *(_OF_IRRADIATED if beside and beside.irradiated else ()))
            cells = {name: self[cell_at(LESIONS, row, name)] for name in columns}
            yield ScanRow(
                row + 1,
                cells["lesion"],
                beside,
                tuple(cells[name] for name in first if name in cells),
                tuple(cell for name, cell in cells.items() if name not in (*first, "lesion")),
            )

    def clean(self) -> dict[str, Any]:
        """What every form is judged by; a size that is missing is said in its own row."""
        cleaned = super().clean()
        for row in range(self.rows[LESIONS]):
            measured = self.data.get(cell_at(LESIONS, row, "seen")) == "measured"
            if measured and not str(self.data.get(cell_at(LESIONS, row, "size")) or "").strip():
                self._say(cell_at(LESIONS, row, "size"), "It is said to be measured: give its size")
        return cleaned
