"""The page of a report, opened as a file: no barrier, no sideways scrolling, nothing asked of anybody."""

import pytest

from evenhand.reports import files_of
from tests.report_help import made_up, reported
from tests.web.browser import faults


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("report", [made_up, lambda: reported("accrual")], ids=["made up", "accrual"])
def test_the_page_has_no_faults(request, tmp_path, size, report):
    file = tmp_path / "report.html"
    file.write_bytes(files_of(report())["report.html"])
    page = request.getfixturevalue(size)
    page.goto(file.as_uri())
    assert [fault for fault in faults(page) if file.as_uri() not in fault] == []


def test_a_number_leads_to_its_people(tmp_path, desktop):
    file = tmp_path / "report.html"
    file.write_bytes(files_of(made_up())["report.html"])
    desktop.goto(file.as_uri())
    desktop.get_by_role("link", name="1 (100.0 %)").first.click()
    assert desktop.locator("dt:target + dd").inner_text() == "P-1 (3, 7)"
