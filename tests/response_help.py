"""A participant whose lesions are followed: the list at baseline, scans, local treatment, determinations, for tests."""

from dataclasses import dataclass, replace
from datetime import date

from evenhand import steps
from evenhand.conduct.forms import shown_digest
from evenhand.conduct.lesions import lesion_doubts
from evenhand.conduct.response import evaluation, progression
from evenhand.record import Actor
from tests.conduct_help import RANDOMIZED_ON, Participant, participant

ONCOLOGIST = Actor("d.octor", "treating_clinician", "north")
BASELINE_DAY = date(2026, 6, 20)  # before randomization on 1 July 2026

PRIMARY = {"lesion": "B1", "site": "breast", "side": "same", "nature": "solid", "size": "30"}
LIVER = {"lesion": "M1", "site": "liver", "nature": "solid", "size": "20"}
LUNG = {"lesion": "M2", "site": "lung", "nature": "solid", "size": "16"}
BONE = {"lesion": "M3", "site": "vertebra", "nature": "never_measurable", "followed": "non_target"}
NODE = {"lesion": "N1", "site": "axillary_node", "side": "same", "nature": "node", "size": "18"}
WORDS = ("absent", "too_small", "present", "progressed", "not_assessed")


def row(lesion):
    """A row of the list at baseline: a target on thin slices of CT unless it says otherwise."""
    measured = {"method": "ct", "slice": "5"} if "size" in lesion else {}
    return {"followed": "target", **measured, **lesion}


@dataclass(frozen=True)
class Person:
    """A participant, and how many scans and determinations there are."""

    given: Participant
    scans: int = 0
    treatments: int = 0

    @property
    def about(self):
        """Protocol and record, as the rooms take them."""
        return self.given.protocol, self.given.known

    def scanned(self, on, seen=None, new=(), complete="yes", visit=None, **rows):
        """After a scan: sizes in mm or words by lesion; ``rows`` are whole rows by lesion."""
        said = [{"lesion": label, **_seen(size)} for label, size in (seen or {}).items()]
        said += [{"lesion": label, **columns} for label, columns in rows.items()]
        number = self.scans + 1
        given = self.given.entered(
            "scan", on=on, visit=visit or f"unscheduled.{number}", imaged=on.isoformat(), complete=complete,
            lesions=said, new_lesions=[{"certainty": "unequivocal", "in_field": "no", **one} for one in new],
        )  # fmt: skip
        return replace(self, given=given, scans=number)

    def treated(self, form, on, **typed):
        """After a form of local treatment."""
        return replace(self, given=self.given.entered(form, on=on, **typed))

    def irradiated(self, started, ended, *lesions):
        """After a course of radiation to metastases."""
        return self.treated(
            "metastasis_radiation", ended, course=f"S{started:%m%d}", site="liver", started=started.isoformat(),
            lesions=[{"lesion": label} for label in lesions], ended=ended.isoformat(),
            planned_gy="45", planned_fractions="3", delivered_gy="45", delivered_fractions="3",
        )  # fmt: skip

    def resected(self, on, *lesions, margin="clear"):
        """After a resection of metastases."""
        rows = [{"lesion": label, "margin": margin} for label in lesions]
        return self.treated("metastasis_resection", on, performed=on.isoformat(), lesions=rows, operation="wedge")

    def operated(self, on):
        """After a mastectomy with dissection of the axilla."""
        return self.treated(
            "surgery", on, performed=on.isoformat(), procedure="mastectomy", side="left", axilla="dissection",
            nodes_examined="12", nodes_positive="1", margin="clear", pathology="residual",
        )  # fmt: skip

    def locally_treated(self, on):
        """After locoregional radiation of the chest wall and the axilla, which ends on a day."""
        dose = {"planned_gy": "50", "planned_fractions": "25", "delivered_gy": "50", "delivered_fractions": "25"}
        return self.treated(
            "locoregional_radiation", on, course="R1", started=on.isoformat(), ended=on.isoformat(), technique="vmat",
            volumes=[{"volume": volume, **dose} for volume in ("chest_wall", "axilla_1")], sessions="25",
        )  # fmt: skip

    def determined(self, on, signed=True, visit=None, **said):
        """After the clinician's determination."""
        given = self.given.entered(
            "response",
            on=on,
            by=ONCOLOGIST,
            visit=visit or f"unscheduled.{self.scans}",
            assessed=on.isoformat(),
            **said,
        )
        if signed:
            latest = [one for one in given.known.standing if one.kind == "form_entered"][-1]
            shown = {latest.seq: shown_digest(latest)}
            given = given.after(steps.sign_forms, subject=given.subject, shown=shown, on=on, by=ONCOLOGIST)
        return replace(self, given=given)


def _seen(size):
    return {"seen": size} if size in WORDS else {"seen": "measured", "size": str(size)}


def followed(arm="usual", *lesions):
    """A participant of an arm with these lesions at baseline; a liver metastasis of 20 mm where none are given."""
    given = participant(arm).entered(
        "lesions", on=RANDOMIZED_ON, visit="baseline", imaged=BASELINE_DAY.isoformat(),
        lesions=[row(lesion) for lesion in lesions or (LIVER,)],
    )  # fmt: skip
    return Person(given)


def month(number, day=1):
    """A day so many months after July 2026."""
    years, months = divmod(6 + number, 12)
    return date(2026 + years, months + 1, day)


def overalls(person):
    """The overall response proposed at each scan."""
    return [str(point.overall) for point in evaluation(*person.about).points]


def proposed(person):
    """Day and basis of the progression, and whether it is determined."""
    found = progression(*person.about)
    return found and (found.day, found.basis, found.determined)


def says(person):
    """What is asked about lesions."""
    return [doubt.say for doubt in lesion_doubts(*person.about)]
