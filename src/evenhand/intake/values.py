"""What an Observation says: its values, its day, its answers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final, NamedTuple, TypeGuard

from evenhand.dates import DateSpan
from evenhand.intake.chart import Chart
from evenhand.intake.elements import (
    Json,
    Object,
    Unreadable,
    codings_in,
    date_in,
    kind_of,
    number_in,
    object_in,
    objects_in,
    text_in,
)
from evenhand.units import Measured, Range, bounded, exact

_COMPARATORS: Final = ("<", "<=", ">=", ">")


class Codes(NamedTuple):
    """A coded value: its codings and its free text."""

    codings: list[Object]
    text: str


Content = Measured | str | bool | Codes


# One value: where it stands; a number, text, codes, or yes or no; the unit of a number.
Value = tuple[str, Content, str]


def values_of(chart: Chart, node: Object, name: str, path: str = "") -> list[Value]:
    """Every value of an Observation or of one of its components (which stands at ``path``).

    FHIR allows one ``value[x]``. Files hold several: those that can be read are used, and whoever reads them decides
    whether they agree. One that cannot be read is a problem.
    """
    found: list[Value] = []
    for element, read in _READERS:
        if element in node:
            try:
                value = read(node, element, path)
            except Unreadable as error:
                chart.problem(name, error.path, error.what)
            else:
                if value is not None:
                    found.append(value)
    if len(found) > 1:
        paths = ", ".join(value[0] for value in found)
        chart.warn(name, f"{path}value[x]", f"more than one value ({paths}), which FHIR forbids; all are used")
    return found


def _integer(node: Object, name: str, path: str) -> Value | None:
    number = number_in(node, name, path)
    return None if number is None else (path + name, number, "")


def _codes(node: Object, name: str, path: str) -> Value | None:
    concept = object_in(node, name, path)
    if concept is None:
        return None
    place = path + name
    inside = place + "."
    return place, Codes(objects_in(concept, "coding", inside), text_in(concept, "text", inside)), ""


def _quantity(node: Object, name: str, path: str) -> Value | None:
    quantity = object_in(node, name, path)
    if quantity is None:
        return None
    number, unit = measure_of(quantity, f"{path}{name}.")
    return path + name, number, unit


def measure_of(quantity: Object, path: str) -> tuple[Measured, str]:
    """The number of a Quantity, or the range that its comparator leaves, and its unit as a code where it has one."""
    number = number_in(quantity, "value", path)
    if number is None:
        raise Unreadable(path + "value", "the quantity has no value")
    unit = text_in(quantity, "code", path) or text_in(quantity, "unit", path)
    comparator = text_in(quantity, "comparator", path)
    if not comparator:
        return number, unit
    if comparator not in _COMPARATORS:
        raise Unreadable(path + "comparator", f"{comparator[:20]!r} is none of {' '.join(_COMPARATORS)}")
    return bounded(number, comparator), unit


def _text(node: Object, name: str, path: str) -> Value | None:
    text = text_in(node, name, path).strip()
    return (path + name, text, "") if text else None


def _ratio(node: Object, name: str, path: str) -> Value | None:
    """The quotient of a Ratio. A ratio of bounds bounds nothing."""
    ratio = object_in(node, name, path)
    if ratio is None:
        return None
    parts = []
    for part in ("numerator", "denominator"):
        quantity = object_in(ratio, part, f"{path}{name}.")
        if quantity is None:
            raise Unreadable(f"{path}{name}.{part}", "a ratio needs a numerator and a denominator")
        number, _ = measure_of(quantity, f"{path}{name}.{part}.")
        if isinstance(number, Range):
            raise Unreadable(f"{path}{name}.{part}.comparator", "a ratio of bounds says nothing about its value")
        parts.append(Decimal(number))
    if not parts[1]:
        raise Unreadable(f"{path}{name}.denominator.value", "a ratio cannot have the denominator 0")
    return path + name, exact(parts[0] / parts[1]), ""


def _boolean(node: Object, name: str, path: str) -> Value | None:
    value: Json = node.get(name)
    if value is None or isinstance(value, bool):
        return None if value is None else (path + name, value, "")
    raise Unreadable(path + name, f"expected true or false, found {kind_of(value)}")


_READERS: Final[tuple[tuple[str, Callable[[Object, str, str], Value | None]], ...]] = (
    ("valueInteger", _integer),
    ("valueCodeableConcept", _codes),
    ("valueQuantity", _quantity),
    ("valueString", _text),
    ("valueBoolean", _boolean),
    ("valueRatio", _ratio),
    ("valueDecimal", _integer),
)


def is_number(content: Content) -> TypeGuard[Measured]:
    """Whether a value is a number or bounds of one."""
    return isinstance(content, int | Decimal | Range) and not isinstance(content, bool)


def observed_on(node: Object) -> DateSpan | None:
    """The day of an Observation; a period is the span of its days; None when it has no date."""
    if "effectiveDateTime" in node:
        return date_in(node, "effectiveDateTime")
    if "effectiveInstant" in node:
        return date_in(node, "effectiveInstant")
    return period_of(node, "effectivePeriod")


def period_of(node: Object, name: str) -> DateSpan | None:
    """The span from the start of a period to its end; an open period is its start alone."""
    period = object_in(node, name)
    if period is None:
        return None
    start, end = (date_in(period, part, name + ".") for part in ("start", "end"))
    if start is None or end is None:
        return start
    if end.last < start.first:
        raise Unreadable(name, "the period ends before it begins")
    return DateSpan(start.first, end.last)


def interpretations_of(node: Object) -> list[Object]:
    """The codings of all interpretations."""
    if "interpretation" not in node:
        return []
    concepts = objects_in(node, "interpretation")
    return [coding for concept in concepts for coding in objects_in(concept, "coding", "interpretation.")]


def missing_reason(node: Object) -> str:
    """Why there is no value, as far as the Observation says."""
    codings = codings_in(node, "dataAbsentReason")
    said = [word for coding in codings if (word := text_in(coding, "display") or text_in(coding, "code"))]
    return f"it has no value ({said[0]})" if said else "it has no value"
