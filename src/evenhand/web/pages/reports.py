"""Reports: which there are, how far the others are, asking for one, reading it, taking its files home."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.reporting import handing_out
from evenhand.web.pages.reporting.asking import AskForm, wanted_at
from evenhand.web.pages.reporting.makers import report_maker
from evenhand.web.pages.reporting.making import begin
from evenhand.web.pages.reporting.offered import OFFERED, Offered, may_read, names_people
from evenhand.web.pages.reporting.tracing import asker, is_open, open_report
from evenhand.web.store import Kept, Made

_PER_PAGE: Final = 20
_GROUPS: Final = {"tables": "Tables", "figures": "Figures and their data", "datasets": "Datasets of the analysis"}


@dataclass(frozen=True, slots=True)
class Line:
    """A report in the list."""

    made: Made
    kind: Offered


@dataclass(frozen=True, slots=True)
class Group:
    """Files that belong together."""

    label: str
    files: tuple[Kept, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.SEE_STUDY)
def reports(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The reports that this user may read; POST asks for one."""
    if request.method == "POST" and not may_read(desk, request.POST.get("kind", "accrual")):
        raise PermissionDenied("Your roles do not allow you to make this kind of report.")
    form = AskForm(request.POST if request.method == "POST" else None, desk=desk)
    if form.is_bound and form.is_valid():
        wanted = form.wanted()
        begin(wanted, report_maker(wanted, desk.versions, desk.history), by=asker(desk, wanted.kind))
        return redirect("report", desk.study, wanted.id)
    lines = [Line(one, OFFERED[one.kind]) for one in store.reports_of(desk.study) if _reads(desk, one)]
    sheet = Paginator(lines, _PER_PAGE).get_page(request.GET.get("page"))
    kept = {"newest": store.NEWEST_KEPT, "days": store.REPORTS_KEPT_FOR.days}
    return render(request, "reports/reports.html", {"form": form, "sheet": sheet, "kept": kept})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.SEE_STUDY)
def report(request: HttpRequest, desk: Desk, report: str) -> HttpResponse:
    """One report: how far it is, or its files. POST begins one again that stalled or was refused; or opens, for today,
    one that tells the arms apart."""
    made = _known(desk, report)
    refusal = None
    if request.method == "POST":
        refusal = _opened(desk, made) if "open" in request.POST else None
        if refusal is None:
            return _again(desk, made)
    if getattr(request, "htmx", None) and made.state != "going":
        return HttpResponse(headers={"HX-Refresh": "true"})  # the part that waited is asked for as a whole page
    open_now = made.state == "made" and is_open(desk, made)
    shown = {"made": made, "kind": OFFERED[made.kind], "open_now": open_now, "refusal": refusal}
    shown["groups"] = _grouped(store.files_kept(made.id)) if open_now else []
    return render(request, "reports/report.html", shown)


@require_safe
@at_desk(Action.SEE_STUDY)
def report_page(request: HttpRequest, desk: Desk, report: str) -> HttpResponse:
    """The report to be read, as its own page."""
    made = _known(desk, report)
    if not is_open(desk, made):
        return redirect("report", desk.study, made.id)
    return handing_out.page(_content(made, handing_out.PAGE))


@require_safe
@at_desk(Action.SEE_STUDY)
def report_file(request: HttpRequest, desk: Desk, report: str, file: str) -> HttpResponse:
    """One file, to be kept."""
    made = _known(desk, report)
    if not is_open(desk, made):
        return redirect("report", desk.study, made.id)
    return handing_out.handed_out(_name(desk, made), file, _content(made, file))


@require_safe
@at_desk(Action.SEE_STUDY)
def report_zip(request: HttpRequest, desk: Desk, report: str) -> HttpResponse:
    """All files at once."""
    made = _known(desk, report)
    if not is_open(desk, made):
        return redirect("report", desk.study, made.id)
    files = {one.path: _content(made, one.path) for one in store.files_kept(made.id)}
    if not files:
        raise Http404("This report has no files: it is not made.")
    return handing_out.archive(_name(desk, made), files)


def _reads(desk: Desk, made: Made) -> bool:
    """Whether this user may read a report that somebody asked for; one with lists of people is not for everybody."""
    return may_read(desk, made.kind) and (not made.named or names_people(desk, made.kind))


def _known(desk: Desk, id: str) -> Made:
    """A report that this user may read. Raises Http404 for any other, so that its being there is not told either."""
    made = store.report_of(desk.study, id)
    if made is None or not _reads(desk, made):
        raise Http404("There is no such report, or none that you may read.")
    return made


def _opened(desk: Desk, made: Made) -> Refusal | None:
    """Open a report that is made, for today; why not, where the record cannot say so."""
    try:
        if made.state == "made":
            open_report(desk, made)
    except Refusal as refusal:
        return refusal
    return None


def _again(desk: Desk, made: Made) -> HttpResponse:
    """Another attempt; by the protocol and the program as they are now."""
    if made.state in ("made", "going"):
        return redirect("report", desk.study, made.id)
    wanted = wanted_at(desk, made.kind, made.effective, made.recorded, named=made.named)
    begin(wanted, report_maker(wanted, desk.versions, desk.history), by=asker(desk, wanted.kind))
    return redirect("report", desk.study, wanted.id)


def _content(made: Made, path: str) -> bytes:
    content = store.content_kept(made.id, path)
    if content is None:
        raise Http404("This report has no such file.")
    return content


def _name(desk: Desk, made: Made) -> str:
    return f"{desk.study}-{made.kind}-{made.effective.isoformat()}"


def _grouped(files: Iterable[Kept]) -> list[Group]:
    """The files below the first ones, by their folder."""
    given = tuple(files)
    groups = [Group("Page, PDF and numbers", tuple(one for one in given if "/" not in one.path))]
    groups += [
        Group(label, tuple(one for one in given if one.path.startswith(f"{folder}/")))
        for folder, label in _GROUPS.items()
    ]
    return [one for one in groups if one.files]


urls: list[URLPattern | URLResolver] = [
    path("reports", reports, name="reports"),
    path("reports/<slug:report>", report, name="report"),
    path("reports/<slug:report>/page", report_page, name="report-page"),
    path("reports/<slug:report>/files.zip", report_zip, name="report-zip"),
    path("reports/<slug:report>/files/<path:file>", report_file, name="report-file"),
]
