"""``evenhand``: the commands and their arguments. What a command does lives in a module of its own, loaded on use."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Final

from evenhand import __version__
from evenhand.cli.output import Output, prepare

DONE, FINDING, BAD_INPUT = 0, 1, 2
MOST = 1_000_000_000  # people or trials; assumed: more than a machine simulates in a month
STOPPED = 130  # as shells say it of a program that was interrupted
REPORTS = ("accrual", "safety-board-open", "safety-board-closed", "final")  # those of evenhand.reports, loaded on use
_MODULES = {"report": "reporting"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns 0 done, 1 a finding, 2 bad input, 130 interrupted."""
    prepare()
    parser = _parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit:
        _hand_on_the_help()
        raise
    if options.command is None:
        parser.print_help(sys.stderr)
        return BAD_INPUT
    try:  # loading takes most of a second, so one may be interrupted in it
        run = import_module(f"evenhand.cli.{_MODULES.get(options.command, options.command)}").run
        from evenhand.cli.faults import reported

        return reported(run, options)
    except KeyboardInterrupt:
        print(f"evenhand {options.command}: stopped", file=sys.stderr)
        return STOPPED


def _hand_on_the_help() -> None:
    """The help may be going nowhere as well."""
    try:
        Output().flush()
    except OSError as error:
        print(f"evenhand: {error.filename}: {error.strerror}", file=sys.stderr)
        raise SystemExit(BAD_INPUT) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evenhand",
        description="Runs a randomized oncology trial from protocol to result.",
        epilog="A study is named by its folder or by the id of a shipped study. Exit codes: 0 done, 1 a finding, "
        "2 bad input.",
    )
    parser.add_argument("--version", action="version", version=f"evenhand {__version__}")
    commands = parser.add_subparsers(dest="command", title="commands", metavar="COMMAND")
    for name, (arguments, said, page) in _COMMANDS.items():
        more = f"More: {page}." if page else ""
        arguments(commands.add_parser(name, help=said, description=f"{said[0].upper()}{said[1:]}.", epilog=more))
    return parser


def _study(command: argparse.ArgumentParser) -> None:
    command.add_argument("study", metavar="STUDY", help="a study folder, or the id of a shipped study")
    command.add_argument("--version", dest="protocol_version", metavar="V", help="a protocol version (default: newest)")


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON instead of text")


def _check(command: argparse.ArgumentParser) -> None:
    _study(command)
    _json(command)


def _render(command: argparse.ArgumentParser) -> None:
    _study(command)
    command.add_argument("--html", action="store_true", help="an HTML page instead of Markdown")
    command.add_argument("--out", type=Path, metavar="FILE", help="write to a file instead of the terminal")
    _json(command)


def _compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("study", metavar="STUDY", help="a study folder, or the id of a shipped study")
    command.add_argument("old", metavar="V1", help="the earlier version")
    command.add_argument("new", metavar="V2", help="the later version")
    _json(command)


def _screen(command: argparse.ArgumentParser) -> None:
    _study(command)
    command.add_argument("files", nargs="+", metavar="FILE", help="FHIR mCODE bundle, NDJSON, list, or a facts form")
    command.add_argument("--on", type=_day, required=True, metavar="DATE", help="the day of judgement, YYYY-MM-DD")
    command.add_argument("--attestations", type=Path, metavar="FILE", help="signed judgements and added facts (YAML)")
    command.add_argument("--all", action="store_true", help="explain the criteria that pass as well")
    _json(command)


def _design(command: argparse.ArgumentParser) -> None:
    _study(command)
    command.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="another assumption; may be given again"
    )
    _json(command)


def _simulate(command: argparse.ArgumentParser) -> None:
    _study(command)
    command.add_argument("--trials", type=_count, metavar="N", help="how many (default: 100,000; with --faithful 100)")
    command.add_argument(
        "--faithful", action="store_true", help="made-up people take the real steps, about 1 trial a second"
    )
    command.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same trials (default: 1)")
    command.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="another assumption; may be given again"
    )
    command.add_argument(
        "--grid", action="append", default=[], metavar="NAME=V,V", help="several values; given again, every combination"
    )
    command.add_argument("--resume", type=Path, metavar="FILE", help="keep what is done there, and go on from it")
    _json(command)


