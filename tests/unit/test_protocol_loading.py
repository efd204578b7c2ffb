"""What a study folder may get wrong, one thing at a time: refused with file, line, column and a plain reason."""

import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from evenhand.protocol import StudyError, find_study, load_protocol
from evenhand.randomization import RandomizationError, design_of
from tests.studies_here import ALL, SHIPPED, TINY

STUDY, FACTS, RULES = "study.yaml", "v2/facts.yaml", "v2/eligibility.yaml"
ARMS, ENROLLMENT = "v2/randomization.yaml", "v2/enrollment.yaml"
I1 = "rule: 10 <= volume <= 90"
I2 = "since(operation.day) <= days(21)"
SMOKING = "{id: no_smoker, label: no smoker, rule: not smoker}"


@pytest.fixture
def study(tmp_path):
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def changed(study, file, old, new):
    path = study / file
    text = path.read_text("utf-8")
    assert old in text, "the change has nothing to change"
    path.write_text(text.replace(old, new, 1), "utf-8")


def faults(study, version=None):
    with pytest.raises(StudyError) as caught:
        load_protocol(study, version)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return caught.value.faults


BROKEN = [
    # the shape of the files
    (STUDY, "title: Brea", "titel: Brea", "study.yaml:4:8: 'titel' is no key here"),
    (STUDY, "title: Brea", "titel: Brea", "study.yaml:3:1: the key 'title' is missing"),
    (FACTS, "label: walking tests", "lable: walking tests", "facts.yaml:7:5: the key 'label' is missing"),
    (FACTS, "kind: yes_no, label: smoker", "kind: maybe, label: smoker", "facts.yaml:5:18: Input should be 'date', "),
    (FACTS, "low: 0, high: 200", "low: x, high: 200",
     "facts.yaml:3:75: Input should be a valid integer or an instance"),
    (FACTS, "low: 0, high: 200", "low: '0', high: 200", "facts.yaml:3:75: Input should be a valid integer or an"),
    (FACTS, "many: true", "many: yes", "facts.yaml:8:11: Input should be a valid boolean; found 'yes'"),
    (FACTS, "volume: {", "Volume: {", "facts.yaml:3:11: String should match pattern"),
    (RULES, I1, "rule: 10", "eligibility.yaml:9:99: Input should be a valid string; found 10"),
    (RULES, "id: E1", "id: X1", "eligibility.yaml:11:10: String should match pattern"),
    (RULES, "id: I1, kind: inclusion", "id: I1, kind: other", "eligibility.yaml:9:20: Input should be 'inclusion' or"),
    (ENROLLMENT, "participants: 30", "participants: 0", "enrollment.yaml:2:24: Input should be greater than or equal"),
    (ENROLLMENT, "target: {", "accrual: {months: 0, assumed: x}\ntarget: {",
     "enrollment.yaml:2:19: Input should be greater than or equal to 1; found 0"),
    (STUDY, "id: v2, ", "id: second, ", "study.yaml:18:10: String should match pattern"),
    # YAML itself
    (STUDY, "short_title:", "id: tiny\nshort_title:", "study.yaml:5:1: the key 'id' stands here a second time"),
    (FACTS, "{kind: date, label: day,", "{kind: date, kind: date,", "the key 'kind' stands here a second time"),
    (RULES, "    expires:", "\texpires:", "eligibility.yaml:6:1: not YAML: found character '\\t'"),
    (RULES, "    expires:", "   expires:", "eligibility.yaml:6:4: not YAML: expected <block end>"),
    (STUDY, "objectives:\n", "objectives: &all\n", "study.yaml:6:13: anchors and aliases are not used in study files"),
    (STUDY, "title: Breathing exercises", "title: [", "study.yaml:"),
    (STUDY, "arms:\n", "arms: " + "[" * 3000 + "\n", "study.yaml: not read: nested too deeply"),
    # facts
    (FACTS, "kind: code, label: side, codes: {left: left, right: right}", "kind: record, label: side",
     "facts.yaml:4:137: Input should be 'date', 'number', 'code', 'yes_no' or 'text'; found 'record'"),
    (FACTS, "    fields: {metres", "    key: lesion\n    fields: {metres",
     "walks: its key 'lesion' is none of its fields"),
    (FACTS, "kind: yes_no, label: smoker", "kind: yes_no, many: true, label: smoker",
     "facts.yaml:5:11: smoker: only a"),
    (FACTS, "kind: yes_no, label: smoker", "kind: code, label: smoker", "facts.yaml:5:11: smoker: a code needs its"),
    (FACTS, "kind: yes_no, label: smoker", "kind: record, label: smoker", "smoker: a record has fields, and only a"),
    (FACTS, "kind: yes_no, label: smoker", "kind: yes_no, from: [walks], label: smoker", "`from` belongs to derived"),
    (FACTS, "kind: yes_no, label: smoker", "kind: yes_no, identifying: true, label: smoker", "only a date can be"),
    (FACTS, "kind: yes_no, label: smoker", "kind: number, derived: magic, from: [walks], label: smoker",
     "facts.yaml:5:11: smoker: no derivation is called 'magic': there are "),
    (FACTS, "  smoker: {", "  count: {", "facts.yaml:5:10: count: 'count' is a word of the rule language"),
    (FACTS, "seated: {", "for: {", "facts.yaml:7:5: walks: 'for' is a word of the rule language"),
    (FACTS, "facts:\n", "sets:\n  sides: {of: operation.side, members: [left, up], source: x}\nfacts:\n",
     "facts.yaml:2:10: set sides: up not among the codes of operation.side"),
    (FACTS, "facts:\n", "sets:\n  sides: {of: operation.sid, members: [left], source: x}\nfacts:\n", "set sides: left"),
    (FACTS, "facts:\n", "sets:\n  sides: {of: nothing.side, members: [left], source: x}\nfacts:\n", "set sides: left"),
    (FACTS, "facts:\n", "sets:\n  smoker: {of: operation.side, members: [left], source: x}\nfacts:\n",
     "facts.yaml:2:11: 'smoker' is a fact as well"),
    # rules
    (RULES, I1, "rule: 10 <= volum <= 90", "eligibility.yaml:9:105: rule: nothing is called 'volum'; did you mean"),
    (RULES, I1, "rule: volume", "eligibility.yaml:9:99: rule: volume is a number, not a yes/no question"),
    (RULES, I1, "rule: 90 <= volume <= 10", "eligibility.yaml:9:99: rule: this can never be true: 90 <= volume and"),
    (RULES, I1, "rule: volume >= 201", "eligibility.yaml:9:99: rule: this can never be true"),
    (RULES, I2, "operation.day <= 3", "eligibility.yaml:10:123: rule: operation.day is a date and 3 is a number"),
    (RULES, I2, "operation.side == lef", "eligibility.yaml:10:124: rule: 'lef' is no code of operation.side"),
    (RULES, I2, "operation.size == 3", "eligibility.yaml:10:106: rule: operation has no field 'size'"),
    (RULES, I2, "'(volume > 3'", "eligibility.yaml:10:107: rule: this '(' is never closed"),
    (RULES, "evidence: any(w.seated for w in walks)", "evidence: can_sit", "eligibility.yaml:5:15: rule: nothing is"),
    (RULES, "when: count(walks) == 0", "when: count(walk) == 0",
     "eligibility.yaml:13:26: rule: no list is called 'walk'"),
    (ARMS, SMOKING, SMOKING.replace("not smoker", "not smokes"), "randomization.yaml:10:53: rule: nothing is called"),
    (ARMS, SMOKING, SMOKING.replace("not smoker", "can_sit"), "randomization.yaml:10:49: rule: nothing is called"),
    (FACTS, "kind: number, label: forced", "kind: number, reporting_only: true, label: forced",
     "eligibility.yaml:9:105: rule: volume is recorded for reports alone"),
    (FACTS, "kind: yes_no, label: smoker", "kind: yes_no, reporting_only: true, label: smoker",
     "randomization.yaml:9:47: rule: smoker is recorded for reports alone"),
    # criteria and judgements
    (RULES, "clause: inclusion/1", "clause: inclusion/7", "eligibility.yaml:9:39: 'inclusion/7' is no clause of study"),
    (RULES, "id: I2", "id: I1", "eligibility.yaml:10:10: I1: ids are unique, I for inclusion, E for exclusion"),
    (RULES, "id: I2", "id: E2", "eligibility.yaml:10:10: E2: ids are unique, I for inclusion, E for exclusion"),
    (RULES, "    evidence: any(w.seated for w in walks)", "    needs_evidence: true",
     "eligibility.yaml:3:5: can_sit: needs"),
    (RULES, "    expires: days(7)", "    about: smoker", "eligibility.yaml:6:12: 'smoker' is no list fact with a key"),
    (RULES, "    expires: days(7)", "    about: nobody", "eligibility.yaml:6:12: 'nobody' is no list fact with a key"),
    (RULES, "days(7)", "7 days", "eligibility.yaml:6:14: '7 days' is no period: write days(28), months(3) or years(1)"),
    (RULES, "days(7)", "weeks(1)", "eligibility.yaml:6:14: 'weeks(1)' is no period"),
    (RULES, "days(7)", "days(99999)", "eligibility.yaml:6:14: 'days(99999)' is no period"),
    (RULES, "  can_sit:", "  smoker:", "eligibility.yaml:3:5: smoker: it has the name of a fact"),
    (RULES, "  can_sit:", "  known:", "eligibility.yaml:3:5: known: 'known' is a word of the rule language"),
    (ENROLLMENT, "days(30)", "a month", "enrollment.yaml:3:58: 'a month' is no period"),
    (ENROLLMENT, "clause: design/1", "clause: design/2", "enrollment.yaml:3:21: 'design/2' is no clause of study.yaml"),
    # versions and arms
    (STUDY, '"2026-06"', '"2026-13"', "study.yaml:18:20: '2026-13' is no date"),
    (STUDY, "id: v2,", "id: v1,", "study.yaml:17:3: two versions have the same id"),
    (STUDY, "id: v2,", "id: v3,", "facts.yaml: the file is missing from v3/"),
    (ARMS, "leaflet: 1", "flyer: 1", "randomization.yaml:1:15: the ratio names ['exercises', 'flyer'], the study ['ex"),
    (ARMS, "method: minimization", "method: permuted_blocks", "randomization.yaml:2:9: permuted_blocks needs its own"),
    (ARMS, "id: side", "id: smoking", "randomization.yaml:11:9: the id 'smoking' stands here a second time"),
    (ARMS, "assumed: a usual choice", 'assumed: " "', "randomization.yaml:3:59: it is empty: name the source, or say"),
    (ARMS, "source: design/1", 'source: ""', "randomization.yaml:1:51: it is empty: name the source, or say"),
    (ARMS, "id: right", "id: left", "randomization.yaml:16:14: the id 'left' stands here a second time"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), BROKEN, ids=lambda value: str(value)[:40])
