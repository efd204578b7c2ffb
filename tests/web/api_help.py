"""Another system at the door: a client of the HTTP API with a token, and requests that fit."""

import json
from datetime import timedelta
from itertools import count
from pathlib import Path

from django.test import Client

from evenhand.administration import Grant, TokenTerms
from evenhand.web import store
from tests.studies_here import SHIPPED
from tests.web.trial_here import ADMINISTRATOR, COORDINATOR, NORTH, STUDY

ROOT = "/api/v1"
HERE = f"{ROOT}/studies/{STUDY}"
PROBLEM = "application/problem+json"
FORM, BUNDLE = "application/json", "application/fhir+json"
PATIENTS = sorted(Path(SHIPPED[0], "patients").glob("*.json"))
FACTS = {
    "birth_date": "1970-05-17",
    "ecog": {"value": 1, "date": "2026-10-20"},
    "her2_tests": {"complete": False, "items": [{"specimen": "S1", "ihc": 3}]},
}
_keys = count(1)


def token(
    user=COORDINATOR.user,
    role="coordinator",
    site=NORTH,
    scopes=store.tokens.SCOPES,
    life=timedelta(days=30),
    label="Chart system",
):
    """A fresh token of a user of the trial."""
    terms = TokenTerms(label, Grant(user, role, site), tuple(scopes), life)
    return store.issue_token(STUDY, terms, by=ADMINISTRATOR)


class System:
    """A system with a token; each POST gets a key of its own unless one is named."""

    def __init__(self, shown=None, **given):
        self.token = token(**given) if shown is None else shown
        self.client = Client(raise_request_exception=False, SERVER_NAME="localhost")

    def headers(self, **more):
        return {"Authorization": f"Bearer {self.token}", **more}

    def get(self, address, **query):
        return self.client.get(HERE + address, query, headers=self.headers())

    def post(self, address, content=None, *, key=None, kind=FORM, **headers):
        sent = b"" if content is None else content if isinstance(content, bytes) else json.dumps(content).encode()
        named = {"Idempotency-Key": key or f"k{next(_keys)}", **headers}
        return self.client.post(HERE + address, sent, content_type=kind, headers=self.headers(**named))

    def candidate(self, number="4711", **more):
        """Submit somebody; gives the answer."""
        return self.post("/candidates", {"number": number, "facts": FACTS, **more})


def problem_of(answer, status):
    """A problem's answer as JSON, after checking that it is one, and tells nothing about the inside."""
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content
    said = answer.json()
    assert said["status"] == status
    assert said["type"].startswith("urn:evenhand:problem:")
    assert said["title"] and said["detail"]
    assert "Traceback" not in answer.content.decode()
    return said
