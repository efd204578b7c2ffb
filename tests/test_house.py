"""The house keeps its own rules. Each check is first shown a file that breaks the rule."""

import ast
import hashlib
import re
from pathlib import Path
from statistics import median

import pytest

from tests.house import (
    ROOT,
    figures,
    found,
    functions_in,
    lines_in,
    our_code,
    our_files,
    rooms,
    text_of,
)
from tests.shared_data import shared

LONGEST_FILE, MEDIAN_FILE = 500, 150
LONGEST_FUNCTION, MEDIAN_FUNCTION = 80, 10
SMALLEST_COPY = 200  # bytes; shorter files may be alike by chance


def written(folder: Path, text: str, name: str = "room.py") -> Path:
    """A file that a check is shown to see whether it would find fault."""
    file = folder / name
    file.write_text(text, "utf-8")
    return file


# ---- code names no study -----------------------------------------------------------------------


def study_names() -> re.Pattern[str]:
    """The id of each shipped study, whole or by its number alone, and any id of the public trial registry."""
    ids = sorted(folder.name for folder in (ROOT / "studies").glob("*") if folder.is_dir())
    numbers = [number for name in ids for number in re.findall(r"\d{5,}", name)]
    return re.compile("|".join([r"nct\d+", *map(re.escape, ids + numbers)]), re.IGNORECASE)


def criterion_ids() -> set[str]:
    """The ids of all criteria of all shipped studies, such as a study's first inclusion criterion."""
    sheets = (ROOT / "studies").glob("*/*/eligibility.yaml")
    pattern = re.compile(r"^ *- id: *(\w+) *$", re.MULTILINE)
    return {name for sheet in sheets for name in pattern.findall(text_of(sheet))}


def literals_among(names: set[str], file: Path) -> list[str]:
    """String literals of a Python file that are exactly one of the names."""
    constants = (node for node in ast.walk(ast.parse(text_of(file), str(file))) if isinstance(node, ast.Constant))
    return [f"{file.name}:{node.lineno}: {node.value}" for node in constants if node.value in names]


def test_a_study_named_in_code_would_be_found(tmp_path):
    file = written(tmp_path, "# as in " + "NCT" + "01234567\nif criterion == 'I6':\n    pass\n")
    assert found(study_names(), [file]) == ["room.py:1: # as in " + "NCT" + "01234567"]
    assert literals_among({"I6"}, file) == ["room.py:2: I6"]


def test_code_names_no_study():
    assert found(study_names(), our_code("src")) == []


def test_code_names_no_criterion_of_a_study():
    names = criterion_ids()
    assert [hit for file in our_code("src") for hit in literals_among(names, file)] == []


# ---- files and functions stay short ------------------------------------------------------------


def test_lengths_are_counted_without_decorators_and_docstrings(tmp_path):
    file = written(tmp_path, '@first\n@second\ndef f():\n    """One\n\n    two."""\n    a = 1\n    return a\n')
    assert [length.lines for length in functions_in(file)] == [3]
    assert lines_in(file) == 8


def test_no_file_is_too_long():
    files = [*our_code("src", "tests", "bench"), ROOT / "do"]
    assert [file.name for file in files if lines_in(file) > LONGEST_FILE] == []


def test_no_function_is_too_long():
    files = [*our_code("src", "tests", "bench"), ROOT / "do"]
    lengths = [length for file in files for length in functions_in(file)]
    assert [length for length in lengths if length.lines > LONGEST_FUNCTION] == []


def test_most_files_and_functions_are_short():
    lengths = [length.lines for file in our_code("src") for length in functions_in(file)]
    assert median(map(lines_in, rooms())) <= MEDIAN_FILE, figures()
    assert median(lengths) <= MEDIAN_FUNCTION, figures()


# ---- __init__.py only hands names on -----------------------------------------------------------


