"""Sentences on how a number of metastases was counted: which entries counted, were merged, were left out."""

from __future__ import annotations

from evenhand.facts import FactType, Items, View
from evenhand.logic import Unknown
from evenhand.oncology.lesion_policy import (
    Bounds,
    CountingPolicy,
    Entry,
    discrete,
    entry_bounds,
    policy_of,
    standing,
    unit_bounds,
    whole_bounds,
)
from evenhand.oncology.lesions import lesion_count


def explain_count(view: View, fact_type: FactType) -> list[str]:
    """One sentence an entry, a unit and a reported total, then what bounds the number, then the number."""
    lesions, imaging = view.items(fact_type.inputs[0]), view.items(fact_type.inputs[1])
    policy = policy_of(fact_type.parameters)
    sentences = [_of_entry(entry, policy) for entry in lesions.entries]
    sentences += _of_units(lesions.entries, policy)
    sentences += [_of_imaging(entry) for entry in imaging.entries]
    sentences += _of_lists(lesions, imaging)
    number = lesion_count(view, fact_type)
    if isinstance(number, Unknown):
        return [*sentences, "Together: not known, neither metastases nor a reported total are recorded."]
    return [*sentences, f"Together: {number} (counting policy {policy.version})."]


def _of_entry(entry: Entry, policy: CountingPolicy) -> str:
    name = f"{entry.get('lesion', 'Lesion without a label')} ({entry.get('site', 'site not recorded')})"
    if entry.get("unit"):
        name += f" of unit {entry['unit']}"
    match standing(entry, policy):
        case "regional":
            return f"{name}: left out, a regional node on the side of the primary."
        case "perhaps regional":
            return f"{name}: {_phrase(entry_bounds(entry, policy))}, because it may be a regional node."
        case _:
            return f"{name}: counted as {_phrase(discrete(entry))}."


def _of_units(entries: tuple[Entry, ...], policy: CountingPolicy) -> list[str]:
    units: dict[str, list[Entry]] = {}
    for entry in entries:
        unit = entry.get("unit")
        if isinstance(unit, str) and unit:
            units.setdefault(unit, []).append(entry)
    return [
        f"Unit {unit} ({_kinds(members)}): {len(members)} entries count as "
        f"{_phrase(unit_bounds(members, policy))} together."
        for unit, members in units.items()
        if len(members) > 1
    ]


def _kinds(members: list[Entry]) -> str:
    return ", ".join(dict.fromkeys(str(entry.get("unit_kind", "kind not recorded")) for entry in members))


def _of_imaging(entry: Entry) -> str:
    when = f"Imaging of {entry.get('date', 'an unknown day')}"
    total = entry.get("metastases")
    return f"{when}: {'no total' if total is None else _phrase(whole_bounds(total))} reported."


def _of_lists(lesions: Items, imaging: Items) -> list[str]:
    if lesions.complete:
        return ["The list of metastases is complete."]
    if imaging.complete and all("metastases" in entry for entry in imaging.entries) and imaging.entries:
        return ["The list of imaging is complete, and every total is reported."]
    return ["Nobody called the list of metastases complete: there may be more."]


def _phrase(bounds: Bounds) -> str:
    low, high = bounds
    if high is None:
        return f"at least {low}"
    return str(low) if low == high else f"{low} to {high}"
