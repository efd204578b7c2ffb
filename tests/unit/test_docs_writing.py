"""The manuals of design, endpoints and plan: their examples load, their tables name the parts that there are."""

import re
import shutil

import pytest
from ruamel.yaml import YAML

from evenhand.design.varying import NAMES
from evenhand.protocol import load_protocol
from evenhand.protocol.design_sheets import DesignSheet
from evenhand.protocol.endpoints_sheets import EndpointsSheet
from evenhand.protocol.plan.load import _PARTS
from tests.course_help import COURSE
from tests.studies_here import ROOT, SHIPPED, protocol_of

STUDY = SHIPPED[0]
VERSION = protocol_of(STUDY).version.id


def text_of(page):
    return (ROOT / "docs" / f"{page}.md").read_text("utf-8")


def examples(page):
    return re.findall(r"```yaml\n(.*?)```", text_of(page), re.DOTALL)


def example_of(word):
    """The example of the page of endpoints in which a word stands."""
    (text,) = (text for text in examples("endpoints") if word in text)
    return YAML(typ="safe").load(text)


def parts_in(page):
    """What stands in the first column of the page's first table."""
    table = text_of(page).partition("|---")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([\w./*]+)`", cell)}


def with_endpoints(folder, change):
    """The shipped study with something else in its endpoints."""
    study = shutil.copytree(STUDY, folder / "study")
    file, yaml = study / VERSION / "endpoints.yaml", YAML()
    data = yaml.load(file)
    change(data)
    yaml.dump(data, file)
    return load_protocol(study).endpoints


def test_the_endpoint_of_the_example_loads(tmp_path):
    endpoint = example_of("progression_free")
    (name,) = endpoint
    shown = {key: value for key, value in endpoint[name].items() if value != {"...": None}}

    def change(data):
        data["endpoints"][name].update(shown)

    planned = with_endpoints(tmp_path, change).by_id[name].analysis
    assert list(planned.landmarks) == endpoint[name]["analysis"]["landmarks"]
    assert planned.restricted_mean == endpoint[name]["analysis"]["restricted_mean"]
    left = {key for key, value in endpoint[name].items() if value == {"...": None}}
    assert left == {"primary", "sensitivity"}


def test_the_subgroups_of_the_example_load(tmp_path):
    given = example_of("fewest_events")

    def change(data):
        data["subgroups"] = given["subgroups"]

    assert [one.id for one in with_endpoints(tmp_path, change).subgroups.by] == list(given["subgroups"]["by"])


def test_the_columns_of_the_example_load(tmp_path):
    given = example_of("subject_level")

    def change(data):
        data["datasets"] = given["datasets"]

    found = {column.name for column in with_endpoints(tmp_path, change).columns}
    assert set(given["datasets"]["subject_level"]) <= found


def test_the_form_of_the_example_loads(tmp_path):
    (text,) = examples("plan")
    study = shutil.copytree(COURSE, tmp_path / "course")
    here = text.replace("arms: [local]", "arms: [walking]").replace("source: description/2", "assumed: an example")
    (study / "v1" / "forms" / "surgery.yaml").write_text(here, "utf-8")
    form = load_protocol(study).plan.forms["surgery"]
    assert (form.reads, form.day) == ("surgery", "performed")
    assert [check.id for check in form.checks] == ["SU1"]
    assert form.fields["size"].expected_high == 200


@pytest.mark.parametrize(
    ("page", "there"),
    [
        ("design", set(DesignSheet.model_fields)),
        ("endpoints", set(EndpointsSheet.model_fields)),
        ("plan", {f"{name}.yaml" for name in _PARTS} | {"forms/*.yaml"}),
    ],
)
def test_the_first_table_names_every_part_and_no_other(page, there):
    assert parts_in(page) == there


def test_what_is_set_in_the_texts_may_be_set():
    said = "\n".join(text_of(page) for page in ("design", "scenario"))
    named = set(re.findall(r"--(?:set|grid) (\w+)=", said)) - {"name"}
    assert {"hazard_ratio", "drift_yearly"} <= named <= set(NAMES)
