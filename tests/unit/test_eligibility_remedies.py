"""What would close each gap of a verdict, and whose it is to do."""

from dataclasses import replace

import pytest

from evenhand.eligibility import assessor_of, remedies
from evenhand.facts import COMPLETE, Fact
from tests.eligible import ATTESTED, FORM, ON, PROTOCOL, changed, person, signed

LIST = Fact("metastases", {"lesion": "M1", "site": "liver", "confirmed_by": "pathology"}, None, FORM)


def closing(criterion, *changes, without=(), attested=ATTESTED):
    """What would close the gaps of one criterion: (act, facts, judgement, item, roles) each."""
    who = replace(person(*changes, without=without), attestations=tuple(attested))
    assessment = assessor_of(PROTOCOL).assess(who, ON)
    item = next(one for one in assessment.criteria if one.criterion.id == criterion)
    return [(one.act, one.facts, one.judgement, one.item, one.roles) for one in remedies(item, PROTOCOL)]


TREATING = ("treating_clinician",)
LESION = ("radiation_oncologist", "surgeon")


@pytest.mark.parametrize(
    ("criterion", "changes", "without", "attested", "expected"),
    [
        ("I1", (), (), ATTESTED, []),  # a pass has no gap
        (
            "I7",
            (),
            ("ecog",),
            ATTESTED,
            [("record", ("ecog",), None, None, TREATING), ("record", ("kps",), None, None, TREATING)],
        ),
        ("I1", (), ("birth_date",), ATTESTED, [("record", ("birth_date",), None, None, ("coordinator",))]),
        ("I6", (), (), (), [("sign", (), "progression_free", None, TREATING)]),
        ("I5", (), (), (), [("sign", (), "locally_treatable", "M1", LESION)]),
        (
            "I5",
            (LIST,),
            (),
            ATTESTED,
            [("record", ("metastases",), None, None, TREATING)],  # the list is not known to be complete
        ),
        (
            "I7",
            (changed("ecog", 1), changed("ecog", 3)),
            (),
            ATTESTED,
            [("settle", ("ecog",), None, None, TREATING)],
        ),
        (
            "I6",
            (),
            (),
            [
                signed("progression_free", "treating_clinician"),
                signed("progression_free", "treating_clinician", answer=False),
            ],
            [("sign", (), "progression_free", None, TREATING)],
        ),
    ],
)
def test_each_gap_has_its_remedy(criterion, changes, without, attested, expected):
    assert closing(criterion, *changes, without=without, attested=attested) == expected


def test_a_derived_fact_is_closed_by_what_it_is_computed_from():
    gaps = closing("I3", changed("imaging", COMPLETE), without=("metastases",))
    assert ("record", ("metastases", "imaging"), None, None, TREATING) in gaps


def test_a_vague_code_is_settled_in_the_facts_that_the_rule_reads():
    vague = changed("metastases", {"lesion": "M1", "site": "dura", "confirmed_by": "pathology"})
    (gap, *_) = closing("E4", vague, changed("metastases", COMPLETE))
    assert gap[0] == "settle"
    assert "metastases" in gap[1]
