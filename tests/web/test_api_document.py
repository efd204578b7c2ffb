"""The OpenAPI document, and the API held to it by schemathesis: no request that it can think of breaks a promise."""

import json
from collections import Counter
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import schemathesis
from django.db import connections
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from evenhand.web import store
from evenhand.web.api.application import api
from evenhand.web.api.problems import TITLES
from evenhand.web.wsgi import application
from tests.studies_here import ROOT
from tests.web.api_help import PROBLEM, System
from tests.web.trial_here import COORDINATOR, NORTH, STUDY, trial, user

EXAMPLES = 8  # random ones for each operation, beside some 300 requests on the edges of the document
METHODS = ("get", "post")


@pytest.fixture(scope="module")
def document():
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))


def operations(document):
    return {(method, path): operation for path, item in document["paths"].items() for method, operation in item.items()}


def test_the_document_is_at_its_address_and_says_what_the_code_says(database, document):
    assert System("none").client.get("/api/v1/openapi.json").json() == document


def test_every_operation_says_what_can_go_wrong_and_asks_for_a_token(document):
    assert len(operations(document)) == 6
    for (method, path), operation in operations(document).items():
        assert operation["security"] == [{"Token": []}], path
        assert {"400", "401", "403", "404", "405", "422", "500", "503"} <= set(operation["responses"]), path
        wrong = [one for status, one in operation["responses"].items() if int(status) >= 400]
        assert {kind for one in wrong for kind in one["content"]} == {PROBLEM}, path
        required = [one["name"] for one in operation["parameters"] if one["in"] == "header" and one["required"]]
        assert required == (["Idempotency-Key"] if method == "post" else []), path
        assert operation["summary"] and operation["description"] and operation["operationId"]


def test_every_reference_of_the_document_leads_somewhere(document):
    names = {part.split('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}
    assert names <= set(document["components"]["schemas"])
    assert {"Candidate", "Addition", "Problem", "Fault", "Verdict", "Entries"} <= names


def test_the_manual_names_every_operation_and_every_kind_of_problem(document):
    manual = (ROOT / "docs" / "api.md").read_text("utf-8")
    for method, path in operations(document):
        assert f"{method.upper()} {path.removeprefix('/api/v1')}" in manual
    for kind in TITLES:
        assert f"`{kind}`" in manual


# ---- held to the document ----------------------------------------------------------------------


class Quiet(WSGIRequestHandler):
    """Says nothing about requests, of which there are hundreds."""

    def log_message(self, *_):
        pass


@pytest.fixture
def served(database):
    """The application on a port of this machine, on a thread of its own; gives its address."""
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)

    def serve():
        server.serve_forever(poll_interval=0.05)
        connections.close_all()

    thread = Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def configuration():
    """All checks are on. A refusal (422) is how the study answers what fits the form and not the protocol."""
    accepted = ["2xx", "401", "403", "404", "409", "422"]
    rejected = ["400", "401", "403", "404", "405", "409", "413", "415", "422"]
    return SchemathesisConfig.from_dict(
        {
            "seed": 7,
            "generation": {"deterministic": True, "max-examples": EXAMPLES},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": accepted},
                "negative_data_rejection": {"expected-statuses": rejected},
            },
        }
    )


@pytest.mark.parametrize("stage", ["screened", "registered"])
def test_the_api_keeps_what_its_document_promises(served, stage):
    (subject,) = trial(stage)
    user(COORDINATOR.user, "coordinator", NORTH, password=None)
    loaded = schemathesis.openapi.from_url(f"{served}/api/v1/openapi.json", config=configuration())
    loaded.config.parameters.update({"path.study": STUDY, "path.subject": subject})
    loaded.config.headers = System().headers()
    broken, statuses = [], Counter()
    for event in from_schema(loaded).execute():
        if isinstance(event, events.ScenarioFinished):
            broken += [said for checks in event.recorder.checks.values() for said in map(told, checks) if said]
            statuses.update(one.response and one.response.status_code for one in event.recorder.interactions.values())
        elif isinstance(event, (events.NonFatalError, events.FatalError, events.Interrupted)):
            broken.append(repr(event))
    assert broken == []
    assert {200, 201, 400, 401, 405, 415, 422} <= set(statuses)
    assert None not in statuses
    assert store.verified(STUDY).findings == ()


def told(check):
    """What a check found, with the request that shows it; nothing where all is well."""
    found = check.failure_info
    return found and f"{check.name}: {found.failure.title} {found.failure.message}\n{found.code_sample}"
