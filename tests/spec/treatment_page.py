"""The manual's page on treatment, made from the tables and from the package's own tables."""

from collections.abc import Iterable

from evenhand.oncology.clavien_dindo import GRADES
from evenhand.oncology.radiation import Limit, TableId, limit_table, prescription_table, table_ids
from tests.spec.radiation_table import EQUIVALENTS, EXPECTED_LAST, MISSED, ORGANS, PRESCRIPTIONS
from tests.spec.treatment_table import LESIONS, LINES

INTRODUCTION = (
    "This page is made from the tables that the tests hold the program to (`tests/spec/treatment_table.py`, "
    "`radiation_table.py`) and from the tables of the package (`src/evenhand/oncology/radiation/tables`)."
)
USUAL = (
    "The usual approach is recorded and not mandated, and it drifts while a study accrues: `treatment.yaml` gives its "
    "versions with their days, and each participant is compared with the version of the day of randomization."
)
POINTS = (
    "A dose point decides a limit of another volume or dose in one direction alone; what no point decides is not "
    "assessable, never a pass. Tables are never mixed and nothing is interpolated between numbers of fractions."
)
UNREAD = (
    "These values are general knowledge, cross-checked against public listings (the table's README names them); TG-101 "
    "itself was not read. An asterisk marks what no listing confirms. Verify before clinical use."
)
CUMULATIVE = (
    "Doses of several courses to one organ are added as EQD2 of their point maxima, which is an upper bound, and shown "
    "to a person; the sum decides nothing."
)
SOURCES = (
    "AAPM TG-101: Benedict et al., Med Phys 2010;37:4078 (values from listings, see above)",
    "NRG-BR001, SABR-COMET, SABR-COMET-10 and regional schedules: the source stands in each row",
    "Clavien-Dindo: Dindo et al., Ann Surg 2004;240:205-213",
    "Linear-quadratic model: Fowler, Br J Radiol 1989;62:679-694",
    "95 % of the planned dose as delivered, the windows, what a reason closes: proposals of this project, study data",
)


def page() -> str:
    """The page as Markdown."""
    parts = [
        "# Treatment",
        INTRODUCTION,
        "## Systemic therapy",
        USUAL,
        table(("a second regimen begun for", "line said", "line", ""), ([r[0], r[1] or "", r[2], r[3]] for r in LINES)),
        "## A metastasis",
        "Each is to get SBRT or resection, or a documented reason. Randomization was on 2026-07-01.",
        table(("", "state", "since"), ((row[3], row[1], row[2]) for row in LESIONS)),
        "## Complications of surgery",
        table(("grade", "what it needed"), GRADES.items()),
        "## Prescriptions",
        table(("set", "site", "Gy", "fractions", "answer", ""), map(_prescription, PRESCRIPTIONS)),
        *(part for name in table_ids("prescriptions") for part in _set(name)),
        "## Organs at risk",
        POINTS,
        table(("organ", "fractions", "points", "answers", ""), map(_organ, ORGANS)),
        *_limits(TableId("tg101", "2026-1")),
        "## Equivalent doses",
        table(("Gy", "fractions", "alpha/beta", "BED", "EQD2"), EQUIVALENTS),
        CUMULATIVE,
        "## Days of a daily course",
        table(("first day", "fractions", "last day without a gap", ""), EXPECTED_LAST),
        table(("first day", "last day", "fractions", "weekdays missed", ""), MISSED),
        "## Sources",
        "\n".join(f"* {source}" for source in SOURCES),
    ]
    return "\n\n".join(parts) + "\n"


def table(heading: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    lines = [[str(cell) for cell in row] for row in rows]
    head = list(map(str, heading))
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *lines])


def _prescription(case) -> list[object]:
    total, fractions = ("not recorded" if given is None else given for given in (case.total_gy, case.fractions))
    within = f" (within {case.tolerance} %)" if case.tolerance else ""
    return [
        case.table,
        case.site or "not recorded",
        f"{total}{within}",
        fractions,
        f"**{case.outcome}**",
        case.sentence,
    ]


def _organ(case) -> list[object]:
    points = "; ".join(_point(*point) for point in case.points) or "none"
    fractions = "not recorded" if case.fractions is None else case.fractions
    return [case.organ, fractions, points, ", ".join(case.outcomes), case.sentence]


def _point(kind: str, volume: object, dose: object, whole: object) -> str:
    which = "hottest" if kind == "hot" else "coldest"
    return f"{dose} Gy to the {which} {volume}{f' of {whole}' if whole else ''} cc"


def _set(name: TableId) -> tuple[str, str]:
    rows = prescription_table(name).rows
    return f"### The set {name}", table(
        ("site", "prescription", "given", "source", "status"),
        ([row.label, row, row.spacing, row.source, row.status] for row in rows),
    )


def _limits(name: TableId) -> tuple[str, str, str]:
    limits = limit_table(name)
    by_row: dict[tuple[str, str], dict[int, Limit]] = {}
    for limit in limits.limits:
        volume = f"{limit.volume_cc} cc" if limit.part is None else f"{limit.part} of the organ"
        what = f"hottest {volume}" if limit.rule == "hot" else f"at least {volume} spared"
        by_row.setdefault((limit.label, what), {})[limit.fractions] = limit
    rows = ([*key, *(_dose(found.get(n)) for n in limits.fractions)] for key, found in by_row.items())
    heading = ("organ", "volume", *(f"{n} {'fraction' if n == 1 else 'fractions'}" for n in limits.fractions))
    return f"### The table {name} (Gy)", UNREAD, table(heading, rows)


def _dose(limit: Limit | None) -> str:
    if limit is None:
        return ""
    return " or ".join(map(str, limit.gy)) + ("" if limit.confirmed else "*")
