"""The command line run in this process, and what its tests start from."""

import json
import shutil
from pathlib import Path

from evenhand.cli import main
from tests.studies_here import TINY

STUDY = str(TINY)
FORM = """\
- patient: ann
  facts:
    birth_date: 1960-01-01
    volume: 60
    operation: {day: 2026-07-01, side: left}
    smoker: no
    walks: [{metres: 100, seated: yes}]
- patient: ben
  facts: {volume: 95, operation: {day: 2026-07-01}}
"""
SIGNED = """\
- patient: ann
  attestations: [{judgement: can_sit, answer: yes, by: P. T., role: physiotherapist, on: 2026-07-10}]
"""
ON = ["--on", "2026-07-12"]


class Run:
    """One command in this process: ``code``, ``out`` and ``err``."""

    def __init__(self, capsys, arguments):
        try:
            self.code = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # argparse ends so
            self.code = stop.code
        self.out, self.err = capsys.readouterr()

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def flat(self):
        return " ".join(self.out.split())


def written(folder, name, text):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def changed_study(folder, file, old, new):
    copy = Path(shutil.copytree(TINY, folder / "tiny"))
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), "utf-8")
    return copy
