"""``evenhand dictionary``: bring in the official text of CTCAE, after comparing it with our table of its terms.

Nothing needs it: terms, grades that exist and laboratory thresholds are part of Evenhand. Where it was brought in,
pages can show the official definitions and grade sentences beside our own short words.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from evenhand.cli.console import console, counted, plain, print_json
from evenhand.cli.writing import write_whole
from evenhand.intake import InputError
from evenhand.oncology.ctcae import VERSIONS
from evenhand.oncology.ctcae.descriptors import Descriptor, differences, file_in, parse

_MOST_SHOWN = 20


def run(options: Namespace) -> int:
    """Compare and copy; returns 1 when the file differs from our table, and then copies only if told to.

    Raises InputError for a file that cannot be read or is no such table, and for a version that there is not.
    """
    version = options.ctcae
    if version not in VERSIONS:
        raise InputError(f"CTCAE {version} is not known here: there is {', '.join(VERSIONS)}")
    content = options.file.read_bytes()
    found = _table(content, options.file)
    differs = list(differences(found, version))
    target = file_in(options.to, version)
    copied = not differs or options.anyway
    if copied:
        options.to.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)
    if options.json:
        print_json({"terms": len(found), "differences": differs, "copied_to": str(target) if copied else None})
    else:
        _show(found, version, differs, target if copied else None)
    return int(bool(differs))


def _table(content: bytes, file: Path) -> tuple[Descriptor, ...]:
    try:
        return parse(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not UTF-8 text at byte {error.start}; save it as UTF-8") from error
    except ValueError as error:
        raise InputError(f"{file}: {error}") from error


def _show(found: tuple[Descriptor, ...], version: str, differs: list[str], target: Path | None) -> None:
    out = console()
    out.print(f"CTCAE {version}: {counted(len(found), 'term')} in the file")
    for said in differs[:_MOST_SHOWN]:
        out.print(f"  {plain(said)}")
    if len(differs) > _MOST_SHOWN:
        out.print(f"  and {len(differs) - _MOST_SHOWN} more (all with --json)")
    if not differs:
        out.print("terms, classes and grades agree with our table", style="green")
    if target is not None:
        out.print(f"copied to {plain(target)}")
    else:
        out.print("not copied, for it may be of another version; --anyway copies it all the same", style="red")
