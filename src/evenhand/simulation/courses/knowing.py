"""What the simulator knows of the forms that engines read: sizes of lesions, responses. Other forms are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Final

from evenhand.conduct import forms, lesions, response
from evenhand.conduct.lesions import assessments_of
from evenhand.oncology.recist import Response
from evenhand.protocol.plan import Form
from evenhand.simulation.courses.chances import happens, within
from evenhand.simulation.courses.desk import Desk
from evenhand.simulation.courses.drawing import Drawn
from evenhand.simulation.courses.person import Person
from evenhand.simulation.courses.sheet import Lesions
from evenhand.simulation.courses.tumour import Lesion

_BASELINE: Final = (1, 20)  # days before randomization on which the images of baseline are taken
_TOO_SMALL_MM: Final = 5.0  # RECIST 1.1, 4.3.2
_NORMAL_NODE_MM: Final = 10.0  # RECIST 1.1, 3.1.1
_GONE_MM: Final = 2.0
_BEYOND_DOUBT: Final = 1.6  # how much larger a non-target looks when it has unequivocally grown
_WORDS: Final = {True: "made up: a new lesion", False: "made up: known lesions have grown"}

Known = dict[str, Drawn]


class Knowing:
    """Answers by the role in which a form is read."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.section = desk.section
        self._by_role: dict[str, Callable[[Person, Form, date, str | None], Known]] = {
            "lesion_list": self._lesion_list,
            "scan": self._scan,
            "response": self._response,
        }

    def of(self, person: Person, form: Form, day: date, visit: str | None = None) -> Mapping[str, Drawn]:
        """What is known of a form that is filled in about a day; the scenario draws the rest."""
        answers = self._by_role.get(form.reads)
        needed = self.section.progression if form.reads == "response" else self.section.lesions
        if answers is None or needed is None:
            return {}
        found = answers(person, form, day, visit)
        return {name: value for name, value in found.items() if name in form.fields}

    # ---- lesions at baseline

    def _lesion_list(self, person: Person, form: Form, _: date, __: str | None) -> Known:
        """What there is before randomization, followed as RECIST proposes."""
        random = person.chances.of("lesion list")
        day = person.randomized - timedelta(days=within(_BASELINE, random))
        table = form.fields["lesions"].columns or {}
        rows = [row for lesion in person.tumour.seen(day) if (row := self._listed_row(person, lesion, day, random))]
        read = forms.answers_of(form, forms.read_typed(form, {"lesions": rows}).values).get("lesions", ())
        plan = assessments_of(self.desk.trial.protocol)
        targets = set(lesions.proposed(read, plan).targets) if isinstance(read, tuple) else set()
        for row in rows:
            row["followed"] = "target" if row["lesion"] in targets else "non_target"
        kept = [{name: value for name, value in row.items() if name in table} for row in rows]
        return {"imaged": str(day), "lesions": kept}

    def _listed_row(self, person: Person, lesion: Lesion, day: date, random: Random) -> Known:
        """A row of the list; none for a lymph node of a normal size (RECIST 1.1, 3.1.1)."""
        size = self._measured(person, lesion, day, random)
        if lesion.nature == "node" and size < _NORMAL_NODE_MM:
            return {}
        row: Known = {"lesion": lesion.label, "site": lesion.site, "nature": lesion.nature, "followed": "non_target"}
        if lesion.site in self._region():
            row["side"] = "same"
        if lesion.measured:
            row |= {"size": f"{size:.1f}", "method": "ct", "slice": "3"}
        return row

    # ---- scans

    def _scan(self, person: Person, _: Form, day: date, __: str | None) -> Known:
        """Every lesion that is still followed, and those that are new."""
        random = person.chances.of("scan", day)
        protocol, known = self.desk.trial.protocol, self.desk.known(person)
        carried = lesions.carried(protocol, known, day)
        truly = {lesion.label: lesion for lesion in person.tumour.lesions}
        listed = lesions.lesion_list(protocol, known)
        targets = {one.label for one in listed.lesions if one.followed == "target"} if listed else set()
        rows = [
            self._row(person, truly[row.life.label], day, random, row.life.label in targets)
            for row in carried.lesions
            if row.life.label in truly
        ]
        new = [self._new(person, one, day, random) for one in person.tumour.seen(day) if one.appeared is not None]
        return {"imaged": str(day), "complete": True, "lesions": rows, "new_lesions": new}

    def _row(self, person: Person, lesion: Lesion, day: date, random: Random, target: bool) -> Known:
        """A lesion as it is seen: measured where it is a target, otherwise there, gone, or grown beyond doubt."""
        size, row = self._measured(person, lesion, day, random), {"lesion": lesion.label}
        if size < _GONE_MM:
            return {**row, "seen": "absent"}
        if not target:
            grown = lesion.grows_from is not None and size > _BEYOND_DOUBT * lesion.size(
                lesion.grows_from, person.randomized
            )
            return {**row, "seen": "progressed" if grown else "present"}
        if size < _TOO_SMALL_MM:
            return {**row, "seen": "too_small"}
        return {**row, "seen": "measured", "size": f"{size:.1f}"}

    def _new(self, person: Person, lesion: Lesion, day: date, random: Random) -> Known:
        size = f"{self._measured(person, lesion, day, random):.1f}"
        row: Known = {"lesion": lesion.label, "site": lesion.site, "certainty": "unequivocal", "size": size}
        return {**row, "side": "same"} if lesion.site in self._region() else row

    def _region(self) -> frozenset[str]:
        """The sites of the primary and its lymph nodes, where a lesion is taken to be of its side."""
        plan = assessments_of(self.desk.trial.protocol)
        return plan.primary | plan.regional

    def _measured(self, person: Person, lesion: Lesion, day: date, random: Random) -> float:
        return person.tumour.measured(lesion, day, float(self._sheet().error_percent), random)

    def _sheet(self) -> Lesions:
        assert self.section.lesions is not None  # asked before
        return self.section.lesions

    # ---- what the clinician determines

    def _response(self, person: Person, _: Form, day: date, visit: str | None) -> Known:
        """Mostly what the measurements propose. Where there are none, what is true."""
        random, progressing = person.chances.of("determination", day), self.section.progression
        found = response.evaluation(self.desk.trial.protocol, self.desk.known(person))
        point = next((one for one in found.points if visit is not None and one.scan.entry.visit == visit), None)
        since = found.progression.day if found.progression is not None else day
        progressed = self._truly(person, day) if point is None else point.overall is Response.PD
        overall = None if point is None else _code(point.overall)
        if progressing is not None and happens(progressing.otherwise, random):
            progressed, overall, since = not progressed, None, day
        known: Known = {"assessed": str(day), "overall": overall, "progressed": progressed}
        if progressed:
            new = any(lesion.appeared is not None for lesion in person.tumour.seen(day))
            known |= {"progressed_on": str(since), "basis": "clinical" if point is None else "radiographic"}
            known |= {**self._places(person, day), "in_words": _WORDS[new]}
        return known

    def _places(self, person: Person, day: date) -> Known:
        """Where the disease has progressed: within what was treated locally, about the primary, or elsewhere."""
        grown, region = person.tumour.grown(day), self._region()
        local = [one for one in grown if one.given is not None]
        regional = [one for one in grown if one.given is None and one.site in region]
        distant = len(grown) > len(local) + len(regional) or not grown
        return {"local": bool(local), "regional": bool(regional), "distant": distant}

    def _truly(self, person: Person, day: date) -> bool:
        return person.tumour.progresses is not None and person.tumour.progresses <= day


def _code(overall: Response) -> str:
    """The code of a response on the form; what cannot be said is not evaluable."""
    return "ne" if overall is Response.INDETERMINATE else overall.name.lower()
