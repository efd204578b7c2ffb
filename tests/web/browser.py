"""A real browser, and what is asked of every page in it.

`faults(page)` gives in words all that is wrong with a page as it now stands; no page may have any.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any, Literal
from unittest import mock
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

DESKTOP, PHONE = (1440, 900), (375, 812)  # CSS pixels
PATIENCE = 15_000  # milliseconds for anything to appear, on a busy machine
LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
SCHEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
IS_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
OURS = ("127.0.0.1", "localhost")

_watched: dict[Page, list[str]] = {}


def chromium() -> str:
    """The path of the browser. Raises FileNotFoundError where there is none."""
    found = os.environ.get("EVENHAND_CHROMIUM") or shutil.which("chromium")
    if found is None or not os.access(found, os.X_OK):
        raise FileNotFoundError(f"no browser {found or ''}: install chromium, or name one by EVENHAND_CHROMIUM")
    return found


@contextlib.contextmanager
def started_browser() -> Iterator[Browser]:
    """Chromium, driven from this thread.

    While it runs, so does an event loop, for which Django would refuse its database in this thread although nothing
    here waits in it; so Django is told to allow it, for just as long.
    """
    with mock.patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            chromium_sandbox=False,  # root may not use it; only our own pages are opened
            args=["--disable-dev-shm-usage"],  # small in containers
        )
        with contextlib.closing(browser):
            yield browser


@contextlib.contextmanager
def opened_page(browser: Browser, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[Page]:
    """A page in a fresh profile (no cookies), watched from its first moment. Options are those of `new_context`."""
    width, height = size
    given = {"locale": "en-GB", "timezone_id": "UTC", "reduced_motion": "reduce", **options}
    context = browser.new_context(viewport={"width": width, "height": height}, **given)
    context.set_default_timeout(PATIENCE)
    with contextlib.closing(context):
        page = context.new_page()
        _watch(page)
        try:
            yield page
        finally:
            del _watched[page]


# ---- what is asked of every page ---------------------------------------------------------------


def faults(page: Page) -> list[str]:
    """All that is wrong with a page: noise since the last look, barriers in light and dark, sideways scrolling."""
    return [*noise(page), *barriers(page), *sticking_out(page)]


def noise(page: Page) -> list[str]:
    """Since the last look: errors of the console, breaches of the content security policy, requests to elsewhere."""
    said = list(_watched[page])
    _watched[page].clear()
    return said


def axe(page: Page) -> list[dict[str, Any]]:
    """The violations that axe finds at WCAG 2.2 A and AA and among good practices, as it reports them."""
    options = {
        "runOnly": {"type": "tag", "values": LEVELS},
        "rules": {"target-size": {"enabled": True}},  # new in WCAG 2.2, where axe has it off
        "resultTypes": ["violations"],
    }
    violations: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return violations


def barriers(page: Page) -> list[str]:
    """The violations of axe in words, in the light and in the dark look; the page is left as it was."""
    found: dict[str, None] = {}
    before: Literal["dark", "light"] = "dark" if page.evaluate(IS_DARK) else "light"
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for violation in axe(page):
            places = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"])
            found[f"{violation['id']} ({scheme}): {violation['help']}: {places}"] = None
    page.emulate_media(color_scheme=before)
    return list(found)


WIDE = """() => [...document.body.querySelectorAll("*")]
  .filter(element => element.getBoundingClientRect().right > window.innerWidth + 1)
  .map(element => [element.tagName.toLowerCase(), ...element.classList].join("."))"""


def sticking_out(page: Page) -> list[str]:
    """Which elements make the page scroll sideways; nothing if it does not."""
    content, window = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    if content <= window:
        return []
    names: list[str] = page.evaluate(WIDE)
    return [f"the page is {content} px wide in a window of {window} px: {', '.join(names[:5])}"]


def _watch(page: Page) -> None:
    heard = _watched[page] = []

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            heard.append(f"console: {message.text}")

    def request(asked: Request) -> None:
        parts = urlsplit(asked.url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in OURS:
            heard.append(f"request to elsewhere: {asked.url}")

    def response(given: Response) -> None:
        if given.status >= 500:
            heard.append(f"answer {given.status}: {given.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    page.on("request", request)
    page.on("response", response)
