"""How long ``evenhand --help`` takes, against Python starting and doing nothing."""

import subprocess
import sys
from pathlib import Path

from bench.timing import ratios, report, seconds

COMMAND = Path(sys.executable).with_name("evenhand")


def main() -> None:
    """Print the seconds and the ratio."""

    def help_page() -> None:
        subprocess.run([COMMAND, "--help"], check=True, capture_output=True)

    def nothing() -> None:
        subprocess.run([sys.executable, "-c", ""], check=True)

    fastest = min(seconds(help_page) for _ in range(7))
    print(f"{'evenhand --help, seconds':<58} {fastest:6.3f}   wanted: under 0.3")
    report("evenhand --help / an empty Python", ratios(help_page, nothing), "-")
