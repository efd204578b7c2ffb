"""People at the real server, each in a browser context of their own, who look for what is wrong with every page."""

import re
from datetime import date, timedelta

from django.contrib.auth import get_user_model

from evenhand.web import access, store
from tests.web.browser import DESKTOP, PHONE, faults
from tests.web.candidate_help import PATIENTS, address
from tests.web.door_help import authenticator_app, code
from tests.web.trial_here import PASSWORD, STUDY, today, user
from tests.web.worklist_help import words

FOCUS = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  const label = here.labels && here.labels.length ? here.labels[0].innerText : here.innerText;
  return {label: (label || "").trim(), ring: style.outlineStyle != "none" && parseFloat(style.outlineWidth) >= 2,
          seen: box.top >= 0 && box.bottom <= innerHeight};
}"""
MOST_STOPS = 120
_DAY = re.compile(rb"\d{4}-\d\d-\d\d")
_MADE_FOR = date(2026, 11, 23)  # the day for which the study's patients are made up


class Person:
    """Somebody with an account, a role, an authenticator app, and a browser."""

    def __init__(self, page, server, name, role, site=None, printed=""):
        access.make_account(name, printed_name=printed or name.title(), password=PASSWORD)
        self.page, self.home, self.name = page, server.address, user(name, role, site)
        self.secret = authenticator_app(get_user_model().objects.get(username=name))

    def comes_in(self, looks=False):
        """Sign in with password and code; ends at the page where the work begins."""
        page = self.page
        page.goto(self.home + "/")
        self.in_order() if looks else None
        page.get_by_label("User name").fill(self.name)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.presses("Sign in")
        self.in_order() if looks else None
        page.get_by_label("Code").fill(code(self.secret))
        self.presses("Sign in")
        page.wait_for_url(f"{self.home}/{STUDY}/**")
        return self

    def in_order(self, phone=False):
        """Hold the page as it is to what is asked of every page; where asked, in the width of a phone too."""
        for size in (DESKTOP, PHONE) if phone else (DESKTOP,):
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            wrong = faults(self.page)
            assert wrong == [], f"{self.name} at {self.page.url}, {size[0]} px: {wrong}"
        self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})

    def goes(self, place, subject=None, **more):
        """Open a page by its address; its words."""
        self.page.goto(self.home + address(place, subject, **more))
        return self.reads()

    def chooses(self, link, within="main"):
        """Click a link; ends when its page is there."""
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("link", name=link).first.click()

    def downloads(self, link):
        """Click a link that leads to a file; gives its bytes."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=link).click()
        return download.value.path().read_bytes()

    def presses(self, button):
        """Send a form; ends when the page that answers is there."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()

    def reads(self, within="main"):
        return words(self.page.locator(within).first.inner_html())

    @property
    def title(self):
        return self.page.locator("h1").inner_text()

    def line(self, subject):
        """A candidate's line on the worklist."""
        return self.page.locator("li.line", has_text=subject)

    def waited_for(self, subject, job):
        """Find the candidate on the own worklist, and go from there to what is to be done."""
        self.goes("worklist")
        assert "you" in words(self.line(subject).inner_html())
        self.chooses(job, f"li.line:has-text('{subject}')")

    def fills(self, fact, values=(), complete=False):
        """Fill what the form asks about one fact: what is typed or chosen, by label."""
        block = self.page.locator(f"#fact-{fact}")
        if block.get_attribute("open") is None:
            block.locator("summary").click()
        for label, value in dict(values).items():
            field = block.get_by_label(label, exact=True)
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
        if complete:
            block.get_by_label("This list is complete").check()

    def signs(self, button):
        """Give user name and password once more, and press."""
        self.page.get_by_label("User name").fill(self.name)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.presses(button)

    def tabs_to(self, label):
        """Press the tabulator until the focus is there; wherever it is on the way, it is to be seen."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUS)
            assert focus["ring"] and focus["seen"], f"the focus cannot be seen: {focus}"
            if focus["label"] == label:
                return
        raise AssertionError(f"no way by keyboard to {label!r} on {self.page.url}")


def days_ago(count):
    """A day as people write it."""
    return f"{today() - timedelta(days=count):%d %b %Y}"


def file_of(patient, folder):
    """The mCODE bundle of one of the study's patients, as if it were made today."""
    later = today() - _MADE_FOR

    def moved(found):
        return str(date.fromisoformat(found[0].decode()) + later).encode()

    path = folder / f"{patient}.json"
    path.write_bytes(_DAY.sub(moved, (PATIENTS / path.name).read_bytes()))
    return path


def last_entry(kind):
    """The newest entry of a kind in the database."""
    return next(entry for entry in reversed(store.current(STUDY).entries) if entry.kind == kind)
