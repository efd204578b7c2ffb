"""``python -m evenhand.web``: run the demonstration, serve in production, and the chores of whoever runs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

_BAD_INPUT = 2
_PORT = 8000
_MOST_PORT = 65_535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns 0 done, 1 a finding, 2 bad input or no start."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["manage"]:  # Django reads its own arguments, --help too
        options = argparse.Namespace(run="chores.manage", arguments=given[1:])
    else:
        parser = _parser()
        options = parser.parse_args(given)
        if options.run is None:
            parser.print_help(sys.stderr)
            return _BAD_INPUT
    os.umask(0o077)  # what is written here is for its owner alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.web.settings")
    from evenhand.web.running.faults import reported  # noqa: PLC0415 - --help is quick

    module, _, name = options.run.partition(".")
    return reported(getattr(import_module(f"evenhand.web.running.{module}"), name), options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evenhand.web",
        description="The web application: the trial at its sites.",
        epilog="DATABASE_URL, EVENHAND_DATA and EVENHAND_KEY say where data and key are (docs/deploy.md). "
        "Exit codes: 0 done, 1 a finding, 2 bad input or no start.",
    )
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _run(commands.add_parser("run", help="the demonstration: a made-up trial on SQLite, on this machine alone"))
    _serve(commands.add_parser("serve", help="serve in production"))
    _chores(commands)
    commands.add_parser("manage", help="Django's own commands", add_help=False)
    return parser


def _run(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run="run.run")
    command.add_argument("--port", type=_port, metavar="N", help=f"the port (default: {_PORT}, or the next free one)")
    command.add_argument("--no-open", action="store_true", help="do not open a browser")
    command.add_argument(
        "--data",
        type=Path,
        default=Path("evenhand-demo"),
        metavar="DIR",
        help="where the demonstration is kept, and found again (default: evenhand-demo in the working directory)",
    )
    command.add_argument(
        "--people",
        type=_count,
        default=100,
        metavar="N",
        help="made-up candidates of a new demonstration (default: 100)",
    )
    command.set_defaults(default_port=_PORT)


def _serve(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run="serve.run")
    command.add_argument("--port", type=_port, default=_PORT, metavar="N", help=f"the port (default: {_PORT})")
    command.add_argument(
        "--host", default="127.0.0.1", metavar="H", help="the address to listen at (default: 127.0.0.1)"
    )
    command.add_argument("--workers", type=_count, metavar="K", help="processes (default: one a core, two at least)")
    command.add_argument("--threads", type=_count, default=4, metavar="T", help="threads of each process (default: 4)")


def _chores(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    migrate = commands.add_parser("migrate", help="make or upgrade the tables, and put the record's guard in place")
    migrate.set_defaults(run="chores.migrate")
    add = commands.add_parser("add-study", help="let a study run here")
    add.set_defaults(run="chores.add_study")
    add.add_argument("folder", metavar="STUDY", help="a study folder, or the id of a shipped study")
    add.add_argument("--version", dest="protocol_version", metavar="V", help="a protocol version (default: newest)")
    admin = commands.add_parser("admin", help="make the first account of a study, its administrator")
    admin.set_defaults(run="chores.admin")
    admin.add_argument("username", metavar="USERNAME")
    admin.add_argument("--name", metavar="NAME", help="the name as it is printed under signatures, for a new account")
    admin.add_argument("--study", metavar="S", help="the study (default: the only one that runs here)")
    check = commands.add_parser("check", help="settings, tables, guard, and every record verified")
    check.set_defaults(run="chores.check")
    export = commands.add_parser("export", help="print a study's record as JSON lines")
    export.set_defaults(run="chores.export")
    export.add_argument("study", metavar="STUDY")
    verify = commands.add_parser("verify", help="verify a study's record as the database holds it")
    verify.set_defaults(run="chores.verify")
    verify.add_argument("study", metavar="STUDY")
    verify.add_argument("--head", metavar="HASH", help="the hash that the last entry must have")


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > _MOST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: write a number up to {_MOST_PORT}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of at least 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
