"""The record: everything that happened, one entry in full, its verification and its export."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evenhand.record import Entry, entry_hash, entry_line
from evenhand.record import digest as digest_of
from evenhand.replay import Verification
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.records.comparing import chain_of, compared
from evenhand.web.pages.records.reading import Item, Reader
from evenhand.web.pages.records.rows import Rows
from evenhand.web.pages.records.search import SearchForm, found
from evenhand.web.pages.records.sight import Sight
from evenhand.web.templatetags.evenhand import day

Shown = dict[str, object]


@require_safe
@at_desk(Action.SEE_RECORD)
def record(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The entries that the user may see, newest first, fifty a page."""
    sight, form = Sight(desk), SearchForm(request.GET or None, desk=desk)
    shown: Shown = {"form": form, "may_verify": desk.may(Action.VERIFY), "may_export": desk.may(Action.EXPORT)}
    if not form.is_bound or form.is_valid():
        page = found(sight, form.cleaned_data if form.is_bound else {}, _number(request.GET.get("before")))
        rows = Rows(sight)
        shown |= {"rows": [rows.row(entry) for entry in page.entries], "older": page.older}
        shown |= {"begins": "before" not in request.GET, "narrowed": form.narrows}
    return render(request, "record/record.html", shown)


def _number(text: str | None) -> int | None:
    """A number in the address; anything else is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None


@require_safe
@at_desk(Action.SEE_RECORD)
def entry(request: HttpRequest, desk: Desk, seq: int) -> HttpResponse:
    """Everything about one entry. Raises Http404 for one that there is not, or that the user may not see."""
    sight, one = Sight(desk), desk.history.entry(seq)
    if one is None or not sight.sees(one):
        raise Http404(f"There is no entry {seq}, or none that you may see.")
    chain, rows = chain_of(desk.history, one), Rows(sight)
    shown: Shown = {"row": rows.row(one), "entry": one, "items": _items(sight, one)}
    shown |= {"later": [rows.row(later) for later in chain.later], "before": chain.before}
    if chain.before is not None:
        both = compared(_dated(sight, chain.before), _dated(sight, one))
        shown["changes"] = [change for change in both if change.mark != "same"]
        shown["same"] = [change for change in both if change.mark == "same"]
    return render(request, "record/entry.html", shown | _seals(sight, one) | _neighbours(sight, seq))


def _items(sight: Sight, one: Entry) -> tuple[Item, ...]:
    desk = sight.desk
    arm, advice = sight.sees_arm(one), sight.sees_advice(one)
    reader = Reader(desk.protocol_then(one), arm=arm, position=sight.sees_lines, advice=advice)
    return reader.items(one.kind, desk.history.kinds.current(one.kind, one.version, one.body))


def _dated(sight: Sight, one: Entry) -> tuple[Item, ...]:
    """The day belongs to what a correction may change."""
    return (Item("effective", "Day on which it happened", (day(one.effective),)), *_items(sight, one))


def _seals(sight: Sight, one: Entry) -> Shown:
    """Hashes and signature, computed again from the entry as this process has read it."""
    whole = sight.sees_whole(one)
    return {
        "sees_hash": whole,
        "would_tell": "what you may not see" if sight.sees_arm(one) else "the arm",
        "hash_holds": entry_hash(one) == one.hash,
        "sees_previous": sight.sees_hash(one.seq - 1),
        "signature_holds": one.signature is not None and digest_of(one.body) == one.signature.digest,
        "line": entry_line(one).decode() if whole and sight.sees_lines else "",
    }


def _neighbours(sight: Sight, seq: int) -> Shown:
    """The nearest entries on both sides, where the user may see them."""
    near = {"earlier": sight.desk.history.entry(seq - 1), "next": sight.desk.history.entry(seq + 1)}
    return {name: one for name, one in near.items() if one is not None and sight.sees(one)}


class VerifyForm(forms.Form):
    """What to verify the record against, besides itself."""

    expected = forms.RegexField(
        r"^\s*[0-9a-fA-F]{64}\s*$",
        required=False,
        label="A hash that you wrote down earlier",
        help_text=(
            "The 64 characters that an earlier verification or a printed confirmation names. Entries that are missing "
            "at the end cannot be noticed without one."
        ),
        error_messages={"invalid": "A hash has 64 characters, the digits 0 to 9 and the letters a to f."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_expected(self) -> str:
        """Without spaces around it, in lower case as the record has it."""
        return str(self.cleaned_data["expected"]).strip().lower()


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found. ``expected_at`` is the entry that bears the expected hash, None where none does."""

    result: Verification
    seconds: str
    expected: str
    expected_at: int | None

    @property
    def whole(self) -> bool:
        """Nothing was found, and the expected hash (if one was given) is in its place."""
        return not self.result.findings and (not self.expected or self.expected_at is not None)


@never_cache
@at_desk(Action.VERIFY)
def verify(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Verify the record as the database holds it now; nothing is written. GET shows the form alone."""
    desk.require(Action.VERIFY)
    form = VerifyForm(request.POST if request.method == "POST" else None)
    shown: Shown = {"form": form}
    if request.method == "POST" and form.is_valid():
        shown["verified"] = _verified(desk.study, form.cleaned_data["expected"])
    return render(request, "record/verify.html", shown)


def _verified(study: str, expected: str) -> Verified:
    start = perf_counter()
    result = store.verified(study)
    return Verified(result, f"{perf_counter() - start:.1f}", expected, _place_of(study, expected, result))


def _place_of(study: str, expected: str, result: Verification) -> int | None:
    """The number of the entry that bears a hash. Every later entry seals it, so it need not be the last one."""
    if not expected or not result.replayed:
        return None
    verified = store.current(study).entries[: result.entries]
    if not verified or verified[-1].hash != result.head:
        return None
    return next((one.seq for one in verified if one.hash == expected), None)


@require_safe
@at_desk(Action.EXPORT)
def export(request: HttpRequest, desk: Desk) -> StreamingHttpResponse:
    """The record line by line, byte for byte as it is kept."""
    desk.require(Action.EXPORT)
    answer = StreamingHttpResponse(store.lines(desk.study), content_type="application/jsonl; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{desk.study}-record-{desk.today()}.jsonl"'
    answer["Cache-Control"] = "no-store"
    return answer


urls: list[URLPattern | URLResolver] = [
    path("record", record, name="record"),
    path("record/<int:seq>", entry, name="entry"),
    path("record/verify", verify, name="verify"),
    path("record/export.jsonl", export, name="export"),
]
