"""The pages in docs/generated are what the tables say now."""

import pytest

from tests import manual


@pytest.mark.parametrize("name", manual.PAGES)
def test_a_page_of_the_manual_is_up_to_date(name):
    file = manual.FOLDER / name
    assert file.exists(), f"{name} is missing: run ./do docs"
    assert file.read_text("utf-8") == manual.PAGES[name](), f"{name} is stale: run ./do docs"


def test_every_generated_page_has_its_table():
    assert sorted(file.name for file in manual.FOLDER.iterdir()) == sorted(manual.PAGES)


def test_writing_the_manual_twice_changes_nothing(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "docs" / "generated"
    monkeypatch.setattr(manual, "FOLDER", folder)
    manual.main()
    first = {file.name: file.read_text("utf-8") for file in folder.iterdir()}
    manual.main()
    assert {file.name: file.read_text("utf-8") for file in folder.iterdir()} == first
    assert capsys.readouterr().out.splitlines() == [
        f"docs/generated/{name}: {said}" for said in ("written", "already up to date") for name in manual.PAGES
    ]