def _report(command: argparse.ArgumentParser) -> None:
    command.add_argument("study", metavar="STUDY", help="a study folder, or the id of a shipped study")
    command.add_argument("record", type=Path, metavar="RECORD", help="a record as JSON lines")
    command.add_argument("--kind", choices=REPORTS, required=True, help="which report")
    command.add_argument(
        "--cut", type=_day, required=True, metavar="DATE", help="the last day of what had happened, YYYY-MM-DD"
    )
    command.add_argument(
        "--recorded", type=_moment, metavar="MOMENT", help="the last moment of what was known (default: that day's end)"
    )
    command.add_argument("--out", type=Path, metavar="DIR", help="the new folder to write it to")
    command.add_argument("--show", metavar="NUMBER", help="instead: whom a number counts, such as table.row.column")
    _json(command)


def _walk(command: argparse.ArgumentParser) -> None:
    _study(command)
    command.add_argument("--people", type=_count, required=True, metavar="N", help="how many candidates arrive")
    command.add_argument("--seed", type=int, required=True, metavar="S", help="same seed, same record")
    command.add_argument(
        "--out",
        "--record",
        dest="record",
        type=Path,
        required=True,
        metavar="OUT",
        help="where to write the record",
    )
    command.add_argument("--keep-open", action="store_true", help="do not close the study, so the secret stays secret")
    _json(command)


def _verify(command: argparse.ArgumentParser) -> None:
    command.add_argument("record", type=Path, metavar="RECORD", help="a record as JSON lines")
    command.add_argument("--study", metavar="STUDY", help="the study folder (default: the shipped study of that id)")
    command.add_argument("--secret", type=Path, metavar="FILE", help="the secret in hex, to derive allocations again")
    command.add_argument("--head", metavar="HASH", help="the hash that the last entry must have")
    _json(command)


def _dictionary(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="CSV: soc, term, grade1 to grade5, definition")
    command.add_argument("--to", type=Path, required=True, metavar="DIR", help="the folder that the web keeps data in")
    command.add_argument("--ctcae", default="5.0", metavar="V", help="the version of CTCAE (default: 5.0)")
    command.add_argument("--anyway", action="store_true", help="copy it even where it differs from our table")
    _json(command)


def _demo(command: argparse.ArgumentParser) -> None:
    command.add_argument("--people", type=_count, default=60, metavar="N", help="made-up candidates (default: 60)")
    command.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same trial")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write YYYY-MM-DD") from None


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment: write 2026-03-04T10:00:00Z") from None
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no time zone: write 2026-03-04T10:00:00Z")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise argparse.ArgumentTypeError(f"{text!r} lies outside the years 1 to 9999 in UTC") from None


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number: write for instance 1000")
    if len(text) > 12 or int(text) > MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is too many: there are at most {MOST:,}")
    return int(text)


_COMMANDS: Final[Mapping[str, tuple[Callable[[argparse.ArgumentParser], None], str, str]]] = {
    "check": (_check, "check a study: rules, clauses, cases, scenario; list its assumptions", ""),
    "render": (_render, "print the protocol for people, as Markdown or HTML", ""),
    "compare": (_compare, "what an amendment changes between two protocol versions", "docs/deploy.md"),
    "screen": (_screen, "judge people against the criteria, with reasons and calendar", "docs/forms.md"),
    "design": (_design, "what the trial is designed to show, and what it can detect", "docs/design.md"),
    "simulate": (_simulate, "power, type I error and more from many simulated trials", "docs/design.md"),
    "report": (_report, "what a record says at a cut, as pages, figures and numbers", "docs/reports.md"),
    "walk": (_walk, "let the made-up people of a scenario walk a trial, and keep its record", "docs/scenario.md"),
    "verify": (_verify, "verify a record: chain, steps, allocations", ""),
    "dictionary": (_dictionary, "bring in the official text of CTCAE (never needed)", ""),
    "demo": (_demo, "show all of it on the shipped study", ""),
}
"""How each command takes its arguments, what it does, and the page that says more."""
