"""The design: what the trial is to show, what it takes for granted, and what changes when the assumptions do.

It speaks of assumptions alone and of nobody's data, so that everybody who sees the study may see it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk


@require_safe
@at_desk(Action.SEE_STUDY)
def design(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The design under the assumptions asked for. Where a value is wrong, a picture on the screen stays as it is."""
    if desk.newest.design is None or desk.newest.enrollment.accrual_months is None:
        return render(request, "design/none.html")
    from evenhand.web.pages.studies import design_answer, plot  # noqa: PLC0415 - numpy, once somebody asks

    page = design_answer.design_page(desk.newest, request.GET)
    box = {"x": f"{plot.LEFT}%", "y": f"{plot.TOP}%", "width": f"{plot.WIDTH}%", "height": f"{plot.HEIGHT}%"}
    edges = {"right": f"{plot.LEFT + plot.WIDTH}%", "bottom": f"{plot.TOP + plot.HEIGHT}%"}
    answer = render(request, "design/design.html", {"page": page, "answer": page.answer, "box": box | edges})
    if not page.good:
        answer["HX-Reswap"] = "none"
        answer["HX-Replace-Url"] = "false"
    return answer


urls: list[URLPattern | URLResolver] = [path("design", design, name="design")]
