"""A participant of a small study with a form that has every kind of question, and people at the pages about her."""

from shutil import copytree

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from evenhand import administration
from evenhand.administration import Grant
from evenhand.conduct import forms
from evenhand.protocol import load_protocol
from evenhand.record import Actor, History
from evenhand.web import access, store
from tests.course_help import COURSE, Course, _randomized
from tests.web.candidate_help import form_of
from tests.web.enrol_help import BACKEND, text

STUDY, FORM = "course", "everything"
SECRET = bytes(32)
PASSWORD = "correct horse battery staple"
ADA = Actor("ada", "administrator")
PEOPLE = {
    "nina": ("coordinator", "north"),
    "clin": ("treating_clinician", "north"),
    "sur": ("surgeon", "north"),
    "dan": ("data_manager", None),
    "mona": ("monitor", None),
}
EVERYTHING = """
id: everything
title: Everything
domain: FA
repeats: true
entered_by: [coordinator, surgeon]
signed_by: [treating_clinician, surgeon]
day: seen
assumed: a form with every kind of question
fields:
  seen: {kind: date, label: Day, required: true}
  began: {kind: date, label: Begin, partial: true}
  size: {kind: number, label: Size, unit: mm, low: 0, high: 300, expected_low: 5, expected_high: 150, step: 0.1}
  titre: {kind: number, label: Titre, low: 0, bounds: true}
  side: {kind: code, label: Side, codes: {left: left, right: right}, required: true}
  place:
    kind: code
    label: Place
    codes: {one: the first, two: the second, three: the third, four: the fourth, five: the fifth}
  pain: {kind: yes_no, label: Pain, required: true}
  where: {kind: text, label: Where it hurts, asked_when: pain == yes, required: true}
  told: {kind: text, label: What else, help: Anything.}
  label: {kind: text, label: Label, from: labels}
  parts:
    kind: record
    many: true
    key: part
    label: Parts
    required: true
    fields:
      part: {kind: text, label: Part, required: true, from: labels}
      weight: {kind: number, label: Weight, unit: kg, low: 0, high: 9, expected_high: 5, step: 0.1}
      whole: {kind: yes_no, label: Whole}
checks:
  - {id: EV1, when: began > seen, fields: [began], say: It began after it was seen., hard: true, assumed: a test}
  - {id: EV2, when: size < 10 and pain == no, fields: [size], say: Small and without pain., assumed: a test}
"""
FILLED = {
    "f.seen": "3 May 2026",
    "f.began": "2026-04",
    "f.size": "20.5",
    "f.titre": "less than 0.2",
    "f.side": "left",
    "f.place": "two",
    "f.pain": "no",
    "f.told": "two\nlines",
    "f.label": "A",
    "rows.parts": "2",
    "f.parts.0.part": "P1",
    "f.parts.0.weight": "1.5",
    "f.parts.1.part": "P2",
    "f.parts.1.whole": "yes",
}
"""What is typed to fill the form in wholly."""


def participant(folder):
    """The study, from a folder of its own, with one participant; nothing is entered yet. Gives the subject."""
    copytree(COURSE, folder)
    (folder / "v1" / "forms" / f"{FORM}.yaml").write_text(EVERYTHING)
    world = _randomized(Course(load_protocol(folder), History(STUDY)), SECRET)
    opened = {"site": "north", "name": "North", "time_zone": "Europe/Berlin"}
    if not administration.sites(world.history):
        world = world.after(administration.open_site, by=ADA, **opened)
    for given in [Grant(ADA.user, "administrator", None), *(Grant(one, *held) for one, held in PEOPLE.items())]:
        world = world.after(administration.grant_role, by=ADA, given=given)
    store.add_study(str(folder))
    store.adopt(STUDY, world.history, SECRET)
    return world.subject


class Somebody:
    """Somebody of the study at a computer."""

    def __init__(self, name, subject):
        if access.account(name) is None:
            access.make_account(name, printed_name=f"{name.title()} Test", password=PASSWORD)
        self.name, self.subject = name, subject
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(get_user_model().objects.get(username=name), BACKEND)

    def address(self, page, /, **where):
        subject = {} if page == "participants" else {"subject": self.subject}
        return reverse(page, kwargs={"study": STUDY, **subject, **where})

    def sees(self, page, query="", /, **where):
        return self.client.get(self.address(page, **where) + query)

    def posts(self, page, data, query="", /, **where):
        return self.client.post(self.address(page, **where) + query, data)

    def fills(self, page, changes, query="", /, **where):
        """Open a page, change its form, send it."""
        answer = self.sees(page, query, **where)
        assert answer.status_code == 200, text(answer)
        return self.posts(page, form_of(answer) | changes, query, **where)

    def signs(self, page, changes=(), query="", /, **where):
        return self.fills(page, {"user_name": self.name, "password": PASSWORD, **dict(changes)}, query, **where)

    def enters(self, changes=(), form=FORM, query=""):
        """Fill a form in; gives the number of the entry."""
        answer = self.fills("form", {**FILLED, **dict(changes)}, query, form=form)
        assert answer.status_code == 302, text(answer)
        return entries(self.subject)[-1].seq


def known(subject):
    return store.current(STUDY).subject(subject)


def entries(subject):
    """What stands of the participant's forms."""
    return forms.entries(store.protocol_of(STUDY), known(subject))


def count():
    return len(store.current(STUDY).entries)


def recorded(seq):
    return store.current(STUDY).entry(seq)


__all__ = [
    "FILLED",
    "FORM",
    "STUDY",
    "Somebody",
    "count",
    "entries",
    "form_of",
    "known",
    "participant",
    "recorded",
    "text",
]
