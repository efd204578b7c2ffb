"""What the texts say is there: links, commands with their options, files, settings and pages that they name."""

import argparse
import re
import shlex
import string
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from evenhand.cli.main import _parser as command_line
from evenhand.randomization import Arms, PermutedBlocks, blocks_chain, optimal_guess_rate
from evenhand.web.__main__ import _parser as web_command_line
from tests.house import our_code, our_files, text_of
from tests.studies_here import ROOT, SHIPPED

HISTORY = ROOT / "CHANGELOG.md"  # says what was, so that it may name what is gone
TEXTS = [file for file in our_files() if file.suffix == ".md" and file != HISTORY]
BESIDE_DATA = {file for file in TEXTS if "src" in file.parts}  # says what a table of the program holds
OURS = [file for file in TEXTS if "generated" not in file.parts]
BY_NAME = pytest.mark.parametrize("file", OURS, ids=lambda file: str(file.relative_to(ROOT)))
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
MODELS = ROOT / "src" / "evenhand" / "web" / "models.py"
TYPED = re.compile(r"^(?:\$ )?((?:python -m )?evenhand[ .](?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)
FENCED = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)

# What stands for a value in the texts, and one that would do.
STAND_INS = {
    "STUDY": SHIPPED[0].name, "RECORD": "trial.jsonl", "FILE": "file", "FILE...": "file", "DIR": "folder", "OUT": "out",
    "N": "10", "S": "1", "V": "v1", "K": "2", "T": "2", "H": "127.0.0.1", "DATE": "2026-11-23", "KIND": "final",
    "HASH": "00ff", "USERNAME": "ada", "CUT": "2026-11-23",
}  # fmt: skip


def said_in_code(file: Path) -> list[str]:
    """What stands between backquotes in running text."""
    return CODE.findall(re.sub(r"```.*?```", "", text_of(file), flags=re.DOTALL))


def typed_in(file: Path) -> list[list[str]]:
    """The commands of a text, word by word: those on a line of their own, and those within a sentence."""
    lines = [line.replace("\\\n", " ") for block in FENCED.findall(text_of(file)) for line in TYPED.findall(block)]
    return [_words(line) for line in [*lines, *said_in_code(file)]]


