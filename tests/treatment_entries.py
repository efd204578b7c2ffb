"""Plausible entries of treatment, of which a test changes what it is about. Randomization was on 2026-07-01."""

from datetime import date, timedelta

from evenhand import steps
from evenhand.dates import on_day
from evenhand.facts import Fact, Person, Source
from tests.conduct_help import participant

LATE = date(2029, 6, 1)  # entered long after: the record takes what happened before
LOCAL, USUAL = "local", "usual"


def of(arm=LOCAL):
    """A participant with nothing entered, whose one metastasis at registration is M1."""
    return participant(arm)


def entered(who, form, on=LATE, **typed):
    """The same after a form; None takes a field out."""
    return who.entered(form, on=on, **{name: value for name, value in typed.items() if value is not None})


def regimen(who, started, regimen="thp_hp", because="first_treatment", **typed):
    return entered(who, "systemic_therapy", started=started, regimen=regimen, because=because, **typed)


def change(who, changed, what="held", because="toxicity", **typed):
    return entered(who, "therapy_change", changed=changed, what=what, because=because, **typed)


def surgery(who, performed="2026-07-20", procedure="breast_conserving", **typed):
    margin = None if procedure == "axilla_only" else "clear"
    given = {"side": "left", "axilla": "sentinel", "nodes_examined": "2", "nodes_positive": "0", "margin": margin}
    return entered(
        who, "surgery", performed=performed, procedure=procedure, **{**given, "pathology": "complete", **typed}
    )


def primary(who, *said, on=LATE):
    """What was recorded about the primary in the breast, one statement after the other."""
    for code in said:
        fact = Fact("breast_primary", code, on_day(on), Source("clinic", "sheet"))
        who = who.after(steps.screen, on=on, subject=who.subject, person=Person("", {fact.name: (fact,)}))
        on += timedelta(days=1)
    return who


def complication(who, began, grade="II", **typed):
    return entered(who, "surgical_complication", began=began, grade=grade, complication="seroma", **typed)


def volume(name="breast", planned=("40.05", "15"), delivered=("40.05", "15")):
    row = {"volume": name, "planned_gy": planned[0], "planned_fractions": planned[1]}
    return row if delivered is None else {**row, "delivered_gy": delivered[0], "delivered_fractions": delivered[1]}


def locoregional(who, course="R1", started="2026-08-17", ended="2026-09-04", volumes=None, **typed):
    """15 fractions in three whole weeks."""
    rows = [volume(), volume("supraclavicular")] if volumes is None else volumes
    given = {"course": course, "started": started, "ended": ended, "technique": "vmat", "volumes": rows}
    return entered(who, "locoregional_radiation", **{**given, **typed})


def sbrt(who, *lesions, course="S1", started="2026-09-14", ended="2026-09-18", **typed):
    delivered = {"delivered_gy": "45", "delivered_fractions": "3"} if ended else {}
    given = {"site": "liver", "planned_gy": "45", "planned_fractions": "3", "started": started, "ended": ended}
    rows = [{"lesion": label} for label in lesions or ("M1",)]
    return entered(who, "metastasis_radiation", **{"course": course, "lesions": rows, **given, **delivered, **typed})


def resection(who, *lesions, performed="2026-09-21", **typed):
    rows = [{"lesion": label, "margin": "clear"} for label in lesions or ("M1",)]
    given = {"performed": performed, "operation": "segmental resection of the liver", "lesions": rows}
    return entered(who, "metastasis_resection", **{**given, **typed})


def untreated(who, *lesions, decided="2026-09-01", because="participant", **typed):
    rows = [{"lesion": label} for label in lesions or ("M1",)]
    return entered(who, "metastasis_untreated", decided=decided, because=because, lesions=rows, **typed)


def point(organ="liver", reach="spared", volume="700", dose="19", organ_volume=None):
    row = {"organ": organ, "reach": reach, "volume": volume, "dose": dose}
    return row if organ_volume is None else {**row, "organ_volume": organ_volume}


def plan(who, *organs, course="S1", approved="2026-09-10", fractions="3", **typed):
    rows = list(organs) or [point()]
    return entered(who, "radiation_plan", course=course, approved=approved, fractions=fractions, organs=rows, **typed)


def everything(who):
    """All of local therapy as planned, complete on 2026-09-18."""
    return plan(sbrt(locoregional(surgery(who))))
