"""Fixtures of the tests of the command line."""

import pytest

from tests.command_line import FORM, STUDY, Run, written


@pytest.fixture
def run(capsys):
    """Run a command. Whatever it is: no traceback, nothing wider than 100 columns, and bad input prints nothing."""

    def running(*arguments):
        ran = Run(capsys, arguments)
        assert "Traceback" not in ran.out + ran.err
        if "--json" not in arguments and arguments[:1] != ("render",):
            assert [line for line in ran.out.splitlines() if len(line) > 100] == []
        if ran.code == 2:
            assert ran.out == ""
            assert ran.err.strip()
        return ran

    return running


@pytest.fixture
def form(tmp_path):
    return written(tmp_path, "people.yaml", FORM)


@pytest.fixture
def record(tmp_path, run):
    file = tmp_path / "walk.jsonl"
    assert run("walk", STUDY, "--people", 12, "--seed", 4, "--record", file).code == 0
    return file


@pytest.fixture
def open_record(tmp_path, run):
    """A record whose study is not closed: its secret is not revealed."""
    file = tmp_path / "open.jsonl"
    assert run("walk", STUDY, "--people", 12, "--seed", 4, "--record", file, "--keep-open").code == 0
    return file
