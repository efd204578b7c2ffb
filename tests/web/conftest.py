"""What tests of the web application may ask for.

database       a fresh, migrated database of this test, in SQLite; Django is connected to it
each_database  the same twice: in SQLite and in a real PostgreSQL
postgres       the PostgreSQL of this test run, shared with other tests: not to be stopped
own_postgres   a PostgreSQL of this test alone, for stopping and crashing it
server         the program under gunicorn, two workers, on the test's database
desktop        a page of a real browser, 1440 px wide; `phone` is 375 px wide; `new_page(size, ...)` gives more
"""

import os
from contextlib import ExitStack
from functools import partial

import pytest

from tests.web import databases
from tests.web.browser import DESKTOP, PHONE, opened_page, started_browser
from tests.web.postgres import shared_server, temporary_server
from tests.web.servers import Server

ASYNC = "DJANGO_ALLOW_ASYNC_UNSAFE"  # set for as long as a worker has a browser

databases.set_up()  # before any test module imports a model


@pytest.fixture(autouse=True)
def own_environment():
    """What a test sets in the environment, a command run in this process for one, ends with it."""
    before = {name: value for name, value in os.environ.items() if name != ASYNC}
    yield
    for name in set(os.environ) - set(before) - {ASYNC}:
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(scope="session")
def meeting(tmp_path_factory, worker_id):
    """A folder that all processes of this test run know."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def postgres(meeting):
    with shared_server(meeting) as server:
        yield server


@pytest.fixture
def own_postgres():
    with temporary_server() as server:
        yield server


@pytest.fixture
def database(meeting, tmp_path):
    with databases.sqlite_database(meeting, tmp_path) as fresh:
        yield fresh


@pytest.fixture(params=databases.ENGINES)
def each_database(request, meeting, tmp_path):
    if request.param == "sqlite":
        made = databases.sqlite_database(meeting, tmp_path)
    else:
        made = databases.postgres_database(request.getfixturevalue("postgres"), meeting, tmp_path)
    with made as fresh:
        yield fresh


@pytest.fixture
def server(request, tmp_path):
    """On `each_database` where the test asks for it, otherwise on `database`."""
    asked = "each_database" if "each_database" in request.fixturenames else "database"
    with Server(request.getfixturevalue(asked).environment, tmp_path / "server.log") as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    with started_browser() as running:
        yield running


@pytest.fixture
def new_page(browser):
    """Opens one more page, each like another person at another computer: `new_page(PHONE)`."""
    with ExitStack() as pages:
        yield lambda *size, **options: pages.enter_context(opened_page(browser, *size, **options))


@pytest.fixture
def desktop(new_page):
    return partial(new_page, DESKTOP)()


@pytest.fixture
def phone(new_page):
    return partial(new_page, PHONE)()
