"""`python -m evenhand.web` as whoever runs it meets it: real processes, real signals, exit codes, and its log."""

import contextlib
import http.client
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from gunicorn.config import Config
from gunicorn.workers.gthread import ThreadWorker

from evenhand.administration import Grant, grants
from evenhand.web import access, store
from evenhand.web.__main__ import main
from evenhand.web.running import logs, run, server, welcome
from evenhand.web.running.faults import CannotStart
from tests.web.postgres import ROOT
from tests.web.servers import START, Server, free_port
from tests.web.trial_here import STUDY, trial

PROGRAM = (sys.executable, "-m", "evenhand.web")
COVERAGE = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")  # measuring makes a server slow, and slow to end
LINK = re.compile(r"^  (\S.*?)  +(demo-\S+) +(http://\S+/demo/\S+)$", re.MULTILINE)


def environment(**more):
    """Ours without what says where data are, and with what the test says."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("EVENHAND_", "DJANGO_"))}
    ours.pop("DATABASE_URL", None)
    return {**ours, **{name: str(value) for name, value in more.items()}}


def ran(*arguments, cwd, **more):
    """A command that ends by itself."""
    given = [*PROGRAM, *map(str, arguments)]
    return subprocess.run(
        given, cwd=cwd, env=environment(**more), capture_output=True, text=True, timeout=120, check=False
    )


def answer(address, cookie=""):
    """Status, place to go to, and cookies of a GET."""
    parts = urlsplit(address)
    with contextlib.closing(http.client.HTTPConnection(parts.netloc, timeout=30)) as asking:
        asking.request("GET", parts.path, headers={"Cookie": cookie} if cookie else {})
        got = asking.getresponse()
        cookies = SimpleCookie("; ".join(got.headers.get_all("Set-Cookie") or []))
        return got.status, got.headers.get("Location", ""), cookies, got.read().decode("utf-8", "replace")


class Demonstration:
    """`run` as a process, up as soon as it has said all that it says."""

    def __init__(self, folder, **more):
        self.folder, self.port = folder, free_port()
        command = [*PROGRAM, "run", "--no-open", "--people", "12", "--data", folder, "--port", str(self.port)]
        self.log = (folder.parent / "run.log").open("a+")
        unmeasured = {name: value for name, value in environment(**more).items() if name not in COVERAGE}
        self.process = subprocess.Popen(
            list(map(str, command)),
            cwd=ROOT,
            env=unmeasured,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,
        )
        self.said = ""

    def __enter__(self):
        end = time.monotonic() + 2 * START
        while "Ctrl-C" not in self.said:
            line = self.process.stdout.readline()
            assert line, f"it ended: {self.said} {self.errors()}"
            assert time.monotonic() < end, self.said
            self.said += line
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def errors(self):
        self.log.seek(0)
        return self.log.read()

    def workers(self):
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii").split()

    def interrupt_the_workers_alone(self):
        workers = self.workers()
        for worker in workers:
            os.kill(int(worker), signal.SIGINT)
        time.sleep(1)  # one that heard it would be gone and replaced by then
        return workers

    def interrupt(self):
        """Ctrl-C in a terminal goes to the whole group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(60)  # requests in hand are finished first; this machine may be busy


# ---- the demonstration -------------------------------------------------------------------------


def test_the_demonstration_from_start_to_end(tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / run._NOTE).write_text(json.dumps({"made": "before", "password": "lost", "finished": False}), "utf-8")
    (folder / run._DATABASE).write_bytes(b"left behind by a start that was interrupted")
    with Demonstration(folder, DATABASE_URL="postgres://nobody@nowhere/never", EVENHAND_HTTPS=1) as demo:
        assert answer(f"http://127.0.0.1:{demo.port}/healthz")[0] == 200
        assert "Everybody in it is made up" in demo.said
        links = LINK.findall(demo.said)
        _each_role_has_a_link_that_works_once(links)
        password = json.loads((folder / run._NOTE).read_text("utf-8"))["password"]
        assert password in demo.said
        assert folder.stat().st_mode & 0o077 == 0 or (folder / "evenhand.sqlite3").stat().st_mode & 0o077 == 0
        workers = demo.interrupt_the_workers_alone()
        assert answer(f"http://127.0.0.1:{demo.port}/healthz")[0] == 200
        assert demo.workers() == workers
        assert demo.interrupt() == 0
        assert demo.errors() == ""
        assert _nobody_listens(demo.port)
    head = _head(folder)
    with Demonstration(folder) as again:
        assert password in again.said
        assert LINK.findall(again.said)[0][2] not in [link for _, _, link in links]
        again.process.terminate()
        assert again.process.wait(60) == 0
    assert _head(folder) == head