def test_one_thing_broken_is_one_thing_named_with_its_place(study, file, old, new, said):
    changed(study, file, old, new)
    found = faults(study)
    assert any(said in fault for fault in found), found
    assert len(found) <= 2, "one mistake is not reported many times over"
    name = file.rsplit("/", 1)[-1]
    assert all(".yaml:" in fault for fault in found)
    assert any(fault.startswith((name, said)) for fault in found)


def test_all_faults_of_a_version_are_told_at_once(study):
    changed(study, RULES, I1, "rule: volum > 10")
    changed(study, RULES, "days(7)", "a week")
    changed(study, ARMS, SMOKING, SMOKING.replace("not smoker", "smokes"))
    assert len(faults(study)) == 3


@pytest.mark.parametrize("name", [STUDY, FACTS, RULES, ARMS, ENROLLMENT])
def test_a_missing_file_is_named(study, name):
    (study / name).unlink()
    (fault,) = faults(study)
    assert fault == f"{Path(name).name}: the file is missing from {(study / name).parent.name}/"


@pytest.mark.parametrize("name", [STUDY, FACTS])
def test_a_file_that_is_not_utf_8_is_refused(study, name):
    path = study / name
    path.write_bytes(path.read_bytes() + b"# caf\xe9\n")
    (fault,) = faults(study)
    assert fault.startswith(f"{path.name}: not UTF-8 text at byte ")


