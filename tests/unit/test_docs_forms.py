"""The example of docs/forms.md is one that the program reads without a problem."""

import re

from evenhand.cases import judgement_kinds
from evenhand.facts import COMPLETE
from evenhand.intake import read_any
from tests.eligible import PROTOCOL
from tests.studies_here import ROOT


def test_the_example_is_read_without_a_problem(tmp_path):
    (example,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "forms.md").read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "anna.yaml"
    file.write_text(example, encoding="utf-8")
    (anna,) = read_any(file, PROTOCOL.vocabulary, judgement_kinds(PROTOCOL))
    assert anna.problems == ()
    assert anna.facts["comorbidities"][0].value is COMPLETE
    assert anna.facts["metastases"][0].value["size"] == 22
    assert len(anna.attestations) == 2
