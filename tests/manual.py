"""The manual: pages made from the tables that the tests hold the program to.

`python -m tests.manual` (or `./do docs`) writes them anew; `tests/spec/test_manual_is_fresh.py` fails when one is
stale.
To add a page, write a function that returns its Markdown, and name it here.
"""

from pathlib import Path

from tests.spec import (
    adverse_events_page,
    clauses_table,
    her2_table,
    pfs_table,
    recist_table,
    rule_language_page,
    schedule_table,
    treatment_page,
)

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "generated"
PAGES = {
    "adverse-events.md": adverse_events_page.page,
    "clauses.md": clauses_table.page,
    "rule-language.md": rule_language_page.page,
    "her2.md": her2_table.page,
    "progression-free-survival.md": pfs_table.page,
    "recist.md": recist_table.page,
    "schedule.md": schedule_table.page,
    "treatment.md": treatment_page.page,
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        file, text = FOLDER / name, page()
        stale = not file.exists() or file.read_text("utf-8") != text
        if stale:
            file.write_text(text, "utf-8")
        print(f"{file.relative_to(FOLDER.parents[1])}: {'written' if stale else 'already up to date'}")


if __name__ == "__main__":
    main()
