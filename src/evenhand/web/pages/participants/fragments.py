"""Parts of a participant's page, rendered once for each state of her record and each set of roles that looks at it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from evenhand.conduct.quality import Query, open_queries
from evenhand.conduct.schedule import Due
from evenhand.web.access import Action
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.about import About
from evenhand.web.pages.participants.against_plan import against_plan
from evenhand.web.pages.participants.course import Course, Rendered, course
from evenhand.web.pages.participants.lesion_chart import lesion_chart
from evenhand.web.pages.participants.sheets import form_sheets, visit_sheets
from evenhand.web.pages.participants.summary import events, local_parts, report_states
from evenhand.web.pages.participants.timeline import timeline
from evenhand.web.pages.participants.versions import about_words
from evenhand.web.pages.participants.visits import visit_label
from evenhand.web.templatetags.evenhand import day

Shown = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done, and where (empty where this user may not)."""

    due: Due
    address: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An open query: what it is about, and where it is answered."""

    query: Query
    about: str
    title: str
    visit: str
    address: str


def fragments(about: About) -> dict[str, SafeString]:
    """All parts of the page that follow from the record, the day and the user's roles, by name."""
    now = course(about)
    parts: dict[str, Callable[[], Shown]] = {
        "tasks": lambda: {"tasks": list(_tasks(about, now))},
        "queries": lambda: {"asked": list(_asked(about)), "may_answer": about.may(Action.ANSWER_QUERY)},
        "timeline": lambda: {"timeline": timeline(now)},
        "lesions": lambda: {"lesions": lesion_chart(now)},
        "local": lambda: {"parts": local_parts(now), "against": against_plan(now)},
        "visits": lambda: {"visits": list(visit_sheets(about))[::-1]},
        "forms": lambda: _forms(about),
    }
    found = {name: _fragment(about, now, name, shown) for name, shown in parts.items()}
    states = report_states(now, about.desk.now)
    return {**found, "events": _fragment(about, now, "events", lambda: {"events": list(events(now, states))}, states)}


def _fragment(about: About, now: Course, name: str, shown: Callable[[], Shown], besides: Hashable = None) -> SafeString:
    """A part of the page. One entry changes few parts: what says the same as before is not rendered anew.

    Templates of parts know of study and subject, which are named here, and otherwise of nothing but ``shown``.
    """
    key = name, about.roles, besides
    held = now.rendered.get(key)
    if held is None:
        given, before = shown(), now.before.get(key)
        if before is not None and before.shown == given:
            held = before
        else:
            page = {"desk": {"study": about.desk.study}, "top": {"subject": about.subject}, **given}
            held = Rendered(given, render_to_string(f"participant/_{name}.html", page))
        now.rendered[key] = held
    return held.markup


def _tasks(about: About, now: Course) -> Iterator[Task]:
    for due in now.due:
        form = about.plan.forms[due.form]
        may = about.may_enter(form)
        visit = due.occurrence or None
        yield Task(due, links.new_address(about.desk.study, about.subject, form, visit) if may else "")


def _asked(about: About) -> Iterator[Asked]:
    """The open queries, each with the entry that it is about."""
    entries = {entry.place: entry for entry in about.entries if not entry.struck}
    for query in open_queries(about.known):
        form = about.plan.forms.get(query.place[0])
        entry = entries.get(query.place)
        address = links.entry_address(about.desk.study, about.subject, entry.seq) if entry else ""
        if form is not None:
            when = f", {day(entry.day)}" if entry is not None and form.repeats else ""
            words = about_words(form, query.path)
            yield Asked(query, words, f"{form.title}{when}", visit_label(about, query.place[2]), address)


def _forms(about: About) -> Shown:
    sheets = list(form_sheets(about))
    return {"forms": sheets, "elsewhere": [one for one in sheets if one.new and not one.planned and not one.entries]}
