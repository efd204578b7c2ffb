"""Radiation as tables: each row is a rule or a value at a boundary, with its answer."""

from dataclasses import dataclass
from decimal import Decimal as D

PASS, FAIL, OPEN = "pass", "fail", "not assessable"


@dataclass(frozen=True)
class PrescriptionCase:
    table: str
    site: str | None
    total_gy: object
    fractions: int | None
    tolerance: object
    outcome: str
    sentence: str


PRESCRIPTIONS = [
    PrescriptionCase("nrg_br001", "liver", 45, 3, 0, PASS, "45 Gy in 3 to the liver is a starting dose of BR001"),
    PrescriptionCase("nrg_br001", "liver", 45, 5, 0, FAIL, "the same total in other fractions is another prescription"),
    PrescriptionCase("nrg_br001", "liver", D("44.99"), 3, 0, FAIL, "without a tolerance the total is exact"),
    PrescriptionCase("nrg_br001", "liver", D("42.75"), 3, 5, PASS, "5 % below is within 5 %"),
    PrescriptionCase("nrg_br001", "liver", D("42.74"), 3, 5, FAIL, "a little more is not"),
    PrescriptionCase("nrg_br001", "liver", D("47.25"), 3, 5, PASS, "5 % above is within 5 %"),
    PrescriptionCase("nrg_br001", "liver", D("47.26"), 3, 5, FAIL, "a little more is not"),
    PrescriptionCase("nrg_br001", "lung_central", 50, 5, 0, PASS, "50 Gy in 5 to the central lung"),
    PrescriptionCase(
        "nrg_br001", "lung_central", 45, 3, 0, FAIL, "the dose of the peripheral lung is not that of the central"
    ),
    PrescriptionCase("nrg_br001", "brain", 20, 1, 0, OPEN, "a site that the set lacks is not assessable"),
    PrescriptionCase("nrg_br001", None, 45, 3, 0, OPEN, "nor is a site that was not recorded"),
    PrescriptionCase("nrg_br001", "liver", None, 3, 0, OPEN, "nor a dose that was not"),
    PrescriptionCase("nrg_br001", "liver", 45, None, 0, OPEN, "nor fractions"),
    PrescriptionCase("nrg_br001", "spine", 16, 1, 0, FAIL, "a set is never helped out by another that would allow it"),
    PrescriptionCase("sabr_comet", "vertebra", 16, 1, 0, PASS, "16 to 20 Gy in one, from the lower end"),
    PrescriptionCase("sabr_comet", "vertebra", 20, 1, 0, PASS, "to the upper"),
    PrescriptionCase("sabr_comet", "vertebra", D("15.99"), 1, 0, FAIL, "not below"),
    PrescriptionCase("sabr_comet", "vertebra", D("20.01"), 1, 0, FAIL, "not above"),
    PrescriptionCase("sabr_comet", "vertebra", 30, 3, 0, PASS, "a site with two prescriptions allows the other too"),
    PrescriptionCase("sabr_comet", "liver", 45, 3, 0, PASS, "45 to 60 in 3 to 8, 7.5 to 15 each: 15 each"),
    PrescriptionCase("sabr_comet", "liver", 60, 8, 0, PASS, "7.5 each"),
    PrescriptionCase("sabr_comet", "liver", 60, 3, 0, FAIL, "20 each is above 15, though total and fractions fit"),
    PrescriptionCase("sabr_comet", "liver", 45, 8, 0, FAIL, "5.625 each is below 7.5"),
    PrescriptionCase("sabr_comet", "liver", 60, 9, 0, FAIL, "nine fractions are too many"),
    PrescriptionCase("sabr_comet_10", "any", 35, 5, 0, PASS, "35 in 5 to any site"),
    PrescriptionCase("breast_regional", "breast_and_nodes", D("40.05"), 15, 0, PASS, "40.05 Gy in 15 with nodes"),
    PrescriptionCase("breast_regional", "breast_and_nodes", D("50.4"), 28, 0, PASS, "50.4 Gy in 28 with nodes"),
    PrescriptionCase("breast_regional", "breast_and_nodes", 26, 5, 0, FAIL, "five fractions were shown without nodes"),
    PrescriptionCase("breast_regional", "breast_alone", 26, 5, 0, PASS, "without nodes they may be given"),
]


