"""What the tests of the web application stand on: databases, browser and server are as real as they say."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections

from evenhand.web import models, triggers
from tests.web import browser as browsers
from tests.web import databases, postgres
from tests.web.browser import PHONE, axe, barriers, faults, noise, sticking_out
from tests.web.databases import together
from tests.web.postgres import ROOT, PostgresServer, shared_server, temporary_server
from tests.web.servers import Server


def eventually(holds: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


# ---- a fresh database for each test ------------------------------------------------------------


@pytest.mark.parametrize("round", [1, 2])
def test_each_test_gets_a_migrated_database_in_which_nobody_wrote(each_database, round):
    assert connection.vendor == each_database.engine
    assert not models.User.objects.exists()
    assert triggers.missing() == []
    models.User.objects.create(username=f"somebody of round {round}")


def test_what_one_thread_commits_others_see_at_once(each_database):
    models.User.objects.create(username="first")
    jobs = [lambda n=n: models.User.objects.create(username=str(n)).pk for n in range(4)]
    assert len(set(together(jobs))) == 4
    assert models.User.objects.count() == 5
    assert isinstance(together([lambda: models.User.objects.get(username="nobody")])[0], models.User.DoesNotExist)


def test_a_test_that_asks_for_no_database_finds_none():
    with pytest.raises(ImproperlyConfigured):
        models.User.objects.exists()


def test_what_is_remembered_of_one_database_is_forgotten_in_the_next(meeting, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        with databases.sqlite_database(meeting, tmp_path / name):
            assert ContentType.objects._cache == {}
            ContentType.objects.get_for_model(models.User)


def test_a_dropped_database_is_gone_although_somebody_was_connected(postgres, meeting, tmp_path):
    with databases.postgres_database(postgres, meeting, tmp_path) as fresh:
        name = connection.settings_dict["NAME"]
        left = psycopg.connect(fresh.url)
    assert name not in postgres.databases()
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    left.close()


def test_settings_do_not_leak_into_the_environment():
    look = (
        "import os; before = dict(os.environ); from tests.web import databases; databases.set_up(); "
        "print(sorted(set(os.environ) - set(before)))"
    )
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "EVENHAND_"))}
    told = subprocess.run([sys.executable, "-c", look], cwd=ROOT, env=ours, capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
    assert connections.settings["default"]["ENGINE"] == "django.db.backends.dummy"


# ---- a real PostgreSQL -------------------------------------------------------------------------


def shown(server, name):
    with psycopg.connect(server.url("postgres")) as opened:
        return opened.execute(f"SHOW {name}").fetchone()[0]


def test_it_is_as_durable_as_in_use_and_listens_to_no_network(postgres):
    expected = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "listen_addresses": ""}
    assert {name: shown(postgres, name) for name in expected} == expected


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must become somebody else")
def test_it_does_not_run_as_root(postgres):
    assert (postgres.data / "PG_VERSION").stat().st_uid == postgres.folder.stat().st_uid != 0


@pytest.mark.parametrize(
    "kind",
    [
        "wheel",
        pytest.param(
            "system", marks=pytest.mark.skipif(postgres.system_programs() is None, reason="this machine has none")
        ),
    ],
)
def test_what_was_committed_survives_a_crash(kind, monkeypatch):
    monkeypatch.setenv("EVENHAND_POSTGRES", kind)
    with temporary_server() as server:
        url = server.create("ledger")
        with psycopg.connect(url) as opened:
            opened.execute("CREATE TABLE said (word text)")
            opened.execute("INSERT INTO said VALUES ('kept')")
        with psycopg.connect(url) as lost:
            lost.execute("INSERT INTO said VALUES ('never committed')")
            server.restart("immediate")
            with pytest.raises(psycopg.OperationalError):
                lost.execute("SELECT 1")
            lost.close()
        with psycopg.connect(url) as opened:
            assert opened.execute("SELECT word FROM said").fetchall() == [("kept",)]
        assert subprocess.run([server.program("pgbench"), "--version"], check=True, capture_output=True).stdout
    assert not server.folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must become somebody else")
def test_the_wheels_programs_run_where_only_root_may_enter(tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    package = postgres.wheel_programs().parent.parent
    monkeypatch.setenv("EVENHAND_POSTGRES", str(closed / package.name / "pginstall" / "bin"))
    closed.mkdir(mode=0o700)
    for folder in (package, package.with_name(f"{package.name}.libs")):
        subprocess.run(["cp", "-a", folder, closed], check=True)
    with temporary_server(fsync=False) as server:
        assert not server.programs.is_relative_to(closed)
        assert shown(server, "fsync") == "off"


def test_what_an_interrupted_start_left_is_no_hindrance():
    folder = postgres.new_folder()
    (folder / "data").mkdir()
    (folder / "data" / "half").write_text("made")
    with PostgresServer(folder) as server:
        os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert eventually(lambda: not server.running())
        server.start()  # over what the killed one left
        server.start()  # over one that runs
        assert shown(server, "port") == "5432"
    server.remove()


def test_its_own_words_are_in_the_error_when_it_will_not_start():
    with temporary_server() as server:
        server.stop()
        (server.data / "PG_VERSION").write_text("7\n")
        with pytest.raises(RuntimeError, match="initialized by PostgreSQL version 7"):
            server.start()


def test_a_folder_that_cannot_hold_a_socket_is_refused(tmp_path):
    with pytest.raises(ValueError, match="too long"):
        PostgresServer(tmp_path / ("long" * 30))


def test_all_processes_of_a_run_share_one_and_it_goes_after_the_last(tmp_path):
    with shared_server(tmp_path) as first:
        with shared_server(tmp_path) as second:
            assert second.folder == first.folder
        assert first.running()
    assert eventually(lambda: not first.folder.exists())
    with shared_server(tmp_path) as anew:
        assert anew.running()
        assert anew.folder != first.folder


def test_it_goes_even_if_its_user_is_killed(tmp_path):
    use = "from tests.web.postgres import *\nwith temporary_server() as s: print(s.folder, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", use], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as user:
        folder = Path(user.stdout.readline().decode().strip())
        assert folder.exists()
        user.kill()
    assert eventually(lambda: not folder.exists())


# ---- a real server -----------------------------------------------------------------------------


@pytest.fixture
def stand_in(tmp_path):
    with Server({"ANSWER": "here"}, tmp_path / "log", command=("tests.web.stand_in",)) as running:
        yield running


def test_the_server_answers_until_it_is_stopped(stand_in):
    assert stand_in.healthy()
    stand_in.stop()
    assert not stand_in.healthy()
    stand_in.start()
    assert stand_in.healthy()


def test_a_killed_worker_is_replaced(stand_in):
    assert eventually(lambda: len(stand_in.worker_pids()) == 2)
    killed = stand_in.kill_worker()
    assert eventually(lambda: len(set(stand_in.worker_pids()) - {killed}) == 2), stand_in.output()
    assert stand_in.healthy()
    assert all(used > 1_000_000 for used in stand_in.memory())


def test_killed_as_a_whole_it_leaves_nobody_behind(stand_in):
    pids = stand_in.worker_pids()
    stand_in.kill()
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    assert stand_in.kill_worker() is None
    stand_in.restart()
    assert stand_in.healthy()


def test_the_program_itself_is_served_on_the_database_of_the_test(each_database, server):
    assert server.healthy()
    assert eventually(lambda: len(server.worker_pids()) == 2)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'web'")
    assert not server.healthy()


def test_a_server_that_ends_tells_why(tmp_path):
    with pytest.raises(RuntimeError, match="No module named"), Server({}, tmp_path / "log", command=("no_such",)):
        pass


# ---- a real browser ----------------------------------------------------------------------------

GOOD = """<!doctype html><html lang="en"><head><title>Good</title><meta name="viewport" content="width=device-width">
</head><body><main><h1>Good</h1><p>Nothing to see.</p></main></body></html>"""
SMALL = "<style>button { width: 9px; height: 9px; padding: 0 }</style>"
BAD = {  # what is wrong with the page -> what stands in its body, and the word by which it is found
    "an image without words": ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', "image-alt"),
    "small targets": (f"{SMALL}<div><button>a</button><button>b</button></div>", "target-size"),
    "pale letters": ('<p style="color:#bbb;background:#fff">pale</p>', "color-contrast"),
    "pale in the dark only": (
        "<style>@media (prefers-color-scheme: dark) { p { color: #333; background: #000 } }</style><p>in the dark</p>",
        "color-contrast (dark)",
    ),
    "too wide": ('<div class="wide" style="width:2000px">wide</div>', "div.wide"),
    "a script that fails": ("<script>nothing.here()</script>", "nothing is not defined"),
    "a complaint": ("<script>console.error('a complaint')</script>", "console: a complaint"),
    "another host": ('<img alt="x" src="http://elsewhere.invalid/x.png">', "elsewhere.invalid/x.png"),
    "a breach of the policy": (
        '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'"><script>x()</script>',
        "Content Security Policy",
    ),
}


def test_a_good_page_has_no_faults(phone, desktop):
    for page in (phone, desktop):
        page.set_content(GOOD)
        assert faults(page) == []
        assert axe(page) == []
    assert phone.evaluate("innerWidth") == PHONE[0]


@pytest.mark.parametrize("body, word", BAD.values(), ids=BAD.keys())
def test_each_kind_of_fault_is_found(phone, body, word):
    phone.set_content(GOOD.replace("<p>Nothing to see.</p>", body))
    assert word in "\n".join(faults(phone))


def test_a_fault_is_told_once_and_a_look_changes_nothing(new_page):
    page = new_page(PHONE, color_scheme="dark")
    page.set_content(GOOD + "<script>console.error('once')</script>")
    assert noise(page) == ["console: once"]
    assert noise(page) == sticking_out(page) == barriers(page) == []
    assert page.evaluate(browsers.IS_DARK)


def test_a_page_under_a_strict_policy_can_be_looked_at(desktop, stand_in):
    desktop.goto(stand_in.address)
    assert desktop.title() == "here"
    assert faults(desktop) == []
    desktop.goto(f"{stand_in.address}/broken")
    assert "answer 500" in faults(desktop)[0]


def test_the_database_may_be_used_beside_the_browser(desktop, database):
    assert models.User.objects.count() == 0


def test_a_missing_browser_is_named(monkeypatch):
    monkeypatch.setenv("EVENHAND_CHROMIUM", "no-such-browser")
    with pytest.raises(FileNotFoundError, match="no-such-browser"):
        browsers.chromium()
