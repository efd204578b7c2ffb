"""``evenhand report``: what a cut of a record says, as pages, figures and numbers; and who is behind a number."""

from __future__ import annotations

import gc
import hashlib
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from evenhand.cli.console import columns, console, counted, plain, print_json, said_day
from evenhand.cli.stages import stage_bar
from evenhand.cli.writing import naming
from evenhand.protocol import Protocol, Versions, find_study, load_versions
from evenhand.record import Entry, History, RecordError, altered, fold, loads, moment_text
from evenhand.refusal import Refusal
from evenhand.reports import MANIFEST, Report, Shown, files_of, make_report, said_entry, shown, write_folder
from evenhand.reports.folder import require_place
from evenhand.reports.wording import moment

_ANYWHERE: Final = timedelta(days=1)  # the day begins earlier at UTC+14
_SELDOM: Final = 500_000  # new objects from one look for garbage to the next


def run(options: Namespace) -> int:
    """Write the report, or show whom one of its numbers counts."""
    if options.out is None and options.show is None:
        raise Refusal("A report needs a place.", "--out", "Name the folder to write it to, or a number to --show.")
    if options.out is not None:
        require_place(options.out, MANIFEST)
    versions = load_versions(find_study(options.study))
    with _rare_collections(), stage_bar() as progress:
        history = read_history(options.record, versions.study)
        _require_past(options.cut, history)
        report = make_report(
            options.kind, versions, history, effective=options.cut, recorded=options.recorded, progress=progress
        )
        files = files_of(report, progress) if options.show is None else {}
    if options.show is not None:
        _show(shown(report, options.show), _protocol(report, versions), as_json=options.json)
        return 0
    with naming(options.out):
        new = write_folder(options.out, files)
    _say(report, options.out, files, new=new, as_json=options.json)
    return 0


def _require_past(day: date, history: History) -> None:
    """Raises Refusal for a cut that lies ahead of the last entry and of today: nobody knows what will have happened.
    A record of made-up people may itself lie ahead of today."""
    last = max([entry.effective for entry in history.entries[-1:]], default=date.min)
    if day > max(last, datetime.now(UTC).date() + _ANYWHERE):
        mend = f"Choose a day up to today, or up to {said_day(last)}, that of the last entry."
        raise Refusal(f"The cut, {said_day(day)}, lies ahead.", "--cut", mend)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """A record is a great many small objects that all stay: looking for garbage takes a sixth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def read_history(path: Path, study: str) -> History:
    """The history of a record file. Raises RecordError where it is empty, not whole, or of another study.

    The steps are not taken again here: ``evenhand verify`` does that.
    """
    entries = loads(path.read_bytes(), str(path))
    if not entries:
        raise RecordError("It holds no entry.", where=str(path), mend="Name the file that the record was exported to.")
    if entries[0].study != study:
        strange = f'It belongs to "{entries[0].study}", not to "{study}".'
        mend = "Name the record of this study, or the study of this record."
        raise RecordError(strange, where=str(path), mend=mend, line=1, column=1)
    history = fold(entries, study)
    broken = altered(entries)
    if broken is not None:
        mend = f"{broken.mend} A report is made of a whole record alone."
        raise RecordError(broken.what, where=str(path), mend=mend, line=broken.line)
    return history


def _protocol(report: Report, versions: Versions) -> Protocol:
    return versions.of_digest(report.source.digest) or versions.newest


def _say(report: Report, folder: Path, files: Mapping[str, bytes], *, new: bool, as_json: bool) -> None:
    digest = hashlib.sha256(files[MANIFEST]).hexdigest()
    if as_json:
        print_json(_json(report, folder, files, digest, new))
        return
    out, source = console(), report.source
    out.print(f"[b]{plain(report.kind.title)}[/b], {plain(source.title)}")
    out.print(
        f"cut {said_day(source.effective)}, as recorded by {moment(source.recorded)}: "
        f"{counted(report.candidates, 'candidate')}, {report.randomized} randomized; protocol {source.version}, "
        f"record to entry {source.seq}"
    )
    tables, figures = counted(len(report.tables), "table"), counted(len(report.figures), "figure")
    out.print(f"{counted(len(report.sections), 'section')}, {tables}, {figures}, {counted(len(files), 'file')}")
    out.print(f"{'written to' if new else 'stands already, the same to the byte, in'} {plain(folder)}")
    out.print(f"[dim]SHA-256 of {MANIFEST} {digest}[/dim]", soft_wrap=True)


def _json(report: Report, folder: Path, files: Mapping[str, bytes], digest: str, new: bool) -> dict[str, Any]:
    return {
        "kind": report.kind.id,
        "folder": str(folder),
        "new": new,
        "manifest_sha256": digest,
        "candidates": report.candidates,
        "randomized": report.randomized,
        "last_entry": report.source.seq,
        "files": {name: len(content) for name, content in files.items()},
    }


def _show(found: Shown, protocol: Protocol, *, as_json: bool) -> None:
    """The people whom a number counts, each with the entries that say so."""
    if as_json:
        print_json(_shown_json(found, protocol))
        return
    out, one = console(), found.number
    out.print(f"[b]{plain(one.cell.text)}[/b]  {found.label}, {plain(one.table.title)}: {plain(one.row.label)}")
    out.print(plain("; ".join(f"{name} {value}" for name, value in one.cell.values)), style="dim")
    if not found.people:
        out.print("No person is counted here by name.")
    for person in found.people:
        out.print(f"\n[b]{plain(person.subject)}[/b]{'' if person.seqs else '  no single entry says it'}")
        table = columns(8, 12, None, 30)
        for seq in person.seqs:
            entry = found.entries.get(seq)
            said = ("not in the cut", "", "") if entry is None else _entry(entry, protocol)
            table.add_row(str(seq), said[1], plain(said[0]), plain(said[2]))
        out.print(table)


def _entry(entry: Entry, protocol: Protocol) -> tuple[str, str, str]:
    """What it is of, its day, and who entered it."""
    where = f", {entry.by.site}" if entry.by.site else ""
    return said_entry(entry, protocol), said_day(entry.effective), f"{entry.by.user} ({entry.by.role}{where})"


def _shown_json(found: Shown, protocol: Protocol) -> dict[str, Any]:
    one = found.number
    return {
        "number": one.id,
        "text": one.cell.text,
        "values": dict(one.cell.values),
        "people": [
            {
                "person": person.subject,
                "entries": [_entry_json(found.entries.get(seq), seq, protocol) for seq in person.seqs],
            }
            for person in found.people
        ],
    }


def _entry_json(entry: Entry | None, seq: int, protocol: Protocol) -> dict[str, Any]:
    if entry is None:
        return {"entry": seq}
    return {
        "entry": seq,
        "what": said_entry(entry, protocol),
        "kind": entry.kind,
        "day": entry.effective.isoformat(),
        "recorded": moment_text(entry.recorded_at),
        "by": entry.by.user,
        "role": entry.by.role,
        "site": entry.by.site,
    }
