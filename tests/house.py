"""Measures of the house itself: which files are ours, how long they are, what they name.

`python -m tests.house` prints the figures; `tests/test_house.py` holds them to the budgets.
"""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
MADE_BY_TOOLS = re.compile(r"\.(venv|venv\.lock|git|\w+_cache|hypothesis|coverage.*)|__pycache__|htmlcov|build|dist")


@cache
def our_files() -> tuple[Path, ...]:
    """Every file that is tracked, or new and not ignored; without git, all that no tool has made."""
    git = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    try:
        listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")]
        listed = [name for name in listed if not any(map(MADE_BY_TOOLS.fullmatch, Path(name).parts))]
    return tuple(sorted(path for name in listed if name and (path := ROOT / name).is_file()))


def our_code(*folders: str) -> list[Path]:
    """Our Python files below these folders."""
    roots = [ROOT / folder for folder in folders]
    return [f for f in our_files() if f.suffix == ".py" and any(f.is_relative_to(r) for r in roots)]


def rooms() -> list[Path]:
    """The files of the program that hold code: all but those that only hand names on."""
    return [file for file in our_code("src") if file.name != "__init__.py"]


def text_of(file: Path) -> str:
    """The text of a file; nothing if it is not text."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def lines_in(file: Path) -> int:
    return len(text_of(file).splitlines())


@dataclass(frozen=True, slots=True)
class Length:
    """How many lines a function has, without its decorators and its docstring."""

    where: str
    lines: int


def functions_in(file: Path) -> Iterator[Length]:
    """Each function and method of a Python file with its length."""
    for node in ast.walk(ast.parse(text_of(file), str(file))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node) is not None:
                lines -= (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
            yield Length(f"{file.name}:{node.lineno} {node.name}", lines)


def found(pattern: re.Pattern[str], files: Iterable[Path]) -> list[str]:
    """Where a pattern stands in the text of these files: `file:line: text`."""
    return [
        f"{file.name}:{number}: {line.strip()[:80]}"
        for file in files
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        if pattern.search(line)
    ]


def figures() -> str:
    """The sizes of the house in one line."""
    code, tests = our_code("src"), our_code("tests")
    files = [lines_in(file) for file in rooms()] or [0]
    functions = [length.lines for file in code for length in functions_in(file)] or [0]
    ratio = sum(map(lines_in, tests)) / max(1, sum(map(lines_in, code)))
    return (
        f"{len(files)} files, median {median(files):.0f} lines, longest {max(files)}; "
        f"{len(functions)} functions, median {median(functions):.0f} lines, longest {max(functions)}; "
        f"{ratio:.1f} lines of tests to a line of code"
    )


if __name__ == "__main__":
    print(figures())
