"""Makes the pictures of the README again, from a new demonstration: ``python -m tests.web.pictures [FOLDER]``.

Everybody in them is made up. They differ from day to day, as the demonstration does.
"""

import argparse
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.studies_here import ROOT, SHIPPED
from tests.web.browser import opened_page, started_browser
from tests.web.servers import free_port

WIDTH = 1440  # CSS pixels
ENDS = {"worklist": ("li.line", 1000), "candidate": ("details.criterion", 1100), "allocation": (".columns", 1100)}
"""Where a picture ends: below the last of these that lies above so many pixels."""
MARGIN = 8  # below it, in CSS pixels
MOST_BYTES = 200_000
COORDINATOR = "demo-coordinator-north"


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """A new demonstration, running; gives what it says about how to enter."""
    command = [sys.executable, "-m", "evenhand.web", "run", "--no-open"]
    command += ["--port", str(free_port()), "--data", str(folder / "demonstration")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield _welcome(running)
        finally:
            running.send_signal(signal.SIGINT)


def _welcome(running: subprocess.Popen[str]) -> str:
    """What it says until it is up. Raises RuntimeError where it ends before that."""
    assert running.stdout is not None  # it is a pipe
    said = ""
    for line in running.stdout:
        said += line
        if line.startswith("More links"):
            return said
    raise RuntimeError(f"the demonstration ended: {said}")


def take(page: Page, said: str, folder: Path) -> None:
    """The worklist, a candidate who lacks one signature, and an allocation."""
    address, password = _found(r"up at (\S+) with", said), _found(r"password +(\S+)", said)
    worklist = f"{address}/{SHIPPED[0].name}/worklist"
    page.goto(_found(rf"{COORDINATOR} +(\S+)", said))
    page.goto(worklist)
    _keep(page, folder, "worklist")

    page.goto(f"{worklist}?stage=consented&who=all")
    page.locator("li.line h2 a").last.click()
    page.wait_for_url("**/candidates/*")
    _keep(page, folder, "candidate")

    page.goto(f"{worklist}?stage=registered&who=mine")
    page.get_by_role("link", name="the participant").first.click()
    page.get_by_label("User name").fill(COORDINATOR)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign and randomize").click()
    page.wait_for_url("**/allocation")
    page.reload()  # without the message that greets whoever randomized
    _keep(page, folder, "allocation")


def _found(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    if found is None:
        raise RuntimeError(f"the demonstration does not say {pattern!r}: {said}")
    return found[1]


def _keep(page: Page, folder: Path, name: str) -> None:
    """Raises RuntimeError for a picture that is too large for a README."""
    path, (last, most) = folder / f"{name}.png", ENDS[name]
    bottoms = page.locator(last).evaluate_all("all => all.map(one => one.getBoundingClientRect().bottom)")
    height = max(bottom for bottom in bottoms if bottom < most) + MARGIN
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
    if path.stat().st_size > MOST_BYTES:
        raise RuntimeError(f"{path} has {path.stat().st_size} bytes: let it end higher up")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.web.pictures", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "images")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    size = (WIDTH, max(most for _, most in ENDS.values()))
    with (
        tempfile.TemporaryDirectory() as scratch,
        demonstration(Path(scratch)) as said,
        started_browser() as browser,
        opened_page(browser, size, color_scheme="light") as page,
    ):
        take(page, said, folder)


if __name__ == "__main__":
    main()
