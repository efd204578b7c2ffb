"""``evenhand verify``: is this record whole, was every step allowed, is every allocation the committed one?"""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson

from evenhand.cli.console import console, counted, plain, print_json
from evenhand.protocol import Versions, find_study, load_versions, shipped_studies
from evenhand.randomization import RandomizationError
from evenhand.record import RecordError
from evenhand.replay import Verification, verify_record

MOST_LINES = 100  # that are asked for the study's name
MOST_SHOWN = 50  # findings; a file with other line ends has one a line


def run(options: Namespace) -> int:
    """Verify; returns 1 when anything is found."""
    text = options.record.read_bytes()
    versions = _versions(options.study, text, str(options.record))
    secret = read_secret(options.secret) if options.secret else None
    result = verify_record(text, versions, secret=secret, expected_head=options.head)
    if options.json:
        print_json(_json(result))
    else:
        show(result)
    return int(bool(result.findings))


def _versions(study: str | None, text: bytes, where: str) -> Versions:
    """All versions of the protocol; to start with, the one that the record names first, so far as it can be read.

    A record names a shipped study alone: whoever wrote it does not choose the folder by which it is judged. A damaged
    line is not trusted with the name when another one names a study that there is.
    """
    if not text.strip():
        raise RecordError("The file is empty.", where=where, mend="A record has at least its first entry.")
    named = list(islice(_named(text), MOST_LINES))
    name = study or next((name for name, _ in named if name in shipped_studies()), None)
    if name is None:
        what = "No line can be read, so nothing says of which study it is."
        if named:
            what = f"The record is of {named[0][0]!r}, which is no shipped study."
        raise RecordError(what, where=where, mend="Name the study's folder with --study.")
    folder = find_study(name)
    versions = [version for _, version in named if re.fullmatch(r"v[0-9]+", version) and (folder / version).is_dir()]
    return load_versions(folder, versions[0] if versions else None)


def _named(text: bytes) -> Iterator[tuple[str, str]]:
    """Study and protocol version of each line, as far as it says so."""
    for line in text.splitlines():
        try:
            entry = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(entry, dict) and "study" in entry:
            body = entry.get("body")
            yield str(entry["study"]), str(body.get("protocol_version", "")) if isinstance(body, dict) else ""


def read_secret(path: Path) -> bytes:
    """A secret written as hex digits. Raises RandomizationError for anything else."""
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise RandomizationError(f"{path}: a secret is written as hexadecimal digits") from error
    if not secret:
        raise RandomizationError(f"{path}: the file is empty; a secret is written as hexadecimal digits")
    return secret


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
    for item in result.findings[:MOST_SHOWN]:
        place = f"line {item.line}" if item.line else "the record"
        out.print(f"[red]x[/red] {place}: {plain(item.what)} {plain(item.mend)}")
    if len(result.findings) > MOST_SHOWN:
        out.print(f"  and {len(result.findings) - MOST_SHOWN} more (all with --json)")
    if result.findings:
        replayed = "" if result.replayed else f"; the steps were not replayed, because {result.stopped}"
        out.print(f"[bold red]not verified[/bold red]: {counted(len(result.findings), 'finding')}{replayed}")
        return
    out.print(
        f"[bold green]verified[/bold green]: {result.entries} entries, chain whole, every step legal when replayed; "
        f"{counted(result.allocations, 'allocation')}, arms {result.arms}"
    )
    out.print(f"[dim]last hash {result.head}[/dim]")
