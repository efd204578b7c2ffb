"""``python -m tests.double.recount STUDY RECORD CUT [KIND ...]``: every number of a record's reports, recounted."""

import sys
from datetime import date
from pathlib import Path

from evenhand.cli.reporting import read_history
from evenhand.protocol import find_study, load_protocol
from tests.double.recount.reported import RECOUNTS, Reported


def main(study, record, day, *kinds):
    """Print table by table how many numbers there are, how many were recounted, and each that differs."""
    protocol = load_protocol(find_study(study))
    history, wrong = read_history(Path(record), protocol.study), 0
    for kind in kinds or ("final", "safety-board-closed"):
        report = Reported(kind, protocol, history, date.fromisoformat(day))
        for table, cells in report.told.items():
            different = report.differences(table) if table in RECOUNTS else []
            many, open_ = sum(map(len, cells.values())), len(report.uncovered(table))
            print(f"{kind}, {table}: {many} numbers, {many - open_} recounted, {len(different)} differ")
            for one in different:
                print(f"    {one}")
            wrong += len(different)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
