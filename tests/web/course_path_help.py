"""Two participants to follow from randomization on, and how people fill in forms in a real browser."""

import re
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import expect

from evenhand import steps
from evenhand.dates import on_day
from evenhand.facts import COMPLETE
from evenhand.record import Actor
from evenhand.web import store
from tests.eligible import ATTESTED, FORM, SECRET, _fact, person
from tests.web import whole_path_help
from tests.web.browser import noise
from tests.web.desks_help import NORTH, STUDY, Made, entries
from tests.web.trial_here import PASSWORD, SIGNERS

BUSY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
STEP = timedelta(days=1)
WATCHED = "one => [...document.querySelectorAll('[data-watches]')].some(by => one.matches(by.dataset.watches))"
_WRITTEN_ON = "{:%d %b %Y}"


class Course(Made):
    """A record in the making: randomized 200 days ago, with two metastases to be treated, nothing entered since."""

    def _participant(self, site):
        by, on = Actor("carl", "coordinator", site), self.begun
        subject = self.take(steps.screen, by, person=_with_two_metastases(on), on=on).subject
        for given in (*ATTESTED, *(replace(one, item="M2") for one in ATTESTED if one.item == "M1")):
            dated = replace(given, date=on_day(on), source=FORM)
            self.take(steps.attest, Actor(SIGNERS[given.role], given.role, site), subject=subject, given=dated)
        self.take(steps.consent, by, subject=subject, on=on)
        self.take(steps.register, by, subject=subject, on=on)
        self.take(steps.randomize, by, subject=subject, on=on, secret=SECRET)
        return subject

    def day(self, number):
        """A day of the study as people write it; that of randomization is 0."""
        return _WRITTEN_ON.format(self.begun + number * STEP)


def _with_two_metastases(on):
    def ago(days):
        return on_day(on - days * STEP)

    return person(
        _fact("metastases", {"lesion": "M1", "site": "liver", "confirmed_by": "pathology"}),
        _fact("metastases", {"lesion": "M2", "site": "vertebra", "confirmed_by": "imaging"}),
        _fact("metastases", COMPLETE),
        _fact("imaging", {"date": ago(20), "metastases": 2, "cns_disease": False}),
        _fact("imaging", COMPLETE),
        _fact("first_line", {"start": ago(150)}),
        _fact("disease_status", {"date": ago(10), "status": "stable"}),
        _fact("ecog", 1, (on - 10 * STEP).isoformat()),
    )


class Staff(whole_path_help.Person):
    """Somebody of the study at a browser of her own, at the pages of one participant."""

    subject: str

    def about(self, page, /, **where):
        """Open a page about the participant; its words."""
        self.page.goto(self.home + reverse(page, kwargs={"study": STUDY, "subject": self.subject, **where}))
        return self.reads()

    def desk(self, page, query=""):
        """Open a page of the study; its words."""
        self.page.goto(self.home + reverse(page, kwargs={"study": STUDY}) + query)
        return self.reads()

    def begins(self, title, visit=""):
        """Find a form on the participant's page, and open it."""
        self.about("participant")
        name = rf"^{title} \({visit}\)$" if visit else rf"^Enter( another)? ?: {title}$"
        self.chooses(re.compile(name))
        assert self.title == title

    def answers(self, answers=(), **more):
        """Answer questions in their order, by the names of their fields; each waits until it is asked."""
        for name, value in {**dict(answers), **more}.items():
            self._answer(self.page.locator(f"[name='f.{name}']"), value)

    def rows(self, table, *rows, label=""):
        """Fill in the rows of a table, the first of which may be there already."""
        for number, row in enumerate(rows):
            named = {f"{table}.{number}.{column}": value for column, value in row.items()}
            if self.page.locator(f"[name='f.{next(iter(named))}']").count() == 0:
                self.page.get_by_role("button", name=f"Add a row to {label or table.capitalize()}").click()
                self.page.locator(f"[name='f.{next(iter(named))}']").first.wait_for()
                self._is_still()
            self.answers(named)

    def records(self, button="Record"):
        """Send the form; the page that answers shows what was recorded. Gives its words, messages included."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).last.click()
        assert "Nothing was recorded" not in self.reads(), self.reads()
        return self.reads("body")

    def signs_what_waits(self, button):
        """From the participant's page, all that waits for this person's signature."""
        self.about("participant")
        self.chooses(button)
        self.signs(button)
        assert self.reads("body").count("Signed:") == 1
        assert self.page.get_by_role("link", name=re.compile(r"^Sign \d")).count() == 0

    def _answer(self, field, value):
        field.first.wait_for()
        kind = field.first.evaluate("one => one.type")
        asks = field.first.evaluate(WATCHED)
        with self._asking() if asks else ExitStack():
            if kind == "radio":
                self.page.locator(f"{_selector(field)}[value='{value}']").check()
            elif kind == "select-one":
                field.select_option(value)
            else:
                field.fill(value)
                field.press("Tab")
        if asks:
            self._is_still()

    def _asking(self):
        return self.page.expect_response(lambda one: one.request.method == "POST")

    def _is_still(self):
        """Wait until what follows from an answer stands on the page: typing before that could be lost."""
        expect(self.page.locator(BUSY)).to_have_count(0)


def _selector(field):
    return f"[name='{field.first.get_attribute('name')}']"


def everybody(new_page, server, subject, *more):
    """The people of a site, each signed in at a computer of her own, by role."""
    held = {
        "coordinator": ("carl", NORTH),
        "treating_clinician": ("clin", NORTH),
        "data_manager": ("dan", None),
        "monitor": ("mona", None),
        "radiation_oncologist": ("rad", NORTH),
        "surgeon": ("sur", NORTH),
    }
    found = {}
    for role in ("coordinator", "treating_clinician", "data_manager", "monitor", *more):
        name, site = held[role]
        found[role] = Staff(new_page(), server, name, role, site).comes_in()
        found[role].subject = subject
    return found


def newest(subject, form):
    """The latest entry of a form."""
    return next(entry for entry in reversed(entries(subject)) if entry.form.id == form)


def known(subject):
    return store.current(STUDY).subject(subject)


__all__ = ["PASSWORD", "Course", "Staff", "everybody", "known", "newest", "noise"]
