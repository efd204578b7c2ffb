"""The roles in which engines read forms, and the fields that a form needs for each.

A study's form says ``reads: surgery``; whoever computes something from surgery finds the form by that role and may
rely on these fields, by name and kind. Labels, codes beyond those that an engine knows, limits and checks are the
study's own. ``table.column`` names a column of a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from evenhand.facts.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Role:
    """What a form must have to be read in a role; an ``optional`` field must be of its kind where there is one."""

    needs: Mapping[str, Kind]
    optional: Mapping[str, Kind] = field(default_factory=dict)


_DOSE: Final[Mapping[str, Kind]] = {
    "planned_gy": "number",
    "planned_fractions": "number",
    "delivered_gy": "number",
    "delivered_fractions": "number",
}
_VOLUMES: Final[Mapping[str, Kind]] = {
    "volumes": "record",
    "volumes.volume": "code",
    **{f"volumes.{name}": kind for name, kind in _DOSE.items()},
}
_COURSE: Final[Mapping[str, Kind]] = {"course": "text", "started": "date", "ended": "date"}
_COURSE_BESIDES: Final[Mapping[str, Kind]] = {
    "technique": "code",
    "sessions": "number",
    "stopped_because": "code",
    "gaps": "record",
    "gaps.began": "date",
    "gaps.missed": "number",
    "gaps.because": "code",
}
_LESIONS: Final[Mapping[str, Kind]] = {"lesions": "record", "lesions.lesion": "text"}

_SERIOUS: Final[Mapping[str, Kind]] = dict.fromkeys(
    (
        *("death", "life_threatening", "hospitalized", "planned_admission"),
        *("prolonged", "disability", "congenital", "important"),
    ),
    "yes_no",
)

ROLES: Final[Mapping[str, Role]] = {
    # Each room that reads forms adds its roles here, in the order of a participant's path.
    # Schedule and disposition. A visit marked not done was missed, for the reason given.
    "visit": Role({"date": "date"}, {"way": "code"}),
    "performance_status": Role({"performed": "date"}, {"ecog": "number", "kps": "number"}),
    "disposition": Role(
        {"ending": "code", "ended": "date"}, {"attempts": "record", "attempts.date": "date", "reason": "text"}
    ),
    "death": Role({"died": "date", "cause": "code"}),
    # Treatment. One radiation course a form; `lesions.lesion` names the metastases that a local treatment is about.
    "systemic_therapy": Role(
        {"started": "date", "regimen": "code"},
        {
            **{"stopped": "date", "line": "number", "because": "code", "stopped_because": "code"},
            **{"agents": "record", "agents.agent": "code"},
        },
    ),
    "therapy_change": Role(
        {"changed": "date", "what": "code"}, {"resumed": "date", "agent": "code", "because": "code"}
    ),
    "surgery": Role({"performed": "date", "procedure": "code"}, {"axilla": "code", "margin": "code"}),
    "surgical_complication": Role({"began": "date", "grade": "code"}, {"ended": "date", "complication": "text"}),
    "locoregional_radiation": Role({**_COURSE, **_VOLUMES}, _COURSE_BESIDES),
    "metastasis_radiation": Role({**_COURSE, **_LESIONS, **_DOSE, "site": "code"}, _COURSE_BESIDES),
    "metastasis_resection": Role({"performed": "date", **_LESIONS}, {"procedure": "code", "lesions.margin": "code"}),
    "metastasis_untreated": Role({"decided": "date", "because": "code", **_LESIONS}),
    "radiation_plan": Role(
        {
            **{"course": "text", "organs": "record", "organs.organ": "code", "organs.reach": "code"},
            **{"organs.volume": "number", "organs.dose": "number"},
        },
        {"fractions": "number", "earlier": "yes_no", "organs.organ_volume": "number"},
    ),
    # Lesions and response. `lesions.seen` of a scan: measured, too_small, absent, merged, present, progressed,
    # not_assessed. A lesion's further fragments are `size_2` and `size_3`. `new_lesions.certainty`: unequivocal,
    # equivocal, cleared, by_rule; `pet` and `pet_before`: positive, negative, not_done; `by_ct`: new_site, known_site,
    # not_seen, not_done.
    "lesion_list": Role(
        {
            **{"imaged": "date", "lesions": "record", "lesions.lesion": "text", "lesions.site": "code"},
            **{"lesions.nature": "code", "lesions.size": "number", "lesions.followed": "code"},
        },
        {
            **{"lesions.side": "code", "lesions.method": "code", "lesions.slice": "number", "lesions.because": "text"},
            **{"lesions.treated_before": "yes_no", "lesions.grown_since": "yes_no", "lesions.reproducible": "yes_no"},
        },
    ),
    "scan": Role(
        {
            **{"imaged": "date", "complete": "yes_no", "lesions": "record", "lesions.lesion": "text"},
            **{"lesions.seen": "code", "lesions.size": "number", "new_lesions": "record"},
            **{"new_lesions.lesion": "text", "new_lesions.site": "code", "new_lesions.certainty": "code"},
        },
        {
            **{
                "lesions.size_2": "number",
                "lesions.size_3": "number",
                "lesions.into": "text",
                "lesions.imaged": "date",
            },
            **{
                "lesions.pet": "code",
                "lesions.biopsy": "code",
                "new_lesions.side": "code",
                "new_lesions.size": "number",
            },
            **{"new_lesions.in_field": "yes_no", "new_lesions.imaged": "date"},
            **{"new_lesions.grew_from": "number", "new_lesions.pet": "code", "new_lesions.pet_before": "code"},
            **{"new_lesions.by_ct": "code"},
        },
    ),
    "response": Role(
        {"assessed": "date", "progressed": "yes_no"},
        {
            **{"overall": "code", "progressed_on": "date", "basis": "code"},
            **{"local": "yes_no", "regional": "yes_no", "distant": "yes_no"},
        },
    ),
    # Safety. `course` says each grade from its day on; of `attribution` one row an intervention. The item of an
    # adverse event is what a report's `event` names.
    "adverse_event": Role(
        {
            **{"term": "text", "onset": "date", "aware": "date", **_SERIOUS},
            **{"course": "record", "course.day": "date", "course.grade": "number"},
            **{"attribution": "record", "attribution.intervention": "code", "attribution.relation": "code"},
        },
        {
            **{"specify": "text", "ended": "date", "outcome": "code", "expected": "yes_no", "aware_time": "text"},
            "serious": "yes_no",
        },
    ),
    "baseline_condition": Role(
        {"term": "text"}, {"specify": "text", "grade": "number", "onset": "date", "ended": "date"}
    ),
    "laboratory": Role(
        {
            **{"sampled": "date", "results": "record", "results.test": "code"},
            **{"results.value": "number", "results.unit": "code"},
        },
        {
            **{"results.low": "number", "results.high": "number", "results.symptoms": "yes_no"},
            "results.anticoagulated": "yes_no",
        },
    ),
    "ejection_fraction": Role({"performed": "date", "lvef": "number"}),
    "safety_report": Role({"event": "text", "regime": "code", "report": "code", "sent": "date"}, {"sent_time": "text"}),
    # Data quality. A severity is ``major`` or ``minor``; another code counts as not judged.
    "deviation": Role(
        {"occurred": "date", "category": "code", "description": "text", "severity": "code"},
        {"action": "text", "reported_on": "date"},
    ),
}
