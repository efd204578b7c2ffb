"""Somebody at the pages of candidates: opening them, filling their forms in, sending them."""

from html.parser import HTMLParser

from django.urls import reverse

from tests.studies_here import SHIPPED
from tests.web.enrol_help import Person, text
from tests.web.trial_here import STUDY

PATIENTS = SHIPPED[0] / "patients"


class _Form(HTMLParser):
    """What a browser would send of the forms of a page, if nothing were changed; no button, no file."""

    def __init__(self):
        super().__init__()
        self.values = {}
        self.names = []
        self._select = self._area = None

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        name = told.get("name")
        if name and tag in ("input", "select", "textarea"):
            self.names.append(name)
        if tag == "input" and name and told.get("type") not in ("file", "submit"):
            if told.get("type") in ("checkbox", "radio"):
                if "checked" in told:
                    self.values[name] = told.get("value", "on")
            else:
                self.values[name] = told.get("value", "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in told or self._select not in self.values):
            self.values[self._select] = told.get("value", "")  # without a choice a browser sends the first
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""

    def handle_data(self, data):
        if self._area:
            self.values[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None


def form_of(answer):
    """The values of the forms of a page, as they stand in it."""
    reader = _Form()
    reader.feed(answer.content.decode())
    return reader.values


def fields_of(answer):
    """The names of all fields of a page."""
    reader = _Form()
    reader.feed(answer.content.decode())
    return reader.names


def address(page, subject=None, **more):
    where = {"study": STUDY, **({"subject": subject} if subject else {}), **more}
    return reverse(page, kwargs=where)


class Visitor(Person):
    """A person of the study at the pages of candidates."""

    def sees(self, page, subject=None, query="", **more):
        return self.client.get(address(page, subject, **more) + query)

    def sends(self, page, form, subject=None, query="", **more):
        return self.client.post(address(page, subject, **more) + query, form)

    def fills(self, page, changes, subject=None, query="", **more):
        """Open a page, change its form, send it."""
        answer = self.sees(page, subject, query, **more)
        assert answer.status_code == 200, text(answer)
        return self.sends(page, form_of(answer) | changes, subject, query, **more)


__all__ = ["PATIENTS", "Visitor", "address", "fields_of", "form_of", "text"]
