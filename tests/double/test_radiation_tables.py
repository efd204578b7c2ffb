"""Our tables of radiation against the shared ones, value by value: only names and shape differ."""

import csv
import re
from decimal import Decimal

from evenhand.oncology.radiation import TableId, limit_table, prescription_table
from evenhand.oncology.radiation.tables import read_rows
from evenhand.units import as_range, parse_measured
from tests.shared_data import shared

ORGANS = {
    "OpticPathway": "optic_pathway",
    "Cochlea": "cochlea",
    "Brainstem_not_medulla": "brainstem",
    "SpinalCord_and_medulla": "spinal_cord",
    "CaudaEquina": "cauda_equina",
    "SacralPlexus": "sacral_plexus",
    "Esophagus": "esophagus",
    "BrachialPlexus_ipsilateral": "brachial_plexus",
    "Heart_pericardium": "heart",
    "GreatVessels": "great_vessels",
    "Trachea_large_bronchus": "large_bronchus",
    "Bronchus_smaller_airways": "small_bronchus",
    "Rib": "rib",
    "Skin": "skin",
    "Stomach": "stomach",
    "Duodenum": "duodenum",
    "Jejunum_ileum": "small_bowel",
    "Colon": "colon",
    "Rectum": "rectum",
    "BladderWall": "bladder",
    "PenileBulb": "penile_bulb",
    "FemoralHeads": "femoral_heads",
    "RenalHilum_vascular_trunk": "renal_hilum",
    "Lung_R_plus_L": "lungs",
    "Liver": "liver",
    "RenalCortex_R_plus_L": "kidneys",
}
SETS = {
    "NRG-BR001_start": "nrg_br001",
    "SABR-COMET": "sabr_comet",
    "SABR-COMET-10": "sabr_comet_10",
    "REGIONAL": "breast_regional",
}
FRACTIONS = (1, 3, 5)


def rows(name):
    return list(csv.DictReader(shared(f"rt/{name}.csv").read_text("utf-8").splitlines()))


def listed(row):
    """The limits of a shared row: organ, fractions, rule, volume, dose."""
    volume = "2/3" if row["volume_rule"].startswith("two_thirds") else row["volume_cc"]
    rule = "spared" if row["volume_rule"].startswith("cold") else "hot"
    for fractions in FRACTIONS:
        for column, where in (("threshold", volume), ("max", "0.035")):
            if row[f"fx{fractions}_{column}_gy"]:
                dose = Decimal(row[f"fx{fractions}_{column}_gy"])
                yield ORGANS[row["organ"]], fractions, rule, where, dose


def test_organ_limits_are_the_shared_ones():
    theirs = sorted(limit for row in rows("oar_tg101") for limit in listed(row))
    ours = sorted(
        (limit.organ, limit.fractions, limit.rule, str(limit.part or limit.volume_cc), Decimal(limit.gy[0]))
        for limit in limit_table(TableId("tg101", "2026-1")).limits
    )
    assert len(theirs) > 130
    assert ours == theirs


def test_only_the_disputed_value_has_two():
    disputed = [limit for limit in limit_table(TableId("tg101", "2026-1")).limits if len(limit.gy) > 1]
    assert [(limit.organ, limit.fractions) for limit in disputed] == [("liver", 5)]
    assert "21.5" in rows("oar_tg101")[28]["crosscheck"]


def test_values_that_the_shared_table_calls_general_knowledge_are_unconfirmed():
    table = limit_table(TableId("tg101", "2026-1"))
    wanted = {ORGANS[row["organ"]] for row in rows("oar_tg101") if "general knowledge(1fx)" in row["crosscheck"]}
    unconfirmed = {limit.organ for limit in table.limits if not limit.confirmed}
    assert wanted
    assert wanted <= unconfirmed
    assert {limit.fractions for limit in table.limits if not limit.confirmed} == {1}


def test_each_organ_names_the_listings_that_the_shared_table_names():
    ours = read_rows("organ_limits", TableId("tg101", "2026-1"))
    for theirs, row in zip(rows("oar_tg101"), ours, strict=True):
        named = re.findall(r"(?<![A-Za-z])[ABC](?=[+(; ]|$)", theirs["crosscheck"].split(";")[0])
        assert row["cross_check"].split() == list(dict.fromkeys(named)), row["organ"]


def test_prescriptions_are_the_shared_ones():
    theirs = sorted(
        (
            SETS[row["set"]],
            str(as_range(parse_measured(row["total_gy"]))),
            str(as_range(parse_measured(row["fractions"]))),
        )
        for row in rows("prescriptions")
    )
    ours = sorted(
        (name, str(row.total_gy), str(row.fractions))
        for name in SETS.values()
        for row in prescription_table(TableId(name, "2026-1")).rows
    )
    assert theirs
    assert ours == theirs


def test_how_far_a_prescription_was_verified_is_the_shared_word():
    theirs = {
        (SETS[row["set"]], row["total_gy"], row["fractions"], row["status"].startswith("seen"))
        for row in rows("prescriptions")
    }
    for name in SETS.values():
        for row in prescription_table(TableId(name, "2026-1")).rows:
            if row.total_gy.exact and row.fractions.exact:
                key = (name, str(row.total_gy), str(row.fractions), row.status == "seen")
                assert key in theirs


def test_the_dose_of_a_fraction_agrees():
    for row in rows("prescriptions"):
        total, fractions = as_range(parse_measured(row["total_gy"])), as_range(parse_measured(row["fractions"]))
        each = as_range(parse_measured(row["gy_per_fraction"]))
        if total.exact and fractions.exact:
            assert Decimal(total.low) / Decimal(fractions.low) == Decimal(each.low)
