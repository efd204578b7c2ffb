"""The official text of CTCAE brought in: read, compared with our table, copied; and what is said of a bad file."""

import csv
import io

import pytest

from evenhand.oncology.ctcae import dictionary
from evenhand.oncology.ctcae.descriptors import COLUMNS, differences, file_in, parse, read
from tests.command_line import Run

HEADING = ",".join((*COLUMNS, "definition"))


def official(change=None):
    """A file in the shape of the official one, made from our table with invented sentences."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((*COLUMNS, "definition", "navigational_note"))
    for term in dictionary("5.0").terms.values():
        row = [
            term.soc,
            term.name,
            *(f"so bad, {g}" if g in term.grades else "-" for g in range(1, 6)),
            "A thing.",
            "x",
        ]
        row = change(row) if change else row
        if row is not None:
            writer.writerow(row)
    return out.getvalue()


def test_a_file_like_our_table_does_not_differ_and_is_read():
    found = parse(official())
    assert list(differences(found, "5.0")) == []
    anemia = next(item for item in found if item.term == "Anemia")
    assert anemia.grades == {grade: f"so bad, {grade}" for grade in range(1, 6)}
    assert (anemia.definition, anemia.note) == ("A thing.", "x")


def of_alopecia(change):
    return lambda row: change(row) if row[1] == "Alopecia" else row


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row: None, "Alopecia: is not in the file"),
        (lambda row: ["Eye disorders", *row[1:]], "Alopecia: stands under Eye disorders, here under Skin and subc"),
        (lambda row: [*row[:4], "worse", *row[5:]], "Alopecia: has the grades 1, 2, 3, here 1, 2"),
        (lambda row: [row[0], "Anemia", *row[2:]], "these terms stand there more than once: Anemia"),
        (lambda row: [row[0], "Baldness", *row[2:]], "Baldness: is no term of CTCAE 5.0 here"),
    ],
)
def test_each_difference_is_said(change, said):
    found = list(differences(parse(official(of_alopecia(change))), "5.0"))
    assert any(one.startswith(said) for one in found), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: no column soc, term"),
        ("soc,term,grade1\n", "line 1: no column grade2"),
        (f"{HEADING}\n,Anemia,1,2,3,4,5,x\n", "line 2: a row needs its soc and its term"),
        (f'{HEADING}\nBlood,Anemia,"1\n', "after line 1: unexpected end of data"),
    ],
)
def test_a_bad_file_says_where(text, said):
    with pytest.raises(ValueError, match=said):
        parse(text)


@pytest.fixture
def evenhand(capsys):
    return lambda *arguments: Run(capsys, arguments)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "official.csv"
    path.write_text(official(), "utf-8-sig")
    return path


def test_the_command_copies_what_agrees_and_it_can_be_read(evenhand, file, tmp_path):
    folder = tmp_path / "data"
    assert read(folder, "5.0") == {}
    run = evenhand("dictionary", file, "--to", folder)
    assert run.code == 0
    assert "837 terms" in run.out
    assert "agree with our table" in run.out
    assert read(folder, "5.0")["Anemia"].grades[3] == "so bad, 3"


def test_the_command_says_differences_and_copies_nothing(evenhand, file, tmp_path):
    file.write_text(official(of_alopecia(lambda row: None)), "utf-8")
    run = evenhand("dictionary", file, "--to", tmp_path)
    assert run.code == 1
    assert "Alopecia: is not in the file" in run.out
    assert "--anyway" in run.out
    assert not file_in(tmp_path, "5.0").exists()
    assert evenhand("dictionary", file, "--to", tmp_path, "--anyway").code == 1
    assert file_in(tmp_path, "5.0").exists()


def test_many_differences_are_counted_and_all_stand_in_the_json(evenhand, file, tmp_path):
    file.write_text(official(lambda row: row if row[0] == "Investigations" else None), "utf-8")
    run = evenhand("dictionary", file, "--to", tmp_path)
    assert "and 775 more" in run.out
    told = evenhand("dictionary", file, "--to", tmp_path, "--json").json
    assert len(told["differences"]) == 795
    assert told["copied_to"] is None


def test_the_command_refuses_what_it_cannot_use(evenhand, file, tmp_path):
    for arguments, said in (
        ((tmp_path / "none.csv",), "No such file"),
        ((file, "--ctcae", "6.0"), "CTCAE 6.0 is not known here: there is 5.0"),
    ):
        run = evenhand("dictionary", *arguments, "--to", tmp_path / "data")
        assert (run.code, said in run.err) == (2, True)
    file.write_bytes(b"soc,term\n\xff")
    assert "not UTF-8 text at byte 9" in evenhand("dictionary", file, "--to", tmp_path).err
    file.write_text("a,b\n")
    assert "no column soc" in evenhand("dictionary", file, "--to", tmp_path).err
