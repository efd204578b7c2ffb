"""The confirmation of a randomization as a file to print."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evenhand.web.access import Action
from evenhand.web.confirmation import as_pdf, confirmation_of
from evenhand.web.desk import Desk, at_desk


@require_safe
@at_desk(Action.SEE_ARM)
def confirmation(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """The PDF, for whoever may see the arm. It is kept in no cache between here and there."""
    made = next(iter(desk.candidate(subject, Action.SEE_ARM).of("randomized")), None)
    protocol = desk.protocol_then(made.original) if made else desk.protocol
    content = confirmation_of(protocol, desk.history, subject)
    if content is None:
        raise Http404(f"{subject} is not randomized.")
    name = f"{desk.study}-{content['participant']}-randomization.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(as_pdf(content, demo=settings.DEMO), content_type="application/pdf", headers=headers)