@dataclass(frozen=True)
class OrganCase:
    """``points``: (kind, cc, Gy, volume of the organ in cc or None); ``outcomes`` in the order of limits."""

    organ: str
    fractions: int | None
    points: tuple[tuple[str, object, object, object], ...]
    outcomes: tuple[str, ...]
    sentence: str


ORGANS = [
    OrganCase(
        "esophagus",
        3,
        (("hot", 5, D("17.7"), None), ("hot", D("0.035"), D("25.2"), None)),
        (PASS, PASS),
        "both limits are met at their values",
    ),
    OrganCase(
        "esophagus",
        3,
        (("hot", 5, D("17.71"), None), ("hot", D("0.035"), D("25.21"), None)),
        (FAIL, FAIL),
        "both are broken a little above",
    ),
    OrganCase(
        "esophagus",
        3,
        (("hot", 4, D("17.7"), None),),
        (PASS, OPEN),
        "a smaller volume at the dose proves the limit; the maximum stays open",
    ),
    OrganCase(
        "esophagus", 3, (("hot", 6, D("17.71"), None),), (FAIL, OPEN), "a larger volume above the dose breaks it"
    ),
    OrganCase(
        "esophagus",
        3,
        (("hot", 6, D("17.7"), None),),
        (OPEN, OPEN),
        "a larger volume at the dose leaves the smaller one open",
    ),
    OrganCase(
        "esophagus",
        3,
        (("hot", 4, D("17.71"), None),),
        (OPEN, OPEN),
        "a smaller volume above the dose leaves the larger one open",
    ),
    OrganCase(
        "esophagus",
        3,
        (("hot", 0, D("17.7"), None),),
        (PASS, PASS),
        "a maximum within the limit of the volume meets both",
    ),
    OrganCase(
        "esophagus",
        3,
        (("hot", 0, D("25.3"), None),),
        (OPEN, OPEN),
        "a maximum of no volume above the limit decides neither",
    ),
    OrganCase(
        "esophagus",
        3,
        (("hot", D("0.036"), D("25.2"), None),),
        (OPEN, OPEN),
        "a point of more than 0.035 cc is no point maximum",
    ),
    OrganCase("esophagus", 3, (("hot", D("0.034"), D("25.2"), None),), (OPEN, PASS), "a point of less is one"),
    OrganCase(
        "esophagus",
        3,
        (("hot", 3, 20, None), ("hot", 4, 10, None), ("hot", 6, 18, None)),
        (OPEN, OPEN),
        "points that contradict each other decide nothing",
    ),
    OrganCase(
        "esophagus",
        3,
        (("spared", 30, 17, 35),),
        (OPEN, OPEN),
        "all but the hottest 5 cc at most 17 Gy says nothing about the least dose in them",
    ),
    OrganCase(
        "esophagus",
        3,
        (("spared", 31, 17, 35),),
        (PASS, OPEN),
        "with 31 of 35 cc spared, the hottest 5 cc reach into them",
    ),
    OrganCase(
        "esophagus",
        3,
        (("spared", 30, 18, 35),),
        (FAIL, OPEN),
        "30 of 35 cc spared at most at 18 Gy: the hottest 5 cc get at least that",
    ),
    OrganCase(
        "esophagus", 3, (("spared", 30, 18, None),), (OPEN, OPEN), "without the volume of the organ this is open"
    ),
    OrganCase("esophagus", 3, (), (OPEN, OPEN), "no dose is no pass"),
    OrganCase("esophagus", 4, (("hot", 5, 1, None),), (OPEN,), "nothing is interpolated between 3 and 5 fractions"),
    OrganCase("esophagus", None, (("hot", 5, 1, None),), (OPEN,), "without fractions nothing is assessed"),
    OrganCase("thyroid", 3, (("hot", 5, 1, None),), (OPEN,), "an organ that the table lacks is not assessable"),
    OrganCase(
        "spinal_cord",
        1,
        (("hot", D("0.35"), 10, None), ("hot", D("1.2"), D("7.1"), None)),
        (PASS, OPEN, FAIL),
        "two volumes of one organ are two limits",
    ),
    OrganCase(
        "lungs",
        3,
        (("spared", 1500, D("11.6"), None),),
        (PASS, PASS),
        "1500 cc spared of 11.6 Gy are 1000 cc spared of 12.4 Gy",
    ),
    OrganCase(
        "lungs",
        3,
        (("spared", 1499, D("11.6"), None),),
        (OPEN, PASS),
        "1499 cc at 11.6 Gy leave open whether the next cc is above",
    ),
    OrganCase(
        "lungs",
        3,
        (("spared", 1499, D("11.7"), None),),
        (FAIL, PASS),
        "1499 cc at most at 11.7 Gy: no 1500 cc at 11.6 Gy",
    ),
    OrganCase("lungs", 3, (("spared", 999, D("12.5"), None),), (FAIL, FAIL), "too little is spared for both"),
    OrganCase("lungs", 3, (("hot", 500, D("11.6"), 2000),), (PASS, PASS), "what is not hot is spared"),
    OrganCase("lungs", 3, (("hot", 501, D("11.61"), 2000),), (FAIL, PASS), "501 of 2000 cc above the dose leave 1499"),
    OrganCase(
        "lungs",
        3,
        (("hot", 500, D("11.61"), 2000),),
        (OPEN, PASS),
        "500 of 2000 cc from 11.61 Gy up leave 1500, whose greatest dose is open",
    ),
    OrganCase("liver", 3, (("spared", 700, D("19.2"), None),), (PASS,), "700 cc of the liver at most 19.2 Gy"),
    OrganCase("liver", 5, (("spared", 700, 21, None),), (PASS,), "the stricter of two disputed values is met"),
    OrganCase(
        "liver",
        5,
        (("spared", 700, D("21.2"), None),),
        (OPEN,),
        "between two sources that disagree it is not assessable",
    ),
    OrganCase("liver", 5, (("spared", 700, D("21.5"), None),), (OPEN,), "up to the laxer one"),
    OrganCase("liver", 5, (("spared", 700, D("21.6"), None),), (FAIL,), "above both it is broken"),
    OrganCase("renal_hilum", 1, (("hot", 20, D("10.6"), 30),), (PASS,), "two thirds of the hilum at the dose"),
    OrganCase("renal_hilum", 1, (("hot", 20, D("10.7"), 30),), (FAIL,), "and above it"),
    OrganCase(
        "renal_hilum",
        1,
        (("hot", D("20.1"), D("10.6"), 30),),
        (OPEN,),
        "a little more than two thirds at the dose leaves it open",
    ),
    OrganCase(
        "renal_hilum", 1, (("hot", 20, D("10.6"), None),), (OPEN,), "a part of an organ of unknown volume is unknown"
    ),
    OrganCase(
        "cochlea", 1, (("hot", D("0.035"), 9, None),), (PASS,), "an organ with a point maximum alone has one limit"
    ),
    OrganCase(
        "rib", 3, (("hot", 1, D("28.8"), None),), (PASS, OPEN, PASS), "of several limits each has its own answer"
    ),
]

