"""Whose resource is it: patients told apart by reference."""

from __future__ import annotations

from evenhand.facts import Problem
from evenhand.intake.bundle import SUBJECT, Entry, Pile
from evenhand.intake.chart import Chart
from evenhand.intake.elements import Object, Unreadable, kind_of, last_part, objects_in, text_in
from evenhand.intake.plan import Plan


class Roster:
    """The people of one file by every name that a reference may use for them."""

    def __init__(self, plan: Plan, origin: str) -> None:
        self._plan = plan
        self._origin = origin
        self._charts: dict[str, Chart] = {}
        self._names: dict[str, Chart] = {}
        self._only: Chart | None = None
        self._patients = 0

    def fill(self, pile: Pile) -> list[Chart]:
        """The charts of everybody in the file, each with its resources."""
        for entry in pile.patients:
            self._admit(entry)
        self._patients = len(self._charts)
        if self._patients == 1:
            self._only = next(iter(self._charts.values()))
        self._assign(pile.entries)
        self._share(pile.medications)
        if pile.problems or not self._charts:
            self._nobody().problems[:0] = pile.problems or [Problem(self._origin, "it holds no patient")]
        return list(self._charts.values())

    def _admit(self, entry: Entry) -> None:
        resource, name, _, url = entry
        identifier = _identifier(resource, url) or f"patient {len(self._charts) + 1}"
        chart = self._chart(identifier)
        chart.resources["Patient"].append((resource, name))
        for alias in (url, last_part(url), identifier, f"Patient/{identifier}", f"urn:uuid:{identifier}"):
            if alias:
                self._names.setdefault(alias, chart)

    def _chart(self, identifier: str) -> Chart:
        if identifier not in self._charts:
            self._charts[identifier] = Chart(identifier, self._plan, self._origin)
        return self._charts[identifier]

    def _nobody(self) -> Chart:
        """A chart without a name, for what belongs to nobody; in a file with one patient, that patient's."""
        return self._only or self._chart("")

    def _assign(self, entries: list[Entry]) -> None:
        """Every resource to the chart that it refers to."""
        names = self._names
        for entry in entries:
            resource, name, kind, _ = entry
            whose: Chart | None
            try:
                whose = names[resource[SUBJECT[kind]]["reference"]]  # type: ignore[index,call-overload]
            except (KeyError, TypeError):  # not the usual shape, or not a name that is known as it is
                whose = self._other(entry)
            if whose is not None:
                whose.resources[kind].append((resource, name))

    def _other(self, entry: Entry) -> Chart | None:
        """Whose a resource is that does not refer to a patient of the file by a plain name."""
        resource, name, kind, _ = entry
        subject = resource.get(SUBJECT[kind])
        reference = subject.get("reference") if type(subject) is dict else subject
        if type(reference) is not str:
            if reference is not None:
                told = f"expected a reference, found {kind_of(reference)}"
                self._nobody().problem(name, SUBJECT[kind], told)
            return self._unnamed(entry)
        return self._names.get(reference) or self._named(reference, entry) if reference else self._unnamed(entry)

    def _named(self, reference: str, entry: Entry) -> Chart | None:
        """Whose a reference is that is no plain name of a patient in the file."""
        part = last_part(reference)
        kind, _, identifier = part.rpartition("/")
        chart = self._names.get(part) or self._names.get(identifier)
        if chart is not None and kind in ("", "Patient"):
            return chart
        name, path = entry[1], SUBJECT[entry[2]] + ".reference"
        if kind not in ("", "Patient"):
            self._nobody().warn(name, path, f"not used: {reference[:100]!r} is no patient")
            return None
        if self._only is not None:
            self._only.strangers[name] = reference[:100]
            return self._only
        if self._patients == 0:
            return self._chart(identifier)
        self._nobody().problem(name, path, f"not used: {reference[:100]!r} is nobody in this file")
        return None

    def _unnamed(self, entry: Entry) -> Chart | None:
        """Whose a resource without a reference is: the only patient's, or else nobody's."""
        if self._only is not None:
            return self._only
        name, path = entry[1], SUBJECT[entry[2]] + ".reference"
        used = "taken as one person's" if self._patients == 0 else "not used"
        self._nobody().problem(name, path, f"{used}: it does not say whose it is")
        return self._nobody() if self._patients == 0 else None

    def _share(self, medications: list[Entry]) -> None:
        for chart in self._charts.values():
            for resource, name, _, _ in medications:
                chart.resources["Medication"].append((resource, name))


def _identifier(patient: Object, url: str) -> str:
    """The id of a Patient; without one, what its Bundle or its first identifier calls it."""
    identifier = patient.get("id")
    if type(identifier) is str and identifier:
        return identifier
    try:
        numbers = [text_in(one, "value") for one in objects_in(patient, "identifier")]
    except Unreadable:
        numbers = []
    return last_part(url) or next((number for number in numbers if number), "")