def test_a_worker_that_is_told_to_leave_while_it_hands_on_a_request_does_not_wait_for_itself(own_signals):
    worker = ThreadWorker(0, 0, [], None, 60, Config(), None)
    worker.tpool = worker.get_thread_pool()
    worker.method_queue.init()
    worker.alive = True
    for one, answer_to_it in ((signal.SIGQUIT, worker.handle_quit), (signal.SIGTERM, worker.handle_exit)):
        signal.signal(one, answer_to_it)  # as gunicorn does before it hands the worker to us
    server._leaves_between_requests(worker)
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(30)
    with worker.tpool._shutdown_lock:  # as it is while a request is handed to a thread
        signal.raise_signal(signal.SIGINT)
        assert worker.alive  # Ctrl-C is the master's
        signal.raise_signal(signal.SIGQUIT)
        signal.raise_signal(signal.SIGTERM)
    assert not worker.alive
    worker.method_queue.close()
    worker.tmp.close()


@pytest.fixture
def own_signals():
    """Those of the tests again, whatever a worker makes of them."""
    known = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGALRM)
    before = {one: signal.getsignal(one) for one in known}
    yield
    signal.alarm(0)
    for one, handler in before.items():
        signal.signal(one, handler)


def _too_long(*_):
    raise TimeoutError("it waits for itself")


def _each_role_has_a_link_that_works_once(links):
    roles = [role for role, _, _ in links]
    assert roles[:2] == ["coordinator at north and south", "coordinator at south"]
    assert [role.partition(" at ")[0] for role in roles[2:]] == [
        *("treating clinician", "pathologist", "radiation oncologist", "surgeon", "data manager", "monitor"),
        *("statistician", "safety board", "administrator", "inspector"),
    ]
    for _, _, link in links:
        status, place, cookies, _ = answer(link)
        assert (status, place) == (302, "/")
        session = "; ".join(f"{name}={one.value}" for name, one in cookies.items())
        address = f"http://{urlsplit(link).netloc}"
        status, place, _, _ = answer(f"{address}/", session)
        assert (status, place.endswith(("/worklist", "/study"))) == (302, True)
        status, _, _, page = answer(address + place, session)
        assert status == 200
        assert "Demonstration" in page
        assert answer(link)[0] == 410


def _nobody_listens(port):
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) != 0


