"""``evenhand screen``: people against the criteria, with reasons and the eligibility calendar."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path

from rich.console import Console

from evenhand.cases import judgement_kinds
from evenhand.cli.console import SIGNS, STYLES, columns, console, plain, print_json, said_day, worded
from evenhand.cli.progress import progress_bar
from evenhand.cli.report import assessment_json
from evenhand.dates import add_months
from evenhand.eligibility import Assessment, Calendar, CriterionVerdict, Interval, assessor_of
from evenhand.eligibility import explanation as explained
from evenhand.facts import Person
from evenhand.intake import read_any, read_attestations, supplemented, told_apart
from evenhand.protocol import Protocol, find_study, load_protocol


def run(options: Namespace) -> int:
    """Screen every person of every file. Returns 1 when part of the input could not be used."""
    protocol = load_protocol(find_study(options.study), options.protocol_version)
    people = read_people(protocol, options.files, options.attestations)
    assessor = assessor_of(protocol)
    calendar = Calendar(assessor)
    judged = []
    with progress_bar("judging", len(people)) as progress:
        for person in people:
            judged.append((assessor.assess(person, options.on), calendar.of(person)))
            progress(len(judged))
    if options.json:
        print_json([assessment_json(assessment, intervals, protocol) for assessment, intervals in judged])
    else:
        out = console()
        for assessment, intervals in judged:
            show(out, assessment, intervals, protocol, everything=options.all)
        summary(out, [assessment for assessment, _ in judged], protocol)
    return int(any(problem.severity == "error" for person in people for problem in person.problems))


def read_people(protocol: Protocol, files: list[str], attestations: Path | None) -> list[Person]:
    """The people of all files, with what was signed and stated about them."""
    people = [
        person for name in files for person in read_any(Path(name), protocol.vocabulary, judgement_kinds(protocol))
    ]
    if attestations is None:
        return told_apart(people)
    return supplemented(
        told_apart(people), read_attestations(attestations, protocol.vocabulary, judgement_kinds(protocol))
    )


def show(
    out: Console,
    assessment: Assessment,
    intervals: tuple[Interval, ...],
    protocol: Protocol,
    *,
    everything: bool,
) -> None:
    """One person: standing, criteria, calendar, flags and problems."""
    out.print()
    provisional = ", provisional until attested" if assessment.provisional and assessment.standing == "eligible" else ""
    person, style = assessment.person, STYLES[assessment.standing]
    out.print(
        f"[b]{plain(person.id)}[/b] [{style}]{assessment.standing}[/{style}]{provisional} on {said_day(assessment.on)}"
        f"  [dim]{plain(person.source)}[/dim]"
    )
    table = columns(2, 4, None)
    for item in assessment.criteria:
        _criterion(table.add_row, assessment, item, protocol, everything)
    out.print(table)
    below = columns(1, 8, None)
    for line in calendar_lines(intervals, assessment.on):
        below.add_row("", "[dim]calendar[/dim]", line)
    for flag in assessment.flags:
        below.add_row("", "[yellow]note[/yellow]", plain(flag.say))
    for problem in person.problems:
        below.add_row("", f"[dim]{problem.severity}[/dim]", f"[dim]{plain(problem)}[/dim]")
    out.print(below)


def _criterion(
    add: object, assessment: Assessment, item: CriterionVerdict, protocol: Protocol, everything: bool
) -> None:
    sign = worded(SIGNS[item.verdict], _style(item))
    text = f"[b]{plain(item.criterion.title)}[/b]"
    if everything or item.verdict != "pass" or item.provisional:
        text += f"\n{plain(explained(assessment, item, protocol))}"
    add(sign, worded(item.criterion.id, _style(item)), text)  # type: ignore[operator]


def _style(item: CriterionVerdict) -> str:
    return {"pass": "yellow" if item.provisional else "green", "fail": "red", "unknown": "yellow"}[item.verdict]


def calendar_lines(intervals: tuple[Interval, ...], on: date) -> list[str]:
    """Each interval as one line, with the criteria that bind; those that ended over a year ago are left to --json."""
    recent = add_months(on, -12) if on.year > date.min.year else date.min
    return [_line(interval) for interval in intervals if interval.last is None or interval.last >= recent]


def _line(interval: Interval) -> str:
    span = _span(interval)
    if interval.standing != "eligible":
        return f"{interval.standing:<12} {span}  ({', '.join(interval.because)})"
    opens = f"opens {said_day(interval.first)} ({', '.join(interval.opened_by)}), " if interval.first else ""
    closes = f"closes {said_day(interval.last)} ({', '.join(interval.closed_by)})" if interval.last else "stays open"
    provisional = ", provisional" if interval.provisional else ""
    return f"[green]{interval.standing:<12}[/green] {span}  {opens}{closes}{provisional}"


def _span(interval: Interval) -> str:
    first = said_day(interval.first) if interval.first else "ever"
    last = said_day(interval.last) if interval.last else "further on"
    return f"{first:>11} to {last:<11}"


def summary(out: Console, judged: list[Assessment], protocol: Protocol) -> None:
    """How many stand how, and which criteria stop or delay whom."""
    out.print()
    counts = {
        word: sum(item.standing == word for item in judged) for word in ("eligible", "undetermined", "ineligible")
    }
    out.print(f"{len(judged)} screened: " + ", ".join(f"{count} {word}" for word, count in counts.items()))
    for criterion in protocol.criteria:
        verdicts = [item.verdict for each in judged for item in each.criteria if item.criterion.id == criterion.id]
        failed, unknown = verdicts.count("fail"), verdicts.count("unknown")
        if failed or unknown:
            out.print(
                f"  {criterion.id:<3} {failed:>3} fail  {unknown:>3} unknown  [dim]{plain(criterion.title)}[/dim]"
            )