def test_a_folder_in_place_of_a_file_is_refused(study):
    (study / FACTS).unlink()
    (study / FACTS).mkdir()
    assert faults(study)[0].startswith("facts.yaml: cannot be read: ")


def test_an_empty_file_is_refused(study):
    (study / FACTS).write_text("", "utf-8")
    assert faults(study)[0].startswith("facts.yaml:1:1: Input should be a valid dictionary")


def test_an_alias_is_refused(study):
    changed(study, STUDY, "label: Leaflet, treatment: A leaflet.", "label: &x Leaflet, treatment: *x")
    assert faults(study) == ("study.yaml:10:26: anchors and aliases are not used in study files: write the value out",)


def test_a_number_too_long_to_be_one_is_no_number(study):
    changed(study, FACTS, "high: 200", "high: 1e999999999")
    assert "found '1e999999999'" in faults(study)[0]


def test_a_block_size_that_cannot_hold_the_ratio_is_refused_by_the_check(study):
    changed(study, ARMS, "method: minimization", "method: permuted_blocks")
    changed(study, ARMS, "minimization: {probability: 0.8, measure: range,", "blocks: {sizes: {4: 1},")
    with pytest.raises(RandomizationError, match="a block of 4 cannot hold the ratio 2:1"):
        design_of(load_protocol(study).randomization)


