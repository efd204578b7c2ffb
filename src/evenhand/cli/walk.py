"""``evenhand walk``: a made-up trial on the real steps."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from evenhand.cli.console import columns, console, plain, print_json
from evenhand.cli.progress import progress_bar
from evenhand.cli.writing import whole
from evenhand.protocol import Protocol, find_study, load_protocol
from evenhand.record import RecordError, dump
from evenhand.simulation import Walk, load_scenario
from evenhand.simulation import walk as walk_trial


def run(options: Namespace) -> int:
    """Walk, write the record and the secret beside it, and say what became of everybody."""
    require_new(options.record)
    protocol, walked = walked_trial(options.study, options.protocol_version, options)
    write_walk(walked, options.record)
    summary = walk_json(walked, options.record)
    if options.json:
        print_json(summary)
    else:
        show(protocol, walked, options.record)
    return 0


def walked_trial(study: str, version: str | None, options: Namespace) -> tuple[Protocol, Walk]:
    """The made-up trial of a study."""
    folder = find_study(study)
    protocol = load_protocol(folder, version)
    scenario = load_scenario(folder, protocol.version.id)
    with progress_bar("walking", options.people) as progress:
        walked = walk_trial(
            protocol,
            scenario,
            people=options.people,
            seed=options.seed,
            close=not getattr(options, "keep_open", False),
            progress=progress,
        )
    return protocol, walked


def write_walk(walked: Walk, path: Path) -> None:
    """Write a new record and its secret, for the owner's eyes only: both, each whole, or neither. An existing file is
    never overwritten: a record is not rewritten."""
    secret = (walked.secret.hex() + "\n").encode("ascii")
    with whole(path, dump(walked.history.entries)), whole(secret_path(path), secret, mode=0o600):
        require_new(path)


def require_new(path: Path) -> None:
    """Raises RecordError when the record or its secret would overwrite a file, or has no folder to be in."""
    for file in (path, secret_path(path)):
        if file.exists():
            raise RecordError(f"{file} exists already.", mend="A record is never rewritten: name a new file.")
    if not path.parent.is_dir():
        raise RecordError(f"{path.parent} is no folder.", mend="Name a file in a folder that exists.")


def secret_path(record: Path) -> Path:
    """Where the secret of a made-up trial is kept."""
    return record.with_name(f"{record.name}.secret")


def walk_json(walked: Walk, path: Path) -> dict[str, object]:
    """What became of everybody, as JSON."""
    report = walked.report
    return {
        "record": str(path),
        "secret": str(secret_path(path)),
        "entries": len(walked.history.entries),
        "head": walked.history.head_hash,
        "screened": report.screened,
        "registered": report.registered,
        "randomized": dict(sorted(report.randomized.items())),
        "turned_away": dict(report.turned_away.most_common()),
        "followed": {
            "entries": dict(report.followed.entries.most_common()),
            "endings": dict(report.followed.endings.most_common()),
            "refused": dict(report.followed.refused.most_common()),
        },
        "strata": {stratum: dict(arms) for stratum, arms in sorted(walked.history.counts.items())},
    }


def show(protocol: Protocol, walked: Walk, path: Path) -> None:
    """What became of everybody, for people."""
    out, report = console(), walked.report
    arms = ", ".join(f"{report.randomized[arm.id]} {plain(arm.label.lower())}" for arm in protocol.arms)
    out.print(
        f"{report.screened} made-up candidates: {report.registered} registered, "
        f"{sum(report.randomized.values())} randomized ({arms})"
    )
    table = columns(4, 28, None)
    for clause, count in report.turned_away.most_common():
        table.add_row(str(count), plain(clause), plain(protocol.clauses.get(clause, "")))
    out.print("turned away by clause")
    out.print(table, style="dim")
    out.print("balance by stratum")
    for stratum, counts in sorted(walked.history.counts.items()):
        shown = " : ".join(str(counts.get(arm.id, 0)) for arm in protocol.arms)
        out.print(f"  {shown:>9}  [dim]{stratum}[/dim]")
    if report.followed.entries:
        forms = sum(report.followed.entries.values())
        out.print(f"followed after randomization: {forms} forms filled in")
    out.print(
        f"{len(walked.history.entries)} entries written to {plain(path)}; its last hash is {walked.history.head_hash}"
    )