def _head(folder):
    found = ran("verify", STUDY, cwd=folder, EVENHAND_DATA=folder, EVENHAND_DEMO=1)
    assert found.returncode == 0, found.stderr
    return found.stdout.splitlines()[-1]


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    found = ran("run", "--no-open", "--data", tmp_path, cwd=tmp_path)
    assert found.returncode == 2
    assert "holds no demonstration. Name another folder with --data." in found.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_port_that_is_taken_is_said_each_time(tmp_path):
    """The folder that a start which failed has left is one that the next start makes use of."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for _ in range(2):
            found = ran("run", "--no-open", "--data", tmp_path / "demo", "--port", port, cwd=tmp_path)
            assert found.returncode == 2
            assert f"cannot listen at 127.0.0.1, port {port}: Address already in use. Choose another" in found.stderr


def test_the_next_free_port_where_any_will_do():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match="Address already in use"):
            server.listening("127.0.0.1", port)
        with server.listening("127.0.0.1", port, or_next=True) as found:
            assert port < found.getsockname()[1] <= port + 20


@pytest.mark.parametrize(
    ("surroundings", "expected"),
    [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "wayland-0"}, True), ({"DISPLAY": ""}, False)],
)
def test_a_browser_is_opened_only_where_it_can_be_seen(monkeypatch, surroundings, expected):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    assert welcome.has_display() is expected


# ---- serve -------------------------------------------------------------------------------------


def test_serve_refuses_a_database_without_tables(tmp_path):
    found = ran("serve", "--port", free_port(), cwd=tmp_path, EVENHAND_DATA=tmp_path)
    assert found.returncode == 1
    assert "not started" in found.stderr
    assert "python -m evenhand.web migrate" in found.stderr


def test_serve_refuses_a_record_without_its_guard(database):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER evenhand_entry_stays")
    found = ran("serve", "--port", free_port(), cwd=database.data, **database.environment)
    assert found.returncode == 1
    assert "trigger evenhand_entry_stays" in found.stderr


def test_serve_says_when_the_database_does_not_answer(tmp_path):
    nowhere = f"postgres://nobody@/none?host={tmp_path}"
    found = ran("serve", "--port", free_port(), cwd=tmp_path, EVENHAND_DATA=tmp_path, DATABASE_URL=nowhere)
    assert found.returncode == 1
    assert "database" in found.stderr


def test_a_key_that_is_too_short_is_no_start(tmp_path):
    found = ran("serve", cwd=tmp_path, EVENHAND_DATA=tmp_path, EVENHAND_KEY="short")
    assert found.returncode == 2
    assert "EVENHAND_KEY is too short" in found.stderr


def test_the_log_of_a_live_server_names_paths_and_nothing_else(database, tmp_path):
    trial("screened")
    with Server(database.environment, tmp_path / "log") as live:
        key = "1-abcdef-0123456789abcdef0123456789abcdef"
        answer(f"{live.address}/account/login/?next=/x&name=Ada+Example")
        answer(f"{live.address}/account/first-password/{key}/")
        live.stop()
        said = live.output()
    assert re.search(r"INFO gunicorn\.access: GET /account/login/ \d+ \d+ ms", said)
    assert "GET /account/first-password/*/ " in said
    assert "Ada" not in said
    assert key not in said
    assert "127.0.0.1 " not in said
    assert "Traceback" not in said


def test_a_replaced_worker_serves_like_the_one_before(database, tmp_path):
    with Server(database.environment, tmp_path / "log") as live:
        before = _all_workers(live)
        live.kill_worker()
        live.wait_until_healthy()
        assert _all_workers(live) != before


def _all_workers(live):
    """The workers, once there are as many as asked for."""
    end = time.monotonic() + 60
    while len(live.worker_pids()) != live.workers and time.monotonic() < end:
        time.sleep(0.1)
    assert len(live.worker_pids()) == live.workers
    return live.worker_pids()


# ---- the log -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/study/worklist", "/study/worklist"),
        ("/demo/1-abcdef-0123456789abcdef0123456789abcdef", "/demo/*"),
        ("/static/evenhand/style.0123456789ab.css", "/static/evenhand/style.0123456789ab.css"),
        ("/a\nGET /forged 200", "/a%0AGET%20/forged%20200"),
        ("/x\x1b[31m", "/x%1B%5B31m"),
    ],
)
def test_a_path_is_shown_on_one_line_and_without_secrets(path, shown):
    assert logs.shown_path(path) == shown


def test_an_error_is_told_without_what_it_says():
    try:
        try:
            raise KeyError("Ada Example, born 3 May 1961")
        except KeyError as inner:
            raise ValueError("DETAIL: Key (name)=(Ada Example) already exists") from inner
    except ValueError:
        record = logging.LogRecord("evenhand", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())
    said = logs.Discreet("%(message)s").format(record)
    assert "Ada" not in said
    assert said.startswith("it failed\nbuiltins.ValueError\n")
    assert "builtins.KeyError" in said
    assert re.search(rf"{Path(__file__).name}:\d+ in test_an_error", said)


# ---- chores ------------------------------------------------------------------------------------


@pytest.fixture
def command(database, capfd):
    """A command in this process, on the test's database: exit code, stdout, stderr."""
    mask = os.umask(0o022)

    def call(*arguments):
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return code, *capfd.readouterr()

    yield call
    os.umask(mask)