# total in Gy, fractions, alpha/beta in Gy, BED and EQD2 in Gy, by hand
EQUIVALENTS = [
    (50, 25, 3, "250/3", "50"),
    (50, 25, 10, "60", "50"),
    (30, 3, 3, "130", "78"),
    (30, 3, 10, "60", "50"),
    (45, 3, 3, "270", "162"),
    (20, 1, 2, "220", "110"),
    (14, 1, 2, "112", "56"),
    (0, 5, 3, "0", "0"),
    (D("40.05"), 15, 3, "75.6945", "45.4167"),
]

# first day, fractions, the day of the last one without a gap: weekdays, weekends skipped
EXPECTED_LAST = [
    ("2026-08-03", 1, "2026-08-03", "a single fraction ends on its day (a Monday)"),
    ("2026-08-03", 5, "2026-08-07", "five fill a week"),
    ("2026-08-03", 6, "2026-08-10", "the sixth is on the next Monday"),
    ("2026-08-07", 2, "2026-08-10", "from a Friday the second is on Monday"),
    ("2026-08-05", 25, "2026-09-08", "five weeks from a Wednesday"),
    ("2026-08-03", 25, "2026-09-04", "five weeks from a Monday"),
    ("2026-12-30", 3, "2027-01-01", "public holidays are not known"),
]

# first day, last day, fractions, weekdays missed
MISSED = [
    ("2026-08-03", "2026-09-04", 25, 0, "25 fractions in five whole weeks"),
    ("2026-08-03", "2026-09-07", 25, 1, "one weekday more"),
    ("2026-08-03", "2026-09-06", 25, 0, "a weekend at the end is none"),
    ("2026-08-03", "2026-08-03", 2, 0, "two fractions on one day are no negative gap"),
    ("2026-08-08", "2026-08-09", 1, 0, "a fraction at a weekend"),
]
