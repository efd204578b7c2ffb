"""``endpoints.yaml``: what it says, what it may get wrong, and where it is read: check, render, compare, the digest."""

import shutil
from pathlib import Path

import pytest

from evenhand.protocol import StudyError, load_protocol
from evenhand.protocol.compare import compare
from evenhand.protocol.endpoints import endpoint_findings
from evenhand.protocol.render import render_markdown
from tests.studies_here import SHIPPED, TINY, protocol_of

STUDY = SHIPPED[0]
TEXT = (STUDY / "v1" / "endpoints.yaml").read_text("utf-8")


def written(tmp_path, text=TEXT):
    study = Path(shutil.copytree(STUDY, tmp_path / STUDY.name))
    (study / "v1" / "endpoints.yaml").write_text(text, "utf-8")
    return study


def test_endpoints_are_read():
    found = protocol_of(STUDY).endpoints
    assert [one.kind for one in found.by_id.values()] == [
        "progression_free", "overall_survival", "local_failure", "distant_failure", "best_response",
    ]  # fmt: skip
    pfs = found.by_id["pfs"]
    assert (str(pfs.every), str(pfs.late), pfs.primary.most_missed) == ("3 months", "14 days", 1)
    assert pfs.primary.id == "primary"
    assert found.populations["per_protocol"].parameter == "PPROTFL"


def test_a_sensitivity_analysis_differs_from_the_primary_in_what_it_says_alone():
    pfs = protocol_of(STUDY).endpoints.by_id["pfs"]
    names = pfs.primary.__dataclass_fields__.keys() - {"id", "label"}
    for other in pfs.sensitivity:
        differs = [name for name in names if getattr(other, name) != getattr(pfs.primary, name)]
        assert len(differs) == 1, other.id
    ids = [one.id for one in pfs.estimands]
    assert len(set(ids)) == len(ids)


def test_a_study_may_have_none():
    assert protocol_of(TINY).endpoints is None
    assert endpoint_findings(None, "pfs") == []


BROKEN = [
    ("visits: follow_up", "visits: baseline", "'baseline' is no series of visits: radiation_review, follow_up"),
    ("visits: follow_up", "visits: nowhere", "'nowhere' is no series of visits"),
    ("    visits: follow_up\n", "", "progression_free needs its `primary` estimand and the `visits`"),
    ("kind: distant_failure", "kind: distant_success", "Input should be"),
    ("parameter: TTDF", "parameter: TTLF", "TTLF is the name of another one already"),
    ("parameter: SAFFL", "parameter: ITTFL", "ITTFL is the name of another one already"),
    ("parameter: OS", "parameter: overall", "String should match pattern"),
    ("alive: [visit,", "alive: [weather,", "'weather' is no role of forms"),
    (
        "    alive: [visit, performance_status, laboratory, ejection_fraction, scan]\n",
        "",
        "belongs to overall_survival",
    ),
    ("more_than: 1", "more_than: -1", "greater than or equal to 0"),
    ("dates: found", "dates: guessed", "Input should be 'found' or 'scheduled'"),
    ("      day_of_death: middle\n", "", "the key 'day_of_death' is missing"),
    ("without: [ineligible,", "without: [unlucky,", "Input should be"),
    ("    kind: best_response\n", "    kind: best_response\n    visits: follow_up\n", "best_response has no `primary`"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN, ids=[said for _, _, said in BROKEN])
def test_what_it_gets_wrong_is_said_with_its_place(tmp_path, old, new, said):
    assert TEXT.count(old) >= 1
    with pytest.raises(StudyError) as refused:
        load_protocol(written(tmp_path, TEXT.replace(old, new, 1)))
    assert any(fault.startswith("endpoints.yaml:") and said in fault for fault in refused.value.faults)


def test_it_counts_in_the_digest_and_compare_says_what_changed(tmp_path):
    old = load_protocol(written(tmp_path / "a"))
    new = load_protocol(written(tmp_path / "b", TEXT.replace("more_than: 1", "more_than: 2")))
    assert old.digest == protocol_of(STUDY).digest != new.digest
    changed = {one.section for one in compare(old, new)}
    assert changed == {"Endpoints"}


def test_the_design_compares_an_endpoint_that_there_is():
    found = protocol_of(STUDY)
    assert endpoint_findings(found.endpoints, found.design.endpoint) == []
    (said,) = endpoint_findings(found.endpoints, "cure")
    assert said.startswith("endpoints.yaml: the design compares 'cure', which is none of: pfs, os")


def test_its_assumptions_are_listed_and_it_is_rendered():
    protocol = protocol_of(STUDY)
    about = [origin.about for origin in protocol.assumptions]
    assert {"endpoint pfs primary", "endpoint os", "population per_protocol"} <= set(about)
    text = render_markdown(protocol)
    for said in (
        "| Clinical progression alone | no event by itself |",
        "* New therapy ignored (`treatment_policy`): New anticancer therapy: changes nothing.",
        "an event after more than 1 missed is censored at the last adequate assessment before (visits every 3 months",
        "| Intention to treat | everybody randomized | as allocated |",
    ):
        assert said in text
