"""The HTTP API as a whole: its routes, and one form of answer for everything that goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema

from evenhand.refusal import Refusal
from evenhand.web.api.caller import Token, missing
from evenhand.web.api.candidates import router as candidates
from evenhand.web.api.described import completed
from evenhand.web.api.entries import router as entries
from evenhand.web.api.problems import REPEAT_AFTER, RESTORED_AFTER, Trouble, of_refusal
from evenhand.web.store import RecordDamaged

_log: Final = logging.getLogger(__name__)
_DESCRIPTION: Final = """The steps of a trial for other systems: submit a candidate, add facts, ask for the verdict with
its calendar, register, randomize, read the record of one's own site. See docs/api.md."""


class Api(NinjaAPI):
    """The API, with its document completed and without a page that would load scripts from elsewhere."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """The OpenAPI document."""
        document = super().get_openapi_schema(**given)
        completed(document)
        return document


api: Final = Api(
    title="Evenhand",
    version="1",
    description=_DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    auth=Token(),
    servers=[],
)
api.add_router("", candidates)
api.add_router("", entries)


def trouble_of(error: Exception) -> Trouble:
    """Any exception as a problem. What nobody foresaw is written to the log, and told to nobody."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, Refusal):
        return of_refusal(error)
    if isinstance(error, ValidationError):
        return _of_request(error)
    if isinstance(error, (OperationalError, InterfaceError)):
        _log.exception("the database failed")
        mend = "Nothing was acknowledged. Send the same request again under the same key."
        headers = {"Retry-After": str(REPEAT_AFTER)}
        return Trouble(503, "unavailable", "The database did not answer.", mend=mend, headers=headers)
    if isinstance(error, RecordDamaged):
        return _of_damage(error)
    _log.error("a request failed", exc_info=error)
    mend = "Nothing was acknowledged. Tell the administrator when it happened; it stands in the log."
    return Trouble(500, "failure", "The request could not be carried out.", mend=mend)


def _of_damage(found: RecordDamaged) -> Trouble:
    """Which line of the record cannot be read, and why; without the value that stands there."""
    _log.error("a record cannot be read: %s", found)
    place = f" at line {found.line}" if found.line else ""
    said = f"The record of {found.study} cannot be read{place}. {found.why}"
    mend = "Nothing was recorded. Tell whoever runs the application; send it again once the record is restored."
    return Trouble(503, "record-damaged", said, mend=mend, headers={"Retry-After": str(RESTORED_AFTER)})


def _of_request(error: ValidationError) -> Trouble:
    """Path, query or headers that do not fit; an address that cannot be is one where nothing is."""
    told = [(str(one["loc"][0]), str(one["loc"][-1]), str(one["msg"])) for one in error.errors]
    if any(place == "path" for place, _, _ in told):
        return missing("There is nothing at this address.")
    said = "; ".join(f"{place} {name}: {what}" for place, name, what in told)
    return Trouble(400, "malformed", said, mend="See /api/v1/openapi.json.")


def _answer(_: HttpRequest, error: Any) -> HttpResponse:
    return trouble_of(error).answer()


for _kind in (Exception, ValidationError):
    api.add_exception_handler(_kind, _answer)


def _guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view whose every answer is in one form: also to a method that it does not know."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:
        try:
            answer = view(request, *args, **given)
        except Http404:
            return _nothing(request)
        if isinstance(answer, HttpResponseNotAllowed):
            allowed = answer["Allow"]
            headers = {"Allow": allowed}
            return Trouble(405, "method-not-allowed", f"It knows {allowed}.", headers=headers).answer()
        answer["Cache-Control"] = "no-store"
        return answer

    guarded.csrf_exempt = True  # type: ignore[attr-defined]  # a token is no cookie: no other site can send it
    return guarded


@csrf_exempt
def _nothing(request: HttpRequest, **_: Any) -> HttpResponse:
    return missing("There is nothing at this address. See /api/v1/openapi.json.").answer()


def _urls() -> list[URLPattern | URLResolver]:
    patterns, app, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            view = pattern.callback
            pattern.callback = _guarded(require_GET(view) if pattern.name == "openapi-json" else view)
    return [path("api/v1/", (patterns, app, namespace)), re_path(r"^api/", _nothing, name="api-nothing")]


urls: Final = _urls()
