"""The studies that tests run on: every shipped one, and a tiny one of the tests' own."""

from functools import cache
from pathlib import Path

from evenhand.protocol import Protocol, load_protocol

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = sorted(path.parent for path in (ROOT / "studies").glob("*/study.yaml"))
TINY = ROOT / "tests" / "studies" / "tiny"
ALL = [*SHIPPED, TINY]


@cache
def protocol_of(folder: Path) -> Protocol:
    """The newest protocol of a study, loaded once."""
    return load_protocol(folder)
