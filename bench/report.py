"""The final report of a trial at full length, cold: the command in a process of its own, figures and PDF included."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter

from evenhand.protocol import shipped_studies

CANDIDATES = 365  # of whom 162 are randomized; then accrual is halted


def main() -> None:
    """Print the seconds that the report takes, by the clock and of the processor."""
    (study, *_) = shipped_studies()
    with TemporaryDirectory() as folder:
        record = Path(folder) / "trial.jsonl"
        evenhand("walk", study, "--people", str(CANDIDATES), "--seed", "11", "--out", str(record))
        last = record.read_text("utf-8").splitlines()[-1]
        cut = json.loads(last)["effective"]  # everybody's follow-up has ended
        for kind in ("accrual", "safety-board-open", "safety-board-closed", "final"):
            before, begun = getrusage(RUSAGE_CHILDREN), perf_counter()
            said = evenhand(
                "report", study, str(record), "--cut", cut, "--kind", kind, "--out", str(Path(folder) / kind)
            )
            after, took = getrusage(RUSAGE_CHILDREN), perf_counter() - begun
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            what = next(line for line in said.splitlines() if "tables" in line)
            wanted = "; wanted: under 20 s" if kind == "final" else ""
            print(f"{kind}: {took:.1f} s, {spent:.1f} s of processor time ({what}){wanted}")


def evenhand(*words: str) -> str:
    """One command. Raises CalledProcessError where it fails."""
    program = Path(sys.executable).with_name("evenhand")
    done = subprocess.run([program, *words], check=True, capture_output=True, text=True)
    return done.stdout


if __name__ == "__main__":
    main()
