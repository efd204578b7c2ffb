"""What is shown in place of a page that failed: a database that takes nothing is told apart from a fault of ours."""

from __future__ import annotations

import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

_RETRY_AFTER: Final = 60  # assumed: seconds in which a database is restarted, or somebody makes room


def failed(request: HttpRequest) -> HttpResponse:
    """503 where the database failed (full, read-only, out of reach, occupied), 500 for anything else.

    The pages are made without the database, without a session and without the request, any of which may be what failed.
    """
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        page = loader.get_template("503.html").render()
        return HttpResponse(page, status=503, headers={"Retry-After": str(_RETRY_AFTER), "Cache-Control": "no-store"})
    return HttpResponse(loader.get_template("500.html").render(), status=500)