# ---- where a rule stands in its file -----------------------------------------------------------

WRITTEN = {
    "plain": ("10 <= volum <= 90", 0, 7),
    "at its beginning": ("volum <= 90", 0, 1),
    "single quotes": ("'10 <= volum <= 90'", 0, 8),
    "double quotes": ('"10 <= volum <= 90"', 0, 8),
    "plain over two lines": ("10 <= volume\n          and volum <= 90", 1, 15),
    "quoted over two lines": ('"10 <= volume\n          and volum <= 90"', 1, 15),
    "folded": (">-\n          10 <= volume\n          and volum <= 90", 2, 15),
    "folded, at its beginning": (">-\n          volum <= 90", 1, 11),
    "folded, with an empty line": (">\n          10 <= volume\n\n          and volum <= 90\n", 3, 15),
    "literal": ("|\n          10 <= volume\n            and volum <= 90\n", 2, 17),
    "literal, at its beginning": ("|-\n          volum <= 90", 1, 11),
    "literal, with a remark": ("|  # why\n          10 <= volume and\n          volum <= 90", 2, 11),
}


@pytest.mark.parametrize("style", WRITTEN)
def test_a_mistake_in_a_rule_is_found_where_it_stands_in_the_file(study, style):
    written, lines, column = WRITTEN[style]
    old = "  - {id: I1, kind: inclusion, clause: inclusion/1, title: Volume, text: Volume up to 90 %., " + I1 + "}"
    head = "  - id: I1\n    kind: inclusion\n    clause: inclusion/1\n    title: Volume\n    text: x\n    rule: "
    changed(study, RULES, old, head + written)
    text = (study / RULES).read_text("utf-8").splitlines()
    line = 9 + 5 + lines
    at = column if lines else column + len("    rule: ")
    assert text[line - 1][at - 1 : at + 4] == "volum", "the table is right"
    assert faults(study) == (f"eligibility.yaml:{line}:{at}: rule: nothing is called 'volum'; did you mean 'volume'?",)


# ---- versions and digests ----------------------------------------------------------------------


def test_the_newest_version_is_loaded_unless_one_is_named(study):
    assert load_protocol(study).version.id == "v2"
    assert load_protocol(study, "v1").version.id == "v1"
    assert faults(study, "v9") == ("study.yaml:17:3: there is no version 'v9': v1, v2",)


def test_the_same_text_has_the_same_digest_and_any_other_text_another(study):
    digest = load_protocol(TINY).digest
    assert load_protocol(study).digest == digest
    assert load_protocol(study, "v1").digest != digest
    seen = {digest}
    for name in (STUDY, FACTS, RULES, ARMS, ENROLLMENT):
        path = study / name
        path.write_text(path.read_text("utf-8") + "# a remark\n", "utf-8")
        seen.add(load_protocol(study).digest)
    assert len(seen) == 6


def test_line_ends_do_not_change_the_digest(study):
    for path in study.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_protocol(study).digest == load_protocol(TINY).digest


def test_a_scenario_is_no_part_of_the_protocol(study):
    (study / "v2/scenario.yaml").unlink()
    assert load_protocol(study).digest == load_protocol(TINY).digest


# ---- naming a study ----------------------------------------------------------------------------


def test_a_study_is_named_by_folder_or_by_id():
    assert find_study(str(TINY)) == TINY
    assert find_study(SHIPPED[0].name) == SHIPPED[0]


@pytest.mark.parametrize("name", ["nobody", "", "/", "tests/unit"])
def test_a_study_that_is_not_there_is_refused_with_those_that_are(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StudyError, match=f"no shipped study; shipped: {SHIPPED[0].name}"):
        find_study(name)


def test_the_quick_reader_and_the_reference_reader_see_the_same():
    """Every study file as both read it: values, kinds of scalars, and where each begins."""
    reference, quick = YAML(typ="safe", pure=True), YAML(typ="safe")
    assert quick.Parser is not reference.Parser
    texts = [path.read_text("utf-8") for folder in ALL for path in sorted(folder.rglob("*.yaml"))]
    taken = 0
    for text in texts:
        try:
            read = quick.compose(text)
        except YAMLError:
            continue  # it goes to the reference reader
        taken += 1
        assert _tree(read) == _tree(reference.compose(text))
    assert taken > len(texts) // 2


def _tree(node):
    value = node.value
    if isinstance(value, list):
        value = [tuple(map(_tree, item)) if isinstance(item, tuple) else _tree(item) for item in value]
    style = value if isinstance(value, list) else node.style or None
    return type(node), str(node.tag), value, style, node.start_mark.index
