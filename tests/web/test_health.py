"""How the application is, as it tells whoever watches it and whoever is about to start it."""

import json
import os
import secrets
import subprocess
import sys

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from evenhand.web import checks
from tests.web.databases import connected
from tests.web.door_help import Browser


@pytest.fixture
def client():
    return Browser()


def test_it_is_well_when_the_database_answers_with_all_that_is_wanted(each_database, client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert not answer.cookies


def test_it_is_unwell_without_a_part_of_the_guard(each_database, client):
    table = "" if connection.vendor == "sqlite" else " ON web_entry"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER evenhand_entry_stays{table}")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["wrong"]) == (503, ["trigger evenhand_entry_stays"])


def test_it_is_unwell_while_a_migration_is_waiting(each_database, client):
    MigrationRecorder(connection).record_unapplied("web", "0001_initial")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["wrong"]) == (503, ["migration web.0001_initial"])


def test_it_is_unwell_without_a_database_and_says_no_more_than_that(tmp_path, client):
    with connected(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite3'}"):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unwell", "wrong": ["database"]})


# ---- before it starts --------------------------------------------------------------------------

PRODUCTION = {"EVENHAND_HTTPS": "1", "EVENHAND_HOSTS": "trial.example", "EVENHAND_PROXIES": "1"}
IN_ORDER = {"DEMO": False, "HTTPS": True, "SECOND_FACTOR": True, "ALLOWED_HOSTS": ["trial.example"]}
FOUND = {
    "nothing": ({}, []),
    "the demonstration": ({"DEMO": True}, ["evenhand.E001"]),
    "no HTTPS": ({"HTTPS": False}, ["evenhand.E002"]),
    "no second factor": ({"SECOND_FACTOR": False}, ["evenhand.E003"]),
    "this machine's names alone": ({"ALLOWED_HOSTS": ["localhost", "127.0.0.1"]}, ["evenhand.E004"]),
    "any name": ({"ALLOWED_HOSTS": ["*"]}, ["evenhand.E005"]),
    "a key that is not random": ({"KEY": b"abcabcabcabc" * 4}, ["evenhand.E006"]),
}


@pytest.mark.parametrize("given, numbers", FOUND.values(), ids=FOUND)
def test_what_is_not_in_order_is_found_before_production(given, numbers):
    with override_settings(**{**IN_ORDER, **given}):
        assert [message.id for message in checks.deployment()] == numbers


def test_the_check_before_production_has_nothing_to_say_of_the_production_form(database):
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    environment = {**ours, **database.environment, "EVENHAND_KEY": secrets.token_hex(32), **PRODUCTION}
    ask = [sys.executable, "-m", "django", "check", "--deploy", "--settings", "evenhand.web.settings"]
    done = subprocess.run(ask, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "no issues" in done.stdout, done.stderr


def test_a_database_that_is_not_in_order_is_found_before_production(database):
    assert checks.database() == []
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER evenhand_entry_stays")
    assert [message.id for message in checks.database()] == ["evenhand.E010"]


def test_behind_https_cookies_go_by_it_alone(database):
    look = "import json; from evenhand.web import security as s; print(json.dumps([s.SESSION_COOKIE_SECURE, "
    look += "s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT]))"
    environment = {**os.environ, **database.environment, **PRODUCTION}
    told = subprocess.run([sys.executable, "-c", look], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == [True, True, "__Host-evenhand", 31_536_000, True]
