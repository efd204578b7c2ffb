"""``evenhand compare``: what an amendment changes, and whether it may take the place of the earlier version."""

from __future__ import annotations

from argparse import Namespace
from itertools import groupby

from evenhand.cli.console import columns, console, counted, plain, print_json
from evenhand.protocol import Protocol, find_study, load_protocol
from evenhand.protocol.amending import amendment_faults
from evenhand.protocol.compare import Change, compare


def run(options: Namespace) -> int:
    """Compare two versions; returns 1 where the newer may not take the place of the older while the trial runs."""
    folder = find_study(options.study)
    old, new = (load_protocol(folder, version) for version in (options.old, options.new))
    changes, faults = compare(old, new), amendment_faults(old, new)
    if options.json:
        print_json(_json(old, new, changes, faults))
    else:
        _show(old, new, changes, faults)
    return int(bool(faults))


def _json(old: Protocol, new: Protocol, changes: tuple[Change, ...], faults: tuple[str, ...]) -> dict[str, object]:
    return {
        "study": new.study,
        "old": {"version": old.version.id, "digest": old.digest},
        "new": {"version": new.version.id, "digest": new.digest, "reconsent": asks_anew(old, new)},
        "changes": [
            {"section": one.section, "name": one.name, "kind": one.kind, "before": one.before, "after": one.after}
            for one in changes
        ],
        "cannot_be_adopted": list(faults),
    }


def asks_anew(old: Protocol, new: Protocol) -> bool:
    """Whether those who consented to the older version are asked anew for the newer one."""
    return not new.enrollment.accepts(old.enrollment.consent_document, old.enrollment.consent_version)


def _show(old: Protocol, new: Protocol, changes: tuple[Change, ...], faults: tuple[str, ...]) -> None:
    out = console()
    out.print(f"[b]{plain(new.study)}[/b]: from {old.version.id} to {new.version.id}. {plain(new.version.note)}")
    asked = "Whoever consented before is asked anew." if asks_anew(old, new) else "Earlier consent carries over."
    out.print(f"{counted(len(changes), 'change')}. {asked}")
    for section, some in groupby(changes, key=lambda one: one.section):
        out.print(f"\n[b]{section}[/b]")
        table = columns(28, None)
        for change in some:
            for number, (sign, text) in enumerate(_lines(change)):
                table.add_row(plain(change.name) if number == 0 else "", f"{sign} {plain(text)}")
        out.print(table)
    if faults:
        out.print("\n[bold red]It cannot be adopted while the trial runs[/bold red]:")
        for fault in faults:
            out.print(f"  {fault}", markup=False)


def _lines(change: Change) -> list[tuple[str, str]]:
    told = (("-", change.before), ("+", change.after))
    return [(sign, text) for sign, text in told if text is not None]
