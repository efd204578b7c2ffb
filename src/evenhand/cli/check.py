"""``evenhand check``: is this study sound, what does it assume, do its cases come out as written, and does its scenario
fit it?"""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from pathlib import Path

from evenhand.cases import Played, play
from evenhand.cli.console import columns, console, plain, print_json
from evenhand.intake import offered
from evenhand.protocol import Protocol, StudyError, find_study, load_protocol
from evenhand.protocol.amending import amendment_faults
from evenhand.protocol.design import design_findings
from evenhand.protocol.endpoints import endpoint_findings
from evenhand.protocol.load import version_ids
from evenhand.protocol.trace import trace_faults
from evenhand.randomization import design_of
from evenhand.simulation import load_scenario
from evenhand.simulation.fit import check_fit


def run(options: Namespace) -> int:
    """Check everything; returns 1 when there is a finding."""
    folder = find_study(options.study)
    protocol = load_protocol(folder, options.protocol_version)
    played = play(protocol, folder)
    findings = study_findings(protocol) + _amendment_findings(protocol, folder) + _scenario_findings(protocol, folder)
    findings += [f"case: {case}" for case in played if not case.as_expected]
    if options.json:
        print_json(_json(protocol, played, findings))
    else:
        _show(protocol, played, findings)
    return int(bool(findings))


def _amendment_findings(protocol: Protocol, folder: Path) -> list[str]:
    """What keeps a version from taking the place of the one before it while the trial runs."""
    earlier = [name for name in version_ids(folder) if int(name[1:]) < protocol.version.number]
    if not earlier:
        return []
    faults = amendment_faults(load_protocol(folder, earlier[-1]), protocol)
    return [f"it cannot take the place of {earlier[-1]}: {fault}" for fault in faults]


def _scenario_findings(protocol: Protocol, folder: Path) -> list[str]:
    """What keeps made-up people from walking the study; nothing where it has no scenario, which no study needs."""
    if not (folder / protocol.version.id / "scenario.yaml").exists():
        return []
    try:
        check_fit(load_scenario(folder, protocol.version.id), protocol)
    except StudyError as error:
        return list(error.faults)
    return []


def study_findings(protocol: Protocol) -> list[str]:
    """What is wrong with a study that loads: traceability, allocation design, intake names, rule warnings,
    follow-up."""
    design_of(protocol.randomization)
    known = offered()
    names = [(fact.name, fact.source_name) for fact in protocol.vocabulary.facts.values() if fact.source_name]
    findings = trace_faults(protocol) + list(protocol.warnings)
    findings += [f"fact {name}: intake offers no {source!r}" for name, source in names if source not in known]
    findings += design_findings(protocol.design, protocol.enrollment.follow_up_at_most)
    return findings + endpoint_findings(protocol.endpoints, protocol.design.endpoint if protocol.design else None)


def _json(protocol: Protocol, played: list[Played], findings: list[str]) -> dict[str, object]:
    return {
        "study": protocol.study,
        "version": protocol.version.id,
        "digest": protocol.digest,
        "findings": findings,
        "assumptions": [{"about": item.about, "assumed": item.assumed.strip()} for item in protocol.assumptions],
        "sources": [{"about": item.about, "source": item.source} for item in protocol.origins if item.source],
        "cases": {"played": len(played), "as_expected": sum(case.as_expected for case in played)},
    }


def _show(protocol: Protocol, played: list[Played], findings: list[str]) -> None:
    out = console()
    kinds = Counter(criterion.kind for criterion in protocol.criteria)
    out.print(f"[b]{plain(protocol.title)}[/b]")
    out.print(f"{protocol.study} {protocol.version.id}, digest {protocol.digest[:16]}...")
    out.print(
        f"{len(protocol.clauses)} clauses, {kinds['inclusion']} inclusion and {kinds['exclusion']} exclusion criteria, "
        f"{len(protocol.judgements)} judgements, {len(protocol.vocabulary.facts)} facts"
    )
    good = sum(case.as_expected for case in played)
    out.print(f"{len(played)} cases played, {good} as expected")
    out.print("\n[b]Assumptions[/b]")
    table = columns(28, None)
    for origin in protocol.assumptions:
        table.add_row(plain(origin.about), plain(origin.assumed.strip()))
    out.print(table)
    out.print(f"\n[b]Findings[/b]: {len(findings) or 'none'}", style="red" if findings else "green")
    for finding in findings:
        out.print(f"  {finding}", markup=False)