def _words(line: str) -> list[str]:
    words = shlex.split(line.replace("[", "").replace("]", "").split(" > ")[0], comments=True)
    return [STAND_INS.get(word, word) for word in words]


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Every option of a command line and of its commands."""
    found: set[str] = set()
    for action in parser._actions:
        found |= set(action.option_strings)
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                found |= options_of(command)
    return found


def commands_of(parser: argparse.ArgumentParser) -> set[str]:
    (action,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return set(action.choices)


# ---- links -------------------------------------------------------------------------------------


@cache
def anchors(file: Path) -> frozenset[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    kept = string.ascii_lowercase + string.digits + "- _"
    heads = re.findall(r"^#+ (.+)$", text_of(file), re.MULTILINE)
    return frozenset("".join(c for c in head.lower() if c in kept).replace(" ", "-") for head in heads)


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_somewhere(file):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```|`[^`\n]+`", "", text_of(file), flags=re.DOTALL)):
        path, _, anchor = target.partition("#")
        if "://" in path:
            continue
        there = (file.parent / path).resolve() if path else file
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


def test_every_page_is_reached_from_the_first_one():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        file = waiting.pop()
        if file in reached or file.suffix != ".md":
            continue
        reached.add(file)
        links = re.findall(r"\]\(([^)\s#]+)[^)]*\)", text_of(file))
        waiting += [(file.parent / link).resolve() for link in links if "://" not in link]
    assert sorted(file.name for file in TEXTS if file not in reached | BESIDE_DATA) == []


def test_every_picture_is_shown():
    shown = {Path(name).name for name in re.findall(r"docs/images/[\w.-]+", text_of(ROOT / "README.md"))}
    assert {file.name for file in our_files() if file.parent.name == "images"} == shown


# ---- commands ----------------------------------------------------------------------------------


@BY_NAME
def test_every_command_of_a_text_is_one_that_the_program_takes(file, capsys):
    for words in typed_in(file):
        if words[:1] in (["evenhand"], [".venv/bin/evenhand"]):
            taken_by(command_line(), words[1:], capsys)
        elif words[:3] == ["python", "-m", "evenhand.web"]:
            taken_by(web_command_line(), words[3:], capsys)


def taken_by(parser, words, capsys):
    """A command by its name alone is one that is spoken of; any other is one that could be typed."""
    if len(words) == 1:
        assert words[0] in commands_of(parser) | options_of(parser)
        return
    try:
        parser.parse_args(words)
    except SystemExit:
        pytest.fail(f"{' '.join(words)}: {capsys.readouterr().err}")


@pytest.mark.parametrize("words", [["sceen"], ["screen", "a", "b"], ["walk", "a", "--persons", "3"]])
def test_a_command_that_there_is_not_would_be_found(words, capsys):
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        taken_by(command_line(), words, capsys)


@BY_NAME
def test_every_option_that_is_spoken_of_exists(file):
    known = options_of(command_line()) | options_of(web_command_line())
    others = {"--upgrade", "--minutes", "--hypothesis-profile", "-wal", "-shm", "-k"}  # of other programs, or files
    for said in said_in_code(file):
        if said.startswith("-"):
            assert said.split()[0].split("=")[0] in known | others, said


def test_the_readme_lists_every_command_and_no_other():
    table = re.findall(r"^\| `evenhand (\w+)", text_of(ROOT / "README.md"), re.MULTILINE)
    assert {*table, "demo"} == commands_of(command_line())
    assert len(table) == len(set(table))


def test_the_page_of_deployment_lists_every_command_of_the_application():
    table = re.findall(r"^\| `([\w-]+)", text_of(ROOT / "docs" / "deploy.md"), re.MULTILINE)
    assert {*table} - {"DATABASE_URL"} >= commands_of(web_command_line()) - {"run"}


@BY_NAME
def test_every_do_command_exists(file):
    known = set(re.findall(r'^    "(\w+)": \("', text_of(ROOT / "do"), re.MULTILINE))
    assert {"run", "test", "check"} <= known
    assert set(re.findall(r"\./do ([a-z]+)", text_of(file))) <= known


# ---- names -------------------------------------------------------------------------------------

FILE = re.compile(r"(?:\.\./)?[\w./-]+/[\w.-]+\.(?:py|md|yaml|css|toml|png)|(?:src|tests|docs|bench)/[\w./-]+")


@BY_NAME
def test_every_file_of_the_house_that_is_named_is_there(file):
    roots = [ROOT, ROOT / "src", ROOT / "src" / "evenhand", SHIPPED[0], file.parent]
    named = [name for said in said_in_code(file) for name in [said] if FILE.fullmatch(name)]
    named = [name for name in named if "*" not in name and not name.startswith("../shared")]
    assert [name for name in named if not any((root / name).exists() for root in roots)] == []


@cache
def in_code() -> frozenset[str]:
    """Every name in code, studies and requirements."""
    files = [
        file for file in our_files() if file.suffix not in (".md", ".png", ".css") and "test_docs" not in file.name
    ]
    names = {file.stem for file in our_files()}
    return frozenset(names.union(*(re.findall(r"[A-Za-z]\w+", text_of(file)) for file in files)))


ELSEWHERE = {"synchronous_commit", "usual_grade_3_or_higher"}  # of PostgreSQL; put together by the program


@BY_NAME
def test_every_name_of_code_exists(file):
    """Kinds of entries, fields, roles, functions, tables: written with underscores between backquotes."""
    named = [word for said in said_in_code(file) for word in re.findall(r"[a-z]+(?:_[a-z0-9]+)+", said)]
    tables = {f"web_{name.lower()}" for name in re.findall(r"^class (\w+)", text_of(MODELS), re.MULTILINE)}
    assert [name for name in named if name not in in_code() | tables | ELSEWHERE] == []


def test_a_name_that_there_is_not_would_be_found():
    assert "interim_look_held" in in_code()
    assert "interim_look_" + "forgotten" not in in_code()


@BY_NAME
def test_every_page_of_the_application_that_is_named_exists(file):
    paths = "".join(text_of(one) for one in our_code("src") if "web" in one.parts)
    for name in re.findall(r"`/(?:STUDY/)?([a-z]+)`", text_of(file)):
        assert re.search(rf'path\(\s*"{name}', paths), name


@BY_NAME
def test_every_setting_that_is_named_is_read_somewhere(file):
    read = "".join(text_of(source) for source in [*our_files()] if source.suffix in (".py", "") and source != file)
    assert [name for name in set(re.findall(r"EVENHAND_[A-Z_]+", text_of(file))) if name not in read] == []


def test_every_setting_of_the_application_is_in_its_manual():
    settings = text_of(ROOT / "src" / "evenhand" / "web" / "settings.py")
    manual = text_of(ROOT / "docs" / "deploy.md")
    inward = {"EVENHAND_DEMO"}  # set by the demonstration for itself
    assert {*re.findall(r"EVENHAND_[A-Z_]+", settings)} - inward <= {*re.findall(r"EVENHAND_[A-Z_]+", manual)}


def test_every_role_of_forms_is_in_the_manual():
    from evenhand.protocol.plan.roles import ROLES  # noqa: PLC0415 - of this test alone

    manual = text_of(ROOT / "docs" / "plan.md")
    assert [role for role in ROLES if f"`{role}`" not in manual] == []


# ---- the glossary ------------------------------------------------------------------------------


def glossary() -> dict[str, str]:
    """Each word and its sentence, in the order of the page."""
    return dict(re.findall(r"^\*\*(.+?)\.\*\* (.+)$", text_of(ROOT / "GLOSSARY.md"), re.MULTILINE))


def test_the_glossary_is_in_order_and_says_each_word_once():
    lines = [line for line in text_of(ROOT / "GLOSSARY.md").splitlines() if line.startswith("**")]
    assert len(lines) == len(glossary())
    words = [re.sub(r"[^a-z ]", "", word.lower()) for word in glossary()]
    assert [pair for pair in pairwise(words) if pair[0] > pair[1]] == []


def test_a_word_has_one_sentence():
    for word, said in glossary().items():
        assert said.endswith("."), word
        assert re.search(r"[.?!] [A-Z]", re.sub(r"\b[A-Z]\. |et al\. ", "", said)) is None, word


def test_every_word_of_the_glossary_is_used():
    """In a text, on a page, in a message or in a study; not only in the glossary."""
    kinds = (".md", ".html", ".py", ".yaml")
    files = [file for file in our_files() if file.suffix in kinds and file.name not in ("GLOSSARY.md", "CHANGELOG.md")]
    everything = "\n".join(text_of(file).lower() for file in files if "tests" not in file.parts)
    words = [re.sub(r" \(.*\)", "", word).lower().removesuffix("s") for word in glossary()]
    assert [word for word in words if word not in everything] == []


# ---- what the first page says of the house -----------------------------------------------------


def test_the_first_page_names_every_room():
    house = text_of(ROOT / "README.md").partition("## The house")[2].partition("```\n")[2].partition("```")[0]
    named = set(re.findall(r"^    ([\w| ]+?)(?:  |$)", house, re.MULTILINE)) | set(house.splitlines())
    words = {word for line in named for word in re.split(r"[^\w]+", line)}
    code = {file.relative_to(ROOT / "src" / "evenhand").parts[0] for file in our_code("src")}
    rooms = {name.removesuffix(".py") for name in code} - {"__init__"}
    assert {"steps", "record", "statistics"} <= rooms
    assert rooms - words == set()


def test_every_command_of_the_table_prints_json():
    (action,) = (one for one in command_line()._actions if isinstance(one, argparse._SubParsersAction))
    assert [name for name, one in action.choices.items() if "--json" not in options_of(one)] == ["demo"]


def test_each_command_says_what_it_does_and_where_more_stands():
    (action,) = (one for one in command_line()._actions if isinstance(one, argparse._SubParsersAction))
    pages = {name: re.findall(r"docs/[\w-]+\.md", one.epilog or "") for name, one in action.choices.items()}
    assert all(one.description for one in action.choices.values())
    assert [page for named in pages.values() for page in named if not (ROOT / page).is_file()] == []
    assert pages["walk"] == ["docs/scenario.md"]


def test_what_is_said_of_guessing_is_what_is_computed():
    (percent,) = re.findall(r"open-label stratum guesses (\d+) % right", text_of(ROOT / "README.md"))
    blocks = blocks_chain(PermutedBlocks(Arms.from_ratio({"usual": 1, "local": 1}), (4, 6)))
    assert round(100 * optimal_guess_rate(blocks, 40)) == int(percent)  # 162 people in four strata


def test_the_list_of_decisions_is_whole():
    """Every decision is in the list, in order, under its own title."""
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"^\d+\. \[(.+)\]\((.+)\)$", text_of(folder / "README.md"), re.MULTILINE)
    files = sorted(path.name for path in folder.glob("0*.md"))
    assert [name for _, name in listed] == files
    assert [text_of(folder / name).splitlines()[0] for name in files] == [f"# {title}" for title, _ in listed]
