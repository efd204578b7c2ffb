"""The endpoints for people: a part of the rendered protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from evenhand.protocol.endpoints import Endpoint, Endpoints, Estimand, Population
from evenhand.protocol.factors_text import planned_lines, subgroup_lines
from evenhand.protocol.markdown import Lines, row

_KINDS: Final = {
    "progression_free": "from randomization to progression or death, whichever comes first",
    "overall_survival": "from randomization to death from any cause",
    "local_failure": "for each lesion, from the end of its local treatment to its progression",
    "distant_failure": "from randomization to the first progression elsewhere than where was treated and its region",
    "best_response": "the best overall response",
}
_SITUATIONS: Final[tuple[tuple[str, str, dict[object, str]], ...]] = (
    (
        "progression",
        "Progression",
        {"determined": "as the clinician determined and signed it", "scans": "what the scans alone show"},
    ),
    (
        "clinical_progression",
        "Clinical progression alone",
        {"event": "an event", "censor": "ends observation", "ignore": "no event by itself"},
    ),
    ("local_progression", "Progression of treated lesions alone", {"event": "an event", "ignore": "no event"}),
    ("no_baseline", "No baseline", {"censor": "censored at randomization", "ignore": "changes nothing"}),
    (
        "new_therapy",
        "New anticancer therapy",
        {"event": "an event", "censor": "censored at the last adequate assessment before", "ignore": "changes nothing"},
    ),
    (
        "unplanned_local_therapy",
        "Local therapy in an arm that plans none",
        {"event": "an event", "censor": "censored at the last adequate assessment before", "ignore": "changes nothing"},
    ),
    ("dates", "Dates", {"found": "as found", "scheduled": "those of the scheduled visits"}),
    ("end", "Observation ends", {"follow_up": "with follow-up", "data_cut": "with the data cut"}),
    (
        "day_of_death",
        "A death of which the month or year alone is known",
        {one: f"the {one} day that it may have been" for one in ("first", "middle", "last")},
    ),
)
LACKS: Final[Mapping[str, str]] = {
    "ineligible": "did not meet a criterion, as is known now",
    "other_treatment": "was treated as planned in another arm",
    "local_therapy": "did not complete the local therapy planned",
    "major_deviation": "had a major deviation",
    "no_assessment": "has no baseline or no adequate assessment",
}


def endpoint_lines(endpoints: Endpoints) -> Lines:
    """Every endpoint with its estimands, what is estimated, the subgroups, then the populations."""
    yield from ("## Endpoints", "", "| Endpoint | Measured | Parameter |", "|---|---|---|")
    for one in endpoints.by_id.values():
        yield row(one.label, _KINDS[one.kind], f"`{one.parameter}`")
    yield ""
    for one in endpoints.by_id.values():
        if one.primary is not None:
            yield from _estimands(one, one.primary)
    yield from planned_lines({one.label: one.analysis for one in endpoints.by_id.values()})
    if endpoints.subgroups is not None:
        yield from subgroup_lines(endpoints.subgroups)
    yield from ("### Populations", "", "| Population | Who | Arm |", "|---|---|---|")
    for population in endpoints.populations.values():
        yield row(population.label, _who(population), f"as {population.arm}")
    yield ""


def _estimands(endpoint: Endpoint, primary: Estimand) -> Lines:
    yield from (f"### {endpoint.label}: the primary estimand", "", "| Situation | How it is handled |", "|---|---|")
    for name, said in _said(primary, endpoint).items():
        yield row(name, said)
    yield ""
    for other in endpoint.sensitivity:
        differs = [f"{name}: {said}" for name, said in _differing(primary, other, endpoint)]
        yield f"* {other.label} (`{other.id}`): {'; '.join(differs) or 'no difference'}."
    yield ""


def _differing(primary: Estimand, other: Estimand, endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    before = _said(primary, endpoint)
    yield from ((name, said) for name, said in _said(other, endpoint).items() if said != before[name])


def _said(estimand: Estimand, endpoint: Endpoint) -> dict[str, str]:
    said = {label: of[getattr(estimand, name)] for name, label, of in _SITUATIONS}
    missed = estimand.most_missed
    said["Missed assessments"] = "change nothing"
    if missed is not None:
        spacing = f"visits every {endpoint.every}, at most {endpoint.late} late"
        said["Missed assessments"] = (
            f"an event after more than {missed} missed is censored at the last adequate assessment before ({spacing})"
        )
    return said


def _who(population: Population) -> str:
    who = "everybody randomized" if population.who == "randomized" else "everybody randomized and treated"
    lacks = [LACKS[one] for one in population.without]
    return f"{who}, without whoever {', or '.join(lacks)}" if lacks else who
