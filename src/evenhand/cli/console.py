"""Terminal output: at most 100 columns, coloured where a terminal shows colour, plain text elsewhere."""

from __future__ import annotations

import json
import math
import shutil
import sys
from datetime import date
from typing import IO, cast

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from evenhand.cli.output import Output, shows

WIDTH = 100
STYLES = {
    "pass": "green", "eligible": "bold green",
    "fail": "red", "ineligible": "bold red",
    "unknown": "yellow", "undetermined": "bold yellow",
}  # fmt: skip
SIGNS = {"pass": "+", "fail": "x", "unknown": "?"}


def console() -> Console:
    """Standard output, no wider than 100 columns."""
    terminal = shutil.get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH
    out = cast(IO[str], Output())
    return Console(file=out, width=min(WIDTH, terminal), highlight=False, soft_wrap=False, emoji=False)


def plain(text: object) -> str:
    """A text of a study or of a person, in which nothing is markup and nothing can command a terminal."""
    shown = "".join(character if character.isprintable() or character == "\n" else " " for character in str(text))
    return escape(shown)


def columns(*widths: int | None) -> Table:
    """A table without lines; a width of None takes what is left."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    for width in widths:
        table.add_column(width=width, ratio=1 if width is None else None, overflow="fold")
    return table


def worded(word: str, style: str | None = None) -> Text:
    """A word in the colour of its meaning; the word itself always says it as well."""
    return Text(word, style=style or STYLES.get(word, ""))


def said_day(day: date) -> str:
    """A date that nobody can misread: 30 Apr 2026."""
    return f"{day.day} {day:%b %Y}"


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 finding, 2 findings."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def print_json(value: object) -> None:
    """JSON to standard output, as text that any program reads: what is no finite number is null."""
    found = _finite(value)
    text = json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    Output().write(text if shows(text) else json.dumps(found, indent=2) + "\n")


def _finite(value: object) -> object:
    match value:
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {name: _finite(item) for name, item in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
    return value
