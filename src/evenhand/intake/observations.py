"""Every Observation that intake reads, handed to its reader by its code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from evenhand.intake.accept import Quantity
from evenhand.intake.cancers import Disease
from evenhand.intake.chart import Chart
from evenhand.intake.comorbidities import read_comorbidities
from evenhand.intake.disease_status import read_disease_status
from evenhand.intake.elements import Object, Unreadable, last_part, objects_in, text_in
from evenhand.intake.her2 import read_her2
from evenhand.intake.performance import read_performance
from evenhand.intake.receptors import read_receptor
from evenhand.intake.tables import observations
from evenhand.intake.values import is_number, observed_on, values_of

Reader = Callable[[Chart, Disease, Object, str, str], None]


def read_observations(chart: Chart, disease: Disease) -> None:
    """Read the Observations of a person whose code has a reader; one that cannot be read costs only itself."""
    table = observations()
    for observation, name in chart.of("Observation"):
        try:
            known = table.find(observation, "code")
            if known:
                reads = known[0] if len(known) == 1 else _most_exact(known)
                if reads != "unused" and chart.usable(observation, name):
                    _READERS[reads.partition(" ")[0]](chart, disease, observation, name, reads)
        except Unreadable as error:
            chart.problem(name, error.path, error.what)


def _most_exact(reads: list[str]) -> str:
    """The reader of an Observation that carries several codes: the one that says most about the test."""
    return max((one for one in reads if one != "unused"), key=lambda one: " " in one, default="unused")


def _read_tumor_size(chart: Chart, disease: Disease, observation: Object, name: str, reads: str) -> None:
    """Keep the longest dimension of a lesion under the BodyStructure that it is about (``focus``)."""
    targets = [last_part(text_in(one, "reference", "focus.")) for one in objects_in(observation, "focus")]
    lesions = [target.partition("/")[2] for target in targets if target.startswith("BodyStructure/")]
    if not lesions or reads != "tumor_size":
        return
    day = observed_on(observation)
    for size in _sizes(chart, observation, name):
        for lesion in lesions:
            disease.sizes.setdefault(lesion, []).append((size, day, name))


def _sizes(chart: Chart, observation: Object, name: str) -> list[Quantity]:
    """The longest dimensions that an Observation holds, itself or in its components."""
    values = values_of(chart, observation, name)
    for position, component in enumerate(objects_in(observation, "component")):
        if "tumor_size" in observations().find(component, "code"):
            values += values_of(chart, component, name, f"component[{position}].")
    return [Quantity(content, unit) for _, content, unit in values if is_number(content)]


def _performance(chart: Chart, _: Disease, observation: Object, name: str, reads: str) -> None:
    read_performance(chart, observation, name, reads)


def _receptor(chart: Chart, _: Disease, observation: Object, name: str, reads: str) -> None:
    read_receptor(chart, observation, name, reads)


_READERS: Final[dict[str, Reader]] = {
    "ecog": _performance,
    "kps": _performance,
    "estrogen_receptor": _receptor,
    "progesterone_receptor": _receptor,
    "her2": read_her2,
    "disease_status": read_disease_status,
    "comorbidities": read_comorbidities,
    "tumor_size": _read_tumor_size,
}