def beyond_handing_on(file: Path) -> list[str]:
    """What an `__init__.py` does besides its docstring, imports, `__all__` and `__version__`."""
    body = ast.parse(text_of(file), str(file)).body
    rest = body[1:] if body and ast.get_docstring(ast.parse(text_of(file), str(file))) is not None else body
    return [ast.unparse(node) for node in rest if not hands_on(node)]


def hands_on(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        return bool(names) and names <= {"__all__", "__version__"}
    return isinstance(node, ast.Import | ast.ImportFrom)


def test_code_in_an_init_file_would_be_found(tmp_path):
    file = written(tmp_path, '"""Room."""\nfrom a import b\n__all__ = ["b"]\nSIZE = 3\n', "__init__.py")
    assert beyond_handing_on(file) == ["SIZE = 3"]


def test_init_files_only_hand_names_on():
    files = [file for file in our_code("src") if file.name == "__init__.py"]
    assert {str(file): beyond for file in files if (beyond := beyond_handing_on(file))} == {}


# ---- nothing of one machine, nothing of others' data -------------------------------------------

# Written in pieces, so that this file holds none of what it looks for.
MACHINE_PATHS = re.compile(r"(?<![\w.:/-])/" + r"(?:work|root|home|Users|mnt|opt)" + r"/[\w.]")
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("python" + "hosted", "org"),
            ("debian", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("crates", "io"),
            ("anaconda", "org"),
        )
    )
)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def copies(files: list[Path], originals: Path) -> list[Path]:
    """The files that are, byte for byte, one of the originals."""
    large = [file for file in originals.rglob("*") if file.is_file() and file.stat().st_size >= SMALLEST_COPY]
    known = {digest(file) for file in large}
    return [file for file in files if digest(file) in known]


@pytest.mark.parametrize("line", ["open('/" + "home/ann/x')", "cd /" + "work/main", 'p = "/' + 'Users/ann/x"'])
def test_a_path_of_one_machine_would_be_found(tmp_path, line):
    assert found(MACHINE_PATHS, [written(tmp_path, line)])


@pytest.mark.parametrize("line", ["http://example.org/" + "home/x", "src/" + "work/x.py", "../" + "work/x"])
def test_an_address_or_a_relative_path_is_no_path_of_one_machine(tmp_path, line):
    assert not found(MACHINE_PATHS, [written(tmp_path, line)])


def test_a_registry_would_be_found(tmp_path):
    assert found(REGISTRIES, [written(tmp_path, "--index-url https://" + "pypi" + ".org/simple")])


def test_a_copy_of_shared_data_would_be_found(tmp_path):
    (tmp_path / "shared").mkdir()
    written(tmp_path / "shared", "x" * SMALLEST_COPY)
    own, copy = written(tmp_path, "y" * SMALLEST_COPY, "own.json"), written(tmp_path, "x" * SMALLEST_COPY)
    assert copies([own, copy], tmp_path / "shared") == [copy]


def test_no_file_holds_a_path_of_one_machine():
    assert found(MACHINE_PATHS, our_files()) == []


def test_no_file_names_a_package_registry():
    assert found(REGISTRIES, our_files()) == []


def test_no_file_is_a_copy_of_shared_data():
    assert copies(list(our_files()), shared()) == []


# ---- exclusions from coverage say why ----------------------------------------------------------

UNEXPLAINED = re.compile(r"#\s*pragma:?\s*no\s*(?:cover|branch)\W*$", re.IGNORECASE)


def test_an_unexplained_exclusion_would_be_found(tmp_path):
    pragma = "# pragma: no " + "cover"
    file = written(tmp_path, f"a = 1  {pragma}\nb = 2  {pragma} - only on Windows\nc = 3  {pragma} -\n")
    assert [hit.split(":")[1] for hit in found(UNEXPLAINED, [file])] == ["1", "3"]


def test_every_exclusion_from_coverage_says_why():
    assert found(UNEXPLAINED, our_code("src", "tests", "bench")) == []


# ---- the figures -------------------------------------------------------------------------------


def test_the_figures_count_what_is_there():
    assert figures().startswith(f"{len(rooms())} files, median ")
