"""Locking entries, or confirming them against the source, several at once: of one visit, or of one participant.

What may not be taken is said entry by entry, in the words of the step itself, before anybody signs. Nothing is chosen
for whoever signs: each entry is ticked by hand, or all by one button.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from evenhand import steps
from evenhand.conduct.forms import FormEntry, marks_of, shown_digest
from evenhand.record import Actor
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.candidates.asked import INCOMPLETE, is_whole
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.about import About, participant_at
from evenhand.web.pages.participants.versions import Line, lines
from evenhand.web.pages.participants.visits import visit_label
from evenhand.web.signing import SignatureForm

_CONFLICT = 409
_Shown = Mapping[int, str]  # the digest of what was shown of each entry, by its number


@dataclass(frozen=True, slots=True)
class Marking:
    """One thing to do about several entries. ``given``: what the step takes of them; ``whole``: show what they say."""

    action: Action
    step: steps.Step
    given: Callable[[_Shown], dict[str, Any]]
    title: str
    says: str
    meaning: str
    button: str
    done: str
    whole: bool = False


MARKINGS: Final[Mapping[str, Marking]] = {
    "lock": Marking(
        Action.LOCK,
        steps.lock_forms,
        lambda shown: {"seqs": list(shown)},
        "Lock entries",
        "A locked entry can be neither corrected nor struck out until somebody unlocks it.",
        "Each entry that I chose here is complete, and is not to be changed any more without a reason.",
        "Sign and lock",
        "Locked",
    ),
    "verify": Marking(
        Action.VERIFY_SOURCE,
        steps.verify_source,
        lambda shown: {"shown": dict(shown)},
        "Confirm entries against the source",
        "Choose what you compared with the source documents. A later correction of an entry ends that.",
        "I compared each entry that I chose here with the source documents, and it says what they say.",
        "Sign and confirm",
        "Confirmed against the source",
        whole=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One entry; ``refusal``: why it cannot be taken now, None where it can."""

    entry: FormEntry
    visit: str
    shown: str
    chosen: bool
    refusal: Refusal | None
    lines: tuple[Line, ...] = ()


def marking_many(mark: str) -> Callable[..., HttpResponseBase]:
    """The view that does one thing about several entries, of the visit that ``?visit=`` names or of all."""
    todo = MARKINGS[mark]

    @at_desk(todo.action)
    def view(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
        about = participant_at(desk, subject, todo.action)
        page = _Page(request, about, todo, about.acting(todo.action))
        return page.recorded() if request.method == "POST" else page.shown(page.signature())

    return view


class _Page:
    """One request about several entries of a participant."""

    def __init__(self, request: HttpRequest, about: About, todo: Marking, by: Actor) -> None:
        self.request = request
        self.about = about
        self.todo = todo
        self.by = by
        self.visit = request.GET.get("visit", "")[:100]
        self.chosen = _numbers(request)
        self.rows = [self._row(entry) for entry in self._entries()]
        self.ready = [row for row in self.rows if row.refusal is None]

    def _entries(self) -> Iterator[FormEntry]:
        """Those that could ever be marked: struck and locked ones, and what was not done, are past a comparison."""
        for entry in self.about.entries:
            marks = marks_of(self.about.known, entry.seq)
            done = marks.locked if self.todo.action is Action.LOCK else marks.verified or entry.not_done
            if not entry.struck and not done and self.visit in ("", entry.visit):
                yield entry

    def _row(self, entry: FormEntry) -> Row:
        refusal, shown = self._refused(entry), shown_digest(entry.standing)
        said = tuple(lines(entry)) if self.todo.whole and refusal is None else ()
        return Row(entry, visit_label(self.about, entry.visit), shown, self._is_chosen(entry, shown), refusal, said)

    def _is_chosen(self, entry: FormEntry, shown: str) -> bool:
        """What was ticked stays so, unless it says something else by now."""
        if self.request.method != "POST":
            return "all" in self.request.GET
        return entry.seq in self.chosen and self.request.POST.get(f"shown.{entry.seq}") == shown

    def _refused(self, entry: FormEntry) -> Refusal | None:
        """What the step says about this entry alone."""
        about, desk = self.about, self.about.desk
        given = self.todo.given({entry.seq: shown_digest(entry.standing)})
        when = {"on": about.today, "by": self.by, "at": desk.now}
        try:
            self.todo.step(about.protocol, desk.history, subject=about.subject, **given, **when)
        except Refusal as refusal:
            return refusal
        return None

    def signature(self, *, bound: bool = False) -> SignatureForm:
        """The signature; it is bound to the list of the entries chosen."""
        data = self.request.POST if bound else None
        return SignatureForm(data, request=self.request, about=self.about.known, meaning=self.todo.meaning)

    def recorded(self) -> HttpResponse:
        """Record the act, or say why not; what was chosen stays chosen."""
        form = self.signature(bound=True)
        whole = form.is_valid() or is_whole(form)
        if not whole:
            return self.shown(self.signature(), refusal=INCOMPLETE)
        if not self.chosen:
            form.add_error(None, "No entry was chosen, so nothing was signed and nothing recorded.")
        if not form.is_valid():
            return self.shown(form)
        about, posted = self.about, self.request.POST
        shown = {seq: posted.get(f"shown.{seq}", "") for seq in self.chosen}
        given = {"subject": about.subject, **self.todo.given(shown)}
        try:
            signed = {"signing": form.signing, **form.guards}
            store.perform(about.desk.study, self.todo.step, by=self.by, **signed, **given)
        except Refusal as refusal:
            return self.shown(self.signature(), refusal=refusal)
        count = len(shown)
        messages.success(self.request, f"{self.todo.done}: {count} {'entry' if count == 1 else 'entries'}.")
        return redirect(links.home_address(about.desk.study, about.subject))

    def shown(self, form: SignatureForm, **more: object) -> HttpResponse:
        """The page."""
        page = {
            "desk": self.about.desk,
            "top": self.about.top(),
            "todo": self.todo,
            "ready": self.ready,
            "others": [row for row in self.rows if row.refusal is not None],
            "visit": visit_label(self.about, self.visit) if self.visit else "",
            "visit_id": self.visit,
            "form": form,
            "address": self.request.get_full_path(),
            **more,
        }
        status = _CONFLICT if "refusal" in more else 200
        return render(self.request, "participant/mark_many.html", page, status=status)


def _numbers(request: HttpRequest) -> list[int]:
    """The entries that were ticked, each once."""
    told = request.POST.getlist("entry")
    return list(dict.fromkeys(int(one) for one in told if one.isdecimal() and len(one) < 16))
