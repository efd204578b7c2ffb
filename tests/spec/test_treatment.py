"""Treatment by the tables: where each metastasis stands, and which line a regimen belongs to."""

import pytest

from evenhand.conduct import treatment
from tests.spec.treatment_table import LESIONS, LINES, OPEN
from tests.treatment_entries import USUAL, of, regimen, sbrt


def lesion(who, label="M1"):
    return treatment.metastases(who.protocol, who.known, ["M1", "M2"]).by_label[label]


@pytest.mark.parametrize(("statements", "state", "on", "sentence"), LESIONS, ids=[row[-1] for row in LESIONS])
@pytest.mark.parametrize("turned", [False, True])
def test_a_metastasis(statements, state, on, sentence, turned):
    who = of()
    for number, enter in enumerate(reversed(statements) if turned else statements):
        who = enter(who) if enter is not sbrt else sbrt(who, course=f"S{number}")
    found = lesion(who)
    assert (found.state, str(found.on)) == (state, on)
    assert found.what
    assert lesion(who, "M2").state == OPEN


@pytest.mark.parametrize(("because", "said", "line", "sentence"), LINES, ids=[row[-1] for row in LINES])
def test_a_line_of_therapy(because, said, line, sentence):
    who = regimen(regimen(of(USUAL), "2026-03-01"), "2026-09-01", "hp_tucatinib", because, line=said)
    first, second = treatment.regimens(who.protocol, who.known)
    assert (first.line, second.line) == (1, line)
    assert second.disagrees == (said is not None and int(said) != line)
