"""The OpenAPI document: what the API's framework cannot tell by itself."""

from __future__ import annotations

from typing import Any, Final

from evenhand.web.api.body import BUNDLE, FORM
from evenhand.web.api.problems import MEDIA_TYPE, Problem
from evenhand.web.api.submission import Addition, Candidate

_ALWAYS: Final = (400, 401, 403, 404, 405, 422, 500, 503)
_SCHEMAS: Final = "#/components/schemas/"
_FHIR: Final[dict[str, Any]] = {
    "type": "object",
    "description": "An mCODE bundle (HL7 FHIR R4), about one person.",
    "required": ["resourceType"],
    "properties": {"resourceType": {"const": "Bundle"}, "entry": {"type": "array", "items": {"type": "object"}}},
    "examples": [{"resourceType": "Bundle", "type": "collection", "entry": []}],
}


def troubles(*more: int) -> dict[Any, Any]:
    """The problems that an operation may answer, beside its success."""
    return dict.fromkeys(sorted({*_ALWAYS, *more}), Problem)


def _body(model: str) -> dict[str, Any]:
    schema = {"$ref": _SCHEMAS + model}
    return {"requestBody": {"required": True, "content": {FORM: {"schema": schema}, BUNDLE: {"schema": _FHIR}}}}


BODY_OF_CANDIDATE: Final = _body("Candidate")
BODY_OF_ADDITION: Final = _body("Addition")
NO_BODY: Final[dict[str, Any]] = {}


def completed(document: dict[str, Any]) -> None:
    """Finish the document: problems under their own media type, headers, and the models of what is sent."""
    schemas = document["components"]["schemas"]
    for model in (Addition, Candidate):
        schemas[model.__name__] = model.model_json_schema(ref_template=_SCHEMAS + "{model}")
    for operations in document["paths"].values():
        for operation in operations.values():
            _complete(operation)


def _complete(operation: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        parameter["schema"] = _of_parameter(parameter["schema"])
    keyed = any(given["name"] == "Idempotency-Key" for given in operation["parameters"])
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if int(status) >= 400 and FORM in content:
            content[MEDIA_TYPE] = content.pop(FORM)
        headers = _headers(int(status), keyed)
        if headers:
            response["headers"] = headers


def _of_parameter(schema: dict[str, Any]) -> dict[str, Any]:
    """Query and headers have no null: what is optional is left out."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if not kinds:
        return schema
    return {**kinds[0], **{name: value for name, value in schema.items() if name != "anyOf"}}


def _headers(status: int, keyed: bool) -> dict[str, Any]:
    told = {
        201: ("Idempotent-Replayed", "`true` where the same request was carried out before", {"const": "true"}),
        401: ("WWW-Authenticate", "how to authenticate", {"type": "string"}),
        405: ("Allow", "the methods that the address knows", {"type": "string"}),
        503: ("Retry-After", "seconds after which to try again, under the same key", {"type": "integer"}),
    }
    if status not in told or (status == 201 and not keyed):
        return {}
    name, description, schema = told[status]
    return {name: {"description": description, "required": status != 201, "schema": schema}}
