"""The transcript in the README is what the program prints today."""

import re

from evenhand.cli import main
from tests.studies_here import ROOT


def test_the_transcript_is_what_the_program_prints(capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```\n\$ (evenhand screen.*?)```", text, re.DOTALL)
    command, printed = re.fullmatch(r"((?:[^\n]*\\\n)*[^\n]*)\n(.*)", block, re.DOTALL).groups()
    _, _, study, pattern, *options = command.replace("\\\n", " ").split()
    patients = sorted(str(path) for path in ROOT.glob(pattern))
    options = [str(ROOT / word) if word.startswith("studies/") else word for word in options]
    assert main(["screen", study, *patients, *options]) == 0
    found = {line.rstrip() for line in capsys.readouterr().out.splitlines()}
    shown = [line for line in printed.splitlines() if line and line != "..."]
    assert len(shown) > 20
    assert [line for line in shown if line not in found] == []
