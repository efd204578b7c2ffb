"""The page on adverse events of the manual: laboratory thresholds, and what is decided about events and reports."""

from collections.abc import Iterator

from evenhand.oncology.ctcae import analytes
from evenhand.oncology.ctcae.tables import rows
from evenhand.protocol.plan.safety_rules import Within
from tests.spec.adverse_events_table import DUE, OPEN

DECISIONS = (
    "A value leads to every grade that it can have. The grade is known when there is one; else the reasons are "
    "said. A missing limit, baseline or symptom never makes it grade 0.",
    "A grade by the value alone is the least that the event can have: what a clinician sees (admission, danger to "
    "life) can only raise it.",
    "Values are compared unrounded. Units are converted by exact factors, and not at all where CTCAE has numbers "
    "in both.",
    "Limits are those of the laboratory that measured the sample. The baseline is the last value up to "
    "randomization. An abnormal baseline is one above the upper limit.",
    "Total calcium is corrected for the albumin of the same sample (Payne et al., BMJ 1973;4:643, in its "
    "customary form).",
    "Serious is what meets a criterion of 21 CFR 312.32(a). A planned admission is none; a stay that the event "
    "prolonged is. Grade 5 is death. Severity and seriousness have nothing else to do with each other.",
    "Related is an attribution of possible, probable or definite, to an intervention that the regime concerns. An "
    "intervention that was given and is not rated leaves it unknown.",
    "New is what began on or after the day of randomization and was no condition at baseline, or is worse than it was.",
    "Acute is what began up to 90 days from the first fraction of a radiation course (RTOG/EORTC 1995), late what "
    "began after; an event belongs to the most recent course that had begun.",
    "Where it is unknown whether a report is due, the clock runs, and says what to record.",
)
SOURCES = (
    "Common Terminology Criteria for Adverse Events (CTCAE) 5.0, National Cancer Institute, 27 Nov 2017. Only "
    "names, classes, the grades that exist and the numbers of laboratory grades are used.",
    "The numbers are compared with those of admiral (pharmaverse) on both sides of every boundary, in SI and US "
    "units. On purpose they differ in two places, where the text of CTCAE begins a grade at a number and admiral "
    "after it: GGT at twice an abnormal baseline, and triglycerides at 150 mg/dL.",
)


def page() -> str:
    """The page as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Adverse events"
    yield ""
    yield "This page is made from the program's tables and from those that the tests hold it to (`tests/spec`)."
    yield from ("", "## Laboratory grades (CTCAE 5.0)", "")
    yield "LLN and ULN are the limits of the sample's laboratory, BASE is the baseline value. The highest grade counts."
    yield ""
    yield from _table(("measured", "term", "unit", "when", "grade 1", "grade 2", "grade 3", "grade 4"), _thresholds())
    yield from ("", "## What is not known", "")
    yield from _table(("value", "baseline", "grades that are possible", "because"), _open())
    yield from ("", "## Deadlines", "")
    yield "Local time of the site. The day of awareness is day 0; a day ends at 24:00."
    yield ""
    yield from _table(
        ("aware", "within", "due"), ((aware, str(Within(count, unit)), due) for aware, count, unit, due in DUE)
    )
    yield from ("", "## Decisions", "")
    yield from (f"* {text}" for text in DECISIONS)
    yield from ("", "## Sources", "")
    yield from (f"* {text}" for text in SOURCES)


def _thresholds() -> Iterator[tuple[str, ...]]:
    for _, (analyte, term, unit, when, *grades) in rows("laboratory_v5.txt"):
        shown = "any" if unit == "=" else unit.replace("*", "^")
        yield (analytes()[analyte].label, term, shown, when, *(grade.replace("-", "–") for grade in grades))


def _open() -> Iterator[tuple[str, ...]]:
    for sample, baseline, grades, reasons in OPEN:
        label = analytes()[sample.analyte].label
        limits = ", ".join(
            f"{name} {limit}" for name, limit in (("LLN", sample.low), ("ULN", sample.high)) if limit is not None
        )
        unit = "" if sample.unit == "1" else f" {sample.unit.replace('*', '^')}"
        value = f"{label} {sample.value}{unit}" + (f" ({limits})" if limits else "")
        base = "" if baseline is None else str(baseline.value)
        yield value, base, " or ".join(map(str, grades)), "; ".join(reasons)


def _table(heading: tuple[str, ...], body: Iterator[tuple[str, ...]]) -> Iterator[str]:
    for cells in (heading, ("---",) * len(heading), *body):
        yield f"| {' | '.join(cells)} |"
