"""Who takes part: baseline characteristics, and the inclusion tables that funders ask for."""

from __future__ import annotations

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.inclusion.baseline import baseline_table
from evenhand.analysis.inclusion.nih import enrolled, table_1997, table_2024
from evenhand.analysis.saying import people_text
from evenhand.analysis.tables import Section, Table


def inclusion_section(analysis: Analysis, *, by_arm: bool) -> Section:
    """Baseline characteristics, by arm or together, and the inclusion tables, which never tell the arms apart.

    Raises StudyError as ``protocol_for``.
    """
    baseline, tables = analysis.endpoints.baseline, list[Table]()
    says = "The protocol names no facts of sex, race or ethnicity, so there are no inclusion tables."
    if baseline is not None:
        people = enrolled(analysis.cut, baseline)
        tables = [table_1997(people), table_2024(people, baseline)]
        sexes = {sex: sum(one.sex == sex for one in people) for sex in ("female", "male", "unknown")}
        says = (
            f"{people_text(len(people))} registered by the cut: {sexes['female']} female, {sexes['male']} male, "
            f"{sexes['unknown']} of unknown sex."
        )
    return Section(
        "inclusion", "Who takes part", (says,), (baseline_table(analysis, by_arm=by_arm), *tables)
    )  # fmt: skip
