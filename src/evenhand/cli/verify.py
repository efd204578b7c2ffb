"""``evenhand verify``: is this record whole, was every step allowed, is every allocation the committed one?"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import orjson

from evenhand.cli.console import console, print_json
from evenhand.protocol import Protocol, find_study, load_protocol
from evenhand.randomization import RandomizationError
from evenhand.record import RecordError
from evenhand.replay import Verification, verify_record


def run(options: Namespace) -> int:
    """Verify; returns 1 when anything is found."""
    text = options.record.read_bytes()
    protocol = _protocol(options.study, text)
    secret = read_secret(options.secret) if options.secret else None
    result = verify_record(text, protocol, secret=secret, expected_head=options.head)
    if options.json:
        print_json(_json(result))
    else:
        show(result)
    return int(bool(result.findings))


def _protocol(study: str | None, text: bytes) -> Protocol:
    """The protocol version that the record names, so far as its first line can be read."""
    try:
        first = orjson.loads(text.split(b"\n", 1)[0])
        name, version = str(first["study"]), first["body"].get("protocol_version")
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        name, version = None, None
    if study is None and name is None:
        raise RecordError("The first line names no study.", mend="Name the study with --study.")
    folder = find_study(study or str(name))
    known = isinstance(version, str) and (folder / version).is_dir()
    return load_protocol(folder, version if known else None)


def read_secret(path: Path) -> bytes:
    """A secret written as hex digits. Raises RandomizationError for anything else."""
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise RandomizationError(f"{path}: a secret is written as hexadecimal digits") from error


def _json(result: Verification) -> dict[str, object]:
    return {
        "verified": not result.findings,
        "entries": result.entries,
        "subjects": result.subjects,
        "allocations": result.allocations,
        "arms": result.arms,
        "replayed": result.replayed,
        "head": result.head,
        "findings": [
            {"seq": item.seq, "line": item.line, "what": item.what, "mend": item.mend} for item in result.findings
        ],
    }


def show(result: Verification) -> None:
    """The result for people."""
    out = console()
    for item in result.findings:
        place = f"line {item.line}" if item.line else "the record"
        out.print(f"[red]x[/red] {place}: ", end="")
        out.print(f"{item.what} {item.mend}", markup=False)
    if result.findings:
        replayed = "" if result.replayed else "; the steps were not replayed, because the chain is broken"
        out.print(f"[bold red]not verified[/bold red]: {len(result.findings)} findings{replayed}")
        return
    out.print(
        f"[bold green]verified[/bold green]: {result.entries} entries, chain whole, every step legal when replayed; "
        f"{result.allocations} allocations, arms {result.arms}"
    )
    out.print(f"[dim]last hash {result.head}[/dim]")