def test_from_an_empty_database_to_an_administrator(command):
    assert command("admin", "ada")[0] == 2
    code, out, _ = command("add-study", STUDY)
    assert (code, out.startswith(STUDY)) == (0, True)
    assert command("add-study", STUDY)[0] == 0
    code, _, err = command("admin", "ada")
    assert (code, "give the printed name with --name" in err) == (2, True)
    code, out, _ = command("admin", "ada", "--name", "Dr Ada Example")
    assert code == 0
    link = out.splitlines()[-1]
    assert re.fullmatch(r"/account/first-password/\S+/", link)
    assert access.account("ada") == access.Account("ada", "Dr Ada Example", True)
    history = store.current(STUDY)
    assert grants(history) == (Grant("ada", "administrator", None),)
    assert history.entries[-1].by.user == "installer"
    assert command("admin", "ada", "--study", STUDY)[0] == 0
    entries = store.current(STUDY).entries
    assert [entry.kind for entry in entries] == ["account_made", "way_in_given", "role_granted", "way_in_given"]
    assert {entry.by.user for entry in entries} == {"installer"}
    assert command("verify", STUDY)[0] == 0


@pytest.mark.parametrize("arguments", [("export", "none"), ("verify", "none"), ("admin", "ada", "--study", "none")])
def test_a_study_that_does_not_run_here(command, arguments):
    command("add-study", STUDY)
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert f"none does not run here. These do: {STUDY}." in err


def test_a_folder_that_is_no_study(command, tmp_path):
    assert command("add-study", tmp_path)[0] == 2


def test_the_export_is_the_record_and_verifies(command):
    trial("registered")
    code, out, _ = command("export", STUDY)
    assert (code, out.encode()) == (0, b"".join(store.lines(STUDY)))
    head = store.current(STUDY).head_hash
    code, out, _ = command("verify", STUDY, "--head", head)
    assert (code, f"last hash {head}" in out) == (0, True)
    code, _, err = command("verify", STUDY, "--head", "0" * 64)
    assert (code, f"the record of {STUDY} is not in order" in err) == (1, True)


def test_a_tampered_record_is_a_finding(command):
    trial("registered")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER evenhand_entry_stays")
        cursor.execute("UPDATE web_entry SET line = replace(line, '\"north\"', '\"south\"') WHERE seq = 5")
    store.forget()
    code, _, err = command("verify", STUDY)
    assert (code, f"{STUDY}, entry 5" in err) == (1, True)
    code, _, err = command("check")  # and it has not the settings of production
    assert (code, "trigger evenhand_entry_stays" in err) == (1, True)


def test_check_in_the_production_form(database):
    trial("screened")
    proper = {"EVENHAND_HTTPS": "1", "EVENHAND_HOSTS": "trial.example.org"}
    found = ran("check", cwd=database.data, **database.environment, **proper)
    assert (found.returncode, found.stderr) == (0, "")
    assert f"{STUDY}: verified" in found.stdout


def test_djangos_own_commands(command):
    code, out, _ = command("manage", "showmigrations", "web")
    assert (code, "[X] 0001_initial" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "usage"),
        (("run", "--port", "x"), "'x' is no port"),
        (("serve", "--port", "70000"), "'70000' is no port"),
        (("serve", "--workers", "0"), "'0' is no number of at least 1"),
        (("nonsense",), "invalid choice"),
    ],
)
def test_bad_arguments_are_named(arguments, said, capsys):
    try:
        code = main(arguments)
    except SystemExit as end:
        code = end.code
    assert (code, said in capsys.readouterr().err) == (2, True)
